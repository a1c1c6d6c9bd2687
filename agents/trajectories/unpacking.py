"""Unpacking a zstd file of strangers: as it is read, and no more of it than such a file could honestly hold."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import zstandard

from synthgym.base.errors import UserError

ALWAYS = 256 << 20
"""Bytes that any file may unpack to."""
MOST_TIMES = 2000
"""Times its own size that a file may unpack to beyond that: episodes that are all alike come to a few hundred."""


class Unpacked(io.RawIOBase):
    """What is in a zstd file, for reading.

    Raises on reading:
        UserError: It unpacks to far more than any record of episodes would: a few bytes can stand for terabytes.
        zstandard.ZstdError: It is damaged.
    """

    def __init__(self, packed: io.BufferedReader, size: int, path: Path) -> None:
        self._stream = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True, closefd=False)
        self._left = self._most = ALWAYS + MOST_TIMES * size
        self._size, self._path = size, path

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, into: Any) -> int:
        """Unpacks the next bytes."""
        count: int = self._stream.readinto(into)
        self._left -= count
        if self._left < 0:
            raise UserError(
                f"{self._path}: its {self._size:,} bytes unpack to more than {self._most:,}; expected a file of "
                "trajectories or conversations, which shrink less: it was made to fill memory, or is something else"
            )
        return count
