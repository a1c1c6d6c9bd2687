"""Messages between a program in this sandbox and one in another, each behind its length.

They go over the direct line that the host has laid; see `synthgym.envs.sandboxes.wire`.
"""

import json
import os
import socket
import struct
import time
import traceback

_LENGTH = struct.Struct(">I")
_MOST = 64 << 20


class NoLine(Exception):
    """There is no line to be had: this sandbox does not see the host's folders."""


class Closed(Exception):
    """The other side has gone, is silent, or sends what is no message."""


class Line:
    """A line to the other side."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._came = b""
        self._seconds: float | None = None

    def send(self, data: bytes) -> None:
        try:
            self.connection.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise Closed(f"nothing can be sent to it: {error}") from error

    def receive(self, seconds: float | None = None) -> bytes:
        """The next message; waits so long for the whole of it, or for ever."""
        if seconds != self._seconds:
            # Not settimeout(), which has Python ask the kernel twice each time.
            self._seconds = seconds
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(seconds or 0), 0))
        came = self._came or self._more()
        if len(came) < _LENGTH.size or len(came) < _LENGTH.size + _LENGTH.unpack_from(came)[0]:
            came = self._whole(came)
        end = _LENGTH.size + _LENGTH.unpack_from(came)[0]
        self._came = came[end:]
        return came[_LENGTH.size : end]

    def _whole(self, came: bytes) -> bytes:
        """What came, and more of it until it is a message."""
        deadline = None if self._seconds is None else time.monotonic() + self._seconds
        buffer, wanted = bytearray(came), 0
        while not wanted or len(buffer) < wanted:
            if not wanted and len(buffer) >= _LENGTH.size:
                wanted = _LENGTH.size + _LENGTH.unpack_from(buffer)[0]
                if wanted > _MOST:
                    raise Closed(f"a message of {wanted} bytes; the most is {_MOST}")
                continue
            if deadline is not None and time.monotonic() > deadline:
                raise Closed("no answer in time")
            buffer += self._more()
        return bytes(buffer)

    def _more(self) -> bytes:
        try:
            part = self.connection.recv(1 << 16)
        except BlockingIOError:
            raise Closed("no answer in time") from None
        except OSError as error:
            raise Closed(str(error)) from error
        if not part:
            raise Closed("it has ended")
        return part


def failure(error: BaseException) -> bytes:
    """What failed, as a message."""
    lines = traceback.format_exception_only(error)
    place = traceback.extract_tb(error.__traceback__)
    where = f" (line {place[-1].lineno} of {os.path.basename(place[-1].filename)})" if place else ""
    return json.dumps({"error": "".join(lines).strip()[-600:] + where}).encode()


def connect(wire: str) -> Line:
    """The line whose socket lies in the folder `wire`."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
            door.connect(os.path.join(wire, "socket"))
            _, (end,), _, _ = socket.recv_fds(door, 1, 1)
    except (OSError, ValueError) as error:
        raise NoLine(f"no line to the other sandbox: {error}") from error
    return Line(socket.socket(fileno=end))
