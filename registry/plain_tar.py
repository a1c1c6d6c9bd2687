"""Reading tar archives of strangers: the plain ones, from memory, in one pass that ends.

Python's `tarfile` follows what archives may say beside: sparse files that unfold to terabytes out of kilobytes, headers
that take minutes to read or nest until the stack is full, sizes below zero that lead back to the beginning. Here a file
is as large as its bytes in the archive, and whatever else there is has a length and is passed over.

The format: POSIX.1-1988 (ustar), and GNU's long names; https://www.gnu.org/software/tar/manual, "Basic Tar Format".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FILE, FOLDER = b"0", b"5"
_BLOCK = 512
_MOST_NAME = 16 << 10
_OLD_FILE, _LONG_NAME = b"\0", b"L"
_WITHOUT_DATA = (b"1", b"2", b"3", b"4", FOLDER, b"6")
"""Links, devices, folders, fifos: what their headers say of a size is of nothing that follows."""


@dataclass(frozen=True)
class Member:
    """A member of an archive.

    Attributes:
        name: Its path; bytes that are no UTF-8 as surrogates.
        kind: Its type: `FILE`, `FOLDER`, or another one, as the archive says.
        data: Of a file, what it holds.
    """

    name: str
    kind: bytes
    data: memoryview


def read_tar(data: bytes) -> Iterator[Member]:
    """The members of an archive, which is not compressed.

    Raises:
        ValueError: It is none, or ends within a member.
    """
    view, at, long_name = memoryview(data), 0, None
    while at + _BLOCK <= len(view):
        header = bytes(view[at : at + _BLOCK])
        if not header.strip(b"\0"):
            return
        if _number(header[148:156]) != sum(header) - sum(header[148:156]) + 8 * 0x20:
            raise ValueError(f"no header of a member at byte {at}")
        kind, size = header[156:157], _number(header[124:136])
        at += _BLOCK
        if kind in _WITHOUT_DATA:
            size = 0
        if at + size > len(view):
            raise ValueError(f"a member at byte {at - _BLOCK} is longer than the archive")
        body = view[at : at + size]
        at += -(-size // _BLOCK) * _BLOCK
        if kind == _LONG_NAME:
            if size > _MOST_NAME:
                raise ValueError(f"a name has {size:,} bytes")
            long_name = bytes(body).rstrip(b"\0")
            continue
        name = _name_in(header) if long_name is None else long_name
        long_name = None
        yield Member(name.decode("utf-8", "surrogateescape"), FILE if kind == _OLD_FILE else kind, body)


def _name_in(header: bytes) -> bytes:
    name, prefix = header[:100].split(b"\0")[0], header[345:500].split(b"\0")[0]
    posix = header[257:263] == b"ustar\0"
    return prefix + b"/" + name if posix and prefix else name


def _number(field: bytes) -> int:
    """An octal number.

    Raises:
        ValueError: It is none; GNU's way to say larger or negative ones is not read.
    """
    digits = field.split(b"\0")[0].strip()
    if not digits.isdigit():
        raise ValueError(f"expected an octal number in a header, got {field!r}")
    return int(digits, 8)
