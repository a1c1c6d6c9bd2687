"""Formats of others that episodes can be written in, such as that of a suite's own results.

They are announced by installed packages under the entry-point group ``synthgym.formats``, by the name that `synthgym
export --format` takes: a `Format`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from synthgym.base.errors import UserError
from synthgym.base.plugins import load_plugin

if TYPE_CHECKING:  # the command line reads this file at every start
    from synthgym.agents.trajectories.trajectory import Trajectory

FORMATS = "synthgym.formats"


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        path: The file or folder, absolute.
        what: How much is in it, for people: ``12 runs``.
        warnings: What whoever reads it should know.
    """

    path: Path
    what: str
    warnings: list[str] = field(default_factory=list)


class Format(Protocol):
    """Writes episodes."""

    def __call__(self, records: Iterable[Trajectory], out: Path, prefix: str) -> Written:
        """Writes them all, failures too.

        Args:
            records: The episodes.
            out: The new file or folder.
            prefix: Put before agents' names; empty for none.

        Raises:
            UserError: They cannot be written in this format; says why.
        """


def load_format(name: str) -> Format:
    """The format of that name.

    Raises:
        UnknownNameError: No installed package has it.
        UserError: What it has is no format.
    """
    found = load_plugin(FORMATS, name, "format")
    try:
        inspect.signature(found).bind((), Path(), "")
    except (TypeError, ValueError) as error:
        raise UserError(f"format {name!r}: expected a function of episodes, a path and a prefix: {error}") from error
    return cast(Format, found)
