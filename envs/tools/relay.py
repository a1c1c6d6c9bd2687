"""Keeps a supervisor for a host that cannot hold a pipe to it, only run short programs: swe-rex's deployments.

``serve`` starts the supervisor in the background and holds its pipes. ``talk`` is one exchange with it: hands bytes
over, waits a while for frames, and prints what came in base64. The supervisor hangs by a lease instead of the pipe:
where nobody has talked for so many seconds, it is told that its host is gone, and all of it ends.

    python -IS relay.py serve FOLDER LEASE COMMAND...
    python -IS relay.py talk FOLDER SECONDS [base64 ... | @FILE]

With -1 seconds `talk` only renews the lease; with -2 it ends everything.
"""

from __future__ import annotations

import _socket as socket
import _struct as struct
import binascii
import os
import select
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SIZES = struct.Struct(">II")
REQUEST = struct.Struct(">dI")  # seconds to wait, bytes for the supervisor
MOST = 4 << 20  # bytes of frames in one answer; what is more comes with the next
PIECE = 1 << 20
RENEW, END = -1.0, -2.0
PATIENCE = 3.0  # seconds a supervisor may take to end


def exactly(connection: Any, count: int) -> bytes:
    parts = []
    while count:
        part = connection.recv(min(count, PIECE))
        if not part:
            raise OSError("closed")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


# -- serve -------------------------------------------------------------------------------------------------------------


class Relay:
    """A supervisor's pipes, and the socket by which `talk` reaches them."""

    def __init__(self, folder: str, lease: float, command: list[str]) -> None:
        self.folder, self.lease = folder, lease
        take, self.to_supervisor = os.pipe2(os.O_CLOEXEC)
        self.from_supervisor, give = os.pipe2(os.O_CLOEXEC)
        log = os.open(os.path.join(folder, "stderr"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.supervisor = os.posix_spawn(
            command[0],
            command,
            dict(os.environ),
            file_actions=[(os.POSIX_SPAWN_DUP2, fd, to) for to, fd in enumerate((take, give, log))],
        )
        for fd in (take, give, log):
            os.close(fd)
        os.set_blocking(self.to_supervisor, False)
        self.listener: Any = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(os.path.join(folder, "socket"))
        self.listener.listen(8)
        self.going, self.coming = bytearray(), bytearray()
        self.ended = False
        self.caller: Any = None
        self.patience = 0.0  # until when the caller waits
        self.seconds = 0.0

    def serve(self) -> None:
        """Until it is told to end, nobody talks any more, or the supervisor has gone and this was told."""
        last = time.monotonic()
        while time.monotonic() < last + self.lease:
            self.turn()
            if self.caller is None:
                continue
            last = time.monotonic()
            if self.seconds == END:
                return
            if self.seconds == RENEW or self.complete() or self.ended or last >= self.patience:
                gone = self.ended and not self.complete()
                self.answer()
                if gone:
                    return

    def turn(self) -> None:
        """Waits for something to do, and does it."""
        poll = select.poll()
        if not self.ended:
            poll.register(self.from_supervisor, select.POLLIN)
            if self.going:
                poll.register(self.to_supervisor, select.POLLOUT)
        if self.caller is None:
            poll.register(self.listener.fileno(), select.POLLIN)
        wait = 1.0 if self.caller is None else max(0.0, min(1.0, self.patience - time.monotonic()))
        for fd, _ in poll.poll(wait * 1000):
            if fd == self.from_supervisor:
                data = os.read(fd, PIECE)
                self.coming += data
                self.ended = not data
            elif fd == self.to_supervisor:
                try:
                    del self.going[: os.write(fd, self.going[:PIECE])]
                except BrokenPipeError:
                    self.ended = True
            else:
                self.accept()

    def accept(self) -> None:
        caller = socket.socket(fileno=self.listener._accept()[0])
        caller.settimeout(10)
        try:
            seconds, length = REQUEST.unpack(exactly(caller, REQUEST.size))
            self.going += exactly(caller, length)
        except OSError:
            caller.close()
            return
        self.caller, self.seconds, self.patience = caller, seconds, time.monotonic() + seconds

    def complete(self) -> int:
        """Bytes of whole frames that came, up to the most there may be in an answer, but at least one frame."""
        end = 0
        while len(self.coming) >= end + SIZES.size:
            following = end + SIZES.size + sum(SIZES.unpack_from(self.coming, end))
            if len(self.coming) < following or (end and following > MOST):
                break
            end = following
        return end

    def answer(self) -> None:
        """Gives the caller the whole frames there are, or says that there will be none."""
        count = 0 if self.seconds == RENEW else self.complete()
        status = b"-" if self.ended and not count else b"+"
        try:
            self.caller.sendall(status + bytes(self.coming[:count]))
            del self.coming[:count]
        except OSError:
            pass
        self.caller.close()
        self.caller = None


def serve(folder: str, lease: float, command: list[str]) -> None:
    """Turns into the relay, away from the process that called."""
    ready, tell = os.pipe2(os.O_CLOEXEC)
    if os.fork():
        os.close(tell)
        os._exit(0 if os.read(ready, 1) else 1)
    os.setsid()
    os.chdir("/")
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from supervisor import processes, system  # type: ignore[import-not-found]

    system.adopt_orphans()
    relay = Relay(folder, lease, command)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.write(tell, b"!")
    os.close(tell)
    relay.serve()
    os.close(relay.to_supervisor)  # it ends everything, and then itself; or is stopped, or gone, and leaves that to us
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience and os.waitpid(relay.supervisor, os.WNOHANG)[0] == 0:
        time.sleep(0.005)
    processes.Processes().kill_all()
    if relay.caller is not None:
        relay.answer()
    elif not relay.ended:  # the lease ran out: nobody comes to clear up
        os.execve("/bin/rm", ["rm", "-rf", os.path.dirname(folder)], {})


# -- talk --------------------------------------------------------------------------------------------------------------


def talk(folder: str, seconds: float, given: list[str]) -> None:
    """One exchange; prints ``+`` and what came, or ``-`` where the supervisor is gone, and why."""
    if given and given[0].startswith("@"):
        with open(given[0][1:], "rb") as file:
            data = file.read()
        os.unlink(given[0][1:])
    else:
        data = b"".join(map(binascii.a2b_base64, given))
    parts = []
    try:
        connection: Any = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(os.path.join(folder, "socket"))
        connection.sendall(REQUEST.pack(seconds, len(data)) + data)
        while part := connection.recv(PIECE):
            parts.append(part)
    except OSError as error:
        parts = [f"-no relay: {error}; ".encode()]
    answer = b"".join(parts) or b"-no answer; "
    if answer.startswith(b"-"):
        try:
            with open(os.path.join(folder, "stderr"), "rb") as file:
                answer += file.read()[-4000:]
        except OSError:
            pass
    os.write(1, answer[:1])
    text = memoryview(binascii.b2a_base64(answer[1:], newline=False))
    while text:
        text = text[os.write(1, text) :]


def main() -> None:
    """Runs the command given."""
    mode, folder, seconds, *rest = sys.argv[1:]
    if mode == "serve":
        serve(folder, float(seconds), rest)
    else:
        talk(folder, float(seconds), rest)


if __name__ == "__main__":
    main()
