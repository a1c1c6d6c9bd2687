"""Tables among the files an agent is given, whatever their format: for checks that ask what they give away.

The files are a stranger's. They are parsed here, on the host, by `csv`, `json` and numpy's plain arrays: nothing is
unpickled, evaluated or imported; sizes are limited; what cannot be read is no table.
"""

from __future__ import annotations

import base64
import binascii
import io
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from synthgym.base.json_reading import parse_json
from synthgym.registry.csv_table import NotCsv, csv_rows
from synthgym.synthesis.tables.archives import MOST_BYTES, is_archive, members, unpacked
from synthgym.synthesis.tables.pickles import literals_in
from synthgym.synthesis.tables.text_encoding import NotText, encoding_of
from synthgym.synthesis.tables.text_layout import Layout, NotATable, layout_of
from synthgym.synthesis.tables.text_numbers import are_numbers, number_format, plain_number

MOST_ROWS = 20_000
"""Of a longer table, as many rows are read, evenly spread."""

_MOST_CELLS = 4_000_000
_MOST_DOCUMENT = 16 << 20  # as Python's objects JSON takes twenty times its room
_MOST_COLUMNS = 4096
_MOST_MEMBERS = 64
_MOST_HAVE = 0.9
"""Share of a table's rows that have its width, or a cell of a name; the others are padded or cut."""
_SAMPLE = 1 << 16
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,}\r?\n)*[A-Za-z0-9+/]{20,}={0,2}")  # in lines, as mail has it, or in one
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){20,}")

MISSING = frozenset({"", "na", "n/a", "nan", "none", "null"})


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


def _contents(name: str, data: bytes, inside: bool = False) -> Iterator[tuple[str, bytes]]:
    """The same, of a file that is `inside` of an archive or not."""
    if is_archive(data) and not inside:
        for member, inner in members(data):
            yield from _contents(f"{name}: {member}", inner, inside=True)
    elif (inner_data := unpacked(data)) is not None:
        yield from _contents(name, inner_data, inside)
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


def _tables_in(name: str, data: bytes, rows: int, inside: bool = False) -> Iterator[Table]:
    if data.startswith(b"\x93NUMPY"):
        yield from _of_array(name, data, rows)
    elif is_archive(data):
        for member, inner in members(data) if not inside else ():
            yield from _tables_in(f"{name}: {member}", inner, rows, inside=True)
    elif (inner_data := unpacked(data)) is not None:
        yield from _tables_in(name, inner_data, rows, inside)
    else:
        document = _parsed(data) if data[:100].lstrip()[:1] in (b"{", b"[") else None
        if document is not None:
            yield from _of_document(name, document)
        else:
            yield from _of_lines(name, data, rows)


def _of_array(name: str, data: bytes, hidden: int) -> Iterator[Table]:
    """An array of numpy's, read as the bytes it is: `numpy.load` would make room for whatever its header says."""
    try:
        found = list(_array_tables(name, data, hidden))
    except Exception:  # a header can name any type and any shape, and numpy raises whatever it then stumbles over
        return
    yield from found


def _array_tables(name: str, data: bytes, hidden: int) -> Iterator[Table]:
    file = io.BytesIO(data)
    version = npy.read_magic(file)
    header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = header(file)
    rest = data[file.tell() :]
    size = math.prod(shape)
    if dtype.hasobject or not shape or not size or not dtype.itemsize or size * dtype.itemsize != len(rest):
        return
    array = np.frombuffer(rest, dtype).reshape(shape, order="F" if fortran else "C")
    if dtype.names:
        parts = {field: array[field].reshape(size, -1) for field in dtype.names}  # a field may hold several numbers
        if sum(part.shape[1] for part in parts.values()) <= _MOST_COLUMNS:
            yield from _of_columns(
                name,
                {
                    field if part.shape[1] == 1 else f"{field} {number}": list(part[:, number])
                    for field, part in parts.items()
                    for number in range(part.shape[1])
                },
            )
        return
    if array.ndim > 2 or (array.ndim == 2 and size == hidden):  # masks and the like: a row for each of their cells
        picked = _pick(size, 1)
        yield Table(name, size, picked, {"cells": [str(cell) for cell in array.ravel()[picked]]})
    array = array.reshape(len(array), -1)
    if array.shape[1] > _MOST_COLUMNS:
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
            return parse_json(data, finite=False)
        except ValueError:
            return [parse_json(line, finite=False) for line in data.splitlines() if line.strip()]
    except ValueError:
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
        records = [value for value in document.values() if isinstance(value, dict)]
        if len(records) > 1 and len(records) >= _MOST_HAVE * len(document):  # a row under each key
            keys = [key for key, value in document.items() if isinstance(value, dict)]
            yield from _of_columns(name, {"key": keys} | _of_records(records))
        for key, value in list(document.items())[:_MOST_MEMBERS]:
            if isinstance(value, dict if beside else dict | list) and depth < 3:
                yield from _of_document(f"{name}: {key}", value, depth + 1)
    elif isinstance(document, list) and document:
        # What is no row among rows is one without cells.
        records = [item if isinstance(item, dict) else {} for item in document]
        rows = [item if isinstance(item, list) else [] for item in document]
        if sum(map(bool, records)) >= _MOST_HAVE * len(document):
            yield from _of_columns(name, _of_records(records))
        elif sum(map(bool, rows)) >= _MOST_HAVE * len(document):
            yield from _of_columns(name, _of_lists(rows))
        else:
            yield from _of_columns(name, {"value": document})


def _of_records(records: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Columns of rows that name their cells, where most have them; what one has not is an empty cell."""
    counts = Counter(key for record in records for key in record)
    keys = [key for key, count in counts.items() if count >= _MOST_HAVE * len(records)]
    return {str(key): [record.get(key, "") for record in records] for key in keys}


def _of_lists(lists: list[list[Any]]) -> dict[str, list[Any]]:
    """Columns of rows of cells, where most have the same number of them."""
    width, count = Counter(map(len, lists)).most_common(1)[0]
    if count < _MOST_HAVE * len(lists):
        return {"value": lists}
    rows = [(cells + [""] * width)[:width] for cells in lists]
    return {f"column {number}": list(cells) for number, cells in enumerate(zip(*rows, strict=True))}


def _of_columns(name: str, columns: dict[str, list[Any]]) -> Iterator[Table]:
    if not columns or len(columns) > _MOST_COLUMNS:
        return
    rows = len(next(iter(columns.values())))
    picked = _pick(rows, len(columns))
    texts = {key: [str(values[i]).strip()[:1000] for i in picked] for key, values in columns.items()}
    yield Table(name, rows, picked, texts)


def _of_lines(name: str, data: bytes, hidden: int) -> Iterator[Table]:
    """Lines of cells, most of one width, the first a header unless there are just as many lines as hidden rows."""
    try:
        encoding = encoding_of(data)
        if not encoding.name.startswith("utf-8") or encoding.broken:
            data = data.decode(encoding.name, "replace").encode()
        layout = layout_of(data[:_SAMPLE].decode("utf-8", "ignore"), whole=len(data) <= _SAMPLE, ragged=True)
        header, kept, rows, step = _rows(data.split(b"\n", layout.skip)[-1], layout)
    except (NotText, NotATable, NotCsv, UnicodeDecodeError):
        return
    if rows != hidden and rows + 1 != hidden and step == 1 and _is_of_units(kept):
        kept, rows = kept[1:], rows - 1
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


def _rows(data: bytes, layout: Layout) -> tuple[list[str], list[list[str]], int, int]:
    """The header, the rows that are kept, how many there are, and of how many one is kept.

    Rows of another width are none above and below all others, as remarks are; between them they are padded or cut.

    Raises:
        NotATable: Too many are, or there are no rows.
        NotCsv: A line cannot be read.
    """
    width = len(layout.rows[0]) + bool(layout.ends)
    step = _step(data.count(b"\n"), width)
    lines = csv_rows(data, layout.delimiter, strict=False)
    header = _of_width(next(lines, []), width, in_front=layout.ends == "name")
    kept: list[list[str]] = []
    rows = regular = until = 0
    for row in lines:
        if len(row) != width and not rows:
            continue
        if rows % step == 0:
            kept.append(_of_width(row, width))
        rows += 1
        if len(row) == width:
            regular, until = regular + 1, rows
    if not until or width > _MOST_COLUMNS or regular < _MOST_HAVE * until:
        raise NotATable(f"{regular} of {rows} rows have {width} cells")
    return header, kept[: math.ceil(until / step)], until, step


def _of_width(row: list[str], width: int, in_front: bool = False) -> list[str]:
    padding = [""] * (width - len(row))
    return (padding + row if in_front else row + padding)[:width]


def _is_of_units(rows: list[list[str]]) -> bool:
    """Whether the first row says what numbers below it are measured in: it has words where the others have numbers."""
    first, others = rows[0], [[cell.strip() for cell in row] for row in rows[1:200]]
    numbers = [at for at in range(len(first)) if all(_is_number(row[at] or "0") for row in others)]
    words = [first[at].strip() for at in numbers if first[at].strip().lower() not in MISSING]
    return bool(others and words) and not any(map(_is_number, words))


def _with_points(columns: dict[str, list[str]], delimiter: str) -> dict[str, list[str]]:
    """The columns, with a decimal point in numbers that are written otherwise."""
    samples = (_with_digits(cells[:200]) for cells in columns.values())
    decimal, thousands = number_format(samples, delimiter)
    if (decimal, thousands) == (".", ""):
        return columns

    def plain(cells: list[str]) -> list[str]:
        numbers = _with_digits(cells)
        if len(numbers) < _MOST_HAVE * sum(map(bool, cells)) or not are_numbers(numbers, decimal, thousands):
            return cells
        return [plain_number(cell, decimal, thousands) for cell in cells]

    return {name: plain(cells) for name, cells in columns.items()}


def _with_digits(cells: list[str]) -> list[str]:
    """What may be numbers among cells: a few may stand for none, or for what they are measured in."""
    return [cell for cell in cells if any(map(str.isdigit, cell))]


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
