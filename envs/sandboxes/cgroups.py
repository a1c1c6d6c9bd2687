"""Limits on memory and processes of a whole sandbox, and its CPU time: cgroups, version 1 or 2, where they can be made.

A group's name stands in ``/proc/self/cgroup``, for those inside to read: it is drawn, and tells nothing. Whose it is,
a lock tells that its owner holds on it, and that the kernel takes away with the owner.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_GROUP = "synthgym"
_TCP_BYTES = 32 << 20  # what connections of the loopback interface may hold


@dataclass(frozen=True)
class Cgroup:
    """The groups of one sandbox: one folder with version 2, one a controller with version 1.

    Attributes:
        folders: These.
        held: A descriptor of the first one, which is locked.
    """

    folders: tuple[Path, ...]
    held: int

    @classmethod
    def create(cls, memory_bytes: int, pids: int) -> Cgroup | None:
        """A new group, or None where cgroups cannot be used here."""
        parents = _parents()
        if not parents:
            return None
        limits = (
            ("memory.max", memory_bytes),
            ("memory.swap.max", 0),
            ("memory.limit_in_bytes", memory_bytes),
            ("memory.memsw.limit_in_bytes", memory_bytes),
            ("memory.kmem.tcp.limit_in_bytes", _TCP_BYTES),  # version 1 counts it apart; version 2 with the rest
            ("pids.max", pids),
        )
        name, held = _new(parents[0])
        folders = []
        for parent in parents:
            folder = parent / name
            folder.mkdir(exist_ok=True)
            folders.append(folder)
            for file, value in limits:
                if (folder / file).exists():
                    (folder / file).write_text(str(value))
        return cls(tuple(folders), held)

    def refusals(self) -> int | None:
        """A descriptor of the file that counts the processes that the group had no room for; the caller closes it."""
        return self._opened("pids.events")

    def clock(self) -> int | None:
        """A descriptor of the file that tells the group's CPU time; the caller closes it."""
        return self._opened("cpuacct.usage", "cpu.stat")

    def _opened(self, *names: str) -> int | None:
        for folder in self.folders:
            for name in names:
                with contextlib.suppress(FileNotFoundError):  # of another controller
                    return os.open(folder / name, os.O_RDONLY)
        return None

    def add(self, pid: int) -> None:
        """Puts a process into the group, before it has children: those stay where it was."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def abandon(self) -> None:
        """Lets go of it; where this process was forked, it stays its parent's."""
        os.close(self.held)

    def remove(self) -> None:
        """Removes the group once its last process is gone; does not wait for that."""
        self.abandon()
        for folder in self.folders:
            try:
                _remover().submit(_remove, folder)
            except RuntimeError:  # the interpreter is on its way out
                _remove(folder)


@cache
def _remover() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="synthgym-cgroups")


def _new(parent: Path) -> tuple[str, int]:
    """Makes a group with a name that tells nothing, and locks it: its name, and the descriptor that holds the lock."""
    while True:
        folder = parent / secrets.token_hex(8)
        folder.mkdir()
        with contextlib.suppress(FileNotFoundError):  # swept before it was locked
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if folder.exists():
                return folder.name, held
            os.close(held)


@contextlib.contextmanager
def _ownerless(folder: Path) -> Iterator[bool]:
    """Whether nobody holds the lock; if so, nobody gets it before the end of the block."""
    try:
        seen = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield True
        return
    try:
        fcntl.flock(seen, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(seen)


def _remove(folder: Path, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.001)  # its processes are dying


@cache
def _parents() -> tuple[Path, ...]:
    """The folders to make groups in; empty where that is not possible. Sweeps what dead owners left."""
    try:
        if (_ROOT / "cgroup.controllers").exists():
            parent = _ROOT / _GROUP
            parent.mkdir(exist_ok=True)
            for folder in (_ROOT, parent):
                (folder / "cgroup.subtree_control").write_text("+memory +pids")
            parents: tuple[Path, ...] = (parent,)
        else:
            parents = tuple(_ROOT / controller / _GROUP for controller in ("memory", "pids", "cpuacct"))
            parents = tuple(parent for parent in parents if parent.parent.is_dir() or parent.parent.name != "cpuacct")
            for parent in parents:
                parent.mkdir(exist_ok=True)
        for parent, file in ((parents[0], "memory"), (parents[:2][-1], "pids")):
            name, held = _new(parent)
            usable = any((parent / name / f"{file}.{limit}").exists() for limit in ("max", "limit_in_bytes"))
            (parent / name).rmdir()
            os.close(held)
            if not usable:
                return ()
    except OSError:
        return ()
    _sweep(parents)
    return parents


def usable() -> bool:
    """Whether this process may make groups."""
    return bool(_parents())


def sweep() -> int:
    """Removes groups whose owners are gone; returns of how many sandboxes."""
    return _sweep(_parents())


def _sweep(parents: tuple[Path, ...]) -> int:
    removed = set()
    for parent in parents:
        for folder in filter(Path.is_dir, parent.iterdir()):
            with _ownerless(parents[0] / folder.name) as ownerless:  # the others go with the first
                if ownerless:
                    _remove(folder, seconds=0.2)
                    if not folder.exists():
                        removed.add(folder.name)
    return len(removed)


os.register_at_fork(after_in_child=_parents.cache_clear)
os.register_at_fork(after_in_child=_remover.cache_clear)
