"""Files inside folders that a stranger may have filled: regular ones only, and never through a link.

A link in there leads wherever its maker likes, to the user's own files among others, and a pipe is waited for without
end. What a user names as a file may be either; see `synthgym.base.files.outputs.whole_file`.

A file may also have a second name elsewhere (a hard link), as one that a package manager installed, or that was copied
with ``cp -l``. It is read as any other and can be replaced; what is written into it would change it elsewhere too.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
from pathlib import Path

from synthgym.base.errors import OutputFolderError

_OWN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def oddity(path: Path | str) -> str | None:
    """What is at a path, if that is neither a regular file nor a folder; None also where nothing is."""
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return f"a link, to {os.readlink(path)}"
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return "behind links that lead in a circle"
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "neither a regular file nor a folder"


def open_plain(path: Path, flags: int, mode: int = 0o666) -> int:
    """As `os.open`, for a regular file, which has no other name if it is to be written.

    Raises:
        OutputFolderError: It is something else, which is neither followed nor waited for; or it has other names.
        OSError: It cannot be opened.
    """
    try:
        descriptor = os.open(path, flags & ~os.O_TRUNC | _OWN, mode)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV) and (odd := oddity(path)):
            raise _refused(path, odd) from None
        raise
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            if stat.S_ISDIR(found.st_mode):
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            raise _refused(path, "neither a regular file nor a folder")
        if found.st_nlink > 1 and flags & (os.O_WRONLY | os.O_RDWR):
            raise _shared(path)
        if flags & os.O_TRUNC:  # only of what was looked at
            os.ftruncate(descriptor, 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def append_to(path: Path) -> io.BufferedRandom:
    """A regular file to add to, made where there is none; it can be read as well.

    Raises:
        OutputFolderError: It is something else.
        OSError: It cannot be opened.
    """
    file = os.fdopen(open_plain(path, os.O_RDWR | os.O_CREAT | os.O_APPEND), "a+b")
    file.seek(0, os.SEEK_END)
    return file


def require_plain(folder: Path) -> None:
    """Sees that a folder to work in holds folders and regular files; it may be a link itself, as the user named it.

    Raises:
        OutputFolderError: It holds something else, at any depth, or a file that has another name: much of what works
            in a folder, such as a trainer that saves a model, writes into the files that are there.
    """
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            with contextlib.suppress(PermissionError):  # who cannot look at it cannot write there either
                if odd := oddity(path):
                    raise _refused(path, odd)
        for name in files:
            path = Path(place, name)
            with contextlib.suppress(PermissionError, FileNotFoundError):
                if path.lstat().st_nlink > 1:
                    raise _shared(path)


def _refused(path: Path, odd: str) -> OutputFolderError:
    return OutputFolderError(f"{path}: {odd}; expected folders and regular files only: remove it, or name a new folder")


def _shared(path: Path) -> OutputFolderError:
    return OutputFolderError(
        f"{path}: a file that has another name elsewhere (a hard link), where it would be changed too; work in a copy "
        "of the folder, made with cp -r"
    )
