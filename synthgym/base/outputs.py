"""Files and folders that a command writes: made with the folders above them, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path

from synthgym.base.errors import OutputFolderError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says of a full disk."""


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[io.BufferedWriter]:
    """A file to write that appears under its name when all of it is on disk, or not at all.

    The folders above it are made. Behind a link the file itself is written; a device, a pipe or an open file is written
    as it is.

    Raises:
        OutputFolderError: It cannot be written: it is a folder, the disk is full, the folder is read-only.
    """
    with reported(path):
        if path.is_dir():
            raise OutputFolderError(f"{path}: is a folder; name a file")
        if is_stream(path):
            with path.open("ab" if path.is_file() else "wb") as file:  # what is there already is others'
                yield file
            return
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.new")
    try:
        with reported(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


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
