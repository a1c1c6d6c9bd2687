"""Nothing an agent can read gives the hidden labels away."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.registry.csv_table import csv_rows
from synthgym.synthesis.checks import Report
from synthgym.synthesis.rows import found_again, order_tells
from synthgym.synthesis.tables import Table, table_of_hidden_rows
from synthgym.synthesis.telling import Hidden, as_numbers, what_tells

_LIMITS = Limits(cpu_seconds=20, wall_seconds=60)
_RUN, _BITS = 24, 32.0  # labels in a row, and what they say: a chance of 2**-32 to be met by accident

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
    for reason in _in_files(workspace, tables, list(csv_rows(labels))[1:]):
        report.require("leaky", False, reason)
    for reason in _in_tables(workspace, tables, hidden, answer):
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


def _in_files(workspace: Path, tables: list[Table], rows: list[list[str]]) -> Iterator[str]:
    """Labels one after the other in a file or its name; and files under a name that need not be understood."""
    runs = _runs(rows)
    opened = {table.name.split(": ")[0] for table in tables}
    for name, path in _files(workspace):
        data, last = path.read_bytes(), path.name.lower()
        if any(run in data for run in runs):
            yield f"{name} holds the hidden labels"
        if any(run in name.encode() for run in runs):
            yield f"the name of the file {name[:200]} holds the hidden labels"
        if name not in opened and _CLOSED.search(last) and _ANSWERS.search(last) and "train" not in last:
            yield f"{name} is called like a file of answers, and cannot be looked into"


def _in_tables(workspace: Path, tables: list[Table], hidden: Hidden, answer: list[str]) -> Iterator[str]:
    aligned = [table for table in tables if table.rows == len(hidden)]
    test = table_of_hidden_rows(tables, len(hidden), answer)
    named = _of_names([name for name, _ in _files(workspace)], len(hidden), test)
    yield from _told([*aligned, *named], hidden)
    for other in tables if test else ():
        assert test
        of_kind = set(test.columns) <= set(other.columns) and other.columns != test.columns
        if other is not test and of_kind and (again := found_again(test, other)):
            yield again
    yield from _told(_joined(tables, aligned), hidden)
    if followed := order_tells(hidden, test):
        yield followed


def _told(tables: Iterable[Table], hidden: Hidden) -> Iterator[str]:
    """Columns that give the labels away, of tables in the order of the hidden rows."""
    for table in tables:
        if told := what_tells(table.columns, hidden.at(table.picked)):
            column, how = told
            yield f"column {column!r} of {table.name} {how}: it gives the hidden target away"


def _runs(rows: list[list[str]]) -> list[bytes]:
    """The first labels in the forms in which a file may hold them: as many as nobody meets by accident."""
    cells = [",".join(row).strip() for row in rows]
    counts, bits, length = Counter(cells), 0.0, 0
    while (length < _RUN or bits < _BITS) and length < len(cells):
        bits -= math.log2(counts[cells[length]] / len(cells))
        length += 1
    if bits < _BITS:
        return []
    first = cells[:length]
    runs = _texts(first)
    numbers = as_numbers(first)
    if numbers is None:  # names of classes, or the columns of several: their numbers
        place = {cell: number for number, cell in enumerate(sorted(counts))}
        runs += _texts([str(place[cell]) for cell in first])
        numbers = np.array([place[cell] for cell in first], dtype=np.float64)
    kinds = ["<f8", "<f4"]
    if np.all(numbers == np.round(numbers)) and np.all(np.abs(numbers) < 100):
        kinds += ["<i8", "<i4", "<i2", "i1"]
    return runs + [numbers.astype(kind).tobytes() for kind in kinds]


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
