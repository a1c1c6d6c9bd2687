"""Whether a column of a table gives the hidden label away, though it need not be the label itself.

Thresholds are so high that a good feature is none: what is refused here is the label in another form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgym.envs.file_grading import FileGrader
from synthgym.registry.metrics import spearman

CORRELATION = 0.9995
"""Rank correlation with the target from which a column is the target."""

PURITY = 0.999
"""Share of rows that a column's values must put into the right class; of those that guessing gets wrong, 98 %."""

LEAST_MINORITY = 5
"""Rows outside the commonest class that it takes to say anything about classes."""

_LEAST_ROWS = 100
_MOST_TEXT = 200
_LONGEST_NUMBER = 64
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_MISSING = frozenset({"", "na", "n/a", "nan", "none", "null"})


@dataclass(frozen=True)
class Hidden:
    """The hidden labels: classes by number, or values.

    Attributes:
        classes: For each row the number of its class; None for values.
        values: For each row its value; None for classes.
        names: The classes' names where they have any.
    """

    classes: NDArray[np.intp] | None = None
    values: NDArray[np.float64] | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, grader: FileGrader) -> Hidden:
        """What a grader hides."""
        truth = grader.truth
        if grader.metric.kind == "value":
            return cls(values=truth.astype(np.float64))
        if grader.metric.kind == "probability":
            chosen = truth.argmax(axis=1) if truth.shape[1] > 1 else (truth[:, 0].astype(np.float64) > 0.5)
            return cls(classes=chosen.astype(np.intp))
        names, codes = np.unique(truth, return_inverse=True)
        return cls(classes=codes.astype(np.intp), names=tuple(str(name) for name in names))

    def __len__(self) -> int:
        """How many rows are hidden."""
        return len(self._rows)

    def at(self, picked: NDArray[np.intp]) -> Hidden:
        """The labels of some rows."""
        if self.classes is not None:
            return Hidden(classes=self.classes[picked], names=self.names)
        assert self.values is not None
        return Hidden(values=self.values[picked])

    @property
    def distinct(self) -> int:
        """How many different labels there are."""
        return len(set(self._rows.tolist()))

    @property
    def _rows(self) -> NDArray[np.intp] | NDArray[np.float64]:
        rows = self.values if self.classes is None else self.classes
        assert rows is not None
        return rows


def what_tells(columns: dict[str, list[str]], hidden: Hidden) -> tuple[str, str] | None:
    """The first of these columns, or the columns together, that give the labels away.

    Args:
        columns: Cells, row by row as the labels.
        hidden: The labels.

    Returns:
        The column's name, and in which way it tells; None where none does.
    """
    told: dict[int, str] = {}
    for name, cells in columns.items():
        if cells and (how := _how(cells, hidden)):
            return name, how
        told |= dict.fromkeys(_indicated(cells, hidden), name)
    classes = hidden.classes
    # All but one: the rows that no column marks are those of the last class.
    if classes is not None and len(told) >= len(np.unique(classes)) - 1 >= 2:
        return ", ".join(sorted(set(told.values()))), "each mark the rows of one class"
    return None


def _how(cells: Sequence[str], hidden: Hidden) -> str | None:
    if hidden.names and _contains(cells, hidden):
        return "holds the row's label, and no other, in every row"
    for form in _forms(cells):
        if isinstance(form, np.ndarray):
            there = np.isfinite(form)
            if there.sum() >= max(_LEAST_ROWS, len(form) // 2):
                how = _ordered(form[there], hidden.at(np.flatnonzero(there)))
                if how:
                    return how
        elif how := _grouped(form, hidden):
            return how
    return None


def _forms(cells: Sequence[str]) -> Iterator[list[str] | NDArray[np.float64]]:
    """The column itself, as numbers where it is any; of text also what is left without digits, and numbers in it."""
    yield list(cells)
    numbers = as_numbers(cells)
    if numbers is not None:
        yield numbers
        return
    if max(map(len, cells)) > _MOST_TEXT:
        return
    yield [re.sub(r"\d+", "", cell) for cell in cells]
    inside = [_NUMBER.findall(cell) for cell in cells]
    if len(inside[0]) <= 4 and len({len(found) for found in inside}) == 1:
        yield from np.array(inside, dtype=np.float64).T.reshape(len(inside[0]), len(cells))


def as_numbers(cells: Sequence[str]) -> NDArray[np.float64] | None:
    """A column as numbers, nan for cells that are empty; None where one is no number."""
    if max(map(len, cells), default=0) > _LONGEST_NUMBER:  # an array of text has room for the longest in every row
        return None
    try:
        return np.array(["nan" if cell.lower() in _MISSING else cell for cell in cells], dtype=str).astype(np.float64)
    except (ValueError, OverflowError):
        return None


def codes_of(cells: Sequence[str]) -> tuple[NDArray[np.intp], int]:
    """A column as numbers of its distinct values, and how many there are."""
    seen: dict[str, int] = {}
    return np.array([seen.setdefault(cell, len(seen)) for cell in cells], dtype=np.intp), len(seen)


def _few(rows: int, classes: int) -> int:
    """How many distinct values are few: with many, each stands for a row or two, and any column would be pure."""
    return max(2 * classes, min(50, rows // 20))


def _grouped(cells: Sequence[str], hidden: Hidden) -> str | None:
    """A column of few values, each of which stands for one label."""
    codes, distinct = codes_of(cells)
    if distinct < 2:
        return None
    if hidden.classes is not None:
        count = int(hidden.classes.max()) + 1
        if distinct > _few(len(cells), count) or not _pure(codes, distinct, hidden.classes):
            return None
    else:
        assert hidden.values is not None
        if distinct > _few(len(cells), 2) or len(np.unique(hidden.values)) < 2:
            return None
        # Of ranks, because one far value would decide about the values themselves.
        ranks = np.searchsorted(np.sort(hidden.values), hidden.values).astype(np.float64)
        sizes = np.bincount(codes, minlength=distinct)
        means = np.bincount(codes, ranks, minlength=distinct) / sizes
        within = float(((ranks - means[codes]) ** 2).sum())
        if within > (1 - CORRELATION) * float(((ranks - ranks.mean()) ** 2).sum()):
            return None
    return f"has one label for each of its {distinct} values"


def _pure(codes: NDArray[np.intp], distinct: int, classes: NDArray[np.intp]) -> bool:
    count = int(classes.max()) + 1
    table = np.bincount(codes * count + classes, minlength=distinct * count).reshape(distinct, count)
    rows, wrong = len(classes), len(classes) - int(table.max(axis=1).sum())
    minority = rows - int(table.sum(axis=0).max())
    return minority >= LEAST_MINORITY and wrong <= (1 - PURITY) * rows and wrong <= 0.02 * minority


def _ordered(numbers: NDArray[np.float64], hidden: Hidden) -> str | None:
    """Numbers whose order is the labels' order: another scale, a shift, any monotone map, classes side by side."""
    if hidden.values is not None:
        correlation = spearman(hidden.values, numbers)
        if abs(correlation) >= CORRELATION:
            return f"puts the rows in the target's order (rank correlation {correlation:.5f})"
        return None
    classes = hidden.classes
    assert classes is not None
    counts = np.bincount(classes)
    if len(classes) - counts.max() < LEAST_MINORITY:
        return None
    order = np.argsort(numbers, kind="stable")
    changed = np.flatnonzero(np.diff(classes[order]))
    shared = np.any(numbers[order][changed] == numbers[order][changed + 1])  # by two classes: separates nothing
    if len(changed) == np.count_nonzero(counts) - 1 and not shared:
        return "separates all classes by its order"
    return None


def _indicated(cells: Sequence[str], hidden: Hidden) -> list[int]:
    """Classes whose rows a column of two values marks."""
    if hidden.classes is None:
        return []
    codes, distinct = codes_of(cells)
    if distinct != 2:
        return []
    return [
        of for of in range(int(hidden.classes.max()) + 1) if _pure(codes, 2, (hidden.classes == of).astype(np.intp))
    ]


def _contains(cells: Sequence[str], hidden: Hidden) -> bool:
    """Whether each cell holds its row's label among other text, and no other label."""
    names = [name.lower() for name in hidden.names]
    if len(names) < 2 or len(names) > 50 or min(map(len, names)) < 3 or not all(map(str.isalpha, names)):
        return False
    if max(map(len, cells)) > _MOST_TEXT:
        return False
    assert hidden.classes is not None
    rows = Counter(hidden.classes.tolist())
    if len(cells) - max(rows.values()) < LEAST_MINORITY:
        return False
    for cell, own in zip(cells, hidden.classes, strict=True):
        text = cell.lower()
        if [number for number, name in enumerate(names) if name in text] != [own]:
            return False
    return True
