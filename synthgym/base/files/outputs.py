"""Files and folders that a command writes: made with the folders above them, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthgym.base.errors import OutputFolderError
from synthgym.base.files.plain_files import oddity

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says of a full disk."""


@contextlib.contextmanager
def whole_file(path: Path, named: bool = False) -> Iterator[io.BufferedWriter]:
    """A file to write that appears under its name when all of it is on disk, or not at all.

    The folders above it are made.

    Args:
        path: The file.
        named: Whether the user named this very file. Then behind a link the file itself is written, and a device, a
            pipe or an open file is written as it is. In a folder of a run either may be a stranger's: it is refused.

    Raises:
        OutputFolderError: It cannot be written: it is a folder, the disk is full, the folder is read-only.
    """
    with reported(path):
        if path.is_dir():
            raise OutputFolderError(f"{path}: is a folder; name a file")
        if named and is_stream(path):
            with path.open("ab" if path.is_file() else "wb") as file:  # what is there already is others'
                yield file
            return
        if not named and (odd := oddity(path)):
            raise OutputFolderError(f"{path}: {odd}; expected a regular file: remove it, or name a new folder")
    target = Path(os.path.realpath(path)) if named else path
    with reported(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _replacing(target, synced=True) as file:
            yield file


def write_whole(path: Path, data: bytes | str) -> None:
    """Writes a small file in one step: a reader sees the old one or the new one. A link is replaced, not followed.

    It is not waited for until it is on disk: for what can be made again, or is written often.

    Raises:
        OSError: It cannot be written.
    """
    with _replacing(path, synced=False) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def write_json(path: Path, data: Any, indent: int | None = 1) -> None:
    """Writes a JSON document as a `whole_file`: on return it is on disk.

    Raises:
        OutputFolderError: It cannot be written.
        ValueError: JSON cannot hold it.
    """
    text = json.dumps(data, indent=indent, allow_nan=False)
    with whole_file(path) as file:
        file.write(text.encode() + b"\n")


@contextlib.contextmanager
def _replacing(target: Path, synced: bool) -> Iterator[io.BufferedWriter]:
    """A new file that takes the place of `target` in the end.

    Nobody can have put something under its name before: that is drawn, and has to be free.
    """
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if synced:
                os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def is_stream(path: Path) -> bool:
    """Whether a path is a device, a pipe or an open file of this process: its name says nothing of what is in it."""
    if str(path) in ("/dev/stdout", "/dev/stderr") or (path.parent.name == "fd" and path.parts[1:2] in _OPEN_FILES):
        return True
    return path.exists() and not path.is_file() and not path.is_dir()


_OPEN_FILES = (("dev",), ("proc",))


def check_file(path: Path) -> None:
    """Finds out before long work whether a file can be written; makes the folders above it.

    Raises:
        OutputFolderError: It cannot: it is a folder, or the folders cannot be made.
    """
    with reported(path):
        if path.is_dir():
            raise OutputFolderError(f"{path}: is a folder; name a file")
        path.parent.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turns what the system says about a file or a folder into an error for the user."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTDIR) and (file := _file_above(path)):
            hint = f"{'it' if file == path else file} is a file where a folder is needed; name another"
        elif error.errno in FULL:
            hint = "no space left; all finished episodes are kept: free some space and give the same command again"
        else:
            hint = f"{error.strerror}; what was written before is whole"
        raise OutputFolderError(f"{path}: {hint}") from error


def _file_above(path: Path) -> Path | None:
    """The file that stands where the path needs a folder, if that is what is wrong."""
    return next((each for each in [path, *path.parents] if each.exists() and not each.is_dir()), None)
