"""Nothing an agent can read gives the hidden labels away."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.registry.csv_table import csv_rows
from synthgym.synthesis.chance import BITS, chosen, longest_repetition
from synthgym.synthesis.checks import Report
from synthgym.synthesis.learnt import learnt_from, openly
from synthgym.synthesis.rows import found_again, order_tells
from synthgym.synthesis.tables import Table, contents, table_of_hidden_rows
from synthgym.synthesis.telling import Hidden, as_numbers, what_tells

_LIMITS = Limits(cpu_seconds=20, wall_seconds=60)
_RUN = 24
_PLACES = 34.0
"""Bits that it takes to name a place in a workspace of 256 MB, and one of the forms that are looked for there."""

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
    report: Report, workspace: Path, tables: list[Table], labels: bytes, hidden: Hidden, answer: list[str]
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

    Raises:
        CheckFailed: Something leaks.
    """
    cells = [",".join(row).strip() for row in itertools.islice(csv_rows(labels), 1, None)]
    for reason in _in_files(workspace, tables, cells):
        report.require("leaky", False, reason)
    for number, asked in enumerate((hidden, *hidden.beside)):
        targets = [answer[number]] if hidden.beside else answer
        for reason in _in_tables(workspace, tables, asked, answer, targets):
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
    shown = [path.read_bytes() for _, path in _files(workspace)]
    all_shown = bool(hidden) and all(any(data in other for other in shown) for data in hidden.values())
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
    workspace: Path, tables: list[Table], hidden: Hidden, answer: list[str], targets: list[str]
) -> Iterator[str]:
    """What tables tell of the columns `targets` of the answer: one of several columns, or those of the classes."""
    aligned = [table for table in tables if table.rows == len(hidden)]
    test = table_of_hidden_rows(tables, len(hidden), answer)
    learnt = learnt_from(tables, test, hidden, targets)
    named = _of_names([name for name, _ in _files(workspace)], len(hidden), test)
    open_ones = openly(test, hidden.at(test.picked), learnt) if test else set()
    for table in [*aligned, *named]:
        yield from _told(table, hidden, open_ones if table is test else set())
    for other in tables if test else ():
        assert test
        if other is test or not set(test.columns) <= set(other.columns) or other.columns == test.columns:
            continue
        labels = next((known.labels for known in learnt if known.table is other), None)
        if again := found_again(test, other, hidden.at(test.picked), labels):
            yield again
    for table in _joined(tables, aligned):
        yield from _told(table, hidden)
    if followed := order_tells(hidden, test, learnt):
        yield followed


def _told(table: Table, hidden: Hidden, open_ones: Collection[str] = ()) -> Iterator[str]:
    """The column that gives the labels away, of a table in the order of the hidden rows."""
    if told := what_tells(table.columns, hidden.at(table.picked), open_ones):
        column, how = told
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
        run = cells[start : start + length]
        runs += _texts(run)
        numbers = as_numbers(run)
        if numbers is None:  # names of classes, or the columns of several: their numbers
            runs += _texts([str(place[cell]) for cell in run])
            numbers = np.array([place[cell] for cell in run], dtype=np.float64)
        runs += _bytes(numbers)
    return list(dict.fromkeys(runs))


def _bytes(numbers: NDArray[np.float64]) -> list[bytes]:
    """Numbers as arrays hold them."""
    kinds = ["<f8", ">f8", "<f4", ">f4"]
    if np.all(numbers == np.round(numbers)) and np.all(np.abs(numbers) < 100):
        kinds += ["<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "i1", "<f2"]
    return [numbers.astype(kind).tobytes() for kind in kinds]


def _texts(cells: list[str]) -> list[bytes]:
    """Labels as lines, as a row, as a list in JSON or in a program; letter by letter where each is one."""
    separators = ["\n", "\r\n", ",", ", ", " ", "\t", '", "', "', '", '","', "\\n"]
    if max(map(len, cells)) == 1:
        separators.append("")
    return [separator.join(cells).encode() for separator in separators]


def _of_names(names: list[str], rows: int, test: Table | None) -> Iterator[Table]:
    """A file for each hidden row: the files' paths as a column, in the order of the rows."""
    by_last = {name.rsplit("/", 1)[-1]: name for name in names}
    for cells in test.columns.values() if test else ():
        paths = [by_last.get(cell.rsplit("/", 1)[-1], "") for cell in cells]
        if all(paths) and test and len(set(paths)) == len(paths):
            yield Table("the files' names", rows, test.picked, {"path": paths})
            return
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        groups.setdefault((name.split("/")[0], Path(name).suffix), []).append(name)
    for group in groups.values():
        if len(group) == rows:
            group.sort(key=lambda name: name.rsplit("/", 1)[-1])
            yield Table("the files' names", rows, np.arange(rows), {"path": group})


def _joined(tables: list[Table], aligned: list[Table]) -> Iterator[Table]:
    """Tables in another order that share a column of names of rows with one of the hidden rows, put in its order."""
    for test in aligned:
        for other in tables:
            if other is test or other.rows < test.rows or len(other.picked) < other.rows:
                continue
            for key in sorted(set(test.columns) & set(other.columns)):
                wanted, place = test.columns[key], {cell: index for index, cell in enumerate(other.columns[key])}
                if (
                    len(place) < other.rows
                    or len(set(wanted)) < len(wanted)
                    or any(cell not in place for cell in wanted)
                ):
                    continue
                columns = {
                    name: [cells[place[cell]] for cell in wanted]
                    for name, cells in other.columns.items()
                    if name != key
                }
                yield Table(f"{other.name} by {key!r}", test.rows, test.picked, columns)
