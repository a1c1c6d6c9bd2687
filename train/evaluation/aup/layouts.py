"""Layouts that suites publish results in, read as solvers.

They are announced by installed packages under the entry-point group ``synthgym.results``, by the suite's name: a module
or an object with the two functions of `Layout`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from synthgym.base.errors import UserError
from synthgym.base.messages import warn
from synthgym.base.plugins import load_plugin, plugin_names
from synthgym.train.evaluation.aup.runs import SolverSet

RESULTS = "synthgym.results"


class NoRunsError(UserError):
    """A folder or file that holds no results in a suite's layout."""


class Layout(Protocol):
    """How a suite's results lie in a folder or in an archive."""

    def read(self, path: Path, table: Path | None, without: Collection[str]) -> SolverSet:
        """Solvers and their runs.

        Args:
            path: A folder or a file.
            table: A file of what counts in tasks that the suite does not know, where a user gave one.
            without: Solvers to leave out.

        Raises:
            NoRunsError: There is no such file or folder, or it holds no results in this layout.
            UserError: It does, and they cannot be read.
        """

    def remarks(self, env_ids: Collection[str], options: Mapping[str, Any]) -> list[str]:
        """What is to be said of a benchmark of ours, whoever it is compared with.

        Args:
            env_ids: Ids of its environments, of any suite or collection.
            options: What they were made with.
        """


def read_layout(path: Path, table: Path | None, without: Collection[str]) -> SolverSet:
    """Solvers from results in the layout of any suite; see `Layout.read`."""
    reasons = []
    for layout in _layouts():
        try:
            return layout.read(path, table, without)
        except NoRunsError as error:
            reasons.append(str(error))
    raise NoRunsError("; ".join(reasons) or f"{path}: no results in the layout of a suite")


def remarks(env_ids: Collection[str], options: Mapping[str, Any]) -> list[str]:
    """What suites have to say of a benchmark; see `Layout.remarks`."""
    return [text for layout in _layouts() for text in layout.remarks(env_ids, options)]


def _layouts() -> list[Layout]:
    """Those that can be used; one that cannot must not keep the others from being read."""
    found = []
    for name in plugin_names(RESULTS):
        try:
            found.append(cast(Layout, load_plugin(RESULTS, name, "layout of results")))
        except UserError as error:
            warn(f"left out: {error}", stacklevel=2)
    return found
