"""The persistent shell that commands run in."""

from __future__ import annotations

import fcntl
import os
import resource

from .driver import DRIVER, GIVEN, NEEDED
from .output import CHUNK
from .system import give_up_rights, go_first, hear_all_signals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .output import Output
    from .processes import Processes

PIPE_MOST = 1 << 20  # what a pipe can hold at most; a writer that never pauses must not keep its reader busy for ever
WARY = (b"exec", b"trap", b"source", b". ", b"eval")  # what can redirect the output or set a trap, now or in a function
NO_PROCESS = b"fork: retry: Resource temporarily unavailable"  # what bash says before it tries again


class Shell:
    """One bash; `start` replaces it by a new one.

    Attributes:
        pid: Its process.
        status: Where it reports the exit status of a command; closed for good when the shell ends, or becomes another
            program by `exec`, which may print and call the host like any other.
        output: What it and its children print.
        starved: It found no process left for a command, since this was last set to False.
        redirected: Its own stdout or stderr went elsewhere when the last command ended.
        broken: The last command disabled or replaced a builtin that the driver needs.
    """

    def __init__(self, settings: dict[str, Any], processes: Processes) -> None:
        self.settings, self.processes = settings, processes
        self.pid = self.control = self.status = self.output = self.command_file = -1
        self.status_open = self.output_open = False
        self.starved = self.redirected = self.broken = self.wary = self.quiet = False
        self.report = b""  # as much as has come of it

    @property
    def exit_code(self) -> int | None:
        """Of the shell itself, once it has ended."""
        return self.processes.watched_status

    def start(self, env: dict[str, str]) -> None:
        """Starts a shell in the workspace, with these variables."""
        for fd in (self.control, self.status, self.output, self.command_file):
            if fd >= 0:
                os.close(fd)
        # Each shell its own: what can be left on one (attributes, modes, locks, seals) goes with its shell.
        self.command_file = os.memfd_create("command")
        control_read, self.control = os.pipe2(os.O_CLOEXEC)
        self.status, status_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.output, output_write = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.output, False)
        os.set_blocking(status_write, True)
        self.status_open = self.output_open = True
        self.redirected = self.broken = self.wary = self.quiet = False
        self.report = b""
        self.pid = self.processes.fork()
        if self.pid == 0:
            self.become(env, status_write, control_read, output_write)
        self.processes.watch(self.pid)
        for fd in (control_read, status_write, output_write):
            os.close(fd)

    def become(self, env: dict[str, str], status: int, control: int, output: int) -> None:
        """In the child: turns into the shell."""
        try:
            hear_all_signals()
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)  # `edit` knows it by that: see `file_commands.expect_text`
            given = zip(GIVEN, (status, control, self.command_file, output, null), strict=True)
            files = {0: null, 1: output, 2: output, **dict(given)}
            # Out of the way first: a source must not be overwritten before it is used.
            high = {to: fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for to, fd in files.items()}
            for to, fd in high.items():
                os.dup2(fd, to)
            go_first()
            settings = self.settings
            give_up_rights(settings["user"], settings["filter"], settings["network"], settings["locks"])
            self.enter_workspace()
            os.execve(self.settings["shell"], ["bash", "--norc", "--noprofile", "-c", DRIVER, "bash"], env)
        except OSError as error:
            os.write(2, f"the shell cannot be started: {error}\n".encode())
        finally:
            os._exit(127)

    def enter_workspace(self) -> None:
        """Makes the workspace the current folder, also where a command has removed or replaced it."""
        try:
            os.makedirs(self.settings["workspace"], exist_ok=True)
            os.chdir(self.settings["workspace"])
        except OSError:
            os.chdir("/")

    def give(self, command: bytes) -> None:
        """Has it run a command."""
        self.wary = self.wary or any(word in command for word in WARY)
        wary = self.wary or b"continue" in command  # outside of a loop: see `driver`
        os.ftruncate(self.command_file, 0)
        os.pwrite(self.command_file, command + b"\0", 0)
        os.lseek(self.command_file, 0, os.SEEK_SET)
        if self.exit_code is None:
            try:
                os.write(self.control, b"q\n" if self.quiet else b"w\n" if wary else b"p\n")
            except BrokenPipeError:  # it reads no commands any more: it has just ended, or is about to
                pass

    def take_status(self) -> int | None:
        """The exit status of a command that ended, if there is one; reads what `status` has."""
        data = os.read(self.status, 4096)
        self.status_open = bool(data)
        self.report = self.report[-CHUNK:] + data
        traps, *rest = self.report.rsplit(b"\0", 2)
        if len(rest) != 2 or not rest[1].endswith(b"\n"):
            return None
        disabled, words = rest
        self.report = b""
        said = words.split()
        if len(said) != 4 or not said[0].isdigit():  # not the driver's: a command found the way here
            return 1
        code, seen, flags, depth = said
        self.broken = depth not in (b"0", b"1") or not NEEDED.isdisjoint(
            disabled.split()[2::3]
        )  # lines of `enable -n NAME`
        self.quiet = bool(traps) or b"x" in flags
        self.redirected = seen != b"0"
        return int(code[:3])

    def lowered(self) -> bool:
        """Whether it may start fewer processes than it could when it was started: that cannot be taken back."""
        try:
            its = resource.prlimit(self.pid, resource.RLIMIT_NPROC)[0]
        except OSError:
            return False
        ours = resource.getrlimit(resource.RLIMIT_NPROC)[0]
        return its != resource.RLIM_INFINITY and (ours == resource.RLIM_INFINITY or its < ours)

    def drain(self, output: Output, once: bool = False) -> None:
        """Reads what was printed, all of it or one piece."""
        taken = 0
        try:
            while data := os.read(self.output, CHUNK):
                output.take(data)
                self.starved |= NO_PROCESS in data
                taken += len(data)
                if once or taken > PIPE_MOST:
                    return
            self.output_open = False  # every writer has closed it
        except BlockingIOError:
            pass
