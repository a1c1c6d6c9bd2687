"""The formula of AUP on arrays: from comparable scores to ratios, and from ratios to areas.

Arrays are of draws × solvers × tasks. The standings are one draw; an interval takes many
(`synthgym.train.evaluation.aup.resampling`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

POINTS = 500
"""Points of the grid of τ that published figures are for."""

_PENALTY = 1.05


@dataclass(frozen=True)
class Comparable:
    """Scores that ratios can be taken of.

    Attributes:
        values: Draws × solvers × tasks; nan where a score is missing or infeasible.
        higher: By task: whether higher is better.
        floor: By task: where lower is better, what is added above and below in a ratio.
        shown: Draws × solvers × tasks: the score behind each value as its task measures it, the infeasible too.
    """

    values: Floats
    higher: Flags
    floor: Floats
    shown: Floats


@dataclass(frozen=True)
class Ratios:
    """Ratios to the best score.

    Attributes:
        filled: Draws × solvers × tasks; penalties filled in; nan for tasks that nobody has a feasible score on.
        infinite: Where a ratio was infinite and so counts as infeasible.
        widest: By draw: the largest τ that any task needs, as a ratio.
    """

    filled: Floats
    infinite: Flags
    widest: Floats


def ratios(scores: Comparable) -> Ratios:
    """How many times better the best score is than each; 1 is the best.

    Missing, infeasible and infinite ones get the task's worst feasible ratio × 1.05.
    """
    values = scores.values
    highest: Floats = np.fmax.reduce(values, axis=1)
    lowest: Floats = np.fmin.reduce(values, axis=1)
    best = np.where(scores.higher, highest, lowest)[:, None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = np.where(scores.higher, best / values, (values + scores.floor) / (best + scores.floor))
        found[values == best] = 1.0  # so has 0 against 0 a ratio
        infinite = ~np.isfinite(found * _PENALTY) & ~np.isnan(values)
    found[infinite] = math.nan
    worst = np.fmax.reduce(found, axis=1)
    filled = np.where(np.isnan(found), worst[:, None] * _PENALTY, found)
    needed = np.fmax.reduce(np.ceil(worst * _PENALTY), axis=1)
    return Ratios(filled, infinite, np.where(np.isnan(needed), 1.0, needed))


def grid_ends(of_modes: Sequence[Ratios]) -> Floats:
    """By draw: the last τ, in powers of ten; one for all modes, rounded up to a tenth."""
    widest = np.max([each.widest for each in of_modes], axis=0)
    return np.array([math.ceil(math.log10(each) * 10) / 10 for each in widest])


def areas(of_mode: Ratios, ends: Floats, points: int = POINTS) -> Floats:
    """AUP, draws × solvers: the left Riemann sums of the profiles over a grid from 0 to each draw's end.

    A task adds a step for every point of the grid, but the last, that its ratio does not exceed.
    """
    logs = np.log10(of_mode.filled)
    counted = (~np.isnan(logs)).sum(axis=2)
    found = np.zeros(logs.shape[:2])
    for end in np.unique(ends):
        draws = ends == end
        first = np.searchsorted(np.linspace(0, end, points), logs[draws])  # nan is sorted behind the grid
        steps = np.maximum(points - 1 - first, 0).sum(axis=2)
        found[draws] = steps / np.maximum(counted[draws], 1) * (end / (points - 1))
    return found
