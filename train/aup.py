"""AUP, the area under the performance profile, by the formula of MLGym (Nathani et al. 2025, arXiv 2502.14499).

A *task* has a direction and a baseline score; a *run* of a solver on a task has attempts. Nothing here knows where they
came from: `from_records` makes them from a benchmark folder of ours.

1. A solver's score on a task is the best over its runs of each run's best attempt (mode ``best``) or of its last one
   (mode ``last``). The baseline is a solver too.
2. A score below 0, or worse than the baseline, is *infeasible*.
3. A feasible score s has the ratio r = best / s where higher is better, s / best where lower is; 1 is the best solver.
   Infeasible and missing scores get the task's worst feasible ratio × 1.05.
4. The profile ρ(τ) of a solver is the share of tasks with log10 r ≤ τ. τ runs over 500 points from 0 to log10 of the
   largest ceil(worst ratio × 1.05) over tasks and both modes, rounded up to a tenth.
5. AUP is the left Riemann sum of ρ.

So AUP depends on who is compared: the figures of two benchmarks with different solvers or tasks are not on one scale.
The formula takes raw scores; it has no good answer for scores around and below 0. Where that bites, the result carries
a warning, and says what was done; see `Standings.warnings`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from synthgym.base.errors import UserError
from synthgym.train.scores import ScoreRecord

BASELINE = "baseline"
"""Name of the solver that hands in the starter unchanged."""

Mode = Literal["best", "last"]
MODES: tuple[Mode, Mode] = ("best", "last")

_PENALTY = 1.05


@dataclass(frozen=True)
class Task:
    """What the scores of one task are measured against."""

    direction: Literal["higher", "lower"]
    baseline: float

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
class Profile:
    """The standings in one mode.

    Attributes:
        scores: Solver → task → score, None where there is none.
        ratios: Solver → task → ratio to the best, penalties filled in; without tasks nobody has a feasible score on.
        taus: The grid, in powers of ten: `taus[i]` stands for a ratio of ``10 ** taus[i]``.
        rho: Solver → share of tasks with a ratio of at most that, one value for each τ.
        aup: Solver → area under its profile.
    """

    scores: dict[str, dict[str, float | None]]
    ratios: dict[str, dict[str, float]]
    taus: NDArray[np.float64]
    rho: dict[str, NDArray[np.float64]]
    aup: dict[str, float]


@dataclass(frozen=True)
class Standings:
    """Profiles and AUP in both modes, and what to know about them."""

    best: Profile
    last: Profile
    warnings: list[str]

    def to_dict(self) -> dict[str, dict[str, float]]:
        """``{"best": {solver: AUP}, "last": {solver: AUP}}``, the best solver first."""
        return {mode: _ranked(getattr(self, mode).aup) for mode in MODES}


def _ranked(aup: dict[str, float]) -> dict[str, float]:
    return dict(sorted(aup.items(), key=lambda item: -item[1]))


def aup(tasks: Mapping[str, Task], results: Results, points: int = 500) -> Standings:
    """AUP of every solver and of the baseline.

    Example:
        >>> tasks = {"wine": Task("higher", baseline=0.5)}
        >>> standings = aup(tasks, {"student": {"wine": [Run.of([0.6, 0.8])]}})
        >>> round(standings.best.ratios["baseline"]["wine"], 3)
        1.6

    Args:
        tasks: Name → direction and baseline.
        results: Solver → task → runs. A task that a solver has no run on counts as missing.
        points: Points of the grid of τ; MLGym's figures are for 500.

    Raises:
        ValueError: There is no task, a result is for a task that is not among `tasks`, or a solver is named
            ``baseline``.
    """
    if not tasks:
        raise ValueError("expected at least one task, got none")
    if BASELINE in results:
        raise ValueError(f"a solver is named {BASELINE!r}, which is the starter's name here; give it another")
    unknown = sorted({name for runs in results.values() for name in runs} - set(tasks))
    if unknown:
        raise ValueError(f"results for tasks without direction and baseline: {', '.join(unknown)}")

    warnings = _warn_of_runs(tasks, results)
    if below := [name for name, task in tasks.items() if task.baseline < 0]:
        warnings.append(f"the baseline's score is below 0 and so infeasible: {', '.join(below)}")
    scores = {mode: _scores(tasks, results, mode) for mode in MODES}
    ratios = {mode: _ratios(tasks, scores[mode], mode, warnings) for mode in MODES}
    widest = max((tau for _, taus in ratios.values() for tau in taus), default=1)
    taus = np.linspace(0, math.ceil(math.log10(widest) * 10) / 10, points)
    profiles = {mode: _profile(scores[mode], ratios[mode][0], taus) for mode in MODES}
    return Standings(profiles["best"], profiles["last"], warnings)


def _scores(tasks: Mapping[str, Task], results: Results, mode: Mode) -> dict[str, dict[str, float | None]]:
    table: dict[str, dict[str, float | None]] = {BASELINE: {name: task.baseline for name, task in tasks.items()}}
    for solver, of_task in results.items():
        row: dict[str, float | None] = {}
        for name, task in tasks.items():
            runs = [score for run in of_task.get(name, ()) if (score := run.score(task, mode)) is not None]
            row[name] = task.best(runs) if runs else None
        table[solver] = row
    return table


def _ratios(
    tasks: Mapping[str, Task], scores: Mapping[str, Mapping[str, float | None]], mode: Mode, warnings: list[str]
) -> tuple[dict[str, dict[str, float]], list[int]]:
    """Solver → task → ratio, and the τ each task needs."""
    table: dict[str, dict[str, float]] = {solver: {} for solver in scores}
    taus = []
    hopeless, infinite = [], []
    for name, task in tasks.items():
        feasible = {
            solver: score
            for solver, row in scores.items()
            if (score := row[name]) is not None and score >= 0 and task.best((score, task.baseline)) == score
        }
        if not feasible:
            hopeless.append(name)
            continue
        ratios = _feasible_ratios(task, feasible)
        if len(ratios) < len(feasible):
            infinite.append(f"{name} ({', '.join(solver for solver in feasible if solver not in ratios)})")
        worst = max(ratios.values())
        taus.append(math.ceil(worst * _PENALTY))
        for solver, row in table.items():
            row[name] = ratios.get(solver, worst * _PENALTY)
    if hopeless:
        warnings.append(f"{mode}: left out, as nobody has a feasible score, nor the baseline: {', '.join(hopeless)}")
    if infinite:
        warnings.append(f"{mode}: a ratio with a score of 0 is infinite; counted as infeasible: {', '.join(infinite)}")
    return table, taus


def _feasible_ratios(task: Task, feasible: Mapping[str, float]) -> dict[str, float]:
    """Ratios to the best, at least one; those that would be infinite are left out."""
    best = task.best(feasible.values())
    ratios = {}
    for solver, score in feasible.items():
        if score == best:
            ratios[solver] = 1.0
        else:
            over, under = (best, score) if task.direction == "higher" else (score, best)
            ratio = over / under if under else math.inf
            if math.isfinite(ratio):
                ratios[solver] = ratio
    return ratios


def _profile(
    scores: dict[str, dict[str, float | None]], ratios: dict[str, dict[str, float]], taus: NDArray[np.float64]
) -> Profile:
    rho, area = {}, {}
    for solver, row in ratios.items():
        logs = np.log10(np.array(list(row.values())))
        rho[solver] = (logs <= taus[:, None]).mean(axis=1) if len(logs) else np.zeros(len(taus))
        area[solver] = float(np.sum(rho[solver][:-1] * np.diff(taus)))
    return Profile(scores, ratios, taus, rho, area)


def _warn_of_runs(tasks: Mapping[str, Task], results: Results) -> list[str]:
    """A best over more runs is a better best."""
    runs = {solver: sum(len(of_task.get(name, ())) for name in tasks) for solver, of_task in results.items()}
    if len(set(runs.values())) < 2:
        return []
    counts = ", ".join(f"{solver} {count}" for solver, count in runs.items())
    return [f"solvers differ in their number of runs ({counts}); AUP takes the best of them, so more is better"]


def from_records(records: Iterable[ScoreRecord]) -> tuple[dict[str, Task], dict[str, dict[str, list[Run]]]]:
    """Tasks and results of a benchmark of ours, one task an environment.

    An episode's attempts are its validation scores and its final one; the last is the final one, None where nothing
    valid was submitted. Validation and final scores come from two halves of the hidden rows: mode ``last`` is the
    held-out figure, mode ``best`` picks the luckiest of many looks, as MLGym's does, and flatters whoever looks often.

    Raises:
        UserError: A solver is named like the baseline.
    """
    tasks: dict[str, Task] = {}
    results: dict[str, dict[str, list[Run]]] = {}
    for record in records:
        if record.solver == BASELINE:
            raise UserError(f"a solver is named {BASELINE!r}, which is the starter's name in an AUP; rename the solver")
        tasks.setdefault(record.env_id, Task(record.direction, record.baseline))
        final = () if record.final is None else (record.final,)
        run = Run((*record.scores, *final), record.final)
        results.setdefault(record.solver, {}).setdefault(record.env_id, []).append(run)
    return tasks, results
