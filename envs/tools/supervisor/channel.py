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
MAX_CLIENTS = 16


class Channel:
    """A socket without a place in the file system, and those who called."""

    def __init__(self, name: str, most: int) -> None:
        """Listens; `most` is the size of the largest request."""
        self.most = most
        self.listener: Any = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind("\0" + name)
        self.listener.listen(64)
        self.listener.setblocking(False)
        self.clients: dict[int, tuple[Any, bytearray]] = {}

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

    def serve(self, readable: set[int], ask: Callable[[bytes], bytes]) -> float:
        """Takes new callers and has complete requests answered, one after the other. Returns seconds `ask` took."""
        if self.listener.fileno() in readable:
            self.accept()
        paused = 0.0
        for fd in [fd for fd in readable if fd in self.clients]:
            request = self.read(fd)
            if request is None:
                continue
            before = time.monotonic()
            answer = ask(request)
            paused += time.monotonic() - before
            client, _ = self.clients[fd]
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
        if len(self.clients) < MAX_CLIENTS:
            self.clients[client.fileno()] = (client, bytearray())
        else:
            client.close()

    def read(self, fd: int) -> bytes | None:
        """A caller's request, once it is complete."""
        client, buffer = self.clients[fd]
        try:
            data = client.recv(CHUNK)
        except OSError:
            data = b""
        buffer += data
        length = MESSAGE.unpack_from(buffer)[0] if len(buffer) >= MESSAGE.size else 0
        # One request, then its answer: whoever sends more before that is no program of ours.
        if not data or length > self.most or len(buffer) > MESSAGE.size + length:
            self.drop(fd)
            return None
        if len(buffer) < MESSAGE.size + length:
            return None
        request = bytes(buffer[MESSAGE.size :])
        buffer.clear()
        return request

    def drop(self, fd: int) -> None:
        self.clients.pop(fd)[0].close()
