"""The standings of a field of solvers: profiles and AUP in both modes, and what to know about them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from synthgym.train.evaluation.aup import published_rule, robust_rule
from synthgym.train.evaluation.aup.formula import POINTS, Comparable, Floats, Ratios, areas, grid_ends, ratios
from synthgym.train.evaluation.aup.runs import BASELINE, MODES, Mode, Results, Task, cells


@dataclass(frozen=True)
class Profile:
    """The standings in one mode.

    Attributes:
        scores: Solver → task → score, None where there is none; by the robust rule, what it can expect.
        ratios: Solver → task → ratio to the best, penalties filled in; without tasks nobody has a feasible score on.
        taus: The grid, in powers of ten: `taus[i]` stands for a ratio of ``10 ** taus[i]``.
        rho: Solver → share of tasks with a ratio of at most that, one value for each τ.
        aup: Solver → area under its profile.
    """

    scores: dict[str, dict[str, float | None]]
    ratios: dict[str, dict[str, float]]
    taus: Floats
    rho: dict[str, Floats]
    aup: dict[str, float]


@dataclass(frozen=True)
class Standings:
    """Profiles and AUP in both modes.

    Attributes:
        best: Where a run counts by its best attempt.
        last: Where it counts by its last one.
        warnings: Where the formula has no good answer, and what was done.
        notes: What the robust rule did with the scores; nothing without it.
    """

    best: Profile
    last: Profile
    warnings: list[str]
    notes: list[str] = field(default_factory=list)

    @property
    def largest(self) -> float:
        """The largest AUP possible, that of a solver who is the best on every task: the end of the axis of τ."""
        return float(self.best.taus[-1])

    def normalised(self, mode: Mode, solver: str) -> float | None:
        """AUP as a share of the largest possible, from 0 to 1; None where all tasks were left out."""
        profile = self.best if mode == "best" else self.last
        return profile.aup[solver] / self.largest if self.largest > 0 else None

    def to_dict(self) -> dict[str, dict[str, float]]:
        """``{"best": {solver: AUP}, "last": {solver: AUP}}``, the best solver first."""
        return {mode: _ranked(getattr(self, mode).aup) for mode in MODES}


def _ranked(aup: dict[str, float]) -> dict[str, float]:
    return dict(sorted(aup.items(), key=lambda item: -item[1]))


def aup(tasks: Mapping[str, Task], results: Results, points: int = POINTS, robust: bool = False) -> Standings:
    """AUP of every solver and of the baseline.

    Example:
        >>> tasks = {"wine": Task("higher", baseline=0.5)}
        >>> standings = aup(tasks, {"student": {"wine": [Run.of([0.6, 0.8])]}})
        >>> round(standings.best.ratios["baseline"]["wine"], 3)
        1.6

    Args:
        tasks: Name → direction and baseline.
        results: Solver → task → runs. A task that a solver has no run on counts as missing.
        points: Points of the grid of τ; published figures are for 500.
        robust: Takes scores by `synthgym.train.evaluation.aup.robust_rule` and not by the published rule.

    Raises:
        ValueError: There is no task, a result is for a task that is not among `tasks`, or a solver is named
            ``baseline``.
    """
    _check(tasks, results)
    comparable = robust_rule.comparable if robust else published_rule.comparable
    scores = {mode: comparable(tasks, cells(tasks, results, mode)) for mode in MODES}
    found = {mode: ratios(scores[mode]) for mode in MODES}
    ends = grid_ends(list(found.values()))
    taus = np.linspace(0, float(ends[0]), points)
    solvers = [BASELINE, *results]
    profiles = {
        mode: _profile(solvers, list(tasks), scores[mode], found[mode], taus, areas(found[mode], ends, points)[0])
        for mode in MODES
    }
    if robust:
        warnings, notes, why = (
            robust_rule.warnings(tasks, results),
            robust_rule.notes(tasks, results),
            robust_rule.UNSOLVED,
        )
    else:
        warnings, notes, why = published_rule.warnings(tasks, results), [], published_rule.UNSOLVED
    for mode in MODES:
        warnings += _left_out(mode, why, solvers, list(tasks), found[mode])
    return Standings(profiles["best"], profiles["last"], warnings, notes)


def _check(tasks: Mapping[str, Task], results: Results) -> None:
    if not tasks:
        raise ValueError("expected at least one task, got none")
    if BASELINE in results:
        raise ValueError(f"a solver is named {BASELINE!r}, which is the starter's name here; give it another")
    unknown = sorted({name for runs in results.values() for name in runs} - set(tasks))
    if unknown:
        raise ValueError(f"results for tasks without direction and baseline: {', '.join(unknown)}")


def _profile(
    solvers: list[str], tasks: list[str], scores: Comparable, found: Ratios, taus: Floats, area: Floats
) -> Profile:
    filled = found.filled[0]
    counted = ~np.isnan(filled).any(axis=0)
    logs = np.log10(filled[:, counted])
    return Profile(
        scores={
            solver: {
                task: None if math.isnan(score) else score for task, score in zip(tasks, row.tolist(), strict=True)
            }
            for solver, row in zip(solvers, scores.shown[0], strict=True)
        },
        ratios={
            solver: {task: float(row[i]) for i, task in enumerate(tasks) if counted[i]}
            for solver, row in zip(solvers, filled, strict=True)
        },
        taus=taus,
        rho={
            solver: (row <= taus[:, None]).mean(axis=1) if len(row) else np.zeros(len(taus))
            for solver, row in zip(solvers, logs, strict=True)
        },
        aup=dict(zip(solvers, area.tolist(), strict=True)),
    )


def _left_out(mode: Mode, why: str, solvers: list[str], tasks: list[str], found: Ratios) -> list[str]:
    warnings = []
    if hopeless := [task for i, task in enumerate(tasks) if np.isnan(found.filled[0, :, i]).all()]:
        warnings.append(f"{mode}: left out, as {why}: {', '.join(hopeless)}")
    infinite = [
        f"{task} ({', '.join(solver for j, solver in enumerate(solvers) if found.infinite[0, j, i])})"
        for i, task in enumerate(tasks)
        if found.infinite[0, :, i].any()
    ]
    if infinite:
        warnings.append(f"{mode}: a ratio with a score of 0 is infinite; counted as infeasible: {', '.join(infinite)}")
    return warnings
