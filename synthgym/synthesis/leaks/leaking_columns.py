"""Columns that give the hidden labels away, though they need not be the labels themselves.

What is refused is the label in another form, and two things tell it from a good feature. It is exact: thresholds are so
high that a feature with any noise of its own stays below them. And it says more than it takes to write down: the bits
of the labels' order, less those of the code that would turn the column into labels, are more than chance gives
(`synthgym.synthesis.leaks.chance`). So a column in which every cell is different tells nothing of labels that are all
different too, however well it can be matched with them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from synthgym.registry.metrics import spearman
from synthgym.synthesis.leaks.cells import (
    MOST_TEXT,
    NUMBER,
    as_numbers,
    as_times,
    codes_of,
    first_rows,
    nearly_numbers,
    without_point,
)
from synthgym.synthesis.leaks.chance import chosen, needed
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels

CORRELATION = 0.9995
"""Rank correlation with the target from which a column is the target."""

PURITY = 0.999
"""Share of rows that a column's values must put into the right class; of those that guessing gets wrong, 98 %."""

MOST_NAMES = 50
"""Of more classes the names are texts, and texts beside them may hold their answer."""

_LEAST_ROWS = 20
_FORMS = 8
"""Forms in which a column may be looked at; each is a test of its own."""


def find_leaking_column(
    columns: dict[str, list[str]], hidden: HiddenLabels, open_ones: Collection[str] = (), groups: Collection[str] = ()
) -> tuple[str, str] | None:
    """The first of these columns, or the columns together, that give the labels away.

    Args:
        columns: Cells, row by row as the labels.
        hidden: The labels.
        open_ones: Columns that may tell; see `synthgym.synthesis.leaks.public_rules.columns_with_public_rule`.
        groups: Those of them that name groups: rows of one group are no evidence beyond the first.

    Returns:
        The column's name, and in which way it tells; None where none does.
    """
    least = needed(_FORMS * len(columns))
    marked: dict[int, str] = {}
    for name, cells in columns.items():
        if not cells:
            continue
        if name not in open_ones:
            how = _how_it_leaks(cells, hidden, least)
        elif name not in groups:
            how = _in_steps(cells, hidden, least)
        else:
            firsts = first_rows(cells)
            how = _in_steps([cells[row] for row in firsts], hidden.at(firsts), least)
        if how:
            return name, how
        if name in open_ones:
            continue
        marked |= dict.fromkeys(_indicated(cells, hidden, least), name)
    classes = hidden.classes
    # All but one: the rows that no column marks are those of the last class.
    if classes is not None and len(marked) >= len(np.unique(classes)) - 1 >= 2:
        return ", ".join(sorted(set(marked.values()))), "each mark the rows of one class"
    return None


def _how_it_leaks(cells: Sequence[str], hidden: HiddenLabels, least: float) -> str | None:
    if hidden.bits < least:
        return None
    if hidden.names and _contains(cells, hidden):
        return "holds the row's label, and no other, in every row"
    if hidden.names and _is_label(cells, hidden):
        return "is the row's label"
    for form in _forms(cells, hidden):
        if isinstance(form, np.ndarray):
            there = np.isfinite(form)
            if there.sum() >= max(_LEAST_ROWS, len(form) // 2):
                how = _ordered(form[there], hidden.at(np.flatnonzero(there)), least)
                if how:
                    return how
        elif how := _grouped(form, hidden, least):
            return how
    return None


def _in_steps(cells: Sequence[str], hidden: HiddenLabels, least: float) -> str | None:
    """Last digits of a column whose order may tell: a number of rows that goes on by two, or by three for one class."""
    numbers = as_numbers(cells)
    if hidden.bits < least or numbers is None or len(np.unique(np.diff(np.sort(numbers)))) == 1:
        return None
    found = (_grouped(digits, hidden, least) for digits in _last_digits(cells, numbers, hidden))
    return next((how for how in found if how), None)


def _last_digits(cells: Sequence[str], numbers: NDArray[np.float64], hidden: HiddenLabels) -> Iterator[list[str]]:
    """The last digit of each number, and what is left of it when it is divided by the number of classes."""
    if (whole := without_point(cells, numbers)) is not None:
        for by in (10, hidden.distinct if hidden.classes is not None else 2):
            yield [str(number) for number in (whole % by).tolist()]


def _forms(cells: Sequence[str], hidden: HiddenLabels) -> Iterator[list[str] | NDArray[np.float64]]:
    """The column itself, as numbers where it is any, and the last digits of these; or what else is in a text.

    That is what is left of it without digits, and the numbers in it.
    """
    yield list(cells)
    numbers = nearly_numbers(cells)
    if numbers is not None:
        yield numbers
        yield from _last_digits(cells, numbers, hidden)
        return
    if max(map(len, cells)) > MOST_TEXT:
        return
    if (times := as_times(cells)) is not None:
        yield times
        return
    yield [re.sub(r"\d+", "", cell) for cell in cells]
    inside = [NUMBER.findall(cell) for cell in cells]
    if len(inside[0]) <= 4 and len({len(found) for found in inside}) == 1:
        yield from np.array(inside, dtype=np.float64).T.reshape(len(inside[0]), len(cells))


def _few(rows: int, classes: int) -> int:
    """How many distinct values a code for the labels may have; a column of more values is a feature that knows much."""
    return max(2 * classes, min(50, rows // 20))


def _grouped(cells: Sequence[str], hidden: HiddenLabels, least: float) -> str | None:
    """A column of few values, each of which stands for one label."""
    codes, distinct = codes_of(cells)
    labels = hidden.distinct
    if distinct < 2 or labels < 2:
        return None
    # A code names a label for each of its values; what is left of the labels' order is what the column says.
    bits = hidden.bits - distinct * math.log2(labels)
    if hidden.classes is not None:
        if distinct > _few(len(cells), labels) or not pure(codes, distinct, hidden.classes, bits - least):
            return None
    else:
        if distinct > _few(len(cells), 2) or bits < least:
            return None
        # Of ranks, because one far value would decide about the values themselves.
        values = hidden.series
        ranks = np.searchsorted(np.sort(values), values).astype(np.float64)
        sizes = np.bincount(codes, minlength=distinct)
        means = np.bincount(codes, ranks, minlength=distinct) / sizes
        within = float(((ranks - means[codes]) ** 2).sum())
        if within > (1 - CORRELATION) * float(((ranks - ranks.mean()) ** 2).sum()):
            return None
    return f"has one label for each of its {distinct} values"


def pure(codes: NDArray[np.intp], distinct: int, classes: NDArray[np.intp], spare: float = math.inf) -> bool:
    """Whether each value of a column has one class, but for so few rows that naming them takes no more bits than that.

    Args:
        codes: For each row the number of its value.
        distinct: How many values there are.
        classes: For each row the number of its class.
        spare: Bits that exceptions may take.
    """
    count = int(classes.max()) + 1
    # Only what is met: a table of all values by all classes would be large where both are many.
    met, many = np.unique(codes * count + classes, return_counts=True)
    best = np.zeros(distinct, dtype=np.intp)
    np.maximum.at(best, met // count, many)
    rows, wrong = len(classes), len(classes) - int(best.sum())
    minority = rows - int(np.bincount(classes).max())
    exact = wrong <= (1 - PURITY) * rows and wrong <= 0.02 * minority
    return bool(exact and chosen(rows, wrong) + wrong * math.log2(max(count, 2)) <= spare)


def _ordered(numbers: NDArray[np.float64], hidden: HiddenLabels, least: float) -> str | None:
    """Numbers whose order is the labels' order: another scale, a shift, any monotone map, classes side by side."""
    if hidden.values is not None:
        if hidden.bits < least:
            return None
        correlation = spearman(hidden.values, numbers)
        if abs(correlation) >= CORRELATION:
            return f"puts the rows in the target's order (rank correlation {correlation:.5f})"
        return None
    classes = hidden.classes
    assert classes is not None
    labels = hidden.distinct
    # Any order of the classes will do, so that it must not count as evidence.
    if labels < 2 or hidden.bits - math.lgamma(labels + 1) / math.log(2) < least:
        return None
    order = np.argsort(numbers, kind="stable")
    changed = np.flatnonzero(np.diff(classes[order]))
    shared = np.any(numbers[order][changed] == numbers[order][changed + 1])  # by two classes: separates nothing
    if len(changed) == labels - 1 and not shared:
        return "separates all classes by its order"
    return None


def _indicated(cells: Sequence[str], hidden: HiddenLabels, least: float) -> list[int]:
    """Classes whose rows a column of two values marks."""
    if hidden.classes is None:
        return []
    codes, distinct = codes_of(cells)
    if distinct != 2:
        return []
    marked = []
    for of in np.unique(hidden.classes):
        rows = (hidden.classes == of).astype(np.intp)
        bits = chosen(len(rows), int(rows.sum())) - 1  # which of the two values marks them
        if bits >= least and pure(codes, 2, rows, bits - least):
            marked.append(int(of))
    return marked


def _is_label(cells: Sequence[str], hidden: HiddenLabels) -> bool:
    """Whether cells are the labels' names, but for a few, and for what stands before and after all of them."""
    assert hidden.classes is not None
    texts, names = [cell.lower() for cell in cells], [hidden.names[own].lower() for own in hidden.classes]
    named = next((row for row, name in enumerate(names) if name), 0)  # a class may have the empty text for a name
    before, found, after = texts[named].partition(names[named]) if names[named] else ("", "", "")
    if not found:
        return False
    same = sum(text == before + name + after for text, name in zip(texts, names, strict=True))
    return bool(same >= PURITY * len(names))


def _contains(cells: Sequence[str], hidden: HiddenLabels) -> bool:
    """Whether each cell holds its row's label among other text, and no other label."""
    names = [name.lower() for name in hidden.names]
    if len(names) < 2 or len(names) > MOST_NAMES or min(map(len, names)) < 3 or not all(map(str.isalpha, names)):
        return False
    if max(map(len, cells)) > MOST_TEXT:
        return False
    assert hidden.classes is not None
    for cell, own in zip(cells, hidden.classes, strict=True):
        text = cell.lower()
        if [number for number, name in enumerate(names) if name in text] != [own]:
            return False
    return True
