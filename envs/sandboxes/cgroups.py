"""Memory and process limits for a whole sandbox, through cgroups version 1 or 2 where this process may make them."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from synthgym.envs.sandboxes.owner import start_ticks

_ROOT = Path("/sys/fs/cgroup")
_GROUP = "synthgym"
_COUNTER = itertools.count()
_TCP_BYTES = 32 << 20  # what connections of the loopback interface may hold


@dataclass(frozen=True)
class Cgroup:
    """The groups of one sandbox: one folder with version 2, one a controller with version 1."""

    folders: tuple[Path, ...]

    @classmethod
    def create(cls, memory_bytes: int, pids: int) -> Cgroup | None:
        """A new group, or None where cgroups cannot be used here."""
        parents = _parents()
        if not parents:
            return None
        name = _own_name()
        limits = (
            ("memory.max", memory_bytes),
            ("memory.swap.max", 0),
            ("memory.limit_in_bytes", memory_bytes),
            ("memory.memsw.limit_in_bytes", memory_bytes),
            ("memory.kmem.tcp.limit_in_bytes", _TCP_BYTES),  # version 1 counts it apart; version 2 with the rest
            ("pids.max", pids),
        )
        folders = []
        for parent in parents:
            folder = parent / name
            folder.mkdir(exist_ok=True)
            folders.append(folder)
            for file, value in limits:
                if (folder / file).exists():
                    (folder / file).write_text(str(value))
        return cls(tuple(folders))

    def refusals(self) -> int | None:
        """A descriptor of the file that counts the processes that the group had no room for; the caller closes it."""
        for folder in self.folders:
            with contextlib.suppress(FileNotFoundError):  # of another controller
                return os.open(folder / "pids.events", os.O_RDONLY)
        return None

    def add(self, pid: int) -> None:
        """Puts a process into the group, before it has children: those stay where it was."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def remove(self) -> None:
        """Removes the group once its last process is gone; does not wait for that."""
        for folder in self.folders:
            try:
                _remover().submit(_remove, folder)
            except RuntimeError:  # the interpreter is on its way out
                _remove(folder)


@cache
def _remover() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="synthgym-cgroups")


def _own_name() -> str:
    return f"{os.getpid()}-{start_ticks(os.getpid())}-{next(_COUNTER)}"


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
            parents = tuple(_ROOT / controller / _GROUP for controller in ("memory", "pids"))
            for parent in parents:
                parent.mkdir(exist_ok=True)
        for parent, file in ((parents[0], "memory"), (parents[-1], "pids")):
            probe = parent / _own_name()
            probe.mkdir()
            usable = any((probe / f"{file}.{limit}").exists() for limit in ("max", "limit_in_bytes"))
            probe.rmdir()
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
        for folder in parent.iterdir():
            owner, _, rest = folder.name.partition("-")
            if folder.is_dir() and owner.isdigit() and start_ticks(int(owner)) != rest.partition("-")[0]:
                _remove(folder, seconds=0.2)
                if not folder.exists():
                    removed.add(folder.name)
    return len(removed)


os.register_at_fork(after_in_child=_parents.cache_clear)
os.register_at_fork(after_in_child=_remover.cache_clear)
