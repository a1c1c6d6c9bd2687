"""Frames between the host and a supervisor (`synthgym.envs.tools.supervisor` says what they are).

The supervisor shares its sandbox with untrusted code. Should that code take it over, a frame may be anything: so its
size is capped before memory is taken for it, a head is checked field by field, and what does not fit is the end of the
sandbox, never another kind of error.
"""

from __future__ import annotations

import json
import marshal
import struct
import threading
from collections.abc import Callable
from typing import Any

from synthgym.envs.sandboxes.connection import BrokenLink, Connection

_SIZES = struct.Struct(">II")
_MOST_HEAD = 4096
_MARSHAL = 2  # a version that every Python reads that may be in a sandbox
_PIECE = 1 << 16  # more at once is slower: for more, memory is mapped for every read


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _one_of(*values: object) -> Callable[[Any], bool]:
    return lambda value: value in values


def _number(value: Any) -> bool:
    return type(value) is int and abs(value) < 1 << 53


def _seconds(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value < 1e9


_FIELDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "ready": {},
    "ok": {},
    "file": {},
    "channel": {},
    "error": {"errno": _is(str), "text": _is(str)},
    "done": {
        "code": lambda value: value is None or _number(value),
        "timeout": _one_of(None, "cpu", "wall", "interrupt"),
        "shell": _one_of("kept", "exited", "killed", "redirected", "broken"),
        "aborted": _is(bool),
        "cpu": _seconds,
        "head": _number,
        "dropped": _number,
        "characters": _number,
        "visible": _number,
        "ended": _number,
    },
}
"""What a supervisor may say: operation → field → check."""


class Link:
    """Frames to and from one supervisor. One thread talks; any other may send a frame that has no answer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._sending = threading.Lock()
        self._came = bytearray()  # and was not asked for yet

    def send(self, head: dict[str, Any], body: bytes, deadline: float) -> None:
        """Sends a frame.

        Raises:
            BrokenLink: The other side does not take it in time, or is gone.
        """
        raw = marshal.dumps(head, _MARSHAL)
        first = _SIZES.pack(len(raw), len(body)) + raw
        with self._sending:
            for data in (memoryview(first + body),) if len(body) < _PIECE else (memoryview(first), memoryview(body)):
                while data:
                    data = data[self.connection.send(data, deadline) :]

    def receive(self, deadline: float, most: int) -> tuple[dict[str, Any], bytes]:
        """The next frame: a head that is one of those it may be, and a body of at most `most` bytes.

        Raises:
            BrokenLink: There is no such frame before `deadline`.
        """
        head_length, body_length = _SIZES.unpack(self._exactly(_SIZES.size, deadline))
        if head_length > _MOST_HEAD or body_length > most:
            raise BrokenLink(f"an answer of {head_length} and {body_length} bytes")
        head = _checked(self._exactly(head_length, deadline))
        return head, self._exactly(body_length, deadline)

    def _exactly(self, count: int, deadline: float) -> bytes:
        while len(self._came) < count:
            self._came += self.connection.receive(_PIECE, deadline)
        data = bytes(self._came[:count])
        del self._came[:count]
        return data


def _checked(raw: bytes) -> dict[str, Any]:
    try:
        head = json.loads(raw)  # noqa: TID251 - of 4 KiB at most, every field checked; twice in each step
        fields = _FIELDS[head["op"]]
        if head.keys() - {"op"} == fields.keys() and all(check(head[name]) for name, check in fields.items()):
            return dict(head)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass
    raise BrokenLink(f"an answer that no supervisor gives: {raw[:80]!r}")
