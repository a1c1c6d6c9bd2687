"""CSV as synthgym reads and writes it: one reader for submissions, labels, answers and what an agent is given.

A row ends where CSV ends it, at a line feed or a carriage return outside of quotes. `str.splitlines` breaks lines at
eight more characters (form feed, U+2028, …) and inside quotes, and so breaks cells that hold them.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator


class NotCsv(ValueError):
    """Bytes that are no CSV file in UTF-8; says why."""


def csv_rows(data: bytes, delimiter: str = ",", strict: bool = True) -> Iterator[list[str]]:
    """The rows of a CSV file, the header first, blank lines left out; read as they are asked for.

    Args:
        data: The file: UTF-8, with or without a byte-order mark.
        delimiter: What is between cells.
        strict: Refuse quotes that do not enclose a cell; else they are taken as a part of it.

    Raises:
        NotCsv: The file is none.
    """
    # The module's own limit, for the whole process, is of 131,072 characters: it is only ever raised, so that no thread
    # finds another one than it set. How large a cell may be is the file's business, and that of whoever limits files.
    csv.field_size_limit(sys.maxsize)
    text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    try:
        yield from (row for row in csv.reader(text, delimiter=delimiter, strict=strict) if row)
    except csv.Error as error:
        raise NotCsv(f"not a CSV file: {error}") from None
    except UnicodeDecodeError:
        raise NotCsv(f"expected UTF-8 text, got bytes that are not (at byte {_first_wrong(data)})") from None


def number_in(cell: str) -> float:
    """The number that a cell holds, with or without blanks around it.

    Python's `float` also takes `1_0` for 10, and digits of all scripts: no other reader of CSV does.

    Raises:
        ValueError: It holds none.
    """
    text = cell.strip()
    if "_" in text or not text.isascii():
        raise ValueError(f"expected a number, got {text[:80]!r}")
    return float(text)


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows as a CSV file, each ended by a line feed, that `csv_rows` reads as they are."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), lineterminator="\r\n")
    writer.writerows(rows)
    return "".join(lines)


class _Lines:
    """Takes what a writer writes, a row at a time.

    Before Python 3.13 a writer quotes, of the two characters that end a row, only those that its own rows end with: it
    is told that they end with both.
    """

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def write(self, row: str) -> None:
        """Takes one row."""
        self.lines.append(row.removesuffix("\r\n") + "\n")


def _first_wrong(data: bytes) -> int:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start
    return len(data)
