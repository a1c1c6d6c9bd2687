"""Where synthgym keeps what it can make again, and folders that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import uuid
from collections.abc import Callable
from pathlib import Path

from synthgym.base.errors import UserError
from synthgym.base.files.locks import file_lock

CACHE_VARIABLE = "SYNTHGYM_CACHE"
"""Environment variable that names the cache folder."""

_UNFINISHED = ".building"


def cache_dir(*parts: str) -> Path:
    """The cache folder, or a folder inside it; made if it does not exist.

    `SYNTHGYM_CACHE` if set; for root the site's cache (``/var/cache/synthgym``), because sandboxes started by root run
    as another user who must be able to enter it; else the user's cache (``~/.cache/synthgym``).

    Raises:
        UserError: It cannot be made.
    """
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        root = Path(named).expanduser().absolute()
    else:
        import platformdirs

        site = os.geteuid() == 0
        root = platformdirs.site_cache_path("synthgym") if site else platformdirs.user_cache_path("synthgym")
    folder = root
    try:
        _make_open(folder)
        for part in parts:
            folder = folder / part
            _make_open(folder)
    except OSError as error:
        raise UserError(
            f"{folder}: the cache folder cannot be made ({error.strerror}); "
            f"name another with the environment variable {CACHE_VARIABLE}"
        ) from error
    return folder


def _make_open(folder: Path) -> None:
    """Makes a folder that everybody may enter, whatever the umask."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir(mode=0o755)
        except FileExistsError:
            if not folder.is_dir():
                raise
        else:
            folder.chmod(0o755)


def build_once(target: Path, build: Callable[[Path], None]) -> Path:
    """Makes the folder `target` once, whole, however many processes ask for it at the same time.

    `build` gets an empty folder beside `target`, which is renamed when it returns. If it raises, or its process is
    killed, `target` does not exist; what a killed builder left is removed by the next build in the same parent.

    Returns:
        `target`.
    """
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with file_lock(_lock_path(target)):
        if target.is_dir():
            return target
        temporary = target.parent / f".{target.name}.{uuid.uuid4().hex}{_UNFINISHED}"
        sweep(target.parent, held=target.name)
        try:
            _make_open(temporary)
            build(temporary)
            temporary.rename(target)
        except BaseException:
            remove_tree(temporary)
            raise
    return target


def sweep(parent: Path, held: str | None = None) -> None:
    """Removes what builders that died left in `parent`. A live builder's folder is locked, so it stays.

    Args:
        parent: The folder that holds targets of `build_once`.
        held: Name of a target whose lock the caller holds.
    """
    for leftover in parent.glob(f".*{_UNFINISHED}"):
        name = leftover.name[1 : -len(_UNFINISHED)].rpartition(".")[0]
        with contextlib.suppress(OSError, RecursionError):  # what cannot be removed must not stop who builds another
            if name == held:
                remove_tree(leftover)
                continue
            with file_lock(_lock_path(parent / name), wait=False) as free:
                if free:
                    remove_tree(leftover)


def _lock_path(target: Path) -> Path:
    return target.parent / f".{target.name}.lock"


def remove_tree(folder: Path) -> None:
    """Removes a folder and all in it, folders without write permission included. One that is gone already is fine."""
    if folder.is_symlink() or not folder.exists():
        folder.unlink(missing_ok=True)
        return
    for place, _, _ in os.walk(folder):  # top-down: a folder is opened up before it is listed
        for entry in os.scandir(place):
            if entry.is_dir(follow_symlinks=False):
                _open_up(entry.path)
    _open_up(str(folder))
    shutil.rmtree(folder, ignore_errors=False)


def _open_up(folder: str) -> None:
    mode = stat.S_IMODE(os.stat(folder, follow_symlinks=False).st_mode)
    if mode & stat.S_IRWXU != stat.S_IRWXU:
        os.chmod(folder, mode | stat.S_IRWXU)
