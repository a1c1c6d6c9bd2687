"""Tables among the files an agent is given, whatever their format: for checks that ask what they give away.

The files are a stranger's. They are parsed here, on the host, by `csv`, `json` and numpy's plain arrays: nothing is
unpickled, evaluated or imported; sizes are limited; what cannot be read is no table.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import math
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from synthgym.registry.csv_table import NotCsv, csv_rows
from synthgym.synthesis.pickles import literals_in
from synthgym.synthesis.text_encoding import NotText, encoding_of
from synthgym.synthesis.text_layout import NotATable, layout_of
from synthgym.synthesis.text_numbers import are_numbers, number_format, plain_number

MOST_BYTES = 64 << 20
"""A larger file, or one that unpacks to more, is not looked into."""

MOST_ROWS = 20_000
"""Of a longer table, as many rows are read, evenly spread."""

_MOST_CELLS = 4_000_000
_MOST_DOCUMENT = 16 << 20  # as Python's objects JSON takes twenty times its room
_MOST_COLUMNS = 4096
_MOST_MEMBERS = 64
_SAMPLE = 1 << 16
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,}\r?\n)*[A-Za-z0-9+/]{20,}={0,2}")  # in lines, as mail has it, or in one
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){20,}")
_PACKED = (b"\x1f\x8b", b"BZ", b"PK", b"\xfd7zXZ")


@dataclass(frozen=True)
class Table:
    """A table as text.

    Attributes:
        name: The file's path in the workspace, and what in it, where it holds several.
        rows: How many rows the file has.
        picked: Which of them `columns` holds: all, up to `MOST_ROWS`.
        columns: The cells by column, stripped.
    """

    name: str
    rows: int
    picked: NDArray[np.intp]
    columns: dict[str, list[str]]


def read_tables(root: Path, rows: int = 0) -> list[Table]:
    """The tables in a folder, in the order of their paths.

    Args:
        root: The folder.
        rows: How many rows are hidden. A file of so many lines has no header.
    """
    found: list[Table] = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MOST_BYTES:
            found += _tables_in(path.relative_to(root).as_posix(), path.read_bytes(), rows)
    return found


def table_of_hidden_rows(tables: list[Table], rows: int, answer: list[str]) -> Table | None:
    """The table of the hidden rows: it has their number, not the answer, and columns that another table has too."""
    fitting = [table for table in tables if table.rows == rows and not set(table.columns) & set(answer)]

    def rank(table: Table) -> tuple[bool, int]:
        columns = set(table.columns)
        return any(columns < set(other.columns) for other in tables), len(columns)

    return max(fitting, key=rank, default=None)


def contents(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """What a file holds, under the names that its tables have: what it unpacks to, and then the file itself."""
    yield from _contents(name, data)
    for decoded in _decoded(data):
        yield from _contents(name, decoded)


def _contents(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    if data.startswith(b"PK\x03\x04"):
        for member, inner in _members(data):
            yield from _contents(f"{name}: {member}", inner)
    elif (unpacked := _unpacked(data)) is not None:
        yield from _contents(name, unpacked)
    elif literals := literals_in(data):
        for every in (literals, literals[::2], literals[1::2]):  # the latter: keys and what they stand for
            yield name, "\n".join(every).encode("utf-8", "replace")
    yield name, data


def _decoded(data: bytes) -> Iterator[bytes]:
    """Bytes that stand in a file as text: in base64, or as hexadecimal digits."""
    for found in _BASE64.finditer(data):
        text = b"".join(found.group().rstrip(b"=").split())
        yield base64.b64decode(text[: len(text) - (len(text) % 4 == 1)] + b"==")
    for found in _HEX.finditer(data):
        yield binascii.unhexlify(found.group())


def _tables_in(name: str, data: bytes, rows: int) -> Iterator[Table]:
    if data.startswith(b"\x93NUMPY"):
        yield from _of_array(name, data, rows)
    elif data.startswith(b"PK\x03\x04"):
        for member, inner in _members(data):
            yield from _tables_in(f"{name}: {member}", inner, rows)
    elif (unpacked := _unpacked(data)) is not None:
        yield from _tables_in(name, unpacked, rows)
    else:
        document = _parsed(data) if data[:100].lstrip()[:1] in (b"{", b"[") else None
        if document is not None:
            yield from _of_document(name, document)
        else:
            yield from _of_lines(name, data, rows)


def _unpacked(data: bytes) -> bytes | None:
    """What a file packed with gzip, bzip2 or xz holds; None for any other, one that is broken, or holds too much."""
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                unpacked = packed.read(MOST_BYTES + 1)
        elif data.startswith(b"BZh"):
            unpacked = bz2.BZ2Decompressor().decompress(data, MOST_BYTES + 1)
        elif data.startswith(b"\xfd7zXZ\x00"):
            unpacked = lzma.LZMADecompressor(memlimit=4 * MOST_BYTES).decompress(data, MOST_BYTES + 1)
        else:
            return None
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        return None
    # A file in a file in a file is nobody's table.
    return unpacked if len(unpacked) <= MOST_BYTES and not unpacked.startswith(_PACKED) else None


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist()[:_MOST_MEMBERS]:
                with archive.open(member) as file:
                    inner = file.read(left + 1)
                left -= len(inner)
                if left < 0:
                    return
                if not inner.startswith(b"PK"):
                    yield member.filename, inner
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError, ValueError):
        return


def _of_array(name: str, data: bytes, hidden: int) -> Iterator[Table]:
    """An array of numpy's, read as the bytes it is: `numpy.load` would make room for whatever its header says."""
    file = io.BytesIO(data)
    try:
        version = npy.read_magic(file)
        header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = header(file)
        rest = data[file.tell() :]
        size = math.prod(shape)
        if dtype.hasobject or dtype.fields or not shape or not size or not dtype.itemsize:
            return
        if size * dtype.itemsize != len(rest):
            return
        array = np.frombuffer(rest, dtype).reshape(shape, order="F" if fortran else "C")
    except (ValueError, TypeError, SyntaxError, OverflowError):
        return
    if array.ndim > 2 or (array.ndim == 2 and size == hidden):  # masks and the like: a row for each of their cells
        picked = _pick(size, 1)
        yield Table(name, size, picked, {"cells": [str(cell) for cell in array.ravel()[picked]]})
    array = array.reshape(len(array), -1)
    if array.ndim > 2 or array.shape[1] > _MOST_COLUMNS:
        return
    picked = _pick(len(array), array.shape[1])
    cells = {f"column {number}": [str(cell) for cell in array[picked, number]] for number in range(array.shape[1])}
    yield Table(name, len(array), picked, cells)


def _parsed(data: bytes) -> Any:
    """A JSON document, or the list of the documents that stand on lines of their own; None for anything else."""
    if len(data) > _MOST_DOCUMENT:
        return None
    try:
        try:
            return json.loads(data)
        except ValueError:
            return [json.loads(line) for line in data.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _of_document(name: str, document: Any, depth: int = 0) -> Iterator[Table]:
    if isinstance(document, dict):
        lists = {str(key): value for key, value in document.items() if isinstance(value, list)}
        beside = bool(lists) and len({len(value) for value in lists.values()}) == 1
        if beside:
            yield from _of_columns(name, lists)
        single = {key: value for key, value in document.items() if not isinstance(value, list | dict)}
        if len(single) > 1:
            yield from _of_columns(name, {"key": list(single), "value": list(single.values())})
        for key, value in list(document.items())[:_MOST_MEMBERS]:
            if isinstance(value, dict if beside else dict | list) and depth < 3:
                yield from _of_document(f"{name}: {key}", value, depth + 1)
    elif isinstance(document, list) and document:
        if all(isinstance(item, dict) for item in document):
            keys = [key for key in document[0] if all(key in item for item in document)]
            yield from _of_columns(name, {key: [item[key] for item in document] for key in keys})
        elif all(isinstance(item, list) and len(item) == len(document[0]) for item in document):
            yield from _of_columns(
                name, {f"column {i}": list(cells) for i, cells in enumerate(zip(*document, strict=True))}
            )
        else:
            yield from _of_columns(name, {"value": document})


def _of_columns(name: str, columns: dict[str, list[Any]]) -> Iterator[Table]:
    if not columns or len(columns) > _MOST_COLUMNS:
        return
    rows = len(next(iter(columns.values())))
    picked = _pick(rows, len(columns))
    told = {key: [str(values[i]).strip()[:1000] for i in picked] for key, values in columns.items()}
    yield Table(name, rows, picked, told)


def _of_lines(name: str, data: bytes, hidden: int) -> Iterator[Table]:
    """Lines of cells, all of one width, the first a header unless there are just as many lines as hidden rows."""
    try:
        encoding = encoding_of(data)
        if not encoding.name.startswith("utf-8") or encoding.broken:
            data = data.decode(encoding.name, "replace").encode()
        layout = layout_of(data[:_SAMPLE].decode("utf-8", "ignore"), whole=len(data) <= _SAMPLE)
    except (NotText, NotATable, UnicodeDecodeError):
        return
    data = data.split(b"\n", layout.skip)[-1]
    step = _step(data.count(b"\n"), len(layout.rows[0]))
    header: list[str] | None = None
    kept: list[list[str]] = []
    rows = 0
    try:
        for row in csv_rows(data, layout.delimiter, strict=False):
            if header is None:
                header = row
                if len(header) > _MOST_COLUMNS:
                    return
                continue
            if len(row) != len(header):
                return
            if rows % step == 0:
                kept.append(row)
            rows += 1
    except NotCsv:
        return
    if header is None or not rows:
        return
    picked = np.arange(0, rows, step)
    if rows + 1 == hidden and step == 1:
        kept, header, rows = [header, *kept], [f"column {number}" for number in range(len(header))], hidden
        picked = np.arange(rows)
    names = [name.strip() for name in header]
    if len(names) == 1 and len(kept[0][0].split()) > 1:  # numpy writes blanks between numbers
        split = [row[0].split() for row in kept]
        if len({len(row) for row in split}) == 1 and all(map(_is_number, split[0])):  # which a time of two parts is not
            kept, names = split, [f"column {number}" for number in range(len(split[0]))]
    columns = {
        name: [cell.strip() for cell in column] for name, column in zip(names, zip(*kept, strict=True), strict=True)
    }
    yield Table(name, rows, picked, _with_points(columns, layout.delimiter))


def _with_points(columns: dict[str, list[str]], delimiter: str) -> dict[str, list[str]]:
    """The columns, with a decimal point in numbers that are written otherwise."""
    samples = ([cell for cell in cells[:200] if cell] for cells in columns.values())
    decimal, thousands = number_format(samples, delimiter)
    if (decimal, thousands) == (".", ""):
        return columns

    def plain(cells: list[str]) -> list[str]:
        if not are_numbers([cell for cell in cells if cell], decimal, thousands):
            return cells
        return [plain_number(cell, decimal, thousands) for cell in cells]

    return {name: plain(cells) for name, cells in columns.items()}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _pick(rows: int, columns: int) -> NDArray[np.intp]:
    return np.arange(0, rows, _step(rows, columns))


def _step(rows: int, columns: int) -> int:
    """Of how many rows one is read."""
    return max(1, math.ceil(rows / max(1, min(MOST_ROWS, _MOST_CELLS // max(1, columns)))))
