"""The first process inside a sandbox: runs commands in a persistent shell and speaks frames with the host.

Started by a sandbox backend as ``python -IS supervisor.pyc SETTINGS`` (a Python literal), with the host on stdin and
stdout. In a sandbox of its own process namespace it is PID 1, which nothing inside can kill; elsewhere (the local
sandbox) it makes itself the reaper of its descendants. It is closed to the other processes of its user (no tracing, no
borrowing of descriptors), and it holds no secret: whoever took it over all the same could only spoil their own session.

Frame, both ways: two big-endian uint32 (length of head, length of body), a head, a body (bytes). The host's heads are
Python literals; the supervisor's are JSON, because the host must not evaluate what comes out of a sandbox.

Host to supervisor: ``run`` (body: the command), ``read``, ``write``; and, while a program inside waits for an
answer from the host, ``reply`` (body: the answer) or ``abort`` (end the command at once).
Supervisor to host: ``ready``, ``done``, ``file``, ``ok``, ``error``, and ``channel`` (body: a program's request).

Why a supervisor, rather than a bare bash on a pipe: the command's exit status does not share a stream with what the
command prints, so nothing printed can end or forge a step; a shell that was killed or ran ``exec`` can be replaced
while the files stay; timeouts end every process, not only the one that is known; and programs inside reach the host
over the same pipe, so there is no socket or folder on the host to leak.
"""

from __future__ import annotations

# The bare modules, without the enums and parsers of `socket`, `signal`, `struct`, `ctypes` and `json`: those take 15 ms
# to import, a third of the time a sandbox takes to start.
import _ctypes
import _signal as signal  # type: ignore[import-not-found]
import _socket as socket
import _stat as stat
import _struct as struct
import errno
import os
import resource
import select
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEAD = struct.Struct(">II")
MESSAGE = struct.Struct(">I")
CHUNK = 1 << 16
PIPE_MOST = 1 << 20  # what a pipe can hold at most; a writer that never pauses must not keep its reader busy for ever
MAX_CLIENTS = 16
POLL_FIRST, POLL_MOST = 0.02, 0.25  # seconds between looks at the CPU clock, growing
CORES = os.cpu_count() or 1

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36
SIGUSR1 = 10

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
    "builtin echo 800 >/proc/self/oom_score_adj; "
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


def literal(text: bytes | str) -> dict[str, Any]:
    """A Python literal that the host wrote. The host is trusted: it started this program."""
    value: dict[str, Any] = eval(text, {"__builtins__": {}})
    return value


def as_json(head: dict[str, Any]) -> str:
    """JSON of a flat object of short strings, numbers, booleans and None, without the `json` module."""
    words = {None: "null", True: "true", False: "false"}
    parts = []
    for name, value in head.items():
        if isinstance(value, str):
            text = '"' + "".join(c if c.isalnum() or c in " -_.,:;()'/" else "?" for c in value) + '"'
        else:
            text = words[value] if value is None or isinstance(value, bool) else repr(value)
        parts.append(f'"{name}": {text}')
    return "{" + ", ".join(parts) + "}"


def libc(function: str, *arguments: int) -> None:
    """Calls a function of the C library."""
    this_program: Any = None
    _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(this_program, 0), function), arguments)


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


def ticks_of(pid: int) -> int:
    """CPU ticks used by one process, and by its dead children."""
    return sum(map(int, stat_fields(pid)[11:15]))


class Abort(Exception):
    """The host asked to end the running command."""


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


class Supervisor:
    """One persistent shell, its processes, and the link to the host."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.init = os.getpid() == 1
        self.host_in, self.host_out = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1):  # stderr stays: should this program fail, the host reads why
            os.dup2(null, fd)
        self.command_file = os.memfd_create("command")
        self.cpu_reported = 0.0
        self.clients: dict[int, tuple[Any, bytearray]] = {}
        self.children_are_listed = os.path.exists(f"/proc/self/task/{os.getpid()}/children")  # not by every kernel
        self.ticks_a_second = os.sysconf("SC_CLK_TCK")

    # -- frames ------------------------------------------------------------------------------------------------------

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        raw = as_json(head).encode()
        data = memoryview(HEAD.pack(len(raw), len(body)) + raw + body)
        while data:
            data = data[os.write(self.host_out, data) :]

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """The host's next frame. The host's end is closed when the host is gone: then everything ends."""
        head_length, body_length = HEAD.unpack(self.exactly(HEAD.size))
        return literal(self.exactly(head_length)), self.exactly(body_length)

    def exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = os.read(self.host_in, min(count, 1 << 20))
            if not part:
                self.shutdown(orphaned=True)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def shutdown(self, orphaned: bool = False) -> None:
        """The end. Orphaned: the host's end of the pipe was closed, be it because the host was killed."""
        self.kill_all()
        if orphaned and self.settings.get("folder"):
            remove = 'chmod -R u+rwX "$0"; rm -rf "$0"'
            os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", remove, self.settings["folder"]], {}), 0)
        os._exit(0)

    # -- the shell ---------------------------------------------------------------------------------------------------

    def start_shell(self) -> None:
        control_read, self.control = os.pipe2(os.O_CLOEXEC)
        self.status, status_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.output, output_write = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.output, False)
        os.set_blocking(status_write, True)
        self.shell_status: int | None = None
        self.status_open = self.output_open = True
        self.shell = self.fork()
        if self.shell == 0:
            try:
                if not self.init:
                    signal.signal(signal.SIGTERM, signal.SIG_DFL)
                os.setsid()
                saved = [(os.open(os.devnull, os.O_RDONLY), 0), (output_write, 1), (output_write, 2)]
                saved += [(status_write, 7), (control_read, 8), (self.command_file, 9)]
                # Out of the way first: a source must not be overwritten before it is used.
                high = [(os.dup2(fd, 100 + index, inheritable=False), to) for index, (fd, to) in enumerate(saved)]
                for fd, to in high:
                    os.dup2(fd, to)
                self.enter_workspace()
                os.execve(
                    self.settings["shell"], ["bash", "--norc", "--noprofile", "-c", DRIVER, "bash"], self.environ()
                )
            finally:
                os._exit(127)
        for fd in (control_read, status_write, output_write):
            os.close(fd)

    def fork(self) -> int:
        """As `os.fork`, patient while the dead of a full house are still being taken out."""
        for _ in range(100):
            try:
                return os.fork()
            except OSError:
                self.reap()
                time.sleep(0.01)
        return os.fork()

    def enter_workspace(self) -> None:
        """Makes the workspace the current folder, also where a command has removed or replaced it."""
        try:
            os.makedirs(self.settings["workspace"], exist_ok=True)
            os.chdir(self.settings["workspace"])
        except OSError:
            os.chdir("/")

    def environ(self) -> dict[str, str]:
        return {**self.settings["env"], "SYNTHGYM_CHANNEL": self.settings["channel"]}

    def replace_shell(self) -> None:
        self.kill_all()
        for fd in (self.control, self.status, self.output):
            os.close(fd)
        self.start_shell()

    def descendants(self) -> dict[int, bool]:
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
            ticks = sum(map(ticks_of, self.descendants()))
        return ticks / self.ticks_a_second + gone.ru_utime + gone.ru_stime

    def kill_all(self, spare: int | None = None, seconds: float = 5) -> None:
        """Ends every process below, but the spared one, until none is left, or the time is up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.init and spare is None:
                try:
                    os.kill(-1, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            # The dead children of the spared one are its own to bury.
            left = [pid for pid, lives in self.descendants().items() if pid != spare and (lives or spare is None)]
            for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first: none sees another's end and goes on
                for pid in left:
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        pass
            self.reap()
            if not left:
                return
            time.sleep(0.001)

    def reap(self) -> None:
        """Collects the dead, and the shell's exit status if it is among them."""
        while True:
            try:
                pid, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid == self.shell:
                self.shell_status = os.waitstatus_to_exitcode(code)

    # -- a command ---------------------------------------------------------------------------------------------------

    def run(self, head: dict[str, Any], command: bytes) -> None:
        """Runs one command and reports what it printed and how it ended."""
        output = Output(head["output"])
        verdict: dict[str, Any] = {"code": None, "timeout": None, "shell": "kept", "aborted": False}
        self.refuse_waiting_clients()
        self.drain(output)  # what background jobs printed since the last command
        self.reap()
        cpu_before = self.cpu_reported
        os.ftruncate(self.command_file, 0)
        os.pwrite(self.command_file, command + b"\0", 0)
        os.lseek(self.command_file, 0, os.SEEK_SET)
        started = time.monotonic()
        paused = 0.0  # the host's time, not the command's
        look, next_look = POLL_FIRST, started + POLL_FIRST
        if self.shell_status is None:
            os.write(self.control, b"\n")
        try:
            while verdict["code"] is None and not verdict["timeout"]:
                now = time.monotonic()
                readable = self.wait(max(0.0, min(next_look, started + paused + head["wall"]) - now))
                if self.host_in in readable:
                    self.receive()  # nothing but the end of the host comes now
                    self.shutdown()
                if self.output in readable:
                    self.drain(output, once=True)
                if self.status in readable:
                    self.read_status(verdict)
                paused += self.serve_clients(readable)
                now = time.monotonic()
                if now < next_look and now - started - paused < head["wall"]:
                    continue
                look = min(look * 1.5, POLL_MOST)
                next_look = now + look
                self.reap()
                if self.shell_status is not None and verdict["code"] is None:
                    verdict.update(code=self.shell_status, shell="exited")
                elif now - started - paused >= head["wall"]:
                    verdict["timeout"] = "wall"
                elif (now - started) * CORES >= head["cpu"] and self.cpu_seconds() - cpu_before >= head["cpu"]:
                    verdict["timeout"] = "cpu"
            if verdict["timeout"]:
                verdict["shell"] = self.interrupt(output)
        except Abort:
            self.kill_all()  # before the caller's connection is closed: it must not go on to print that
            verdict.update(aborted=True, shell="killed", code=-9)
        self.drop_clients()
        self.drain(output)
        self.cpu_reported = max(cpu_before, self.cpu_seconds())
        verdict["cpu"] = self.cpu_reported - cpu_before  # background jobs between two commands count for the second
        if verdict["shell"] != "kept":
            self.kill_all()
            self.drain(output)
            self.replace_shell()
        verdict.update(op="done", **output.counts())
        self.send(verdict, output.kept())

    def read_status(self, verdict: dict[str, Any]) -> None:
        """The status of a finished command; or, where the pipe is closed, the end of the shell itself."""
        data = os.read(self.status, 64).split()
        if data:
            verdict["code"] = int(data[-1]) if data[-1].isdigit() else 1
            return
        # Gone by `exit`, a signal or `exec`: in the last case the process lives on as another program, which may
        # print and call the host like any other. So: look often whether it has ended.
        self.status_open = False

    def wait(self, seconds: float) -> set[int]:
        """Waits for something to read; returns the descriptors that have it."""
        poll = select.poll()
        for fd in (self.host_in, self.listener.fileno(), *self.clients):
            poll.register(fd, select.POLLIN)
        if self.status_open:
            poll.register(self.status, select.POLLIN)
        else:
            self.reap()
            seconds = 0.0 if self.shell_status is not None else min(seconds, 0.005)
        if self.output_open:
            poll.register(self.output, select.POLLIN)
        return {fd for fd, event in poll.poll(seconds * 1000)}

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

    def interrupt(self, output: Output) -> str:
        """Ends a command that took too long, and all it started; the shell too if it does not give the command up."""
        verdict: dict[str, Any] = {"code": None}
        deadline = time.monotonic() + 1
        if self.shell_status is None:
            os.kill(self.shell, SIGUSR1)
        while time.monotonic() < deadline and self.status_open and verdict["code"] is None:
            self.kill_all(spare=self.shell, seconds=deadline - time.monotonic())
            readable = self.wait(0.02)
            if self.output in readable:
                self.drain(output)
            if self.status in readable:
                self.read_status(verdict)
        return "killed" if verdict["code"] is None else "kept"

    # -- the channel -------------------------------------------------------------------------------------------------

    def listen(self) -> None:
        self.listener: Any = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind("\0" + self.settings["channel"])
        self.listener.listen(64)
        self.listener.setblocking(False)

    def refuse_waiting_clients(self) -> None:
        """Whoever called between commands is turned away: the channel answers while a command runs."""
        while True:
            try:
                os.close(self.listener._accept()[0])
            except OSError:
                return

    def drop_clients(self) -> None:
        for client, _ in self.clients.values():
            client.close()
        self.clients.clear()

    def serve_clients(self, readable: set[int]) -> float:
        """Takes new callers and answers complete requests, one after the other. Returns seconds the host took."""
        paused = 0.0
        if self.listener.fileno() in readable:
            try:
                client = socket.socket(fileno=self.listener._accept()[0])
                client.settimeout(5)
                if len(self.clients) < MAX_CLIENTS:
                    self.clients[client.fileno()] = (client, bytearray())
                else:
                    client.close()
            except OSError:
                pass
        for fd in [fd for fd in readable if fd in self.clients]:
            client, buffer = self.clients[fd]
            try:
                data = client.recv(CHUNK)
            except OSError:
                data = b""
            buffer += data
            length = MESSAGE.unpack_from(buffer)[0] if len(buffer) >= MESSAGE.size else 0
            # One request, then its answer: whoever sends more before that is no program of ours.
            if not data or length > self.settings["request_bytes"] or len(buffer) > MESSAGE.size + length:
                client.close()
                del self.clients[fd]
            elif len(buffer) == MESSAGE.size + length:
                request = bytes(buffer[MESSAGE.size :])
                buffer.clear()
                before = time.monotonic()
                answer = self.ask_host(request)
                paused += time.monotonic() - before
                try:
                    client.sendall(MESSAGE.pack(len(answer)) + answer)
                except OSError:
                    client.close()
                    del self.clients[fd]
        return paused

    def ask_host(self, request: bytes) -> bytes:
        self.send({"op": "channel"}, request)
        while True:
            head, body = self.receive()
            if head["op"] == "reply":
                return body
            if head["op"] == "abort":
                raise Abort
            self.file_operation(head, body)

    # -- files -------------------------------------------------------------------------------------------------------

    def file_operation(self, head: dict[str, Any], body: bytes) -> None:
        try:
            if head["op"] == "read":
                self.send({"op": "file"}, self.read(head["path"], head["max"]))
            else:
                self.write(head["path"], body)
                self.send({"op": "ok"})
        except OSError as error:
            name = errno.errorcode.get(error.errno or 0, "EIO")
            self.send({"op": "error", "errno": name, "text": str(error.strerror)})

    def read(self, path: str, most: int) -> bytes:
        """A regular file's bytes. Opens part by part without following links, and never waits on a fifo."""
        folder = os.open(self.settings["workspace"], os.O_RDONLY | os.O_DIRECTORY)
        *parents, name = path.split("/")
        try:
            for part in parents:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.close(folder)
        try:
            mode = os.fstat(file).st_mode
            if not stat.S_ISREG(mode):
                raise OSError(errno.ENOTSUP, "not a regular file")
            pieces, left = [], most + 1
            while left > 0 and (piece := os.read(file, min(left, 1 << 20))):
                pieces.append(piece)
                left -= len(piece)
            if left <= 0:
                raise OSError(errno.EFBIG, "file too large")
            return b"".join(pieces)
        finally:
            os.close(file)

    def write(self, path: str, body: bytes) -> None:
        path = os.path.join(self.settings["workspace"], path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
        try:
            view = memoryview(body)
            while view:
                view = view[os.write(file, view) :]
        finally:
            os.close(file)

    # -- life --------------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        libc("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)
        if not self.init:
            libc("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            signal.signal(signal.SIGTERM, lambda number, frame: self.shutdown())
        for name, value in self.settings["rlimits"].items():
            which = getattr(resource, name)
            hard = resource.getrlimit(which)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(which, (value, value))
        os.umask(0o022)
        workspace = self.settings["workspace"]
        os.makedirs(workspace, exist_ok=True)
        if self.settings["files"]:
            copy = os.posix_spawn("/bin/cp", ["cp", "-rT", self.settings["files"], workspace], {})
            if os.waitpid(copy, 0)[1]:
                self.send({"op": "error", "errno": "ENOSPC", "text": "the workspace's files do not fit"})
                os._exit(1)
        self.listen()
        self.start_shell()
        self.send({"op": "ready"})

    def serve(self) -> None:
        self.prepare()
        while True:
            head, body = self.receive()
            if head["op"] == "run":
                self.run(head, body)
            else:
                self.file_operation(head, body)


if __name__ == "__main__":
    Supervisor(literal(sys.argv[1])).serve()
