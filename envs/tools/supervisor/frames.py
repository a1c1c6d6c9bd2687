"""Frames with the host; the package says what they are."""

from __future__ import annotations

import _struct as struct
import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

HEAD = struct.Struct(">II")
PIECE = 1 << 16  # more at once is slower: for more, memory is mapped for every read


class HostGone(Exception):
    """The host closed its end: it ended this sandbox, or died."""


def as_json(head: dict[str, Any]) -> str:
    """JSON of a flat object of short strings, numbers, booleans and None, without the `json` module."""
    words = {None: "null", True: "true", False: "false"}
    parts = []
    for name, value in head.items():
        if isinstance(value, str):
            if not value.isidentifier():
                value = "".join(c if c.isalnum() or c in " -_.,:;()'/" else "?" for c in value)
            text = f'"{value}"'
        else:
            text = words[value] if value is None or isinstance(value, bool) else repr(value)
        parts.append(f'"{name}": {text}')
    return "{" + ", ".join(parts) + "}"


class Host:
    """The host, on what were this program's stdin and stdout."""

    def __init__(self) -> None:
        self.incoming, self.outgoing = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1):  # stderr stays: should this program fail, the host reads why
            os.dup2(null, fd)
        os.close(null)
        self.came = b""  # and was not asked for yet

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        raw = as_json(head).encode()
        data = memoryview(HEAD.pack(len(raw), len(body)) + raw + body)
        while data:
            data = data[os.write(self.outgoing, data) :]

    def receive(self) -> tuple[dict[str, Any], int]:
        """The head of the next frame, and the length of its body, which is to be read next.

        Raises:
            HostGone: There is none.
        """
        head_length, body_length = HEAD.unpack(self.read(HEAD.size))
        head: dict[str, Any] = marshal.loads(self.read(head_length))  # the host is trusted: it started this program
        return head, body_length

    def read(self, count: int) -> bytes:
        return b"".join(self.pieces(count))

    def pieces(self, count: int) -> Iterator[bytes]:
        """So many bytes, as they come."""
        while count:
            if not self.came:
                self.came = os.read(self.incoming, PIECE)
                if not self.came:
                    raise HostGone
            piece, self.came = self.came[:count], self.came[count:]
            count -= len(piece)
            yield piece
