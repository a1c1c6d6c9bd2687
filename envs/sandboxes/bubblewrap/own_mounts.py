"""Inodes of its own for each bubblewrap sandbox, where this process may mount.

Locks, leases and watches hang on a file's inode. Two sandboxes that are shown the same folder of the host could talk by
them, although neither can write there. Overlayfs gives each mount inodes of its own, over the same files and the same
page cache, in a tenth of a millisecond. And bwrap cannot say how many files a file system in memory may have; see
`most_files`.

All this is mounted in a thread with a mount namespace of its own, which bwrap inherits. Nobody else sees it, and it is
gone with the sandbox, in whatever way that ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from synthgym.base.files.paths import cache_dir

_CLONE_NEWNS = 0x00020000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_REC, _MS_SLAVE = 1, 2, 4, 1 << 14, 1 << 19
_DEVICES = "/dev"  # those that bwrap shows are files too
_PAGE, _FEWEST, _FEWEST_IN_LARGE, _LARGE = 4096, 2048, 16_384, 16 << 20

T = TypeVar("T")


def most_files(size: int) -> int:
    """How many files a file system in memory of so many bytes may have: as many as fit if none is empty, or more.

    What is in files is counted by the size. The files themselves are the kernel's memory, about a kilobyte each, and no
    process can be ended for it; together they have to stay below what a sandbox is given beside its disk.
    """
    return max(size // _PAGE, _FEWEST_IN_LARGE if size >= _LARGE else _FEWEST)


def scratch() -> Path:
    """The folder that file systems in memory are mounted in; empty for everybody else."""
    return cache_dir("mounts")


@cache
def allowed() -> bool:
    """Whether this process may mount, and the kernel lets overlays be made here."""
    if os.geteuid() != 0:
        return False
    try:
        with_own_mounts(("/usr",), {"home": 1 << 20}, 0, lambda: None)
    except OSError:
        return False
    return True


def with_own_mounts(shared: Sequence[str], writable: Mapping[str, int], user: int, start: Callable[[], T]) -> T:
    """Calls `start` where the shared folders have inodes of their own, and file systems in memory are there.

    Args:
        shared: Folders of the host that are to be shown, read-only.
        writable: Name in `scratch` → size in bytes, of a file system that belongs to `user`.
        user: A user and group id.
        start: Starts a process, which inherits all that.

    Raises:
        OSError: The kernel refused; nothing was started.
    """
    made: list[T] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            _unshare()
            _mount_all(shared, writable, user)
            made.append(start())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="synthgym-mounts")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return made[0]


def _mount_all(shared: Sequence[str], writable: Mapping[str, int], user: int) -> None:
    top = str(scratch())
    with contextlib.ExitStack() as opened:
        # What is mounted within a folder is no part of an overlay on it: each has its own. Held open, for the overlay
        # on the outer one hides it.
        below = [mount for mount in _mounts() for folder in shared if mount.startswith(folder + "/")]
        lower = {}
        for folder in dict.fromkeys([*shared, *sorted(below), _DEVICES]):
            if os.path.isdir(folder):
                lower[folder] = os.open(folder, os.O_PATH | os.O_DIRECTORY)
                opened.callback(os.close, lower[folder])
        _mount("tmpfs", top, "tmpfs", _MS_NOSUID | _MS_NODEV, "size=64k,nr_inodes=64,mode=755")
        os.mkdir(f"{top}/empty")  # an overlay without a layer to write to needs two
        for folder, descriptor in lower.items():
            layers = f"lowerdir=/proc/self/fd/{descriptor}:{_quoted(top)}/empty"
            devices = 0 if folder == _DEVICES else _MS_NODEV
            _mount("overlay", folder, "overlay", _MS_RDONLY | _MS_NOSUID | devices, layers)
        for name, size in writable.items():
            os.mkdir(f"{top}/{name}")
            options = f"size={size},nr_inodes={most_files(size)},mode=755,uid={user},gid={user}"
            _mount("tmpfs", f"{top}/{name}", "tmpfs", _MS_NOSUID | _MS_NODEV, options)


def _mounts() -> list[str]:
    """Where something is mounted."""
    lines = Path("/proc/thread-self/mountinfo").read_text().splitlines()
    return [line.split()[4].encode().decode("unicode_escape") for line in lines]


def _quoted(path: str) -> str:
    """A path as one of an overlay's layers."""
    for special in "\\,:":
        path = path.replace(special, "\\" + special)
    return path


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _unshare() -> None:
    """Gives this thread a mount namespace of its own, from which nothing comes back."""
    if _libc().unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "a mount namespace was refused")
    _mount(None, "/", None, _MS_REC | _MS_SLAVE, None)


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None) -> None:
    words = [None if word is None else os.fsencode(word) for word in (source, target, kind, options)]
    if _libc().mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]):
        number = ctypes.get_errno()
        raise OSError(number, f"{kind} on {target}: {os.strerror(number)}")
