"""How numbers are written in a table of text: the decimal mark, and what is between thousands.

Runs on the host and in a sandbox: standard library only. The same cells always give the same answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

PLAIN = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_COMMA = r"(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?"
APART = " \u00a0\u2009\u202f'\u2019"
"""What is between thousands besides points and commas: blanks of several widths (French), apostrophes (Swiss)."""


def _written(decimal: str, thousands: str) -> str:
    """A pattern for numbers written so."""
    plain = _COMMA if decimal == "," else PLAIN
    grouped = rf"[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(decimal)}\d+)?|" if thousands else ""
    return rf"[+-]?(?:{grouped}{plain})"


_FORMS = (
    *((".", ""), (",", ""), (".", ","), (",", ".")),
    *((decimal, mark) for mark in APART for decimal in (".,", ",.")[mark.isspace()]),
)
"""Decimal mark and what is between thousands; of two that are as likely, the first is taken."""
_NUMBERS = {form: re.compile(_written(*form)) for form in _FORMS}
_ANY = re.compile("|".join(_written(*form) for form in _FORMS))


def number_format(columns: Iterable[Sequence[str]], delimiter: str) -> tuple[str, str]:
    """The decimal mark, and what is between thousands (or nothing), by which most columns are numbers.

    Args:
        columns: Cells of each column, without those that are empty.
        delimiter: What is between cells; a semicolon is there where the decimal mark is a comma.
    """
    return _likeliest(columns, delimiter)[0]


def other_format(columns: Iterable[Sequence[str]], delimiter: str) -> tuple[str, str] | None:
    """That in which a mark means the other thing (1.080), where only the delimiter speaks for `number_format`'s."""
    best, *others = _likeliest(columns, delimiter)
    return next((form for form in others if form[0] != best[0]), None)


def _likeliest(columns: Iterable[Sequence[str]], delimiter: str) -> list[tuple[str, str]]:
    """The forms by which most columns are numbers, the likeliest first; more than one only where there is a doubt."""
    found: Counter[tuple[str, str]] = Counter()
    doubt = False
    for cells in columns:
        found.update(form for form in _FORMS if are_numbers(cells, *form))
        doubt |= is_doubtful(cells)
    most = max(found.values(), default=0)
    best = [form for form in _FORMS if found[form] == most]
    expected = "," if delimiter == ";" else "."
    return sorted(best, key=lambda form: form[0] != expected) if doubt else best[:1]


def is_doubtful(cells: Sequence[str]) -> bool:
    """Whether each cell is a number both where a mark is the decimal one and where it is between thousands: 1.080."""
    return any(
        any(mark in cell for cell in cells) and are_numbers(cells, mark, "") and are_numbers(cells, other, mark)
        for mark, other in (".,", ",.")
    )


def are_numbers(cells: Sequence[str], decimal: str, thousands: str) -> bool:
    """Whether all of these cells are numbers written so, and there are any."""
    return bool(cells) and all(map(_NUMBERS[decimal, thousands].fullmatch, cells))


def is_number(cell: str) -> bool:
    """Whether a cell is a number, in any way of writing one."""
    return _ANY.fullmatch(cell) is not None


def plain_number(cell: str, decimal: str, thousands: str) -> str:
    """A number that is written so, with a decimal point and nothing between thousands."""
    return (cell.replace(thousands, "") if thousands else cell).replace(decimal, ".")
