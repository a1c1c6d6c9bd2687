"""Nothing an agent can read gives the hidden labels away."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.synthesis.checks import Report

_LIMITS = Limits(cpu_seconds=20, wall_seconds=60)
_RUN = 24  # labels in a row: for two classes, a chance of 2**-24 to be met by accident

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


def check_leaks(report: Report, box: Sandbox, workspace: Path, labels: bytes | None) -> None:
    """Looks for grader files in the agent's sandbox, and for labels in the workspace.

    Args:
        report: Takes the checks.
        box: A running sandbox as an agent has it.
        workspace: What an agent starts with, on the host.
        labels: The private labels; None where there are none.

    Raises:
        CheckFailed: Something leaks.
    """
    if box.workspace.startswith("/home/"):  # the local sandbox shows the whole machine: nothing to check there
        found = box.run(_SEARCH, _LIMITS).text.split()
        report.require("grader files absent", not found, f"found in the agent's sandbox: {' '.join(found[:5])}")
    if labels is None:
        return
    lines = labels.decode().splitlines()[1:]
    run = "\n".join(lines[:_RUN]).encode()
    columns = _columns(lines)
    for path in sorted(workspace.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        name = path.relative_to(workspace)
        report.require("labels absent", run not in data, f"{name} holds the hidden labels")
        for column, values in _table_columns(data, len(lines)).items():
            report.require(
                "labels absent",
                all(tuple(values) != hidden for hidden in columns),
                f"column {column!r} of {name} is the hidden target",
            )


def _columns(lines: list[str]) -> list[tuple[str, ...]]:
    rows = list(csv.reader(lines))
    return [tuple(cell.strip() for cell in column) for column in zip(*rows, strict=True)]


def _table_columns(data: bytes, rows: int) -> dict[str, list[str]]:
    """Columns of a CSV file with as many rows as there are labels; nothing for any other file."""
    try:
        table = [row for row in csv.reader(io.StringIO(data.decode("utf-8"), newline="")) if row]
    except (UnicodeDecodeError, csv.Error):
        return {}
    if len(table) != rows + 1 or any(len(row) != len(table[0]) for row in table):
        return {}
    return {name: [row[index].strip() for row in table[1:]] for index, name in enumerate(table[0])}
