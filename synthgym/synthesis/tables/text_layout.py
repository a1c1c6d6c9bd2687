"""How a table in a text file is laid out: what is between cells, its quotes, its header.

Runs on the host and in a sandbox: standard library only. The first lines are read in each way there is, and the way in
which they make a table is taken: rows of one width, with numbers and dates in cells of their own. The same text always
gives the same answer.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from synthgym.synthesis.tables.text_numbers import APART, PLAIN, is_number

DELIMITERS = (",", ";", "\t", "|")
BLANKS = r"\s+"
"""Between cells: any number of blanks."""
_CELLS = re.compile(r"[^ \t\r\n\v\f]+")

_SAMPLE_ROWS = 2000
_MOST_ABOVE = 20
_LEAST_TYPED = 0.5
_LEAST_ALIKE = 0.9
"""Share of rows that have the commonest width where what is between them is between cells."""


_ABSENT = frozenset(("", "?", "-", "--", ".", "*", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"))
"""What stands in a column of numbers or dates in place of one."""
_UNIT = re.compile(
    r"[(\[][^\d)\]][^)\]]*[)\]]|.{0,15}[°%²³µμΩ€$£/^].{0,15}|"
    "[CFKmsghVAWJN]|[kcmnM]m|[km]g|m[sVAW]|[kMGT]?Hz|[hkM]?Pa|m?bar|[kM]W|[kMG]Wh|k?J|k?cal|k[VN]|ml|mL|"
    "m?mol|ppm|ppb|dB|lx|rpm|rad|deg|sec|min|hrs?|psi|mph|km2|m2|m3|UTC|GMT|USD|EUR|GBP|CHF|JPY|"
    "(?i:(?:nano|micro|milli|centi|kilo|mega)?(?:seconds?|met(?:er|re)s?|grams?|lit(?:er|re)s?|watts?|volts?|pascals?)|"
    "minutes?|hours?|days?|months?|years?|degrees?|celsius|kelvin|fahrenheit|percent|counts?|euros?|dollars?|"
    "inch(?:es)?|feet|miles?|pounds?|[ymdhs]{2,4}(?:[-/.: ][ymdhs]{1,4})+)"
)
"""What numbers and dates are measured in, as it stands below the name of a column."""


class NotATable(Exception):
    """Text that is laid out as no table; says why."""


@dataclass(frozen=True)
class Layout:
    """How a table is laid out.

    Attributes:
        delimiter: What is between cells.
        quoting: Quotes within quotes are ``doubled`` or ``escaped`` by a backslash; ``none``: a quote is any sign.
        skip: Lines above the first row.
        header: Whether that row names the columns.
        padded: There is a blank behind what is between cells.
        ends: What rows below the header have beyond it: nothing, the row's ``name`` in front, or an empty ``cell``.
        rows: The first rows, the header among them.
        units: The row below the header that says what the columns are measured in, and is not among `rows`.
    """

    delimiter: str
    quoting: str
    skip: int
    header: bool
    padded: bool
    ends: str
    rows: tuple[tuple[str, ...], ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reading:
    """The first lines, read in one way.

    Attributes:
        delimiter: See `Layout`.
        quoting: See `Layout`.
        padded: See `Layout`.
        clean: Every quote in front of a cell is closed behind it.
        lines: The line that each row begins in, from 1.
        rows: The rows that are not empty.
        width: The commonest number of cells.
    """

    delimiter: str
    quoting: str
    padded: bool
    clean: bool
    lines: list[int]
    rows: list[list[str]]
    width: int

    @property
    def first(self) -> int:
        """The table's first row: of the common width, or a header one cell narrower; what is above are remarks.

        A spreadsheet fills a title with empty cells up to the width of the table below it.
        """
        for at, row in enumerate(self.rows):
            following = self.rows[at + 1 : at + 2]
            if len(row) == self.width or (len(row) == self.width - 1 > 1 and following and _has_numbers(following[0])):
                titles = 0
                while titles <= _MOST_ABOVE and self._is_title(at + titles):
                    titles += 1
                return at + titles if titles and self._is_header_below_title(at + titles) else at
        return 0

    def _is_title(self, at: int) -> bool:
        """Whether a row has something in its first cells and nothing in the others, half of them or more."""
        filled = [bool(cell.strip()) for cell in self.rows[at]] if at < len(self.rows) else []
        return 0 < 2 * sum(filled) <= len(filled) == self.width and all(filled[: sum(filled)])

    def _is_header_below_title(self, at: int) -> bool:
        rows = self.rows[at : at + 200]
        if len(rows) < 2 or len(rows[0]) != self.width or not _is_header(rows):
            return False
        names = [cell for cell in rows[0] if cell.strip()]
        if all(is_number(cell.strip()) for cell in names):  # years name columns, but rather rows are numbers
            return False
        # Of two columns one may well have no name.
        clear = self.width > 2 or (_has_numbers(rows[1]) and not _has_numbers(names))
        return clear and len(names) >= max(2, self.width - 1)

    @property
    def alike(self) -> float:
        """Share of the rows that have the common width, below the table's first."""
        widths = [len(row) for row in self.rows[self.first + 1 :]] or [self.width]
        return sum(width == self.width for width in widths) / len(widths)

    @property
    def typed(self) -> float:
        """Share of cells that are numbers, dates, or empty."""
        cells = [cell for row in self.rows[self.first + 1 :][:200] for cell in row]
        return sum(bool(_TYPED.fullmatch(cell.strip())) for cell in cells) / max(1, len(cells))

    @property
    def is_table(self) -> bool:
        """Whether it makes one of several columns; words between blanks are a sentence before they are cells."""
        if self.width == 1 or (self.delimiter == BLANKS and self.typed < _LEAST_TYPED):
            return False
        first = self.first
        return self.alike >= _LEAST_ALIKE and first <= _MOST_ABOVE and (first == 0 or first + 1 < len(self.rows))

    @property
    def rank(self) -> tuple[bool, int, float, bool, int, float, int]:
        """The largest is the best. Fewer rows are those that a stray quote has swallowed others of."""
        return self.is_table, -self.first, self.alike, self.clean, len(self.rows), self.typed, self.width


_TYPED = re.compile(
    rf"|[+-]?(?:{PLAIN}|\d[\d.,{APART}]*)%?|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:[T ][\d:.+Z-]*)?|"
    r"\d{1,2}(?::\d\d)+"
)


def layout_of(sample: str, whole: bool, blanks: bool = False, ragged: bool = False) -> Layout:
    """How the table that begins with this text is laid out.

    Args:
        sample: The beginning of the text.
        whole: It is all of the text; else its last line may be cut off.
        blanks: Blanks alone may be between cells.
        ragged: A few rows may have more cells than the others.

    Raises:
        NotATable: It is none.
    """
    if not whole:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    readings = list(_readings(sample, whole, blanks))
    if not readings:
        raise NotATable("it is empty")
    best = max(readings, key=lambda reading: reading.rank)  # of equals the first
    alone = [reading for reading in readings if reading.width == 1 == max(map(len, reading.rows))]
    numbers = [reading for reading in alone if all(is_number(row[0].strip()) for row in reading.rows[1:])]
    if best.is_table:  # a column of decimal commas is not two of whole numbers below a remark
        return _layout(numbers[0] if best.first and numbers else best, ragged)
    wide = [reading for reading in readings if len(reading.rows[0]) > 1 and reading.delimiter != BLANKS]
    if wide:
        raise NotATable(_why_not(max(wide, key=lambda reading: (reading.alike, reading.typed))))
    if not alone:
        raise NotATable("nothing is between cells in all of its lines; it has one column, or lines of text")
    return _layout(alone[0], ragged)


def _readings(sample: str, whole: bool, blanks: bool) -> Iterator[_Reading]:
    stated = re.match(r'"?sep=(.)"?\r?\n', sample, re.IGNORECASE)  # as a spreadsheet writes it above the header
    ways: dict[str, dict[str, Any]] = {"doubled": {}, "none": {"quoting": csv.QUOTE_NONE}}
    if '\\"' in sample:
        ways = {"escaped": {"escapechar": "\\"}, **ways}
    if '"' not in sample:
        ways = {"doubled": {}}
    for delimiter in [stated[1]] if stated else DELIMITERS:
        padded = delimiter != "\t" and 2 * sample.count(f"{delimiter} ") > sample.count(delimiter)
        for quoting, way in ways.items():
            options = {"delimiter": delimiter, "skipinitialspace": padded, **way}
            found = list(islice(_numbered(sample, options, 1 if stated else 0), _SAMPLE_ROWS))
            if found:
                clean = quoting != "none" and _is_clean(sample, options, whole)
                yield _reading(delimiter, quoting, padded, clean, found)
    if blanks and not stated:
        # As pandas does it: a wider blank is within a cell.
        lines = ((number, _CELLS.findall(line)) for number, line in enumerate(io.StringIO(sample), 1))
        found = list(islice(((number, row) for number, row in lines if row), _SAMPLE_ROWS))
        yield _reading(BLANKS, "doubled", False, True, found)


def _numbered(sample: str, options: dict[str, Any], above: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, with the line that each begins in."""
    reader = csv.reader(io.StringIO(sample, newline=""), **options)
    before = 0
    try:
        for row in reader:
            if before >= above and any(cell.strip() for cell in row):
                yield before + 1, row
            before = reader.line_num
    except csv.Error:
        return  # a cell that is too long: what is above it has to do


def _is_clean(sample: str, options: dict[str, Any], whole: bool) -> bool:
    try:
        for _ in islice(csv.reader(io.StringIO(sample, newline=""), strict=True, **options), _SAMPLE_ROWS):
            pass
    except csv.Error as error:
        return not whole and "unexpected end" in str(error)
    return True


def _reading(delimiter: str, quoting: str, padded: bool, clean: bool, found: list[tuple[int, list[str]]]) -> _Reading:
    rows = [row for _, row in found]
    counts = Counter(map(len, rows))
    width = max(counts, key=lambda each: (counts[each], each))
    return _Reading(delimiter, quoting, padded, clean, [line for line, _ in found], rows, width)


def _layout(reading: _Reading, ragged: bool) -> Layout:
    first = reading.first
    rows = reading.rows[first:]
    ends = ""
    if len(rows[0]) < reading.width:
        ends = "name" if any(row[-1].strip() for row in rows[1:]) else "cell"
    elif not ragged and any(len(row) > reading.width for row in rows):
        raise NotATable(_why_not(reading))
    header = bool(ends) or _is_header(rows)
    units: list[str] = []
    if header and not ends and reading.lines[first + 1 : first + 2] == [reading.lines[first] + 1] and _is_units(rows):
        units = rows[1]
        rows = [rows[0], *rows[2:]]
    return Layout(
        reading.delimiter,
        reading.quoting,
        reading.lines[first] - 1,
        header,
        reading.padded,
        ends,
        tuple(map(tuple, rows)),
        tuple(units),
    )


def _why_not(reading: _Reading) -> str:
    """Which line has not the cells that the others have."""
    first = reading.first
    for line, row in zip(reading.lines[first:], reading.rows[first:], strict=True):
        if len(row) != reading.width:
            return (
                f"line {line} has {len(row)} cells and others have {reading.width}, with {reading.delimiter!r} between "
                "cells"
            )
    return f"its table begins only in line {reading.lines[first]}"


def _has_numbers(row: Sequence[str]) -> bool:
    return any(is_number(cell.strip()) for cell in row)


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it does unless it is a row like the others, numbers where they are.

    Whole numbers that go up by the same step (years, or 0, 1, 2, …) are names too.
    """
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    columns = [[row[at].strip() for row in body if at < len(row) and row[at].strip()] for at in range(len(first))]
    numeric = [bool(cells) and all(map(is_number, cells)) for cells in columns]
    own = [cell for cell, numbers in zip(first, numeric, strict=True) if numbers]
    given = [cell for cell in own if cell]
    if not given or not all(map(is_number, given)):
        return True
    if len(given) > 2 and all(cell.isdecimal() for cell in given):
        steps = {int(after) - int(before) for before, after in pairwise(given)}
        if len(steps) == 1 and steps.pop() > 0:
            return True
    for cell, cells, numbers in zip(first, columns, numeric, strict=True):
        if not numbers and 2 * len(set(cells)) < len(cells) and cell not in cells:
            return True
    return False


def _is_units(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the row below the header says what numbers and dates are measured in, and nothing of other columns."""
    if len(rows) < 4 or len(rows[0]) != len(rows[1]):
        return False
    given = False
    for at, cell in enumerate(cell.strip() for cell in rows[1]):
        below = {row[at].strip() for row in rows[2:] if at < len(row)} - _ABSENT
        if cell in _ABSENT:
            continue
        if _TYPED.fullmatch(cell) or not below or not all(map(_TYPED.fullmatch, below)):
            return False
        given |= bool(_UNIT.fullmatch(cell))
    return given
