"""Where programs inside call the host: ``validate``, ``submit``, a scorer."""

from __future__ import annotations

# The bare modules, here and in the other files: without the enums and parsers of `socket`, `signal`, `struct`, `ctypes`
# and `json`. Those take 15 ms to import, a third of the time a sandbox takes to start.
import _socket as socket
import _struct as struct
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MESSAGE = struct.Struct(">I")
CHUNK = 1 << 16
MAX_CLIENTS, MAX_LARGE = 64, 16
"""Callers at once; where a request may be large, and they would take much memory."""


class Channel:
    """A socket without a place in the file system, and those who called.

    A descriptor that somebody sends along is held by the kernel as long as it lies in a queue of ours, and with it its
    file: memory that belongs to no process, so that in its place the supervisor would be ended. So nothing is left
    lying: callers are heard, or turned away, also while the host is waited for. To read without asking for descriptors
    lets go of them.
    """

    def __init__(self, name: str, most: int) -> None:
        """Listens; `most` is the size of the largest request."""
        self.most = most
        self.listener: Any = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind("\0" + name)
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.clients: dict[int, tuple[Any, bytearray]] = {}
        self.requests: dict[int, bytes] = {}  # which are complete, the first first

    def descriptors(self) -> list[int]:
        """What there may be something to read from."""
        return [self.listener.fileno(), *self.clients]

    def refuse_waiting(self) -> None:
        """Whoever called between commands is turned away: the channel answers while a command runs."""
        while True:
            try:
                os.close(self.listener._accept()[0])
            except OSError:
                return

    def drop_all(self) -> None:
        for client, _ in self.clients.values():
            client.close()
        self.clients.clear()
        self.requests.clear()

    def listen(self, readable: set[int]) -> None:
        """Takes new callers and what was sent."""
        if self.listener.fileno() in readable:
            self.accept()
        for fd in [fd for fd in readable if fd in self.clients]:
            self.read(fd)

    def serve(self, readable: set[int], ask: Callable[[bytes], bytes]) -> float:
        """Listens, and has one complete request answered, if there is one. Returns seconds `ask` took."""
        self.listen(readable)
        if not self.requests:
            return 0.0
        fd = next(iter(self.requests))
        client, _ = self.clients[fd]
        before = time.monotonic()
        answer = ask(self.requests[fd])
        paused = time.monotonic() - before
        if fd not in self.clients or self.clients[fd][0] is not client:  # it hung up, and its number may be another's
            return paused
        del self.requests[fd]
        try:
            client.sendall(MESSAGE.pack(len(answer)) + answer)
        except OSError:
            self.drop(fd)
        return paused

    def accept(self) -> None:
        try:
            client = socket.socket(fileno=self.listener._accept()[0])
        except OSError:
            return
        client.settimeout(5)
        if len(self.clients) < (MAX_CLIENTS if self.most <= CHUNK else MAX_LARGE):
            self.clients[client.fileno()] = (client, bytearray())
        else:
            client.close()

    def read(self, fd: int) -> None:
        """Takes what a caller sent."""
        client, buffer = self.clients[fd]
        try:
            data = client.recv(CHUNK)
        except OSError:
            data = b""
        buffer += data
        length = MESSAGE.unpack_from(buffer)[0] if len(buffer) >= MESSAGE.size else 0
        # One request, then its answer: whoever sends more before that is no program of ours.
        if not data or fd in self.requests or length > self.most or len(buffer) > MESSAGE.size + length:
            self.drop(fd)
        elif len(buffer) == MESSAGE.size + length:
            self.requests[fd] = bytes(buffer[MESSAGE.size :])
            buffer.clear()

    def drop(self, fd: int) -> None:
        self.requests.pop(fd, None)
        self.clients.pop(fd)[0].close()
