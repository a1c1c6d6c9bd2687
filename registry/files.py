"""What a challenge's folder may hold, which files of a collection are for others, and new folders for what is made."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from synthgym.base.errors import OutputFolderError, SpecError
from synthgym.base.files.outputs import reported
from synthgym.base.files.paths import build_once
from synthgym.base.files.plain_files import oddity
from synthgym.base.text import clipped, is_plain

MOST_DEPTH = 30
"""Folders in each other."""


def irregular_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Everything else, and what it is: it would carry a file of another place along, or change with it.

    The folder itself counts, and so do names that no terminal should be shown. Checked before a file of a stranger's
    challenge is copied, and by `synthgym check`.
    """
    if folder.is_symlink():
        yield folder, f"a link, to {os.readlink(folder)}"
        return
    for place, folders, files in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts) >= MOST_DEPTH
        for name in sorted(folders + files):
            path = Path(place, name)
            if deep:  # and no deeper: some of what copies or removes a folder goes down by recursion
                yield path, f"more than {MOST_DEPTH} folders deep"
                folders.clear()
                break
            if odd := oddity(path):
                yield path, odd
            elif not is_plain(name):
                yield path, "a name of more than plain text"


def irregular_beside(collection: Path) -> Iterator[tuple[Path, str]]:
    """The same of what lies beside a collection's challenges, hidden or not, and of the challenges' folders themselves.

    What is written there would be written elsewhere, and what is read there and shared is a file of another place.
    """
    for path in sorted(collection.iterdir()):
        if odd := oddity(path):
            yield path, odd


_THE_MACHINES = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS, errno.EIO)
"""System errors that say more of the machine than of the files."""


@contextmanager
def file_errors(folder: Path) -> Iterator[None]:
    """Turns what odd files of a challenge make the system or Python raise into an error that names its folder.

    Links in a circle, names that are no text or hold a NUL, paths that are too long, folders that are closed.

    Raises:
        SpecError: A file cannot be read, or a name in there cannot be written.
    """
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:  # of the latter two what pathlib, and encoding, raise
        if isinstance(error, OSError) and error.errno in _THE_MACHINES:
            raise
        said = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
        raise SpecError(f"{folder}: its files cannot be read: {clipped(said, 200)}") from error


def build_new(out: Path, build: Callable[[Path], None]) -> Path:
    """Makes the folder `out`, whole or not at all; see `synthgym.base.files.paths.build_once`.

    Returns:
        `out`, absolute.

    Raises:
        OutputFolderError: It is there and is no empty folder, or cannot be made.
    """
    out = out.expanduser().absolute()
    if out.is_file():
        raise OutputFolderError(f"{out}: is a file; name a new folder")
    with reported(out):
        if out.exists():
            if any(out.iterdir()):
                raise OutputFolderError(f"{out}: is not empty; name a new folder")
            out.rmdir()
        return build_once(out, build)


def link_or_copy(source: Path | str, target: Path | str) -> None:
    """A second name for a file; a copy that everybody may read where that cannot be, or where not everybody may.

    For files that are never changed where they are. Symbolic links are followed.
    """
    source = Path(source).resolve()
    mode = stat.S_IMODE(source.stat().st_mode)
    if mode & stat.S_IROTH:
        try:
            os.link(source, target)
            return
        except OSError:
            pass
    shutil.copy2(source, target)
    os.chmod(target, mode | 0o444)


LEDGER_FILE = "ledger.jsonl"
SHARED_FILES = ("collection.yaml", "index.json", LEDGER_FILE)
"""Files beside the challenges that belong to a collection wherever it is."""


def is_shared_path(path: str) -> bool:
    """Whether a file of this path in a collection's folder, parted by ``/``, can be part of what is shared.

    That is one of `SHARED_FILES`, or a file in a challenge's folder. Nothing hidden, nothing that leads elsewhere,
    nothing that Python compiled; a stranger's repository may name its files as it likes.
    """
    parts = path.split("/")
    if len(parts) == 1:
        return path in SHARED_FILES
    return len(path.encode(errors="replace")) <= 1024 and all(_is_plain(part) for part in parts)


def _is_plain(part: str) -> bool:
    return (
        part not in ("", "__pycache__")
        and part[0] != "."
        and "\\" not in part
        and part.isprintable()
        and len(part.encode(errors="replace")) <= 255
    )
