"""The `evaluate.py` of a table that was exported: scores the final half, and prints the score as JSON.

Exported as its own file (see `synthgym.synthesis.mlgym.standalone`), with synthgym's reader of tables and its metrics
in it.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from synthgym.base.errors import BadSubmission
from synthgym.envs.grading.submission import read_table
from synthgym.registry.metrics import MetricDef


def evaluate_table(
    folder: Path, metric: MetricDef, columns: list[str], rows: int, most_bytes: int, classes: list[str]
) -> None:
    """Scores the file named by ``--submission_file``.

    A score is the only thing that is printed: whoever calls reads all of it as JSON. What is wrong with a submission is
    printed as text, which is no JSON, and the exit code is 1.

    Args:
        folder: Holds `labels.csv`, the labels of the final half, and `rows.csv`, which rows of a submission those are,
            counted from 0.
        metric: What is measured.
        columns: Header of a submission.
        rows: How many rows a submission has.
        most_bytes: How large it may be.
        classes: The labels there are, for a metric of labels.
    """
    warnings.simplefilter("ignore")  # they would stand among what is read as JSON
    parser = argparse.ArgumentParser()
    parser.add_argument("--submission_file", type=Path, default=Path("submission.csv"))
    file: Path = parser.parse_args().submission_file
    form: Any = SimpleNamespace(path=file.name, columns=columns)
    final = np.loadtxt(folder / "rows.csv", dtype=np.int64, ndmin=1)
    truth = read_table((folder / "labels.csv").read_bytes(), form, len(final), metric.kind, frozenset(classes))
    try:
        predicted = read_table(_read(file, most_bytes), form, rows, metric.kind, frozenset(classes))
    except BadSubmission as error:
        print(error)
        sys.exit(1)
    print(json.dumps({metric.name: metric(truth, predicted[final])}))


def _read(file: Path, most_bytes: int) -> bytes:
    if not file.is_file():
        raise BadSubmission(f"no file {file.name!r} in the workspace")
    if file.stat().st_size > most_bytes:
        raise BadSubmission(f"{file.name!r} is larger than the {most_bytes} bytes allowed")
    return file.read_bytes()
