"""How far AUP could have come out otherwise: a bootstrap over the runs of each solver on each task.

A resample draws, for every solver and task, as many runs as there are, with replacement, and takes AUP of the whole
field anew; so solvers are resampled together, and the gain of one over another is paired. Tasks are not drawn: the
interval says what other runs on the same tasks could have given, and nothing about other tasks.

The axis of τ is held where it ends for the standings. Its end follows a single ratio, the worst there is, and would
move every AUP alike: intervals would be wide where the order of the solvers is in no doubt.

No resample has a better run than there was. The best of a few runs is at the top of what resampling can give, and the
score nearly always falls: intervals of a best of few reach further to the side where the solver is worse, and the
figure itself can lie at, or beyond, an end. A solver's AUP can rise too, as its rivals' best scores fall with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from synthgym.train.evaluation.aup import published_rule, robust_rule
from synthgym.train.evaluation.aup.formula import POINTS, Floats, areas, ratios
from synthgym.train.evaluation.aup.runs import BASELINE, MODES, Mode, Results, Task, cells
from synthgym.train.evaluation.aup.standings import Standings, aup
from synthgym.train.evaluation.stats import Interval, interval

RESAMPLES = 1000

_CELLS = 2_000_000
"""As many runs, or ratios, are held at once: tens of megabytes."""


@dataclass(frozen=True)
class Resampled:
    """AUP over resamples of the runs.

    Attributes:
        standings: The standings themselves.
        areas: Mode → solver → AUP, one value a resample; empty where no solver has two runs on a task, or no resample
            was asked for: there is no interval then.
        level: What intervals are meant to cover.
    """

    standings: Standings
    areas: dict[Mode, dict[str, Floats]] = field(default_factory=dict)
    level: float = 0.95

    def interval(self, mode: Mode, solver: str) -> Interval:
        """AUP of a solver, with its percentile interval."""
        value = getattr(self.standings, mode).aup[solver]
        if not self.areas:
            return Interval(value, None, None)
        return interval(value, self.areas[mode][solver], self.level)

    def gain(self, mode: Mode, solver: str, over: str) -> Interval | None:
        """By what share the AUP of a solver is above another's: AUP / AUP(other) − 1, resampled together.

        None where the other's is 0. The interval is left out where the other's is 0 in a resample.
        """
        found = getattr(self.standings, mode).aup
        if found[over] <= 0:
            return None
        value = found[solver] / found[over] - 1
        if not self.areas or not (self.areas[mode][over] > 0).all():
            return Interval(value, None, None)
        return interval(value, self.areas[mode][solver] / self.areas[mode][over] - 1, self.level)


def resample(
    tasks: Mapping[str, Task],
    results: Results,
    resamples: int = RESAMPLES,
    seed: int = 0,
    points: int = POINTS,
    robust: bool = False,
) -> Resampled:
    """The standings, and AUP over resamples of the runs of each solver on each task.

    Args:
        tasks: Name → direction and baseline.
        results: Solver → task → runs.
        resamples: How many.
        seed: Decides them.
        points: Points of the grid of τ.
        robust: Which rule; see `aup`.

    Raises:
        ValueError: As `aup` does.
    """
    standings = aup(tasks, results, points, robust)
    if not resamples or not any(len(runs) > 1 for of_task in results.values() for runs in of_task.values()):
        return Resampled(standings)
    comparable = robust_rule.comparable if robust else published_rule.comparable
    solvers = [BASELINE, *results]
    scores = {mode: cells(tasks, results, mode) for mode in MODES}
    found: dict[Mode, list[Floats]] = {mode: [] for mode in MODES}
    random = np.random.default_rng(seed)
    runs = sum(of.shape[1] for row in scores["best"] for of in row)
    at_once = max(1, _CELLS // max(runs, len(solvers) * len(tasks)))
    for start in range(0, resamples, at_once):
        draws = min(at_once, resamples - start)
        chosen = [
            [random.integers(max(1, of.shape[1]), size=(draws, of.shape[1])) for of in row] for row in scores["best"]
        ]
        of_modes = {}
        for mode in MODES:
            drawn = [
                [of[0][which] for of, which in zip(row, chosen_row, strict=True)]
                for row, chosen_row in zip(scores[mode], chosen, strict=True)
            ]
            of_modes[mode] = ratios(comparable(tasks, drawn, draws))
        ends = np.full(draws, standings.best.taus[-1])
        for mode in MODES:
            found[mode].append(areas(of_modes[mode], ends, points))
    over_resamples = {mode: dict(zip(solvers, np.concatenate(found[mode]).T, strict=True)) for mode in MODES}
    return Resampled(standings, over_resamples)
