"""What files that are packed, and archives of several files, hold: read in memory, within limits, by Python alone."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from synthgym.registry.plain_tar import FILE, read_tar

MOST_BYTES = 64 << 20
"""A larger file, or one that unpacks to more, is not looked into."""

_MOST_MEMBERS = 64
_MOST_LISTED = 10_000
"""Members that a zip lists: Python makes an object of each before the first can be read."""
_PACKED = (b"\x1f\x8b", b"BZ", b"PK", b"\xfd7zXZ")
_ZLIB = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")


def unpacked(data: bytes) -> bytes | None:
    """What a file packed with gzip, bzip2, xz or zlib holds; None for any other, one that is broken, or holds too much.

    A file in a file in a file is nobody's table: what is packed twice is not looked into.
    """
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                inner = packed.read(MOST_BYTES + 1)
        elif data.startswith(b"BZh"):
            inner = bz2.BZ2Decompressor().decompress(data, MOST_BYTES + 1)
        elif data.startswith((b"\xfd7zXZ\x00", b"]\x00\x00")):
            inner = lzma.LZMADecompressor(memlimit=4 * MOST_BYTES).decompress(data, MOST_BYTES + 1)
        elif data.startswith(_ZLIB):
            inner = zlib.decompressobj().decompress(data, MOST_BYTES + 1)
        else:
            return None
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        return None
    return inner if len(inner) <= MOST_BYTES and not inner.startswith(_PACKED) else None


def is_archive(data: bytes) -> bool:
    """Whether a file holds others, as zip and tar do."""
    return data.startswith(b"PK\x03\x04") or data[257:262] == b"ustar"


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of the first files in an archive, up to where it is broken; archives in archives left out."""
    left = MOST_BYTES
    try:
        for name, inner in _zipped(data) if data.startswith(b"PK") else _taped(data):
            content = inner.read(left + 1)
            left -= len(content)
            if left < 0:
                return
            if not content.startswith(b"PK"):
                yield name, content
    # What the two raise where an archive is broken, or packed in ways they do not know.
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, ValueError, OverflowError):
        return
    except (RuntimeError, NotImplementedError):
        return


def _zipped(data: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    if data.count(b"PK\1\2") > _MOST_LISTED:
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist()[:_MOST_MEMBERS]:
            with archive.open(member) as file:
                yield member.filename, file


def _taped(data: bytes) -> Iterator[tuple[str, IO[bytes]]]:
    files = (member for member in read_tar(data) if member.kind == FILE)
    for member in itertools.islice(files, _MOST_MEMBERS):
        yield member.name, io.BytesIO(member.data)
