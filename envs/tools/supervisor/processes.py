"""Everything that runs below the supervisor: counted, ended, buried."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import os
import resource
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CHUNK = 1 << 16
NANOSECONDS = 1e-9
MICROSECONDS = 1e-6
LOOKS = 5  # that find nobody, or no crowd, where each may have missed one
CROWD = 0.5  # of the processes there can be, in the background: then that is what takes the room
ROOM = 3  # for so many more, and less, may be none: the supervisor and what started it count as well
COUNTERS = ("/sys/fs/cgroup/pids.events", "/sys/fs/cgroup/pids/pids.events")  # of a container's own group
CLOCKS = (  # of the same, and a file that only a group has that is not the whole machine's, or only that one
    ("/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/cgroup.events", True),
    ("/sys/fs/cgroup/cpuacct/cpuacct.usage", "/sys/fs/cgroup/cpuacct/release_agent", False),
)
READABLE = 0o400  # of a link in /proc/PID/fd

STATE, PARENT, THREADS, STARTED = 0, 1, 17, 19  # of `stat_fields`


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


def lives(fields: list[bytes]) -> bool:
    """Whether a process has not ended, though it may wait to be buried."""
    return fields[STATE] != b"Z"


def ticks_of(fields: list[bytes]) -> int:
    """CPU ticks used by one process, and by those of its dead children that it waited for."""
    return sum(map(int, fields[11:15]))


def own_ticks(fields: list[bytes]) -> int:
    """CPU ticks used by one process itself."""
    return int(fields[11]) + int(fields[12])


def threads_of(every: Iterable[list[bytes]]) -> int:
    """How many threads these processes have together."""
    return sum(int(fields[THREADS]) for fields in every)


def below(top: int) -> dict[int, list[bytes]]:
    """Process ids below one, each with its `stat_fields`. Costs as little as there are of them."""
    found: dict[int, list[bytes]] = {}
    waiting = [top]  # no recursion: a chain of processes may be longer than Python's stack
    while waiting:
        pid = waiting.pop()
        try:
            tasks = os.listdir(f"/proc/{pid}/task")
        except OSError:
            continue
        for task in tasks:
            for child in map(int, slurp(f"/proc/{pid}/task/{task}/children").split()):
                if child not in found and (fields := stat_fields(child)):
                    found[child] = fields
                    waiting.append(child)
    return found


def waits_on_pipe(pid: int, ours: int) -> bool:
    """Whether a process can read from a pipe, other than the one with this inode."""
    folder = f"/proc/{pid}/fd"
    try:
        for name in os.listdir(folder):
            file = f"{folder}/{name}"
            link = os.readlink(file)
            if link.startswith("pipe:") and link != f"pipe:[{ours}]" and os.lstat(file).st_mode & READABLE:
                return True
    except OSError:  # it is gone, or will not be looked at
        pass
    return False


class Processes:
    """The descendants of this process, which is their reaper."""

    def __init__(self, most: int | None = None, refusals: int | None = None, clock: int | None = None) -> None:
        """`most` processes and threads there can be; descriptors of what the group counts, where it does.

        Args:
            most: None where that is not limited.
            refusals: Of the processes and threads that it had no room for.
            clock: Of the CPU time that was used in it.
        """
        self.most, self.counter, self.clock = most, refusals, clock
        for given in (refusals, clock):
            if given is not None:
                os.set_inheritable(given, False)
        self.init = os.getpid() == 1
        self.children_are_listed = os.path.exists(f"/proc/self/task/{os.getpid()}/children")  # not by every kernel
        self.ticks_a_second = os.sysconf("SC_CLK_TCK")
        self.watched: int | None = None
        self.watched_status: int | None = None
        self.torn = False
        self.threads = 0  # of all processes below, when they were last counted
        if self.init and most is not None and refusals is None:
            self.counter = self.find_counter()
        if self.init and clock is None:
            self.clock = self.find_clock()
        self.seen: dict[tuple[int, bytes], int] = {}  # the ticks of each process, told apart by when it was started
        self.seen_gone = 0  # ticks of those that have ended since
        self.refused_before = self.refused()
        self.failed = 0  # looks in a row at which no process could be started

    def fork(self) -> int:
        """As `os.fork`, patient while the dead of a full house are still being taken out."""
        for _ in range(100):
            try:
                return os.fork()
            except OSError:
                self.reap()
                time.sleep(0.01)
        return os.fork()

    @staticmethod
    def find_counter() -> int | None:
        """A descriptor of the count of what this container's group refused, where it is shown."""
        for path in COUNTERS:
            try:
                return os.open(path, os.O_RDONLY)
            except OSError:
                pass
        return None

    @staticmethod
    def find_clock() -> int | None:
        """A descriptor of the count of this container's CPU time, where it is shown and not the whole machine's."""
        for path, mark, has_mark in CLOCKS:
            if os.path.exists(mark) is has_mark:
                try:
                    return os.open(path, os.O_RDONLY)
                except OSError:
                    pass
        return None

    def refused(self) -> int:
        """How many processes and threads there was no room for so far, where that is counted."""
        if self.counter is None:
            return 0
        words = os.pread(self.counter, CHUNK, 0).split()
        return int(words[words.index(b"max") + 1]) if b"max" in words else 0

    def look_anew(self) -> None:
        """From now on what finds no room is the next command's, or is told with it."""
        self.refused_before, self.failed = self.refused(), 0

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

    def look(self) -> dict[int, list[bytes]]:
        """Process ids below this one, each with its `stat_fields`; `torn` says whether one may have been missed."""
        every = {int(name): stat_fields(int(name)) for name in os.listdir("/proc") if name.isdigit()}
        # One that ended while this looked may have left a child that was looked for too early.
        gone = not all(every.values())
        every = {pid: fields for pid, fields in every.items() if fields}
        below = {pid: every[pid] for pid in self.tree(os.getpid(), every)}
        self.torn = gone or not all(map(lives, below.values()))
        return below

    @staticmethod
    def tree(top: int, every: dict[int, list[bytes]]) -> set[int]:
        """Which of these processes descend from one of them."""
        children: dict[int, list[int]] = {}
        for pid, fields in every.items():
            children.setdefault(int(fields[PARENT]), []).append(pid)
        found, waiting = set(), [top]
        while waiting:
            new = [pid for pid in children.get(waiting.pop(), ()) if pid not in found and pid != top]
            found.update(new)
            waiting += new
        return found

    def cpu_seconds(self) -> float:
        """CPU seconds used so far by everything below, living and dead.

        Who ignores SIGCHLD has its children buried by the kernel, and their time is counted nowhere but by the group.
        """
        gone = resource.getrusage(resource.RUSAGE_CHILDREN)
        every = below(os.getpid()) if self.children_are_listed else self.look()
        self.threads = threads_of(every.values())
        waited_for = sum(map(ticks_of, every.values())) / self.ticks_a_second + gone.ru_utime + gone.ru_stime
        if self.clock is None:
            return max(waited_for, self.seen_ticks(every) / self.ticks_a_second)
        return max(waited_for, self.group_seconds(self.clock) - time.process_time())

    @staticmethod
    def group_seconds(clock: int) -> float:
        """CPU seconds that the group has used, this process included."""
        words = os.pread(clock, CHUNK, 0).split()
        if b"usage_usec" in words:
            return int(words[words.index(b"usage_usec") + 1]) * MICROSECONDS
        return int(words[0]) * NANOSECONDS

    def seen_ticks(self, every: dict[int, list[bytes]]) -> int:
        """CPU ticks of all processes that were ever seen, each as it was seen last."""
        now = {(pid, fields[STARTED]): own_ticks(fields) for pid, fields in every.items()}
        for (pid, started), ticks in self.seen.items():
            if (pid, started) not in now:
                fields = stat_fields(pid)  # it may have been missed
                if fields and fields[STARTED] == started:
                    now[pid, started] = own_ticks(fields)
                else:
                    self.seen_gone += ticks
        self.seen = now
        return self.seen_gone + sum(now.values())

    def kill_all(self, spare: int | None = None, seconds: float = 5) -> bool:
        """Ends every process below, but the spared one, until none is left, or the time is up; says which."""

        def left() -> list[int]:
            if self.init and spare is None:
                try:
                    os.kill(-1, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            # The dead children of the spared one are its own to bury.
            return [pid for pid, fields in self.look().items() if pid != spare and (spare is None or lives(fields))]

        return self.end(left, seconds)[0]

    def make_room(self, shell: int, since: float, missed: bool, seconds: float = 2) -> int:
        """Where a process could not be started, ends what runs in the background; returns how many were ended.

        Args:
            shell: The process whose children are spared, if they are young: those of the command that needs room.
            since: When that command began, on the clock that starts with the machine.
            missed: Whether bash seems to have said that it could start none: that alone is only text. Others say it in
                words of their own, or not at all: then most of what there can be has to be in the background.
            seconds: Most time to take.
        """
        young = int(since * self.ticks_a_second)

        def background(every: dict[int, list[bytes]]) -> dict[int, list[bytes]]:
            old = {pid for pid, fields in every.items() if int(fields[STARTED]) < young}
            spared = self.tree(shell, {pid: fields for pid, fields in every.items() if pid not in old or pid == shell})
            return {pid: fields for pid, fields in every.items() if pid != shell and pid not in spared}

        def left() -> list[int]:
            return [pid for pid, fields in background(self.look()).items() if lives(fields)]

        if self.counter is not None:
            lacked = self.refused() > self.refused_before
        else:
            lacked = self.full() if missed else self.no_room()
        if lacked and not missed:
            lacked = threads_of(background(self.look()).values()) >= CROWD * (self.most or 0)
        if not lacked:
            return 0
        ended = len(self.end(left, seconds)[1])
        self.threads = 0  # as far as is known
        self.look_anew()
        return ended

    def no_room(self) -> bool:
        """Whether no process could be started at two looks in a row: a command may need the last one for a moment."""
        if self.most is None or self.threads < self.most - ROOM:  # when last counted
            self.failed = 0
            return False
        self.failed = 0 if self.can_fork() else self.failed + 1
        return self.failed > 1

    def full(self) -> bool:
        """Whether there is hardly room for another process, at one of several moments: a crowd comes and goes."""
        for _ in range(LOOKS):
            if self.most is not None and threads_of(self.look().values()) >= self.most - ROOM:
                return True
            if not self.can_fork():
                return True
            time.sleep(0.01)
        return False

    def piped(self, ours: int) -> bool:
        """Whether any process below may wait for what another one writes; see `waits_on_pipe`."""
        return any(waits_on_pipe(pid, ours) for pid in self.look())

    @staticmethod
    def can_fork() -> bool:
        try:
            pid = os.fork()
        except OSError:
            return False
        if pid == 0:
            os._exit(0)
        return True  # buried with the others

    def end(self, choose: Callable[[], list[int]], seconds: float) -> tuple[bool, set[int]]:
        """Ends what `choose` names, until it names none, or the time is up; says which, and what was ended."""
        deadline = time.monotonic() + seconds
        ended: set[int] = set()
        nobody = 0
        while time.monotonic() < deadline:
            left = choose()
            ended.update(left)
            nobody = 0 if left else nobody + 1
            for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: none sees another's end and goes on
                for pid in left:
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        pass
            self.reap()
            if nobody and (nobody > LOOKS or not self.torn):
                return True, ended
            time.sleep(0.001)
        return False, ended
