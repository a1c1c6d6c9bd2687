"""The check for leaks: looks for the hidden labels in everything that an agent can read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.registry.csv_table import csv_rows
from synthgym.synthesis.leaks.chance import BITS
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.label_runs import PLACE_BITS, runs_of
from synthgym.synthesis.leaks.leaking_columns import MOST_NAMES, find_leaking_column
from synthgym.synthesis.leaks.other_orders import (
    columns_like_groups,
    columns_like_open_ones,
    lists_of_rows,
    tables_by_row_number,
    tables_joined,
    tables_of_file_names,
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
    runs = runs_of(cells)
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
    named = tables_of_file_names(dict(_files(workspace)), len(hidden), test)
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
    for table in itertools.chain(tables_joined(tables, aligned), tables_by_row_number(tables, test, hidden)):
        like = columns_like_open_ones(table, test, open_ones)
        yield from _column_leaks(table, hidden, like, columns_like_groups(table, test, groups) & like)
    for table in lists_of_rows(tables, test, hidden):
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
    least = BITS + PLACE_BITS
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
