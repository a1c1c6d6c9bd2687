"""The persistent shell that commands run in."""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]
import fcntl
import os

from .system import give_up_rights

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .processes import Processes

CHUNK = 1 << 16
PIPE_MOST = 1 << 20  # what a pipe can hold at most; a writer that never pauses must not keep its reader busy for ever

# The driver: waits for a line on 8, takes the command from the memory file on 9, reports the status on 7. The command
# and what it starts have none of the three; its stdin is empty, and it finds the last command's status in `$?`.
#
# SIGUSR1 gives a command up and keeps the shell: its trap breaks out of every loop and list that the command is in, and
# of some of the driver's own, of which there are more than that. It cannot leave a function so: there, the shell ends.
#
# All on one line, so that the line numbers in bash's messages are the command's own. The first part says: where memory
# runs out, a command goes before the supervisor does.
LOOPS = 20
DRIVER = (
    "builtin echo 800 2>/dev/null >/proc/self/oom_score_adj; "
    "trap '[[ ${FUNCNAME[*]} ]] && builtin kill -KILL $$; builtin break 15' USR1; "
    '__synthgym_code=0; __synthgym_again() { builtin return "$__synthgym_code"; }; ' + "while :; do " * LOOPS + ""
    "[[ $__synthgym_busy ]] && builtin echo 137 >&7; "
    "__synthgym_busy=; "
    "builtin read -r -u 8 _ || builtin exit; "
    "IFS= builtin read -r -d '' -u 9 __synthgym_command; "
    "__synthgym_busy=1; "
    "[[ $- == *e* ]] || __synthgym_again; "
    'builtin eval "$__synthgym_command" 7>&- 8<&- 9<&- </dev/null; '
    "__synthgym_code=$? __synthgym_busy=; "
    'builtin echo "$__synthgym_code" >&7; ' + "done; " * LOOPS
)


class Output:
    """What a command printed: the first and the last bytes of it, and how many fell out between."""

    def __init__(self, keep: int) -> None:
        self.half = keep // 2
        self.first, self.last, self.dropped = bytearray(), bytearray(), 0

    def take(self, data: bytes) -> None:
        room = self.half - len(self.first)
        self.first += data[:room]
        self.last += data[room:]
        if len(self.last) > 4 * self.half + CHUNK:
            self.cut()

    def cut(self) -> None:
        over = len(self.last) - self.half
        if over > 0:
            del self.last[:over]
            self.dropped += over

    def counts(self) -> dict[str, int]:
        self.cut()
        return {"head": len(self.first), "dropped": self.dropped}

    def kept(self) -> bytes:
        return bytes(self.first) + bytes(self.last)


class Shell:
    """One bash; `start` replaces it by a new one.

    Attributes:
        pid: Its process.
        status: Where it reports the exit status of a command; closed for good when the shell ends, or becomes another
            program by `exec`, which may print and call the host like any other.
        output: What it and its children print.
    """

    def __init__(self, settings: dict[str, Any], processes: Processes) -> None:
        self.settings, self.processes = settings, processes
        self.command_file = os.memfd_create("command")
        self.pid = self.control = self.status = self.output = -1
        self.status_open = self.output_open = False

    @property
    def exit_code(self) -> int | None:
        """Of the shell itself, once it has ended."""
        return self.processes.watched_status

    def start(self, env: dict[str, str]) -> None:
        """Starts a shell in the workspace, with these variables."""
        for fd in (self.control, self.status, self.output):
            if fd >= 0:
                os.close(fd)
        control_read, self.control = os.pipe2(os.O_CLOEXEC)
        self.status, status_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.output, output_write = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.output, False)
        os.set_blocking(status_write, True)
        self.status_open = self.output_open = True
        self.pid = self.processes.fork()
        if self.pid == 0:
            self.become(env, {7: status_write, 8: control_read, 9: self.command_file}, output_write)
        self.processes.watch(self.pid)
        for fd in (control_read, status_write, output_write):
            os.close(fd)

    def become(self, env: dict[str, str], files: dict[int, int], output: int) -> None:
        """In the child: turns into the shell."""
        try:
            if not self.processes.init:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.setsid()
            files = {0: os.open(os.devnull, os.O_RDONLY), 1: output, 2: output, **files}
            # Out of the way first: a source must not be overwritten before it is used.
            high = {to: fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for to, fd in files.items()}
            for to, fd in high.items():
                os.dup2(fd, to)
            give_up_rights(self.settings["user"], self.settings["filter"], self.settings["network"])
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
        os.ftruncate(self.command_file, 0)
        os.pwrite(self.command_file, command + b"\0", 0)
        os.lseek(self.command_file, 0, os.SEEK_SET)
        if self.exit_code is None:
            try:
                os.write(self.control, b"\n")
            except BrokenPipeError:  # it reads no commands any more: it has just ended, or is about to
                pass

    def take_status(self) -> int | None:
        """The exit status of a command that ended, if there is one; reads what `status` has."""
        data = os.read(self.status, 64).split()
        if not data:
            self.status_open = False
            return None
        return int(data[-1]) if data[-1].isdigit() else 1

    def drain(self, output: Output, once: bool = False) -> None:
        """Reads what was printed, all of it or one piece."""
        taken = 0
        try:
            while data := os.read(self.output, CHUNK):
                output.take(data)
                taken += len(data)
                if once or taken > PIPE_MOST:
                    return
            self.output_open = False  # every writer has closed it, as `exec >file` does
        except BlockingIOError:
            pass
