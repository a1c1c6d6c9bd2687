"""Columns that tell labels by a rule that the training tables show openly, as times and groups do: these are no leak.

A forecast's time puts smooth targets in order, and a patient's number has one diagnosis for all of its rows, in the
rows to learn from as in the hidden ones. That is not the label in another form; the difference shows in those rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgym.registry.metrics import spearman
from synthgym.synthesis.leaks.cells import as_numbers, codes_of, first_rows, numbers_in
from synthgym.synthesis.leaks.chance import BITS, fewer
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.leaking_columns import CORRELATION, pure
from synthgym.synthesis.tables.tables import Table

_SMOOTHER = 8.0
"""How much smaller than in the rows to learn from the steps of hidden labels may be along a column that is a clock."""

_JUMP = 2.0
"""Where a clock passes on from the rows to learn from to the hidden ones: a step of so many times their largest one."""

_PIECE = 30
"""Rows in a piece, in which a column's steps are compared with those of the labels."""

_SCALE = 0.98
"""Correlation from which on they are the same steps on another scale."""

_LATER, _STRAYS = 10, 2.0
"""After so many rows a counter has strayed so many times as far as after one, squared; in the mean ten times as far."""


_SIZES = 1.5
"""How many times as large as those to learn from, or as small, few hidden groups may be on average."""


@dataclass(frozen=True)
class TrainingTable:
    """A table to learn from.

    Attributes:
        table: The table.
        labels: Its labels, of the rows that were read of it; classes are numbered as the hidden ones are.
    """

    table: Table
    labels: HiddenLabels


def training_tables(
    tables: list[Table], test: Table | None, hidden: HiddenLabels, answer: list[str]
) -> list[TrainingTable]:
    """The tables that hold labels beside features: by the answer's columns, else the only column that is not asked.

    Where there is no table of the hidden rows, so is an array by itself that holds labels of the same kind.
    """
    found = []
    for table in tables:
        if table is test or (set(table.columns) <= set(answer) and table.rows == len(hidden)):
            continue  # the second: answers without features, as in a sample of a submission
        own = answer if set(answer) <= set(table.columns) else []
        if not own and test and set(test.columns) < set(table.columns):
            own = [name for name in table.columns if name not in test.columns]
        if not own and len(table.columns) == 1 and table.rows != len(hidden):
            own = list(table.columns)
            if not _like_labels(table.columns[own[0]], hidden, table.name):
                continue
        labels = read_labels([table.columns[name] for name in own], hidden) if own else None
        if labels and labels.distinct > 1:  # which those of a sample of a submission are not
            found.append(TrainingTable(table, labels))
    return found


def read_labels(columns: list[list[str]], hidden: HiddenLabels) -> HiddenLabels | None:
    """Columns as labels, coded as the hidden ones; None where they are none."""
    if hidden.names:
        if len(columns) != 1:
            return None
        place = {name: code for code, name in enumerate(hidden.names)}
        codes = [place.setdefault(cell, len(place)) for cell in columns[0]]
        return HiddenLabels(classes=np.array(codes, dtype=np.intp), names=hidden.names)
    numbers = [as_numbers(cells) for cells in columns]
    if any(each is None or not np.all(np.isfinite(each)) for each in numbers):
        return None
    values = np.array(numbers, dtype=np.float64)
    if hidden.values is not None:
        return HiddenLabels(values=values[0]) if len(values) == 1 else None
    chosen = values.argmax(axis=0) if len(values) > 1 else values[0] > 0.5
    return HiddenLabels(classes=chosen.astype(np.intp))


def _like_labels(cells: list[str], hidden: HiddenLabels, name: str) -> bool:
    """Whether a column that has no name for it holds labels."""
    if hidden.names:
        return set(cells) == set(hidden.names)
    numbers = as_numbers(cells)
    if numbers is None:
        return False
    if hidden.classes is not None:
        return set(numbers.tolist()) <= set(range(hidden.distinct))
    return "train" in name


def columns_with_public_rule(test: Table, hidden: HiddenLabels, learnt: list[TrainingTable]) -> set[str]:
    """Columns of the test table whose relation to the labels is of the kind that the rows to learn from show.

    Args:
        test: The table of the hidden rows.
        hidden: Their labels; of the rows that were read.
        learnt: Tables to learn from.

    Returns:
        Names of columns that are a clock, or that name groups of rows.
    """
    found: set[str] = set()
    for name, cells in test.columns.items():
        for known in learnt:
            if training_cells := known.table.columns.get(name):
                if _is_clock(cells, hidden, training_cells, known.labels):
                    found.add(name)
                if _names_groups(cells, hidden, training_cells, known.labels):
                    found.update(_other_names(test, cells))
    return found


def first_rows_by_group(
    test: Table, hidden: HiddenLabels, learnt: list[TrainingTable]
) -> Iterator[tuple[set[str], Table, HiddenLabels, list[TrainingTable]]]:
    """The tables with one row for each group, where a column names groups: in these, labels are no longer repeated.

    Args:
        test: The table of the hidden rows.
        hidden: Their labels; of the rows that were read.
        learnt: Tables to learn from.

    Yields:
        The columns that name groups, and what was given, of the first row of each group.
    """
    for name, cells in test.columns.items():
        known = [each for each in learnt if name in each.table.columns]
        if any(_names_groups(cells, hidden, each.table.columns[name], each.labels) for each in known):
            rows = first_rows(cells)
            firsts = [(each, first_rows(each.table.columns[name])) for each in known]
            groups = [TrainingTable(_only(each.table, picked), each.labels.at(picked)) for each, picked in firsts]
            yield _other_names(test, cells), _only(test, rows), hidden.at(rows), groups


def _other_names(test: Table, names: Sequence[str]) -> set[str]:
    """Columns that are as good as these names of groups: the same within each, and mostly another elsewhere."""
    groups = len(set(names))  # of whom an age, say, may be known
    return {
        column
        for column, cells in test.columns.items()
        if len(set(zip(names, cells, strict=True))) == groups and len(set(cells)) > groups / 2
    }


def _only(table: Table, rows: NDArray[np.intp]) -> Table:
    """A table of some of its rows."""
    columns = {name: [cells[row] for row in rows] for name, cells in table.columns.items()}
    return Table(table.name, len(rows), np.arange(len(rows)), columns)


def _is_clock(cells: Sequence[str], hidden: HiddenLabels, training_cells: Sequence[str], labels: HiddenLabels) -> bool:
    """Steps beyond those of the rows to learn from, along which labels go on as smoothly as they did there.

    Even steps say nothing but an order; uneven ones must belong to a total that only grows. Of labels that were sorted,
    or whose order a number tells, this does not hold: what is to be learnt from is in no order, or begins anew.
    """
    now, before = numbers_in(cells), numbers_in(training_cells)
    if now is None or before is None:
        return False
    # Cells may be empty; what they stand for is between their neighbours.
    there, earlier_there = np.flatnonzero(np.isfinite(now)), np.flatnonzero(np.isfinite(before))
    if min(len(there), len(earlier_there)) < 2:
        return False
    now, hidden, before, labels = now[there], hidden.at(there), before[earlier_there], labels.at(earlier_there)
    backwards = now.max() < before.min()
    if not (backwards or now.min() > before.max()) or len(before) < len(now) // 10:
        return False
    if not _even(now) and not _counts_on(now, hidden, before, labels):
        return False
    earlier, later = labels.series[np.argsort(before, kind="stable")], hidden.series[np.argsort(now, kind="stable")]
    if backwards:
        earlier, later = earlier[::-1], later[::-1]
    if hidden.classes is not None:
        changes, usual = (int(np.count_nonzero(np.diff(series))) for series in (later, earlier))
        if changes == hidden.distinct - 1 and usual == labels.distinct - 1:  # both are sorted by class
            return False
        return fewer(changes, usual * len(later) / len(earlier)) < BITS
    passed, usual_steps = np.abs(np.diff(later)), np.abs(np.diff(earlier))
    return bool(
        np.median(passed) * _SMOOTHER >= np.median(usual_steps)
        and abs(later[0] - earlier[-1]) <= _JUMP * max(usual_steps.max(), passed.max())
    )


def _even(numbers: NDArray[np.float64]) -> bool:
    """Whether most steps of a column are the same."""
    steps = np.diff(np.unique(numbers))
    return bool(len(steps) and np.unique(np.round(steps, 6), return_counts=True)[1].max() >= len(steps) / 2)


def _counts_on(
    now: NDArray[np.float64], hidden: HiddenLabels, before: NDArray[np.float64], labels: HiddenLabels
) -> bool:
    """Whether a total only grows along a column, or only falls, in the rows to learn from too; as a counter in time."""
    if hidden.values is None or labels.values is None:
        return False
    return abs(spearman(labels.values, before)) >= CORRELATION and not _gaps_tell(now, hidden.values)


def _gaps_tell(numbers: NDArray[np.float64], values: NDArray[np.float64]) -> bool:
    """Whether a column goes ahead of even steps just where the labels do: then it is the label on another scale.

    Seen in pieces, in each of which any smooth scale is straight. A counter strays from its clock, and goes on from
    where it is; what is only rounded, or has noise, comes back.
    """
    order = np.argsort(numbers, kind="stable")
    cut = order[: len(order) // _PIECE * _PIECE].reshape(-1, _PIECE)
    ahead, labels_ahead = (_ahead(series[cut]) for series in (numbers, values))
    with_labels, own = (ahead * labels_ahead).sum(axis=1), np.maximum((ahead**2).sum(axis=1), 1e-300)
    alike = np.abs(with_labels) / np.maximum(np.sqrt(own * (labels_ahead**2).sum(axis=1)), 1e-300)
    astray = labels_ahead - (with_labels / own)[:, None] * ahead
    soon, later = (float(((astray[:, by:] - astray[:, :-by]) ** 2).mean()) for by in (1, _LATER))
    return bool(np.median(alike) >= _SCALE or later < _STRAYS * soon)


def _ahead(pieces: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each piece of a series is ahead of even steps from its first number to its last."""
    share = np.linspace(0, 1, pieces.shape[1])
    return pieces - pieces[:, :1] - (pieces[:, -1:] - pieces[:, :1]) * share


def _names_groups(
    cells: Sequence[str], hidden: HiddenLabels, training_cells: Sequence[str], labels: HiddenLabels
) -> bool:
    """Whether all rows of a value have one label, and the hidden rows have other values than those to learn from.

    A code for the label has as many values as there are labels, and the same ones on both sides. Where there are few
    hidden groups beside the labels, they are as large as those to learn from.
    """
    distinct = len(set(cells))
    usual, groups = codes_of(training_cells)
    if set(cells) & set(training_cells) or groups > len(training_cells) / 2:
        return False
    if labels.classes is not None:
        expected = groups * len(cells) / len(training_cells)
        few = hidden.distinct if expected / _SIZES <= distinct <= expected * _SIZES else 2 * hidden.distinct
        return distinct > few and groups > 2 * hidden.distinct and pure(usual, groups, labels.classes)
    return _alike_within(usual, labels.series)


def _alike_within(codes: NDArray[np.intp], values: NDArray[np.float64]) -> bool:
    order = np.lexsort((values, codes))
    inside = np.diff(codes[order]) == 0
    return bool(np.mean(np.diff(values[order])[inside] == 0) > 0.99) if inside.any() else False
