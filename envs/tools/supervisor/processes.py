"""Everything that runs below the supervisor: counted, ended, buried."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import os
import resource
import time

CHUNK = 1 << 16


def slurp(path: str) -> bytes:
    """A short file of /proc; nothing where its process is gone."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(file, CHUNK)
    except OSError:
        return b""
    finally:
        os.close(file)


def stat_fields(pid: int) -> list[bytes]:
    """What /proc/PID/stat says after the name: state, parent, …; nothing if the process is gone."""
    return slurp(f"/proc/{pid}/stat").rpartition(b")")[2].split()


def ticks_of(pid: int) -> int:
    """CPU ticks used by one process, and by its dead children."""
    return sum(map(int, stat_fields(pid)[11:15]))


def ticks_below(pid: int) -> int:
    """CPU ticks used by the processes below one, and by their dead children. Costs as little as there are of them."""
    total = 0
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return 0
    for task in tasks:
        for child in slurp(f"/proc/{pid}/task/{task}/children").split():
            total += ticks_of(int(child)) + ticks_below(int(child))
    return total


class Processes:
    """The descendants of this process, which is their reaper."""

    def __init__(self) -> None:
        self.init = os.getpid() == 1
        self.children_are_listed = os.path.exists(f"/proc/self/task/{os.getpid()}/children")  # not by every kernel
        self.ticks_a_second = os.sysconf("SC_CLK_TCK")
        self.watched: int | None = None
        self.watched_status: int | None = None

    def fork(self) -> int:
        """As `os.fork`, patient while the dead of a full house are still being taken out."""
        for _ in range(100):
            try:
                return os.fork()
            except OSError:
                self.reap()
                time.sleep(0.01)
        return os.fork()

    def watch(self, pid: int) -> None:
        """From now on `watched_status` is the exit code of this child, once it has one."""
        self.watched, self.watched_status = pid, None

    def reap(self) -> None:
        """Collects the dead, and the watched one's exit code if it is among them."""
        while True:
            try:
                pid, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid == self.watched:
                self.watched_status = os.waitstatus_to_exitcode(code)

    def below(self) -> dict[int, bool]:
        """Process ids below this one, each with whether it lives. Sees all, also what is being born meanwhile."""
        parents: dict[int, int] = {}
        lives: dict[int, bool] = {}
        for name in os.listdir("/proc"):
            if name.isdigit() and (fields := stat_fields(int(name))):
                parents[int(name)] = int(fields[1])
                lives[int(name)] = fields[0] != b"Z"
        found, grown = {os.getpid()}, True
        while grown:
            new = {pid for pid, parent in parents.items() if parent in found} - found
            grown = bool(new)
            found |= new
        found.discard(os.getpid())
        return {pid: lives[pid] for pid in found}

    def cpu_seconds(self) -> float:
        """CPU seconds used so far by everything below, living and dead."""
        gone = resource.getrusage(resource.RUSAGE_CHILDREN)
        if self.children_are_listed:
            ticks = ticks_below(os.getpid())
        else:
            ticks = sum(map(ticks_of, self.below()))
        return ticks / self.ticks_a_second + gone.ru_utime + gone.ru_stime

    def kill_all(self, spare: int | None = None, seconds: float = 5) -> bool:
        """Ends every process below, but the spared one, until none is left, or the time is up; says which."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.init and spare is None:
                try:
                    os.kill(-1, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            # The dead children of the spared one are its own to bury.
            left = [pid for pid, lives in self.below().items() if pid != spare and (lives or spare is None)]
            for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: none sees another's end and goes on
                for pid in left:
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        pass
            self.reap()
            if not left:
                return True
            time.sleep(0.001)
        return False
