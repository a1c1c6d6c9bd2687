"""Which score of a solver counts on a task, and which scores are feasible: the published rule."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from synthgym.train.evaluation.aup.formula import Comparable
from synthgym.train.evaluation.aup.runs import Cells, Results, Task

UNSOLVED = "nobody has a feasible score, nor the baseline"
"""Why a task is left out."""


def comparable(tasks: Mapping[str, Task], cells: Cells, draws: int = 1) -> Comparable:
    """The best of each solver's runs; infeasible below 0, and where it is worse than the baseline's score.

    The baseline is the first solver.
    """
    higher = np.array([task.direction == "higher" for task in tasks.values()])
    baseline = np.array([task.baseline for task in tasks.values()], dtype=float)
    shown = np.full((draws, 1 + len(cells), len(tasks)), math.nan)
    shown[:, 0] = baseline
    for solver, row in enumerate(cells, 1):
        for task, scores in enumerate(row):
            if scores.shape[1]:
                shown[:, solver, task] = (np.fmax if higher[task] else np.fmin).reduce(scores, axis=1)
    infeasible = (shown < 0) | np.where(higher, shown < baseline, shown > baseline)
    return Comparable(np.where(infeasible, math.nan, shown), higher, np.zeros(len(tasks)), shown)


def warnings(tasks: Mapping[str, Task], results: Results) -> list[str]:
    """Where this rule has no good answer."""
    said = []
    runs = {solver: sum(len(of_task.get(name, ())) for name in tasks) for solver, of_task in results.items()}
    if len(set(runs.values())) > 1:  # a best over more runs is a better best
        counts = ", ".join(f"{solver} {count}" for solver, count in runs.items())
        said.append(f"solvers differ in their number of runs ({counts}); AUP takes the best of them, so more is better")
    if below := [name for name, task in tasks.items() if task.baseline < 0]:
        said.append(f"the baseline's score is below 0 and so infeasible: {', '.join(below)}")
    return said
