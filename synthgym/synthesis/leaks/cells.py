"""Cells of a column as numbers, times and codes, for checks that compare columns with labels."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.tables.tables import MISSING

MOST_TEXT = 200
"""Characters of a cell that is looked into for numbers."""

NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_LONGEST_NUMBER = 64
_TIME = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[-+]\d\d:?\d\d)?)?$")
_FEW_ODD = 0.01
"""Share of the cells in a column of numbers that may be none."""


def as_numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """A column as numbers, nan for cells that are empty; None where one is no number."""
    if max(map(len, cells), default=0) > _LONGEST_NUMBER:
        return None
    try:
        return np.fromiter(map(float, cells), np.float64, len(cells))
    except ValueError:
        pass
    try:
        return np.array([math.nan if cell.lower() in MISSING else float(cell) for cell in cells])
    except ValueError:
        return None


def nearly_numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """The same where a few cells are none: a remark, or what the others are measured in. They are nan too."""
    numbers = as_numbers(cells)
    if numbers is not None:
        return numbers
    left = int(_FEW_ODD * len(cells))
    found = np.full(len(cells), math.nan)
    for row, cell in enumerate(cells):
        one = as_numbers([cell])
        if one is not None:
            found[row] = one[0]
        elif left:
            left -= 1
        else:
            return None
    return found


def without_point(cells: Sequence[str], numbers: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """Numbers as they are written, in units of the last decimal that any of them has; None where one is too long."""
    if not np.all(np.isfinite(numbers)):
        return None
    for some in (cells[:50], cells):  # the first say that of most columns that are too long
        units = numbers[: len(some)] * 10.0 ** max(map(decimals, some))
        if not np.all(np.abs(units) < 2**53):
            return None
    return np.round(units).astype(np.int64)


def decimals(cell: str) -> int:
    """How many decimals a number is written with."""
    if "." not in cell and "e" not in cell.lower():
        return 0
    mantissa, _, exponent = cell.lower().partition("e")
    behind = len(mantissa.partition(".")[2]) - (int(exponent) if exponent.lstrip("+-").isdecimal() else 0)
    return min(max(behind, 0), _LONGEST_NUMBER)


def numbers_in(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """A column's order as numbers: of numbers, of times, or of texts that differ in one number; None for any other."""
    numbers = nearly_numbers(cells)
    if numbers is None:
        numbers = as_times(cells)
    if numbers is None and max(map(len, cells)) <= MOST_TEXT:
        inside = [NUMBER.findall(cell) for cell in cells]
        if all(len(found) == 1 for found in inside) and len({NUMBER.sub("", cell) for cell in cells}) == 1:
            numbers = np.array([found[0] for found in inside], dtype=np.float64)
    return numbers


def as_times(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """A column of dates, or of dates and times, as ISO 8601 writes them, in seconds; nan for cells that are empty."""
    if not any(_TIME.match(cell) for cell in cells[:20]):
        return None
    if not all(_TIME.match(cell) or cell.lower() in MISSING for cell in cells):
        return None
    plain = ["NaT" if cell.lower() in MISSING else re.sub(r"(Z|[-+]\d\d:?\d\d)$", "", cell[10:]) for cell in cells]
    try:
        times = np.array(
            [cell if cell == "NaT" else given[:10] + cell for given, cell in zip(cells, plain, strict=True)]
        )
        stamps = times.astype("datetime64[us]")
    except ValueError:
        return None
    return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64) / 1e6)


def codes_of(cells: Sequence[str]) -> tuple[NDArray[np.intp], int]:
    """A column as numbers of its distinct values, and how many there are."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(cell, len(seen)) for cell in cells], dtype=np.intp), len(seen)


def first_rows(cells: Sequence[str]) -> NDArray[np.intp]:
    """Where each value of a column is met first."""
    return np.sort(np.unique(codes_of(cells)[0], return_index=True)[1])
