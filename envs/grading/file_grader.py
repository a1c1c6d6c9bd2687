"""Scores a submitted table with a metric by name, in this process: no untrusted code runs."""

from __future__ import annotations

import itertools

import numpy as np

from synthgym.base.errors import BadSubmission, GraderError, SpecError
from synthgym.envs.grading.halves import stratified_halves
from synthgym.envs.grading.scoring import Phase, Score
from synthgym.envs.grading.submission import read_table
from synthgym.envs.sandboxes.base import Limits
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.csv_table import NotCsv, csv_rows
from synthgym.registry.metrics import bootstrap_sd, get_metric

LEAST_ROWS = 100
"""Rows each hidden half must have: with fewer, a score says little."""

MOST_CELLS = 2_000_000
"""Labels that a table may ask for: as Python reads a table, a cell of two bytes takes a hundred."""


class FileGrader:
    """Grader for submissions of kind ``file``.

    The hidden rows fall into two disjoint halves, which `synthgym.envs.grading.halves` draws: ``validate`` scores the
    one, ``final`` the other.
    """

    def __init__(self, challenge: Challenge, prepared: Prepared) -> None:
        self.challenge = challenge
        self.metric = get_metric(challenge.metric.name)
        columns = challenge.submission.columns
        if not self.metric.takes(len(columns)):  # as the check says: what is handed in is scored, all of it
            raise SpecError(
                f"{challenge.id}: field 'submission.columns': expected {self.metric.expected_columns} for "
                f"{self.metric.name}, got {columns}"
            )
        path = prepared.private / "labels.csv"
        most = challenge.submission.max_bytes
        try:
            size = path.stat().st_size
            if size > most:
                raise GraderError(
                    f"{challenge.id}: labels.csv: expected at most submission.max_bytes, {most:,}, as it is a perfect "
                    f"submission; got {size:,}"
                )
            data = path.read_bytes()
            rows = sum(1 for _ in itertools.islice(csv_rows(data), MOST_CELLS + 2)) - 1
        except OSError as error:  # whose own words name a folder of this machine
            raise GraderError(
                f"{challenge.id}: prepare.py left no labels.csv that can be read in its folder PRIVATE: "
                f"{error.strerror or type(error).__name__}"
            ) from error
        except NotCsv as error:
            raise GraderError(f"{challenge.id}: prepare.py left no labels.csv that can be read: {error}") from error
        if rows * len(columns) > MOST_CELLS:
            raise GraderError(
                f"{challenge.id}: labels.csv: expected at most {MOST_CELLS:,} labels, in {len(columns)} columns "
                f"{MOST_CELLS // len(columns):,} rows; got more"
            )
        if rows < 2 * LEAST_ROWS:
            raise GraderError(
                f"{challenge.id}: labels.csv: expected at least {2 * LEAST_ROWS} rows, {LEAST_ROWS} for each hidden "
                f"half; got {rows}"
            )
        self.rows = rows
        kind = self.metric.kind
        self.classes = _classes(data) if kind == "label" else frozenset()
        try:
            self.truth = read_table(data, challenge.submission, rows, kind, self.classes)
        except BadSubmission as error:
            raise GraderError(f"{challenge.id}: the labels are not a perfect submission: {error}") from error
        if kind == "probability":
            self._require_classes()
        self.halves = stratified_halves(self.truth, data)

    def _require_classes(self) -> None:
        """Labels of which a probability or a rank is scored say yes or no, and nothing between."""
        wrong = np.argwhere((self.truth != 0) & (self.truth != 1))
        if len(wrong):
            row, column = wrong[0]
            name = self.challenge.submission.columns[column]
            raise GraderError(
                f"{self.challenge.id}: labels.csv: row {row + 1}, column {name!r}: expected 0 or 1 for "
                f"{self.metric.name}, got {self.truth[row, column]:g}"
            )

    def grade(self, submission: bytes, phase: Phase, left: Limits | None = None) -> Score:
        """Scores the rows of one half; see `synthgym.envs.grading.scoring.Grader`. Nothing is run."""
        predicted = read_table(submission, self.challenge.submission, self.rows, self.metric.kind, self.classes)
        half = self.halves[phase]
        value = self.metric(self.truth[half], predicted[half])
        if not np.isfinite(value):
            name = self.metric.name
            raise GraderError(f"{self.challenge.id}: {name} is not defined on the labels of its {phase} half")
        return Score(value)

    def sampling_sd(self, submission: bytes, phase: Phase, seed: int = 0) -> float:
        """Bootstrap standard deviation of the score over the rows of one half."""
        predicted = read_table(submission, self.challenge.submission, self.rows, self.metric.kind, self.classes)
        half = self.halves[phase]
        return bootstrap_sd(self.metric, self.truth[half], predicted[half], seed=seed)

    def is_constant(self, submission: bytes) -> bool:
        """Whether it has one answer for all rows."""
        predicted = read_table(submission, self.challenge.submission, self.rows, self.metric.kind, self.classes)
        return bool(np.all(predicted == predicted[:1]))


def _classes(data: bytes) -> frozenset[str]:
    return frozenset(cell.strip() for row in itertools.islice(csv_rows(data), 1, None) for cell in row)
