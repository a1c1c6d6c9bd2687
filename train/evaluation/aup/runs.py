"""What is compared: tasks, solvers, and the scores of their runs; wherever they came from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from synthgym.base.errors import UserError
from synthgym.train.evaluation.aup.formula import Floats
from synthgym.train.evaluation.scores import ScoreRecord

BASELINE = "baseline"
"""Name of the solver that hands in the starter unchanged."""

Mode = Literal["best", "last"]
MODES: tuple[Mode, Mode] = ("best", "last")


@dataclass(frozen=True)
class Task:
    """What the scores of one task are measured against. `metric` is told, and compares nothing."""

    direction: Literal["higher", "lower"]
    baseline: float
    metric: str = field(default="", compare=False)

    def best(self, scores: Iterable[float]) -> float:
        """The best of some scores, at least one."""
        return max(scores) if self.direction == "higher" else min(scores)


@dataclass(frozen=True)
class Run:
    """The scores of one run, in order. `last` is the one that counts in mode ``last``; None: it handed in nothing."""

    attempts: tuple[float, ...]
    last: float | None

    @classmethod
    def of(cls, attempts: Sequence[float]) -> Run:
        """A run whose last attempt is what it handed in."""
        return cls(tuple(attempts), attempts[-1] if attempts else None)

    def score(self, task: Task, mode: Mode) -> float | None:
        """What the run scored, None where it has no such score."""
        if mode == "last":
            return self.last if self.last is not None and math.isfinite(self.last) else None
        finite = [score for score in self.attempts if math.isfinite(score)]
        return task.best(finite) if finite else None


Results = Mapping[str, Mapping[str, Sequence[Run]]]
"""Solver → task → runs."""


@dataclass(frozen=True)
class SolverSet:
    """Solvers with their runs on tasks.

    Attributes:
        tasks: Name → what its scores are measured against.
        results: Solver → task → runs.
        warnings: What to know about where it came from.
        left_out: Solvers that are not in it because the caller asked for that.
    """

    tasks: dict[str, Task]
    results: dict[str, dict[str, list[Run]]]
    warnings: list[str] = field(default_factory=list)
    left_out: frozenset[str] = frozenset()


Cells = Sequence[Sequence[Floats]]
"""Solver → task → draws × runs: each run's score, nan where it has none; solvers and tasks by their place."""


def cells(tasks: Mapping[str, Task], results: Results, mode: Mode) -> list[list[Floats]]:
    """The scores of all runs as a single draw, see `Cells`."""
    table = []
    for of_task in results.values():
        row = []
        for name, task in tasks.items():
            scores = [run.score(task, mode) for run in of_task.get(name, ())]
            row.append(np.array([[math.nan if score is None else score for score in scores]], dtype=float))
        table.append(row)
    return table


def from_records(records: Iterable[ScoreRecord]) -> tuple[dict[str, Task], dict[str, dict[str, list[Run]]]]:
    """Tasks and results of a benchmark of ours, one task an environment.

    An episode's attempts are its validation scores and its final one; the last is the final one, None where nothing
    valid was submitted. Validation and final scores come from two halves of the hidden rows: mode ``last`` is the
    held-out figure, mode ``best`` picks the luckiest of many looks, as published figures do, and flatters whoever looks
    often.
    A score within the noise of the baseline's is the baseline's: who hands in the starter has its AUP, and is not
    infeasible by chance.

    Raises:
        UserError: A solver is named like the baseline.
    """
    tasks: dict[str, Task] = {}
    results: dict[str, dict[str, list[Run]]] = {}
    for record in records:
        if record.solver == BASELINE:
            raise UserError(f"a solver is named {BASELINE!r}, which is the starter's name in an AUP; rename the solver")
        tasks.setdefault(record.env_id, Task(record.direction, record.baseline, record.metric))
        last = None if record.final is None else _beyond_noise(record.final, record)
        attempts = [_beyond_noise(score, record) for score in record.scores]
        run = Run((*attempts, *(() if last is None else (last,))), last)
        results.setdefault(record.solver, {}).setdefault(record.env_id, []).append(run)
    return tasks, results


def _beyond_noise(score: float, record: ScoreRecord) -> float:
    return record.baseline if abs(score - record.baseline) <= record.noise else score
