"""Tables, lists of rows and names of files that are not in the order of the hidden rows, put in that order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.leaks.cells import as_numbers, numbers_in
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.tables.tables import Table

_MOST_TEXT = 200


def tables_of_file_names(files: dict[str, Path], rows: int, test: Table | None) -> Iterator[Table]:
    """A file for each hidden row: the files' paths, sizes and, of short ones, texts as columns, in the rows' order."""
    names = list(files)

    def of(paths: list[str], picked: NDArray[np.intp]) -> Table:
        sizes = [files[path].stat().st_size for path in paths]
        columns = {"path": paths, "size": [str(size) for size in sizes]}
        if max(sizes) <= _MOST_TEXT:
            columns["content"] = [files[path].read_bytes().decode("utf-8", "replace").strip() for path in paths]
        return Table("the files' names", rows, picked, columns)

    by_last = {name.rsplit("/", 1)[-1]: name for name in names}
    for cells in test.columns.values() if test else ():
        paths = [by_last.get(cell.rsplit("/", 1)[-1], "") for cell in cells]
        if all(paths) and test and len(set(paths)) == len(paths):
            yield of(paths, test.picked)
            return
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        groups.setdefault((name.split("/")[0], Path(name).suffix), []).append(name)
    for group in groups.values():
        if len(group) == rows:
            group.sort(key=lambda name: name.rsplit("/", 1)[-1])
            yield of(group, np.arange(rows))


def _numbering(tables: list[Table], rows: int) -> list[int]:
    """The numbers that the first hidden row may have: counted from 0, from 1, or on from the rows of another table."""
    return sorted({first + more for first in (0, *(table.rows for table in tables)) for more in (0, 1)} | {rows})


def _whole_numbers(cells: list[str]) -> NDArray[np.intp] | None:
    """A column of whole numbers, each there once; None for any other."""
    numbers = as_numbers(cells)
    if numbers is None or not np.all(np.isfinite(numbers)) or np.any(numbers != np.round(numbers)):
        return None
    whole = numbers.astype(np.intp) if np.all(np.abs(numbers) < 2**53) else None
    return whole if whole is not None and len(np.unique(whole)) == len(whole) else None


def tables_by_row_number(tables: list[Table], test: Table | None, hidden: HiddenLabels) -> Iterator[Table]:
    """Tables in another order that number the hidden rows, put in their order."""
    rows = len(hidden)
    for other in tables:
        if other is test or other.rows < rows or len(other.picked) < other.rows or len(other.columns) < 2:
            continue
        for key, cells in other.columns.items():
            numbers = _whole_numbers(cells)
            for first in _numbering(tables, rows) if numbers is not None else ():
                assert numbers is not None
                place = np.full(rows, -1, dtype=np.intp)
                inside = (numbers >= first) & (numbers < first + rows)
                place[numbers[inside] - first] = np.flatnonzero(inside)
                if np.all(place >= 0) and np.any(np.diff(place) != 1):  # in their own order they are seen anyway
                    columns = {
                        name: [column[at] for at in place] for name, column in other.columns.items() if name != key
                    }
                    yield Table(f"{other.name} by {key!r}", rows, np.arange(rows), columns)


def lists_of_rows(tables: list[Table], test: Table | None, hidden: HiddenLabels) -> Iterator[Table]:
    """Lists of rows, by number or by a name that they have in the table of hidden rows: which rows stand in each."""
    rows = len(hidden)
    if hidden.classes is None:
        return
    own = {name: cells for name, cells in test.columns.items() if len(set(cells)) == len(cells)} if test else {}
    marks: dict[str, list[str]] = {}
    for other in tables:
        if other is test or len(other.picked) < other.rows:
            continue
        for column, cells in other.columns.items():
            where = f"{column} of {other.name}"
            numbers = _whole_numbers(cells)
            if numbers is not None:
                for first in _numbering(tables, rows):
                    inside = numbers[(numbers >= first) & (numbers < first + rows)] - first
                    if 0 < len(inside) < rows:
                        listed = np.zeros(rows, dtype=np.intp)
                        listed[inside] = 1
                        marks[f"{where}, from {first}"] = [str(mark) for mark in listed[test.picked if test else ...]]
            listed_names = set(cells)
            for name, asked in own.items():
                found = [str(int(cell in listed_names)) for cell in asked]
                if len(set(found)) == 2:
                    marks[f"{where}, by {name}"] = found
    if marks:
        yield Table("what is listed", rows, test.picked if test else np.arange(rows), marks)


def tables_joined(tables: list[Table], aligned: list[Table]) -> Iterator[Table]:
    """Tables in another order that name the hidden rows as one of theirs does, put in its order."""
    for other in tables:
        if len(other.picked) < other.rows:
            continue
        for key, keys in other.columns.items():
            place = {cell: index for index, cell in enumerate(keys)}
            for test in aligned if len(place) == other.rows else ():
                if other is test or other.rows < test.rows:
                    continue
                for wanted in test.columns.values():
                    if len(set(wanted)) < len(wanted) or any(cell not in place for cell in wanted):
                        continue
                    columns = {
                        name: [cells[place[cell]] for cell in wanted]
                        for name, cells in other.columns.items()
                        if name != key
                    }
                    yield Table(f"{other.name} by {key!r}", test.rows, test.picked, columns)


def columns_like_open_ones(table: Table, test: Table | None, open_ones: Collection[str]) -> set[str]:
    """Columns that put rows in an order that a column of the hidden rows' table tells openly."""
    orders = []
    for name in open_ones if test and len(table.picked) == len(test.picked) else ():
        assert test
        if (numbers := numbers_in(test.columns[name])) is not None:
            orders += [np.argsort(numbers, kind="stable"), np.argsort(-numbers, kind="stable")]
    found = set()
    for name, cells in table.columns.items() if orders else ():
        numbers = numbers_in(cells)
        if numbers is not None and any(np.all(np.diff(numbers[order]) >= 0) for order in orders):
            found.add(name)
    return found


def columns_like_groups(table: Table, test: Table | None, groups: Collection[str]) -> set[str]:
    """Columns that are the same within each group that a column of the hidden rows' table names."""
    names = [test.columns[name] for name in groups] if test and len(table.picked) == len(test.picked) else []
    return {
        column
        for column, cells in table.columns.items()
        if any(len(set(zip(own, cells, strict=True))) == len(set(own)) for own in names)
    }
