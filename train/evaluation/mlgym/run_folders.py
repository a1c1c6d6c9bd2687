"""The run folders of results in MLGym's layout, in a folder or in a tar archive, and what each run left behind.

Archives are read as they are: nothing is unpacked to the disk. No link in either is followed.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from synthgym.base.errors import FileError, UserError
from synthgym.base.files.plain_files import oddity
from synthgym.base.json_reading import parse_json, read_bytes
from synthgym.registry.plain_tar import FILE, FOLDER, Readable, TarStream
from synthgym.train.evaluation.aup.layouts import NoRunsError

RESULTS_FILE = "results.json"

MOST_UNPACKED = 16 << 30
"""Bytes of a packed archive, which are read to find what is in it."""

_LARGEST = 64 * 1024**2
_MOST_MEMBERS = 1_000_000
_MOST_MEMORY = 256 << 20
_PIECE = 1 << 16
_EXPECTED = f"expected run folders '<solver>__<task>__…' with a {RESULTS_FILE} each, at any depth"


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
        yield folder, _read(Path(place) / RESULTS_FILE)


def _read(file: Path) -> Outcome:
    """What a run left; no link is followed: in a stranger's folder it leads wherever its maker likes."""
    try:
        if oddity(file):
            return _unfit(False)
        if file.lstat().st_size > _LARGEST:
            return _unfit(True)
        return _parse(read_bytes(file, _LARGEST, links=False))
    except OSError as error:
        return Outcome(problem=f"{RESULTS_FILE} cannot be read ({error.strerror})")
    except FileError:  # it was exchanged meanwhile, or may not be read
        return Outcome(problem=f"{RESULTS_FILE} cannot be read")


def _in_archive(path: Path) -> Iterator[tuple[PurePath, Outcome | None]]:
    try:
        with path.open("rb") as file:
            archive = TarStream(_unpacked(file), pax=True)
            for count, (name, kind, size) in enumerate(archive):
                if count >= _MOST_MEMBERS:
                    raise ValueError(f"more than {_MOST_MEMBERS:,} files and folders")
                place = PurePosixPath(name)
                if kind == FOLDER:
                    yield place, None
                elif place.name != RESULTS_FILE:
                    yield place.parent, None
                elif kind == FILE and size <= _LARGEST:
                    yield place.parent, _parse(archive.read(size))
                else:
                    yield place.parent, _unfit(kind == FILE)
    except (ValueError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        reason = str(error).splitlines()[0].rstrip(":- ") if str(error) else type(error).__name__
        raise UserError(f"{path}: no tar archive, or a damaged one: {reason}") from error


def _unpacked(file: io.BufferedReader) -> Readable:
    """What an archive holds that is packed with gzip, bzip2 or xz; or the file itself."""
    begin = file.peek(6)
    if begin.startswith(b"\x1f\x8b"):
        return _Bounded(gzip.GzipFile(fileobj=file))
    if begin.startswith(b"BZh"):
        return _Bounded(bz2.BZ2File(file))
    if begin.startswith(b"\xfd7zXZ"):
        return _Bounded(_Xz(file))
    return file


class _Bounded:
    """What is unpacked, up to a limit: a few bytes can stand for as many zeros as there is time to read."""

    def __init__(self, file: Readable) -> None:
        self.file, self.left = file, MOST_UNPACKED

    def read(self, size: int, /) -> bytes:
        """The next bytes.

        Raises:
            ValueError: The limit is reached.
        """
        data = self.file.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise ValueError(f"it unpacks to more than {MOST_UNPACKED >> 30} GB; unpack it, and give the folder")
        return data


class _Xz:
    """What is packed with xz: `lzma.LZMAFile` takes as much memory as the file asks for."""

    def __init__(self, file: Readable) -> None:
        self.file = file
        self.unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        parts, left = [], size
        while left and not self.unpacker.eof:
            packed = self.file.read(_PIECE) if self.unpacker.needs_input else b""
            if self.unpacker.needs_input and not packed:
                raise EOFError("it ends before what is packed does")
            parts.append(self.unpacker.decompress(packed, left))
            left -= len(parts[-1])
        return b"".join(parts)


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
