"""Which score of a solver counts on a task, and which scores are feasible: MLGym's rule."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from synthgym.train.aup.formula import Comparable
from synthgym.train.aup.runs import Cells, Task

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
