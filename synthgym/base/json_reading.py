"""Reading JSON of strangers: regular files, bounded before anything is built of them, and only what JSON is.

Python's own reader builds 2 GB of objects from 60 MB of brackets, takes numbers that are none (NaN, 1e999) or that no
float can hold, and raises four kinds of errors. Here a document has a size, a depth, a number of values and of digits.
"""

from __future__ import annotations

import errno
import io
import json
import os
import stat
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError
from synthgym.base.files.plain_files import oddity
from synthgym.base.text import clipped

MOST_BYTES = 64 << 20
"""Of a file with one document, and of a line."""

MOST_DEPTH = 100
MOST_VALUES = 1_000_000
"""In one document: each costs some 60 bytes of memory or more, and 3 in the file or less."""

MOST_DIGITS = 40
"""Of a whole number: 128 bits, and one that any float can hold."""

MOST_BLANK = 100_000
"""Lines of a file with nothing in them: each is as much work as any other, and where it is packed next to no bytes."""

_MOST_SIGNS = 400  # of another number: the longest that a float is ever written as has 330
_MOST_FILE = 1 << 30


def parse_json(
    data: bytes | str, most_bytes: int = MOST_BYTES, most_values: int = MOST_VALUES, finite: bool = True
) -> Any:
    """What a JSON document holds.

    Args:
        data: The document.
        most_bytes: How large it may be.
        most_values: How many lists, objects and values may be in it.
        finite: Whether what is no number is refused. Without, NaN and infinities are taken, which programs write whose
            computations went wrong, and numbers that are too large are infinite.

    Raises:
        ValueError: It is none, in UTF-8; it is larger, deeper or has more values than it may; a number in it is none,
            or has more digits than anything that is counted.
    """
    check_bounds(data, most_bytes, most_values)
    try:
        decoder = _DECODER if finite else _ANY_NUMBER
        return decoder.decode(data if isinstance(data, str) else data.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from None
    except RecursionError:  # brackets that are never closed: those that are were counted
        raise ValueError(_TOO_DEEP) from None


def parse_object(
    data: bytes | str, most_bytes: int = MOST_BYTES, most_values: int = MOST_VALUES, finite: bool = True
) -> dict[str, Any]:
    """The same where it is to be an object.

    Raises:
        ValueError: See `parse_json`; or it is something else.
    """
    found = parse_json(data, most_bytes, most_values, finite)
    if not isinstance(found, dict):
        raise ValueError(f"expected an object, got {kind_of(found)}")
    return found


def parse_beginning(text: str, start: int) -> Any:
    """The document that begins at a place of a text, whatever follows it.

    Raises:
        ValueError: There is none, or a number in it is none or has too many digits, or it is far too deep.
    """
    try:
        return _DECODER.raw_decode(text, start)[0]
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def check_bounds(data: bytes | str, most_bytes: int = MOST_BYTES, most_values: int = MOST_VALUES) -> None:
    """Sees that a document may be parsed, by whatever parser, from its brackets and commas.

    Raises:
        ValueError: It is larger, deeper or has more values than it may.
    """
    check_size(data, most_bytes, most_values)
    if len(data) <= MOST_DEPTH or _count(data, "[") + _count(data, "{") <= MOST_DEPTH:
        return  # whatever stands in texts
    brackets = _structure(data).translate(None, b",")
    if max(accumulate(map(_STEPS.__getitem__, brackets)), default=0) > MOST_DEPTH:
        raise ValueError(_TOO_DEEP)


def check_size(data: bytes | str, most_bytes: int = MOST_BYTES, most_values: int = MOST_VALUES) -> None:
    """The same without its depth, for a parser that bounds that itself, as pydantic's does.

    Raises:
        ValueError: It is larger, or has more values than it may.
    """
    if len(data) > most_bytes:
        raise ValueError(f"expected at most {most_bytes:,} bytes, got more")
    if len(data) < most_values or _values(data) < most_values:
        return  # whatever stands in texts
    if _values(_structure(data)) >= most_values:
        raise ValueError(f"expected at most {most_values:,} values, got more")


def _values(data: bytes | str) -> int:
    return _count(data, ",") + _count(data, "[") + _count(data, "{")


def _count(data: bytes | str, sign: str) -> int:
    return data.count(sign) if isinstance(data, str) else data.count(sign.encode())


def _structure(data: bytes | str) -> bytes:
    """Brackets and commas of a document, without those in texts."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    raw = raw.translate(None, _NO_STRUCTURE).replace(b'""', b"")
    outside, inside = [], 0  # of a text
    for at in range(0, len(raw), _PIECE):
        pieces = raw[at : at + _PIECE].split(b'"')
        outside.append(b"".join(pieces[inside::2]))
        inside ^= (len(pieces) - 1) & 1
    return b"".join(outside)


def read_json(
    path: Path,
    most_bytes: int = MOST_BYTES,
    most_values: int = MOST_VALUES,
    finite: bool = True,
    links: bool = True,
) -> Any:
    """What a file of JSON holds; for `links` see `open_regular`.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        FileError: It cannot be read, or is no JSON within these bounds.
    """
    data = read_bytes(path, most_bytes, links)
    try:
        return parse_json(data, most_bytes, most_values, finite)
    except ValueError as error:
        raise FileError(f"{path}: not valid JSON: {error}") from error


def read_object(
    path: Path,
    most_bytes: int = MOST_BYTES,
    most_values: int = MOST_VALUES,
    finite: bool = True,
    links: bool = True,
) -> dict[str, Any]:
    """The same where it is to be an object.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        FileError: See `read_json`; or it holds something else.
    """
    found = read_json(path, most_bytes, most_values, finite, links)
    if not isinstance(found, dict):
        raise FileError(f"{path}: expected a JSON object, got {kind_of(found)}")
    return found


def read_lines(
    path: Path, most_line: int = MOST_BYTES, most_bytes: int = _MOST_FILE, links: bool = True
) -> Iterator[tuple[int, bytes]]:
    """The lines of a file and their numbers, with their ends, one by one; the last may have none.

    For `links` see `open_regular`.

    Raises:
        FileNotFoundError: There is no such file.
        NotADirectoryError: The same.
        FileError: It cannot be read, is larger, a line of it is longer, or far too many are blank.
    """
    with open_regular(path, links) as file:
        if os.fstat(file.fileno()).st_size > most_bytes:
            raise FileError(f"{path}: expected at most {most_bytes:,} bytes, got more")
        yield from lines_of(file, str(path), most_line)


def lines_of(file: io.BufferedIOBase, where: str, most_line: int = MOST_BYTES) -> Iterator[tuple[int, bytes]]:
    """The lines of what is open, as of `read_lines`; `where` names it in errors.

    Raises:
        FileError: It cannot be read, a line of it is longer, or far too many are blank.
    """
    number = blank = 0
    try:
        while line := file.readline(most_line + 1):
            number += 1
            if len(line) > most_line:
                raise FileError(f"{where}, line {number}: expected at most {most_line:,} bytes, got more")
            if line.isspace():
                blank += 1
                if blank > MOST_BLANK:
                    raise FileError(f"{where}: expected a document a line, got more than {MOST_BLANK:,} blank lines")
            yield number, line
    except OSError as error:
        raise FileError(f"{where}: cannot be read: {error.strerror or error}") from error


def read_bytes(path: Path, most_bytes: int = MOST_BYTES, links: bool = True) -> bytes:
    """The bytes of a regular file; for `links` see `open_regular`.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        FileError: It is something else than a file, is larger, or cannot be read.
    """
    with open_regular(path, links) as file:
        try:
            data = file.read(most_bytes + 1)
        except OSError as error:
            raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > most_bytes:
        raise FileError(f"{path}: expected at most {most_bytes:,} bytes, got more")
    return data


def read_text(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """The text of a regular file.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        FileError: See `read_bytes`; or it is not in UTF-8.
    """
    try:
        return read_bytes(path, most_bytes).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: expected text in UTF-8, got other bytes (byte {error.start})") from error


def open_regular(path: Path, links: bool = True) -> io.BufferedReader:
    """Opens a file for reading that is one: what else has a name may never end, or never begin.

    Args:
        path: The file.
        links: Whether it may be a link to one. Not in a stranger's folder: what is said of its files quotes them, and
            they are copied and shared.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        FileError: It is something else, or cannot be opened.
    """
    try:
        how = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC  # a fifo would keep us waiting
        descriptor = os.open(path, how if links else how | os.O_NOFOLLOW)
        file = open(descriptor, "rb")  # noqa: SIM115
    except (FileNotFoundError, NotADirectoryError):
        raise
    except IsADirectoryError:
        raise FileError(f"{path}: cannot be read: a folder, not a file") from None
    except (OSError, ValueError) as error:  # such as a name with NUL in it
        if not links and isinstance(error, OSError) and error.errno == errno.ELOOP and (odd := oddity(path)):
            raise FileError(f"{path}: {odd}; expected a regular file") from None
        raise FileError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise FileError(f"{path}: expected a regular file")
    return file


def kind_of(value: Any) -> str:
    """What JSON calls a value, and the value where it is short."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"the {'text' if isinstance(value, str) else 'number'} {clipped(repr(value), 60)}"


_TOO_DEEP = f"expected at most {MOST_DEPTH} levels, got more"
_PIECE = 1 << 20
_NO_STRUCTURE = bytes(sorted(set(range(256)) - set(b'"[]{},')))
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits: expected at most {MOST_DIGITS}")
    return int(digits)


def _whole_or_infinite(digits: str) -> int | float:
    if len(digits) <= MOST_DIGITS:
        return int(digits)
    return -_INFINITY if digits.startswith("-") else _INFINITY  # as a float that is too large


def _broken(digits: str) -> float:
    number = _any(digits)
    if number in (_INFINITY, -_INFINITY):
        raise ValueError(f"the number {clipped(digits, 40)}: larger than any that can be held")
    return number


def _any(digits: str) -> float:
    if len(digits) > _MOST_SIGNS:
        raise ValueError(f"a number of {len(digits):,} digits: expected at most {_MOST_SIGNS}")
    return float(digits)


def _none(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


_INFINITY = float("inf")
_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_broken, parse_constant=_none)
_ANY_NUMBER = json.JSONDecoder(parse_int=_whole_or_infinite, parse_float=_any)
