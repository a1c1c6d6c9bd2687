"""Bodies of HTTP answers with an end: in bytes after decoding, and in time, whatever a server sends.

A client's own time limit counts seconds without a byte, and its decoder unpacks a thousand bytes from one. Here each
body is bounded while it is read, by a hook for the responses of an httpx client (or of httpx2, which has its place in
newer libraries).
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from typing import Any


class EndlessAnswer(Exception):
    """An answer is larger than any honest one, or packed several times over; says so in words."""


def bound(response: Any, most_bytes: int, seconds: float | None = None, cut: bool = False) -> None:
    """Has the body of a response end, which nobody has begun to read.

    Args:
        response: Of httpx's: its stream is replaced by one that is decoded already.
        most_bytes: How many bytes it may be after decoding.
        seconds: How long it may take in all; what takes longer is a `ReadTimeout` of the library.
        cut: Whether what is longer ends there and is no error.

    Raises:
        EndlessAnswer: It is packed more than once; or, while it is read, it is larger.
    """
    library = importlib.import_module(type(response).__module__.partition(".")[0])
    codings = response.headers.get_list("content-encoding", split_commas=True)
    if len(codings) > 1:
        raise EndlessAnswer(f"an answer that is packed {len(codings)} times")
    deadline = None if seconds is None else time.monotonic() + seconds

    class InTime(library.SyncByteStream):  # type: ignore[name-defined,misc]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            for chunk in self._stream:
                if deadline is not None and time.monotonic() > deadline:
                    raise library.ReadTimeout("the answer does not end")
                yield chunk

        def close(self) -> None:
            self._stream.close()

    packed = library.Response(response.status_code, headers=response.headers, stream=InTime(response.stream))

    class Bounded(library.SyncByteStream):  # type: ignore[name-defined,misc]
        def __iter__(self) -> Iterator[bytes]:
            left = most_bytes
            for chunk in packed.iter_bytes():
                if len(chunk) > left:
                    if not cut:
                        raise EndlessAnswer(f"an answer of more than {most_bytes:,} bytes")
                    yield chunk[:left]
                    return
                left -= len(chunk)
                yield chunk

        def close(self) -> None:
            packed.close()

    response.stream = Bounded()
    if codings:
        del response.headers["content-encoding"]
        response.headers.pop("content-length", None)
