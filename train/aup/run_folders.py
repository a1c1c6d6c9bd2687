"""The run folders of results in MLGym's layout, in a folder or in a tar archive, and what each run left behind.

Archives are read as they are: nothing is unpacked to the disk, and no link in them is followed.
"""

from __future__ import annotations

import lzma
import os
import tarfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from synthgym.base.errors import UserError
from synthgym.base.json_reading import parse_json

RESULTS_FILE = "results.json"

_LARGEST = 64 * 1024**2
_EXPECTED = f"expected run folders '<solver>__<task>__…' with a {RESULTS_FILE} each, at any depth"


class NoRunsError(UserError):
    """A folder or file that holds no results in MLGym's layout."""


@dataclass(frozen=True)
class Outcome:
    """What the `results.json` of a run holds; `problem` says why that is nothing."""

    agent: list[Any] = field(default_factory=list)
    baseline: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None


_NO_FILE = Outcome(problem=f"no {RESULTS_FILE}")


def named_by(folder: PurePath) -> tuple[str, str]:
    """Solver and task by the name of a run's folder; both empty where it is none."""
    solver, task, *_ = [*folder.name.split("__"), "", ""]
    return (solver, task) if solver and task else ("", "")


def find_runs(path: Path, tasks: Collection[str]) -> dict[PurePath, Outcome]:
    """Every run folder and what came out.

    A folder that is named as a run on one of `tasks`, but has no results in it or below, is a run that left nothing.

    Raises:
        NoRunsError: There is no such folder or archive, or no run in it.
        UserError: The archive is damaged.
    """
    if path.is_dir():
        entries = _in_folder(path)
    elif path.is_file():
        entries = _in_archive(path)
    else:
        raise NoRunsError(f"{path}: no such folder or archive; {_EXPECTED}")
    named: dict[PurePath, Outcome | None] = {}
    for folder, outcome in entries:
        if any(named_by(folder)):
            named[folder] = outcome or named.get(folder)
    holders = {parent for folder, outcome in named.items() if outcome for parent in folder.parents}
    found: dict[PurePath, Outcome] = {}
    for folder in sorted(named, key=lambda each: len(each.parts)):
        if any(parent in found for parent in folder.parents):
            continue  # what lies in a run is its own
        if outcome := named[folder]:
            found[folder] = outcome
        elif folder not in holders and named_by(folder)[1] in tasks:
            found[folder] = _NO_FILE
    if not found:
        raise NoRunsError(f"{path}: no results in the layout of MLGym; {_EXPECTED}")
    return found


def _in_folder(root: Path) -> Iterator[tuple[PurePath, Outcome | None]]:
    for place, folders, files in os.walk(root):
        folder = PurePath(root.absolute().name) / Path(place).relative_to(root)
        if RESULTS_FILE not in files:
            yield folder, None
            continue
        if any(named_by(folder)):
            folders.clear()
        file = Path(place) / RESULTS_FILE
        try:
            regular, size = file.is_file(), file.stat().st_size
            yield folder, _parse(file.read_bytes()) if regular and size <= _LARGEST else _unfit(regular)
        except OSError as error:
            yield folder, Outcome(problem=f"{RESULTS_FILE} cannot be read ({error.strerror})")


def _in_archive(path: Path) -> Iterator[tuple[PurePath, Outcome | None]]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                place = PurePosixPath(member.name)
                if member.isdir():
                    yield place, None
                elif place.name != RESULTS_FILE:
                    yield place.parent, None
                elif member.isreg() and member.size <= _LARGEST and (file := archive.extractfile(member)):
                    yield place.parent, _parse(file.read())
                else:
                    yield place.parent, _unfit(member.isreg())
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        reason = str(error).splitlines()[0].rstrip(":- ") if str(error) else type(error).__name__
        raise UserError(f"{path}: no tar archive, or a damaged one: {reason}") from error


def _unfit(regular: bool) -> Outcome:
    return Outcome(problem=f"{RESULTS_FILE} is {'larger than 64 MB' if regular else 'no regular file'}")


def _parse(content: bytes) -> Outcome:
    try:
        data = parse_json(content, finite=False)
    except ValueError:
        return Outcome(problem=f"{RESULTS_FILE} is not JSON")
    if not isinstance(data, dict):
        return Outcome(problem=f"{RESULTS_FILE} holds no mapping")
    agent, baseline = data.get("agent"), data.get("baseline")
    return Outcome(
        agent if isinstance(agent, list) else [],
        baseline if isinstance(baseline, dict) else {},
        None if isinstance(agent, list) else "no list 'agent'",
    )
