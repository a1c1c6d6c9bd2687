"""Whether a file compressed with zstd is whole: its decoder takes the end of the file for the end of the data."""

from __future__ import annotations

import io

MAGIC = 0xFD2FB528
_SKIPPED = range(0x184D2A50, 0x184D2A60)
_RUN = 1
"""Type of a block that holds one byte, which its size repeats."""
_RESERVED = 3


def is_whole(file: io.BufferedReader) -> bool:
    """Whether each frame that begins in a file has its end there; what is no frame is left to the decoder to refuse.

    Goes from block to block by what their headers say (RFC 8878, 3.1), and then back to the beginning.
    """
    try:
        file.seek(0, io.SEEK_END)
        end, at = file.tell(), 0
        while at < end:
            after = _after_frame(file, at)
            if after is None:
                return True
            if after > end:
                return False
            at = after
        return True
    except EOFError:
        return False
    finally:
        file.seek(0)


def _after_frame(file: io.BufferedReader, at: int) -> int | None:
    """Where a frame ends; None if there is none."""
    magic = _number(file, at, 4)
    if magic in _SKIPPED:
        return at + 8 + _number(file, at + 4, 4)
    if magic != MAGIC:
        return None
    described = _number(file, at + 4, 1)
    single = described >> 5 & 1
    size_of_content = (single, 2, 4, 8)[described >> 6]
    at += 5 + (1 - single) + (0, 1, 2, 4)[described & 3] + size_of_content
    last = False
    while not last:
        header = _number(file, at, 3)
        last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
        if kind == _RESERVED:
            return None
        at += 3 + (1 if kind == _RUN else size)
    return at + 4 * (described >> 2 & 1)


def _number(file: io.BufferedReader, at: int, size: int) -> int:
    file.seek(at)
    data = file.read(size)
    if len(data) < size:
        raise EOFError
    return int.from_bytes(data, "little")
