"""The check for leaks: looks for the hidden labels in everything that an agent can read."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.registry.csv_table import csv_rows
from synthgym.synthesis.leaks.chance import BITS, chosen, longest_repetition
from synthgym.synthesis.leaks.leaking_columns import (
    MOST_NAMES,
    HiddenLabels,
    as_numbers,
    find_leaking_column,
    numbers_in,
)
from synthgym.synthesis.leaks.public_rules import (
    TrainingTable,
    columns_with_public_rule,
    first_rows_by_group,
    training_tables,
)
from synthgym.synthesis.leaks.row_by_row import holds_labels_in_order, labels_repeat_in, order_bits
from synthgym.synthesis.leaks.rows import order_leak, rows_found_again
from synthgym.synthesis.leaks.sequences import MAY_LACK, TokenSequence, text_of, token_sequences
from synthgym.synthesis.report import Report
from synthgym.synthesis.tables.tables import Table, contents, table_of_hidden_rows

_LIMITS = Limits(cpu_seconds=20, wall_seconds=60)
_RUN = 24
_PLACES = 37.0
"""Bits that it takes to name a place in a workspace of 256 MB, and one of the forms that are looked for there."""

_MOST_TEXT = 200

_MORE = 15  # rows that it takes to have whole bytes, wherever the first one begins
_LEAST_HIDDEN = 12  # bytes of a file that says anything

# The system's own folders and libraries are the same for every challenge; what is its own would be anywhere else.
# The libraries' bundled data sets would be in the second place.
_SEARCH = """
find / \\( -path /proc -o -path /sys -o -path /usr -o -path '*/lib/python3*' \\) -prune -o \\( -name prepare.py \\
  -o -name evaluate.py -o -name labels.csv -o -name challenge.yaml -o -name private \\) -print 2>/dev/null
python - <<'END'
import os
from importlib.util import find_spec
if find_spec("synthgym"):
    print("synthgym-package")
if sklearn := find_spec("sklearn"):
    for name in ("data", "images"):
        folder = os.path.join(os.path.dirname(sklearn.origin), "datasets", name)
        if os.path.isdir(folder):
            print(folder)
END
"""


# Containers that are not opened here, under names that say what is in them.
_CLOSED = re.compile(
    r"\.(parquet|feather|arrow|orc|pkl|pickle|joblib|h5|hdf5|mat|rds|sqlite|db|pt|npz|zip|gz|bz2|xz|7z)$"
)
_ANSWERS = re.compile(
    r"(^|[^a-z])(y_?test|test_?y|(labels?|answers?|solutions?|(ground_?)?truth|targets?|hidden|private))([^a-z]|$)"
)


def check_sandbox(report: Report, box: Sandbox) -> None:
    """Looks for files of the grader in the agent's sandbox.

    Args:
        report: Takes the check.
        box: A running sandbox as an agent has it.

    Raises:
        CheckFailed: There are some.
    """
    if box.workspace.startswith("/home/"):  # the local sandbox shows the whole machine: nothing to check there
        found = box.run(_SEARCH, _LIMITS).text.split()
        report.require("grader files absent", not found, f"found in the agent's sandbox: {' '.join(found[:5])}")


def check_leaks(
    report: Report,
    workspace: Path,
    tables: list[Table],
    labels: bytes,
    hidden: HiddenLabels,
    answer: list[str],
    briefing: str = "",
) -> None:
    """Looks for the labels in the workspace: as they are, as a column in another form, in rows, in names of files.

    Times of files are not looked at: they do not reach a sandbox.

    Args:
        report: Takes the check.
        workspace: What an agent starts with, on the host.
        tables: The tables in it.
        labels: The private labels, a CSV file.
        hidden: The same as the grader read them.
        answer: The columns of a submission.
        briefing: What an agent is told besides.

    Raises:
        CheckFailed: Something leaks.
    """
    cells = [",".join(row).strip() for row in itertools.islice(csv_rows(labels), 1, None)]
    for reason in _in_files(workspace, tables, cells):
        report.require("leaky", False, reason)
    wanted = [
        (asked, [answer[number]] if hidden.beside else answer) for number, asked in enumerate((hidden, *hidden.beside))
    ]
    for asked, targets in wanted:
        for reason in _in_tables(workspace, tables, asked, answer, targets):
            report.require("leaky", False, reason)
    for reason in _in_sequences(workspace, tables, wanted, answer, briefing):
        report.require("leaky", False, reason)
    report.require("leaky", True, "")


def check_instances(report: Report, workspace: Path, private: Path) -> None:
    """Looks for what a module is scored on in the workspace. What is the same on both sides, as rules are, may be.

    Args:
        report: Takes the check.
        workspace: What an agent starts with, on the host.
        private: What `prepare.py` hid.

    Raises:
        CheckFailed: All that is hidden stands in the workspace too.
    """
    hidden = {name: path.read_bytes() for name, path in _files(private) if path.stat().st_size >= _LEAST_HIDDEN}
    public = [path.read_bytes() for _, path in _files(workspace)]
    all_shown = bool(hidden) and all(any(data in other for other in public) for data in hidden.values())
    report.require("leaky", not all_shown, f"nothing is hidden: the workspace holds all of {', '.join(hidden)}")


def _files(workspace: Path) -> list[tuple[str, Path]]:
    return [(path.relative_to(workspace).as_posix(), path) for path in sorted(workspace.rglob("*")) if path.is_file()]


def _in_files(workspace: Path, tables: list[Table], cells: list[str]) -> Iterator[str]:
    """Labels one after the other in a file or its name; and files under a name that need not be understood."""
    runs = _runs(cells)
    opened = {table.name.split(": ")[0] for table in tables}
    for name, path in _files(workspace):
        last = path.name.lower()
        for place, data in contents(name, path.read_bytes()):
            if any(run in data for run in runs):
                yield f"{place} holds the hidden labels"
        if any(run in name.encode() for run in runs):
            yield f"the name of the file {name[:200]} holds the hidden labels"
        if name not in opened and _CLOSED.search(last) and _ANSWERS.search(last) and "train" not in last:
            yield f"{name} is called like a file of answers, and cannot be looked into"


def _in_tables(
    workspace: Path, tables: list[Table], hidden: HiddenLabels, answer: list[str], targets: list[str]
) -> Iterator[str]:
    """What tables tell of the columns `targets` of the answer: one of several columns, or those of the classes."""
    aligned = [table for table in tables if table.rows == len(hidden)]
    test = table_of_hidden_rows(tables, len(hidden), answer)
    learnt = training_tables(tables, test, hidden, targets)
    named = _of_names(dict(_files(workspace)), len(hidden), test)
    open_ones = columns_with_public_rule(test, hidden.at(test.picked), learnt) if test else set()
    by_group = list(first_rows_by_group(test, hidden.at(test.picked), learnt)) if test else []
    groups = set().union(*(names for names, *_ in by_group))
    for table in [*aligned, *named]:
        yield from _column_leaks(table, hidden, *((open_ones, groups) if table is test else ()))
    for other in tables if test else ():
        assert test
        if other is test or not set(test.columns) <= set(other.columns) or other.columns == test.columns:
            continue
        labels = next((known.labels for known in learnt if known.table is other), None)
        if again := rows_found_again(test, other, hidden.at(test.picked), labels):
            yield again
    for table in itertools.chain(_joined(tables, aligned), _by_row_number(tables, test, hidden)):
        like = _like_open(table, test, open_ones)
        yield from _column_leaks(table, hidden, like, _like_groups(table, test, groups) & like)
    for table in _listed(tables, test, hidden):
        yield from _column_leaks(table, hidden)
    if followed := order_leak(hidden, test, learnt):
        yield followed
    for names, firsts, labels, known in by_group:
        named_only = replace(firsts, columns={name: firsts.columns[name] for name in sorted(names)})
        yield from _column_leaks(named_only, labels, columns_with_public_rule(firsts, labels, known))
        if followed := order_leak(labels, firsts, known):
            yield f"of one row for each {', '.join(sorted(names))}: {followed}"


def _in_sequences(
    workspace: Path, tables: list[Table], wanted: list[tuple[HiddenLabels, list[str]]], answer: list[str], briefing: str
) -> Iterator[str]:
    """Labels in their order among others: in a column of a table that has other rows too, and in text of any kind.

    A text is cut once for all columns of the answer that have the same names of classes, as values have none.
    """
    least = BITS + _PLACES
    alike: dict[tuple[str, ...], list[tuple[HiddenLabels, list[str]]]] = {}
    for asked, targets in wanted:
        if order_bits(asked) >= least:
            alike.setdefault(asked.names, []).append((asked, targets))
    if not alike:
        return
    rows = len(wanted[0][0])

    def tells(found: TokenSequence, names: tuple[str, ...]) -> bool:
        return any(
            holds_labels_in_order(asked, found, least)
            and not _repeats_openly(asked, found, _training_tables_beside(tables, asked, answer, targets))
            for asked, targets in alike[names]
        )

    for table in tables:
        if rows - MAY_LACK <= table.rows == len(table.picked) and table.rows != rows:
            for column, cells in table.columns.items():
                sequence = TokenSequence.of(cells)
                if any(tells(sequence, names) for names in alike):
                    yield f"column {column!r} of {table.name} holds the hidden labels in their order"
    files = (part for name, path in _files(workspace) for part in contents(name, path.read_bytes()))
    for place, data in itertools.chain(files, [("what the agent is told", briefing.encode())]):
        text = text_of(data) or ""
        for names in alike:
            # Where labels are texts, other texts may hold them: only a list of them is none of these.
            most = None if len(names) <= MOST_NAMES else 1
            for sequence in itertools.islice(token_sequences(text, rows - MAY_LACK, names), most):
                if tells(sequence, names):
                    yield f"{place} holds the hidden labels in their order"


def _training_tables_beside(
    tables: list[Table], hidden: HiddenLabels, answer: list[str], targets: list[str]
) -> Iterator[TrainingTable]:
    """What there is to learn from with features, in the same table or in one beside it, that has no hidden rows."""
    test = table_of_hidden_rows(tables, len(hidden), answer)
    for known in training_tables(tables, test, hidden, targets) if test else ():
        assert test
        beside = (each for each in tables if each.rows == known.table.rows and set(test.columns) <= set(each.columns))
        features = next((each for each in beside if each is not test), None)
        if features and not rows_found_again(test, features, hidden.at(test.picked), known.labels):
            yield known


def _repeats_openly(hidden: HiddenLabels, found: TokenSequence, known: Iterable[TrainingTable]) -> bool:
    """Whether a sequence is the labels to learn from and no more, and these repeat themselves as those do."""
    for each in known:
        head = len(found) - each.table.rows  # the column's name
        if 0 <= head <= MAY_LACK and holds_labels_in_order(each.labels, found.at(head + each.table.picked), 0.0):
            return labels_repeat_in(hidden, found.at(np.arange(head, len(found))))
    return False


def _column_leaks(
    table: Table, hidden: HiddenLabels, open_ones: Collection[str] = (), groups: Collection[str] = ()
) -> Iterator[str]:
    """The column that gives the labels away, of a table in the order of the hidden rows."""
    if leaking := find_leaking_column(table.columns, hidden.at(table.picked), open_ones, groups):
        column, how = leaking
        yield f"column {column!r} of {table.name} {how}: it gives the hidden target away"


def _runs(cells: list[str]) -> list[bytes]:
    """Labels one after the other in the forms in which a file may hold them: so many that nobody meets them by chance.

    They would be met in a file that has nothing to do with them with a chance of 2 to the minus their bits, were each
    drawn by itself. Labels that repeat themselves (blank pixels, a rare class) are met sooner: a run is twice as long
    as the longest that is met twice in the labels themselves, or all of them.
    """
    counts, need = Counter(cells), BITS + _PLACES
    length = max(_RUN, 2 * longest_repetition(cells))
    bits = np.cumsum([-math.log2(counts[cell] / len(cells)) for cell in cells])
    length = min(max(length, int(np.searchsorted(bits, need)) + 1), len(cells))
    changes = sum(one != other for one, other in pairwise(cells[:length]))
    # Where labels hardly change, what a run says is where they do.
    if min(bits[length - 1], chosen(length, changes) + changes * math.log2(len(counts))) < need:
        return []
    place = {cell: number for number, cell in enumerate(sorted(counts))}
    runs: list[bytes] = []
    for start in {0, (len(cells) - length) // 2}:
        for run in (cells[start : start + length], cells[start : start + length][::-1]):
            runs += _texts(run)
            numbers = as_numbers(run)
            if numbers is None:  # names of classes, or the columns of several: their numbers
                runs += _texts([str(place[cell]) for cell in run])
                numbers = np.array([place[cell] for cell in run], dtype=np.float64)
            runs += _bytes(numbers)
        if len(counts) == 2:
            first = sorted(counts)[0]
            runs += _packed([cell != first for cell in cells[start : start + length + _MORE]], length)
    return list(dict.fromkeys(runs))


def _bytes(numbers: NDArray[np.float64]) -> list[bytes]:
    """Numbers as arrays hold them."""
    kinds = ["<f8", ">f8", "<f4", ">f4"]
    if np.all(numbers == np.round(numbers)) and np.all(np.abs(numbers) < 100):
        kinds += ["<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "i1", "<f2"]
    return [numbers.astype(kind).tobytes() for kind in kinds]


def _packed(marks: list[bool], length: int) -> Iterator[bytes]:
    """Two classes as bits, eight in a byte, of so many rows at least, or all. Any of the first eight may begin one."""
    for given in (marks, marks[::-1]):
        for begin in range(8):
            many = min(-(-length // 8), (len(given) - begin) // 8)
            if 8 * many < min(length, len(marks) - _MORE):
                continue
            bits = np.array(given[begin : begin + 8 * many])
            for each in (bits, ~bits):
                yield np.packbits(each).tobytes()
                yield np.packbits(each, bitorder="little").tobytes()


def _texts(cells: list[str]) -> list[bytes]:
    """Labels as lines, as a row, as a list in JSON or in a program; letter by letter where each is one."""
    separators = ["\n", "\r\n", ",", ", ", " ", "\t", '", "', "', '", '","', "\\n"]
    if max(map(len, cells)) == 1:
        separators.append("")
    return [separator.join(cells).encode() for separator in separators]


def _of_names(files: dict[str, Path], rows: int, test: Table | None) -> Iterator[Table]:
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


def _by_row_number(tables: list[Table], test: Table | None, hidden: HiddenLabels) -> Iterator[Table]:
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


def _listed(tables: list[Table], test: Table | None, hidden: HiddenLabels) -> Iterator[Table]:
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


def _joined(tables: list[Table], aligned: list[Table]) -> Iterator[Table]:
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


def _like_open(table: Table, test: Table | None, open_ones: Collection[str]) -> set[str]:
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


def _like_groups(table: Table, test: Table | None, groups: Collection[str]) -> set[str]:
    """Columns that are the same within each group that a column of the hidden rows' table names."""
    names = [test.columns[name] for name in groups] if test and len(table.picked) == len(test.picked) else []
    return {
        column
        for column, cells in table.columns.items()
        if any(len(set(zip(own, cells, strict=True))) == len(set(own)) for own in names)
    }
