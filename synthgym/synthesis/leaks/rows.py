"""Rows that give hidden labels away: test rows that stand in a table with the target, and an order that follows it.

Both are weighed against what the rows to learn from show: how often they repeat each other, whether equal rows have
equal labels, and how alike neighbours are among them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.leaks.cells import as_numbers, codes_of, decimals, nearly_numbers, numbers_in
from synthgym.synthesis.leaks.chance import arrangements, excess, needed
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.leaking_columns import find_leaking_column
from synthgym.synthesis.leaks.public_rules import TrainingTable
from synthgym.synthesis.tables.tables import Table

FOUND_SHARE = 0.01
"""Share of test rows that may be found again beyond what repetitions within the other table let expect."""

AGREEING = 0.9
"""Share of the rows found again that must have their hidden label there, to be copies and not rows that are alike."""

ALIKE = 0.5
"""From which excess over chance neighbouring rows are too alike: 0 is a shuffled order, 1 a sorted one."""

USUAL = 0.8
"""Share of that excess from which on rows to learn from, where neighbours are alike too, show openly that they are."""

_PERMUTATIONS = 30
_DEVIATIONS = 8.0
_LEAST_MINORITY = 10


def rows_found_again(
    test: Table, other: Table, hidden: HiddenLabels | None = None, labels: HiddenLabels | None = None
) -> str | None:
    """Whether more rows of the test table stand in another one, by the columns both have, than chance explains.

    If rows are dealt out to the tables at random, a row is as likely to have a twin in the other table as one of that
    table's own rows is. Rows that are alike by chance, in coarse data, have labels of their own; copies have the same.

    Args:
        test: The table of the hidden rows.
        other: The other table.
        hidden: The hidden labels, of the rows that `test` holds.
        labels: The labels of the rows that `other` holds; None where no column is known to be theirs, and each that the
            test table has not may be.

    Returns:
        How many do; None where that is no more than to be expected.
    """
    shared = [name for name in test.columns if name in other.columns]
    left = [name for name in other.columns if name not in test.columns]
    # With the number of a row in it no row is like another; without it some may be.
    counting = {name for name in shared if _is_name_of_row(test.columns[name]) and _is_name_of_row(other.columns[name])}
    choices: list[tuple[list[str], Mapping[str, int]]] = [(shared, {})]
    if counting:
        choices.append(([name for name in shared if name not in counting], {}))
    if rounded := _rounded(test, other, choices[-1][0]):
        choices.append((choices[-1][0], rounded))
    for names, places in choices:
        if not names:
            continue
        keys, asked = _keys(other, names, places), _keys(test, names, places)
        known = Counter(keys)
        twins = sum(count for count in known.values() if count > 1)
        found = [number for number, key in enumerate(asked) if key in known]
        expected = len(asked) * twins / len(keys)
        if len(found) <= expected + max(FOUND_SHARE * len(asked), 2):
            continue
        if excess(len(found), len(asked), twins, len(keys)) < needed(len(choices)):
            continue
        if hidden:
            place = {key: number for number, key in enumerate(keys)}
            there = np.array([place[asked[number]] for number in found], dtype=np.intp)
            own = hidden.at(np.array(found, dtype=np.intp))
            if labels:
                copied = _agreeing(own, labels.at(there), hidden) >= AGREEING
            else:
                copied = (
                    find_leaking_column({name: [other.columns[name][row] for row in there] for name in left}, own)
                    is not None
                )
            if not copied:
                continue
        return (
            f"{len(found)} of {len(asked)} rows of {test.name} stand in {other.name} too, by their column(s) "
            f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}; repetitions within {other.name} let expect "
            f"{expected:.0f}"
        )
    return None


def _agreeing(one: HiddenLabels, other: HiddenLabels, whole: HiddenLabels) -> float:
    """Share of rows with the same label; of values, but for rounding: a hundredth of their standard deviation."""
    if one.classes is not None:
        return float(np.mean(one.series == other.series))
    return float(np.mean(np.abs(one.series - other.series) <= 0.01 * whole.series.std()))


def _rounded(test: Table, other: Table, names: list[str]) -> dict[str, int]:
    """Columns that have fewer decimals in one of the tables, and how many: in that one they may be rounded."""
    found = {}
    for name in names:
        pair = test.columns[name], other.columns[name]
        if any(nearly_numbers(cells) is None for cells in pair):
            continue
        usual, least = (int(np.median([decimals(cell) for cell in cells[:200]])) for cells in pair)
        if usual != least:
            found[name] = min(usual, least)
    return found


def _keys(table: Table, names: list[str], places: Mapping[str, int]) -> list[tuple[object, ...]]:
    """Rows as they are compared: numbers by value, so that 1.0 and 1 are the same; rounded to `places` where stated."""
    columns: list[list[object]] = []
    for name in names:
        numbers = nearly_numbers(table.columns[name])
        if numbers is not None and name in places:
            numbers = np.round(numbers, places[name]) + 0.0  # of -0.0 too
        # Missing values are alike, which nan is not.
        columns.append(list(table.columns[name]) if numbers is None else list(np.nan_to_num(numbers, nan=1e300)))
    return list(zip(*columns, strict=True))


def _is_name_of_row(cells: list[str]) -> bool:
    """Whether a column is of whole numbers or words, each there once."""
    if len(set(cells)) < len(cells):
        return False
    numbers = as_numbers(cells)
    return numbers is None or bool(np.all(numbers == np.round(numbers)))


def order_leak(hidden: HiddenLabels, test: Table | None, learnt: Sequence[TrainingTable] = ()) -> str | None:
    """Whether the order of the hidden rows follows their labels.

    A column by which the rows are sorted is told openly, as the time in a series, and explains that neighbours are
    alike, unless the rows to learn from are not when they are sorted by it. So does the order of those rows, if
    neighbours there are as much alike, as the pixels of an image are; but not an order that is exactly that of labels.

    Args:
        hidden: The labels in their order.
        test: The table an agent is given for these rows.
        learnt: Tables to learn from.

    Returns:
        How alike neighbours are; None where the order tells nothing.
    """
    picked = test.picked if test else np.arange(len(hidden))
    labels = hidden.at(picked)
    if labels.classes is not None and len(picked) - np.bincount(labels.classes).max() < _LEAST_MINORITY:
        return None
    blocks = _blocks(test, labels, learnt)
    # Of few rows, as of groups, that they are sorted is more evidence than how alike neighbours are.
    in_order = _sorted(labels) and _said_within(labels, blocks) >= needed(1)
    for lag in _lags(labels):
        alike = 1.0 if in_order else _alike(labels, lag, blocks)
        if alike < ALIKE or any(
            _alike(known.labels, lag) >= USUAL * (alike if in_order else _alike(_every(hidden, known), lag))
            and not _sorted(known.labels)
            for known in learnt
        ):
            continue
        what = "neighbouring rows" if lag == 1 else f"rows {lag} apart"
        return (
            f"labels of {what} are alike, {alike:.0%} of the way from a shuffled order to a sorted one; shuffle "
            "the hidden rows, or give the agent the column that orders them"
        )
    return None


def _every(hidden: HiddenLabels, known: TrainingTable) -> HiddenLabels:
    """Hidden labels as far apart as those that were read of a longer table."""
    picked = known.table.picked
    return hidden.at(np.arange(0, len(hidden), picked[1] - picked[0])) if len(picked) > 1 else hidden


def _sorted(labels: HiddenLabels) -> bool:
    """Whether labels stand in their own order: classes one after the other, values rising or falling."""
    steps = np.diff(labels.series)
    if labels.classes is not None:
        return int(np.count_nonzero(steps)) == labels.distinct - 1
    return bool(np.mean(steps >= 0) > 0.99 or np.mean(steps <= 0) > 0.99)


def _said_within(labels: HiddenLabels, blocks: NDArray[np.intp]) -> float:
    """Bits that the order of the labels says within blocks; any order of classes will do, and says nothing."""
    runs = np.split(labels.series, np.flatnonzero(np.diff(blocks)) + 1)
    of_classes = math.lgamma(labels.distinct + 1) / math.log(2) if labels.classes is not None else 1.0
    return sum(map(arrangements, runs)) - of_classes


def _lags(labels: HiddenLabels) -> range:
    """How far apart rows are compared: classes may come in turn."""
    return range(1, min(labels.distinct, 10) + 1) if labels.classes is not None else range(1, 2)


def _alike(labels: HiddenLabels, lag: int, blocks: NDArray[np.intp] | None = None) -> float:
    """How alike rows are, from 0 for a shuffled order to 1 for a sorted one; 0 where that is not beyond chance.

    Chance is measured: orders are drawn in which the rows keep their block.
    """
    classes, series = labels.classes is not None, labels.series
    if len(series) <= lag + 1:
        return 0.0
    if not classes:
        series = np.searchsorted(np.sort(series), series).astype(np.float64)
    if blocks is None:
        blocks = np.zeros(len(series), dtype=np.intp)
    seen = _pairs(series, lag, classes)
    shuffled = float(((np.bincount(labels.classes) / len(series)) ** 2).sum()) if labels.classes is not None else 0.0
    if seen - shuffled < USUAL * ALIKE * (1 - shuffled):  # with blocks it is even less; nobody asks for so little
        return 0.0
    rng = np.random.default_rng(0)
    orders = [np.lexsort((rng.random(len(series)), blocks)) for _ in range(_PERMUTATIONS)]
    chance = np.array([_pairs(series[order], lag, classes) for order in orders])
    if seen - chance.mean() <= _DEVIATIONS * chance.std():
        return 0.0
    return float((seen - chance.mean()) / max(1 - chance.mean(), 1e-9))


def _pairs(series: NDArray[np.float64], lag: int, classes: bool) -> float:
    """1 where all pairs are equal; about 0 for values in no order, the chance of a pair for classes."""
    if classes:
        return float(np.mean(series[lag:] == series[:-lag]))
    return 1 - float(np.mean(np.abs(series[lag:] - series[:-lag]))) / (len(series) / 3)


def _blocks(test: Table | None, labels: HiddenLabels, learnt: Sequence[TrainingTable]) -> NDArray[np.intp]:
    """Runs of rows that no column by which the table is sorted tells apart, numbered.

    A table may be sorted by one column, and by another where that stays the same, as days within shops are. Columns
    along which labels are not alike anyway give nothing away: days of which each goes through the same hours.
    """
    rows = len(labels)
    new = np.zeros(rows, dtype=bool)
    by: list[str] = []
    columns = test.columns if test else {}
    same = [name for name, cells in columns.items() if len(set(cells)) == 1]
    for name, cells in [*columns.items(), *columns.items()]:
        codes, distinct = codes_of(cells)
        changed = np.flatnonzero(np.diff(codes)) + 1
        finer = new.copy()
        finer[changed] = True
        if name in by or np.array_equal(finer, new):
            continue
        everywhere = _monotone(_sort_keys(cells), np.zeros(rows, dtype=np.intp))
        in_groups = len(changed) + 1 == distinct <= rows // 2
        if not (everywhere or in_groups or _monotone(_sort_keys(cells), np.cumsum(new))):
            continue
        # What stays the same in the hidden rows, as the year, may not in those to learn from.
        before = [[*same, *by], by, *([[]] if everywhere or in_groups else [])]
        with_column = [known for known in learnt if name in known.table.columns]
        if (
            not learnt
            or not _says(labels, np.cumsum(finer))
            or any(_explains(known, first, name) for known in with_column for first in before)
        ):
            new = finer
            by.append(name)
    return np.cumsum(new)


def _says(labels: HiddenLabels, blocks: NDArray[np.intp]) -> bool:
    """Whether labels of neighbours are still alike once the rows of each block are shuffled."""
    mixed = labels.at(np.lexsort((np.random.default_rng(0).random(len(labels)), blocks)))
    return any(_alike(mixed, lag) > 0 for lag in _lags(mixed))


def _monotone(keys: NDArray[np.float64], blocks: NDArray[np.intp]) -> bool:
    """Whether a column rises, or falls, within each block; empty cells aside."""
    there = np.isfinite(keys)
    steps, inside = np.diff(keys[there]), np.diff(blocks[there]) == 0
    return bool(np.all(steps[inside] >= 0) or np.all(steps[inside] <= 0)) and int(inside.sum()) > len(keys) // 4


def _explains(known: TrainingTable, first: Sequence[str], name: str) -> bool:
    """Whether rows to learn from are alike too when a column sorts those that `first` ones do not tell apart."""
    before = [_sort_keys(known.table.columns[column]) for column in first if column in known.table.columns]
    order = np.lexsort([_sort_keys(known.table.columns[name]), *before[::-1]])
    new = np.zeros(len(order), dtype=bool)
    for keys in before:
        sorted_keys = np.nan_to_num(keys[order], nan=np.inf)  # empty cells are alike, which nan is not
        new[1:] |= sorted_keys[1:] != sorted_keys[:-1]
    labels = known.labels.at(order)
    return any(_alike(labels, lag, np.cumsum(new)) >= USUAL * ALIKE for lag in _lags(labels))


def _sort_keys(cells: list[str]) -> NDArray[np.float64]:
    """A column as numbers in the order of its numbers, times or letters; nan for cells that are empty."""
    numbers = numbers_in(cells)
    if numbers is not None:
        return numbers
    place: dict[str, float] = {cell: number for number, cell in enumerate(sorted(set(cells)))}
    return np.array([place[cell] if cell else np.nan for cell in cells])
