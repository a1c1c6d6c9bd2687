"""Who made what may outlive a process, such as a container or a cgroup: so that what the dead left can be told."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from synthgym.base.files.paths import remove_tree


@dataclass(frozen=True)
class Owner:
    """A process, told apart from every other of any machine and any time.

    Attributes:
        machine: Of which machine and boot, and which pid namespace of it.
        pid: There.
        started: In ticks since boot: with the pid, what is never used again.
    """

    machine: str
    pid: int
    started: str

    @classmethod
    def me(cls) -> Owner:
        """This process."""
        return cls(_machine(), os.getpid(), start_ticks(os.getpid()))

    @classmethod
    def parse(cls, text: str) -> Owner | None:
        """From what `str` gave; None if it was something else."""
        machine, _, rest = text.partition("/")
        pid, _, started = rest.partition("-")
        return cls(machine, int(pid), started) if machine and pid.isdigit() and started else None

    def __str__(self) -> str:
        return f"{self.machine}/{self.pid}-{self.started}"

    def is_gone(self) -> bool:
        """Whether the process has ended. Of another machine nobody here can say: False."""
        host, _, boot = self.machine.partition(".")
        my_host, _, my_boot = _machine().partition(".")
        if host != my_host:
            return False
        return boot != my_boot or start_ticks(self.pid) != self.started


@cache
def _machine() -> str:
    """Machine and pid namespace, a dot, and the boot: after another boot, the processes of this one are gone."""
    identity = _read("/etc/machine-id") or os.uname().nodename
    namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]") if os.path.exists("/proc/self/ns/pid") else ""
    boot = _read("/proc/sys/kernel/random/boot_id")
    return f"{identity}-{os.uname().nodename}-{namespace}.{boot}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def start_ticks(pid: int) -> str:
    """When a process started, in ticks since boot. Empty if it is gone, or only waits to be buried."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if fields and fields[0] != "Z" else ""


def remove_folders_of_the_dead(prefix: str) -> int:
    """Removes this user's temporary folders of a name, whose prefix their owner's pid and start follow; says how many.

    What belongs to a process that lives stays.
    """
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        pid, _, rest = folder.name.removeprefix(prefix).partition("-")
        owner = Owner(Owner.me().machine, int(pid), rest.partition("-")[0]) if pid.isdigit() else None
        if owner and owner.is_gone() and folder.stat().st_uid == os.geteuid():
            remove_tree(folder)
            removed += 1
    return removed
