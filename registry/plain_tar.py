"""Reading tar archives of strangers: the plain ones, in one pass that ends.

Python's `tarfile` follows what archives may say beside: sparse files that unfold to terabytes out of kilobytes, headers
that take minutes to read or nest until the stack is full, sizes below zero that lead back to the beginning. Here a file
is as large as its bytes in the archive, and whatever else there is has a length and is passed over.

The format: POSIX.1-1988 (ustar), and GNU's long names; https://www.gnu.org/software/tar/manual, "Basic Tar Format".
Of POSIX.1-2001 (pax), where it is asked for, the names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

FILE, FOLDER = b"0", b"5"
_BLOCK = 512
_MOST_NAME = 16 << 10
_MOST_SAID = 64 << 10
_SHORT = 1 << 20
_OLD_FILE, _LONG_NAME, _SAID_OF_NEXT, _SAID_OF_ALL = b"\0", b"L", b"x", b"g"
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
    """The members of an archive, which is not compressed; what POSIX.1-2001 has beside is a member like any other.

    Raises:
        ValueError: It is none, or ends within a member.
    """
    view = memoryview(data)
    archive = TarStream(io.BytesIO(data), pax=False)
    for name, kind, size in archive:
        if archive.at + size > len(view):
            raise ValueError(f"a member at byte {archive.at} is longer than the archive")
        yield Member(name, kind, view[archive.at : archive.at + size])


class Readable(Protocol):
    """What an archive can be read from: it gives fewer bytes than it is asked for only where it ends."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


class TarStream:
    """The members of an archive that is read from a file: name, kind and size.

    Args:
        file: It; nothing is asked of it but to be read.
        pax: Whether names are read that only POSIX.1-2001 can say.

    Attributes:
        at: Where in it the bytes of the member begin that came last, or what of them was not read.
    """

    def __init__(self, file: Readable, pax: bool) -> None:
        self.file, self.pax, self.at = file, pax, 0

    def read(self, size: int) -> bytes:
        """The next bytes of the member that came last.

        Raises:
            ValueError: There are less.
        """
        data = self.file.read(size)
        if len(data) < size:
            raise ValueError(f"it ends at byte {self.at + len(data)}, within a member")
        self.at += size
        return data

    def __iter__(self) -> Iterator[tuple[str, bytes, int]]:
        """The members.

        Raises:
            ValueError: It is no archive, or ends within a member.
        """
        long_name: bytes | None = None
        while True:
            header = self.file.read(_BLOCK)
            if len(header) < _BLOCK or not header.strip(b"\0"):
                return
            if _number(header[148:156]) != sum(header) - sum(header[148:156]) + 8 * 0x20:
                raise ValueError(f"no header of a member at byte {self.at}")
            self.at += _BLOCK
            kind, size = header[156:157], 0 if header[156:157] in _WITHOUT_DATA else _number(header[124:136])
            end = self.at + size
            if kind == _LONG_NAME:
                if size > _MOST_NAME:
                    raise ValueError(f"a name has {size:,} bytes")
                long_name = self.read(size).rstrip(b"\0")
            elif self.pax and kind in (_SAID_OF_NEXT, _SAID_OF_ALL):
                if size > _MOST_SAID:
                    raise ValueError(f"what is said of a member has {size:,} bytes")
                said = _records(self.read(size))
                long_name = said.get(b"path", long_name) if kind == _SAID_OF_NEXT else long_name
            else:
                name = _name_in(header) if long_name is None else long_name
                long_name = None
                yield name.decode("utf-8", "surrogateescape"), FILE if kind == _OLD_FILE else kind, size
            self._skip(end - self.at)
            self.at += len(self.file.read(-size % _BLOCK))

    def _skip(self, count: int) -> None:
        if count > _SHORT and isinstance(self.file, io.BufferedReader | io.BytesIO):  # what unpacks has to read it all
            self.file.seek(count - 1, io.SEEK_CUR)
            self.at, count = self.at + count - 1, 1
        while count > 0:
            self.read(part := min(count, _SHORT))
            count -= part


def _records(data: bytes) -> dict[bytes, bytes]:
    """What POSIX.1-2001 says of a member: lines of «length key=value».

    Raises:
        ValueError: They are none, or say another size than the header does.
    """
    found, at = {}, 0
    while at < len(data):
        digits, blank, _ = data[at : at + 20].partition(b" ")
        if not blank or not digits.isdigit() or not len(digits) < int(digits) <= len(data) - at:
            raise ValueError("what is said of a member cannot be read")
        key, _, value = data[at + len(digits) + 1 : at + int(digits) - 1].partition(b"=")
        found[key] = value
        at += int(digits)
    if b"size" in found:
        raise ValueError("a member has a size of its own")
    return found


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
