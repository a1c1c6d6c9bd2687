"""Challenges for tests of the export to MLGym's format: tables of every kind of metric."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import challenges

from synthgym.registry.challenge import Baseline, Metric, Reference, Submission
from synthgym.registry.metrics import METRICS

LABELS = ["reed, common", 'the "bulrush"', "Röhricht\u2028am\x0bTeich\nund See"]
"""Classes whose names a CSV file has to quote; one is not ASCII, and holds characters that end lines elsewhere."""

PREPARE = """
import csv, os
import numpy as np
rng = np.random.default_rng({seed})
LABELS, KIND, COLUMNS = {labels!r}, {kind!r}, {columns!r}
x = rng.normal(size=(500, 2))
group = (x[:, 0] + 0.5 * rng.normal(size=500) > 0.3).astype(int) + (x[:, 1] > 0.8)
def cells(i):
    if KIND == "label":
        return [LABELS[group[i]]]
    if KIND == "value":
        return [f"{{3 + x[i, 0] - x[i, 1]:.5f}}"]
    if len(COLUMNS) == 1:
        return [str(int(group[i] > 0))]
    return [str(int(group[i] == k)) for k in range(3)]
def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
write(os.environ["PUBLIC"] + "/train.csv", ["u", "v", *COLUMNS], [[*x[i], *cells(i)] for i in range(270)])
write(os.environ["PUBLIC"] + "/test.csv", ["u", "v"], [list(x[i]) for i in range(270, 500)])
write(os.environ["PRIVATE"] + "/labels.csv", COLUMNS, [cells(i) for i in range(270, 500)])
"""

STARTER = """
import csv
with open("data/test.csv", newline="") as file:
    rows = len(list(csv.reader(file))) - 1
with open({path!r}, "w", newline="", encoding="utf-8") as file:
    csv.writer(file).writerows([{columns!r}, *[{guess!r}] * rows])
"""


def write_scored_by(collection: Path, metric: str, path: str = "submission.csv") -> Path:
    """A table scored by this metric; its starter says the same of every row."""
    known = METRICS[metric]
    columns, guess = ["y"], ["1.5"]
    if known.kind == "label":
        guess = [LABELS[0]]
    elif known.kind == "probability" and not known.ranks:
        columns, guess = ["p_reed", "p_bulrush", "p_roehricht"], ["0.5", "0.25", "0.25"]
    name = metric.replace("_", "-")
    challenge = challenges.table_spec(name).model_copy(
        update={
            "submission": Submission(path=path, kind="file", columns=columns),
            "metric": Metric(name=metric, direction=known.direction),
            "baseline": Baseline(command="python start.py", scores=[0.25] * 5, mean=0.25, sd=0.0),
            "reference": Reference(
                command="python train.py", score=0.9 if known.direction == "higher" else 0.1, by="tests"
            ),
            "description": "Guess {y}; write it to " + path + ".\nTwo lines.",
        }
    )
    files = {
        "workspace/start.py": STARTER.format(path=path, columns=columns, guess=guess),
        "grader/prepare.py": PREPARE.format(seed=len(metric), labels=LABELS, kind=known.kind, columns=columns),
    }
    return challenges.write(collection, challenge, files)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes by its place."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def evaluate(workspace: Path, *arguments: object) -> tuple[int, str]:
    """Runs the exported evaluate.py of a workspace as MLGym does; its exit code, and all that it prints."""
    done = subprocess.run(
        [sys.executable, workspace / "evaluate.py", *map(str, arguments)],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
    )
    return done.returncode, done.stdout
