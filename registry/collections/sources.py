"""Sources of challenges: suites whose challenges are made of their own files when they are used.

A source is announced by an installed package under the entry-point group ``synthgym.sources``, by a name: a module or
an object with the two functions of `Source`. A place of it, such as a checkout of the suite's repository, is named by
the environment variable ``SYNTHGYM_<NAME>_ROOT``, or given to `synthgym.register` with ``source=NAME``. Before that
nothing of it is imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol, cast

from synthgym.base.errors import SpecError, SynthgymError
from synthgym.base.plugins import load_plugin
from synthgym.base.text import is_plain
from synthgym.registry.collections.entries import CollectionIndex, IndexEntry, is_well_formed
from synthgym.registry.collections.info import parse_info
from synthgym.registry.names import KINDS

SOURCES = "synthgym.sources"


class Source(Protocol):
    """A suite."""

    def index(self, place: Path, options: Mapping[str, str]) -> CollectionIndex:
        """The suite's challenges at a place; read whenever challenges are registered or listed.

        Args:
            place: Such as a checkout.
            options: What was given with it. Those of the index are given from then on, so paths in them are absolute.

        Raises:
            SpecError: There is no such suite there, or an option is wrong.
        """

    def folder(self, place: Path, challenge: str, options: Mapping[str, str]) -> Path:
        """A challenge's folder, such as one in the cache, made if it is not there yet: when its environment is made.

        Raises:
            UnknownNameError: There is no such challenge.
            MissingDependencyError: It cannot be run on this machine; says why.
            SpecError: The suite's files are not what they should be.
        """


def place_variable(name: str) -> str:
    """The environment variable that names a place of a source."""
    return f"SYNTHGYM_{re.sub(r'[^A-Z0-9]', '_', name.upper())}_ROOT"


def read_source(name: str, place: Path, options: Mapping[str, str]) -> CollectionIndex:
    """The challenges of a source at a place, as a collection's index.

    Raises:
        UnknownNameError: No installed package has a source of that name.
        SpecError: As `Source.index`.
    """
    source = _load(name)
    try:
        found = source.index(place, options)
    except SynthgymError:
        raise
    except (Exception, SystemExit) as error:  # a stranger's program
        raise _wrong(name, f"its index of {place} fails: {type(error).__name__}: {error}") from error
    if not isinstance(found, CollectionIndex):
        raise _wrong(name, f"expected a CollectionIndex of {place}, got {found!r:.200}")
    parse_info(vars(found.info), f"source of challenges {name!r}")
    for entry in found.entries:
        if not (isinstance(entry, IndexEntry) and _could_be(entry)):
            raise _wrong(name, f"expected entries that specs could have, of {place}; got {entry!r:.300}")
    return replace(found, source=name)


def folder_of(index: CollectionIndex, challenge: str) -> Path:
    """A challenge's folder; see `Source.folder`."""
    folder = _load(index.source).folder(index.path, challenge, index.options)
    if not isinstance(folder, Path):
        raise _wrong(index.source, f"expected the folder of {challenge!r} as a path, got {folder!r:.200}")
    return folder


def _could_be(entry: IndexEntry) -> bool:
    """Whether a spec could have it; a suite has kinds of submissions of its own."""
    return isinstance(entry.kind, str) and is_plain(entry.kind) and is_well_formed(entry._replace(kind=KINDS[0]))


def _wrong(name: str, what: str) -> SpecError:
    return SpecError(f"source of challenges {name!r}: {what}")


def _load(name: str) -> Source:
    return cast(Source, load_plugin(SOURCES, name, "source of challenges"))
