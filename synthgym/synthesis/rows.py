"""Rows that give hidden labels away: test rows that stand in a table with the target, and an order that follows it."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.tables import Table
from synthgym.synthesis.telling import LEAST_MINORITY, Hidden, as_numbers, codes_of

FOUND_SHARE = 0.01
"""Share of test rows that may be found again beyond what repetitions within the other table let expect."""

ALIKE = 0.5
"""From which excess over chance neighbouring rows are too alike: 0 is a shuffled order, 1 a sorted one."""

_PERMUTATIONS = 30
_DEVIATIONS = 8.0


def found_again(test: Table, other: Table) -> str | None:
    """Whether more rows of the test table stand in another one, by the columns both have, than chance explains.

    Discrete tables repeat themselves: how often rows of the other table do so among themselves is what is expected.

    Returns:
        How many do; None where that is no more than to be expected.
    """
    shared = [name for name in test.columns if name in other.columns]
    # With the number of a row in it no row is like another; without it some may be.
    counting = {name for name in shared if _is_name_of_row(test.columns[name]) and _is_name_of_row(other.columns[name])}
    choices = [shared, [name for name in shared if name not in counting]]
    for names in choices if counting else choices[:1]:
        if not names:
            continue
        known = Counter(_keys(other, names))
        asked = _keys(test, names)
        twins = sum(count for count in known.values() if count > 1) / sum(known.values())
        found = sum(key in known for key in asked)
        expected = len(asked) * twins
        chance = 5 * (len(asked) * twins * (1 - twins)) ** 0.5
        if found > expected + chance + max(FOUND_SHARE * len(asked), 2):
            return (
                f"{found} of {len(asked)} rows of {test.name} stand in {other.name} too, by their column(s) "
                f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}; repetitions within {other.name} let expect "
                f"{expected:.0f}"
            )
    return None


def _keys(table: Table, names: list[str]) -> list[tuple[object, ...]]:
    """Rows as they are compared: numbers by value, so that 1.0 and 1 are the same."""
    columns: list[list[object]] = []
    for name in names:
        numbers = as_numbers(table.columns[name])
        # Missing values are alike, which nan is not.
        columns.append(list(table.columns[name]) if numbers is None else list(np.nan_to_num(numbers, nan=1e300)))
    return list(zip(*columns, strict=True))


def _is_name_of_row(cells: list[str]) -> bool:
    """Whether a column is of whole numbers or words, each there once."""
    if len(set(cells)) < len(cells):
        return False
    numbers = as_numbers(cells)
    return numbers is None or bool(np.all(numbers == np.round(numbers)))


def order_tells(hidden: Hidden, test: Table | None) -> str | None:
    """Whether the order of the hidden rows follows their labels.

    What a column by which the rows are sorted explains does not count: that is told openly, as the time in a series.

    Args:
        hidden: The labels in their order.
        test: The table an agent is given for these rows.

    Returns:
        How alike neighbours are; None where the order tells nothing.
    """
    picked = test.picked if test else np.arange(len(hidden))
    labels = hidden.at(picked)
    blocks = _blocks(test, len(picked))
    lags = [1]
    if labels.classes is not None:
        counts = np.bincount(labels.classes)
        if len(labels.classes) - counts.max() < 2 * LEAST_MINORITY:
            return None
        series: NDArray[np.float64] = labels.classes.astype(np.float64)
        lags = list(range(1, min(int(np.count_nonzero(counts)), 10) + 1))
    else:
        assert labels.values is not None
        series = np.searchsorted(np.sort(labels.values), labels.values).astype(np.float64)
    rng = np.random.default_rng(0)
    orders = [np.lexsort((rng.random(len(series)), blocks)) for _ in range(_PERMUTATIONS)]
    for lag in lags:
        seen = _alike(series, lag, labels.classes is not None)
        chance = np.array([_alike(series[order], lag, labels.classes is not None) for order in orders])
        excess = (seen - chance.mean()) / max(1 - chance.mean(), 1e-9)
        if excess >= ALIKE and seen - chance.mean() > _DEVIATIONS * chance.std():
            what = "neighbouring rows" if lag == 1 else f"rows {lag} apart"
            return (
                f"labels of {what} are alike, {excess:.0%} of the way from a shuffled order to a sorted one; shuffle "
                "the hidden rows, or give the agent the column that orders them"
            )
    return None


def _alike(series: NDArray[np.float64], lag: int, classes: bool) -> float:
    """1 where all pairs are equal; about 0 for values in no order, the chance of a pair for classes."""
    if classes:
        return float(np.mean(series[lag:] == series[:-lag]))
    return 1 - float(np.mean(np.abs(series[lag:] - series[:-lag]))) / (len(series) / 3)


def _blocks(test: Table | None, rows: int) -> NDArray[np.intp]:
    """Runs of rows that no column by which the table is sorted tells apart, numbered."""
    new = np.zeros(rows, dtype=bool)
    for cells in test.columns.values() if test else ():
        codes, distinct = codes_of(cells)
        changed = np.flatnonzero(np.diff(codes)) + 1
        numbers = as_numbers(cells)
        keys = _in_alphabet(cells) if numbers is None else numbers
        monotone = bool(np.all(keys[1:] >= keys[:-1]) or np.all(keys[1:] <= keys[:-1]))
        if distinct > 1 and (monotone or (len(changed) + 1 == distinct <= rows // 20)):
            new[changed] = True
    return np.cumsum(new)


def _in_alphabet(cells: list[str]) -> NDArray[np.intp]:
    """A column of text as numbers in the order of the alphabet."""
    place = {cell: number for number, cell in enumerate(sorted(set(cells)))}
    return np.array([place[cell] for cell in cells], dtype=np.intp)
