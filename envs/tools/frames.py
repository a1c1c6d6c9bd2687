"""Messages between a program in this sandbox and one elsewhere: each behind its length.

On the direct line that the host has laid (`synthgym.envs.mlgym.wire`), or, where it could not, through the host itself.
"""

import os
import socket
import struct
import time

_LENGTH = struct.Struct(">I")
_MOST = 64 << 20


class Closed(Exception):
    """The other side has gone, is silent, or sends what is no message."""


class Line:
    """A line to the other side.

    Attributes:
        direct: Whether it goes there without the host. The host only answers: there, one has to be asked for a message.
    """

    def __init__(self, connection: socket.socket, direct: bool) -> None:
        self.connection = connection
        self.direct = direct

    def send(self, data: bytes) -> None:
        try:
            self.connection.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise Closed(f"nothing can be sent to it: {error}") from error

    def receive(self, seconds: float | None = None) -> bytes:
        """The next message; waits so long for the whole of it, or for ever."""
        deadline = None if seconds is None else time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))
        if length > _MOST:
            raise Closed(f"a message of {length} bytes; the most is {_MOST}")
        return self._exactly(length, deadline)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        parts = []
        try:
            while count:
                left = None if deadline is None else max(0.001, deadline - time.monotonic())
                if left != self.connection.gettimeout():
                    self.connection.settimeout(left)
                part = self.connection.recv(min(count, 1 << 20))
                if not part:
                    raise Closed("it has ended")
                parts.append(part)
                count -= len(part)
        except TimeoutError as error:
            raise Closed("no answer in time") from error
        except OSError as error:
            raise Closed(str(error)) from error
        return b"".join(parts) if len(parts) != 1 else parts[0]


def connect(wire: str) -> Line:
    """The direct line whose socket lies in the folder `wire`, else one through the host."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(os.path.join(wire, "socket"))
        with connection:
            _, descriptors, _, _ = socket.recv_fds(connection, 1, 1)
        return Line(socket.socket(fileno=descriptors[0]), direct=True)
    except (OSError, IndexError):
        connection.close()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect("\0" + os.environ["SYNTHGYM_CHANNEL"])
    return Line(connection, direct=False)
