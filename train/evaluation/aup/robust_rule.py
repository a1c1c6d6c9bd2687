"""Which score of a solver counts on a task where the published rule has no good answer: `synthgym aup --robust`.

1. Where the baseline is not above 0, scores are moved so that it is. Where higher is better, by as much as makes it its
   own absolute value; where lower is better, they are turned round first (s → −s, higher is better). A baseline of 0
   becomes 1. Ratios are taken of moved scores; what is shown is moved back.
2. Where lower is better (and the baseline is above 0), 1 % of the baseline is added above and below in a ratio, so that
   a score of 0 has one. Scores below 0 count as 0.
3. Feasible is what is no worse than the baseline, whatever its sign.
4. A solver's score is the best it can expect of k runs drawn from its own without replacement, where k is the fewest
   runs that any solver with runs on the task has. In it, a run without a feasible score counts as the baseline's.
   A solver without any feasible run has no feasible score.
5. A task that no solver has a feasible score on is left out.

Where higher is better, the baseline is above 0, solvers have equal numbers of runs and some solver a feasible one, all
of this is the published rule.

Where it is still wrong:

* A baseline next to 0, on either side, makes small gains into huge ratios; and 0 itself becomes 1, whatever the
  metric's unit is. What is moved depends on where a metric has its zero: it is a convention, not a measurement.
* Where lower is better, no ratio is above 101, and scores below 0 tie with 0. A metric that passes through 0 and has
  lower for better, such as a log-likelihood with its sign changed, belongs turned round before it comes here.
* A score a hair worse than the baseline still counts as none at all. Noise can make that step, in either direction.
* A penalty is 5 % behind the worst feasible score. Where all feasible scores are close, to fail costs next to nothing.
* One solver with a single run on a task takes everybody to k = 1 there.
* Runs that left no trace at all count for nobody.
* Ratios near a metric's ceiling are flat (0.98 and 0.99 accuracy), and the field still decides all of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthgym.train.evaluation.aup.formula import Comparable, Flags, Floats
from synthgym.train.evaluation.aup.runs import MODES, Cells, Results, Task

UNSOLVED = "no solver has a score as good as the baseline's"
"""Why a task is left out."""

FLOOR_SHARE = 0.01
"""What is added in ratios where lower is better, as a share of the baseline."""


@dataclass(frozen=True)
class Scale:
    """Where the scores of a task are moved to: `sign` × score + `shift`.

    Attributes:
        higher: Whether higher is better there.
        baseline: The baseline's score there, above 0.
        floor: What is added above and below in a ratio.
    """

    sign: int
    shift: float
    higher: bool
    baseline: float
    floor: float

    @classmethod
    def of(cls, task: Task) -> Scale:
        """The scale of a task."""
        if task.direction == "lower" and task.baseline > 0:
            return cls(1, 0.0, False, task.baseline, FLOOR_SHARE * task.baseline)
        sign = 1 if task.direction == "higher" else -1
        baseline = sign * task.baseline
        if baseline > 0:
            return cls(sign, 0.0, True, baseline, 0.0)
        moved = abs(baseline) or 1.0
        return cls(sign, moved - baseline, True, moved, 0.0)

    def scale_scores(self, scores: Floats) -> Floats:
        """Scores on this scale; nan stays nan."""
        moved = self.sign * scores + self.shift
        return moved if self.higher else np.maximum(moved, 0.0)

    def feasible(self, moved: Floats) -> Flags:
        """Which scores on this scale are no worse than the baseline's."""
        return moved >= self.baseline if self.higher else moved <= self.baseline

    def back(self, moved: Floats) -> Floats:
        """Scores as the task measures them."""
        return (moved - self.shift) / self.sign


def comparable(tasks: Mapping[str, Task], cells: Cells, draws: int = 1) -> Comparable:
    """What each solver can expect of equally many runs, on scales with a baseline above 0.

    The baseline is the first solver; it has no score on tasks that no solver has a feasible one on.
    """
    scales = [Scale.of(task) for task in tasks.values()]
    values = np.full((draws, 1 + len(cells), len(tasks)), math.nan)
    shown = values.copy()
    for i, (task, scale) in enumerate(zip(tasks.values(), scales, strict=True)):
        shown[:, 0, i] = task.baseline
        fewest = min((row[i].shape[1] for row in cells if row[i].shape[1]), default=0)
        for solver, row in enumerate(cells, 1):
            scores = row[i]
            if not scores.shape[1]:
                continue
            moved = scale.scale_scores(scores)
            feasible = scale.feasible(moved)
            expected = expected_best(np.where(feasible, moved, scale.baseline), fewest, scale.higher)
            solved = feasible.any(axis=1)
            values[:, solver, i] = np.where(solved, expected, math.nan)
            best = (np.fmax if task.direction == "higher" else np.fmin).reduce(scores, axis=1)
            shown[:, solver, i] = np.where(solved, scale.back(expected), best)
        anyone = ~np.isnan(values[:, 1:, i]).all(axis=1)
        values[:, 0, i] = np.where(anyone, scale.baseline, math.nan)
    higher = np.array([scale.higher for scale in scales])
    return Comparable(values, higher, np.array([scale.floor for scale in scales]), shown)


def expected_best(scores: Floats, k: int, higher: bool = True) -> Floats:
    """The mean, over all ways to draw k along the last axis without replacement, of the best drawn."""
    n = scores.shape[-1]
    ways = math.comb(n, k)
    weights = np.array([math.comb(rank, k - 1) / ways for rank in range(n)])  # the worst first
    ordered = np.sort(scores, axis=-1) if higher else np.sort(scores, axis=-1)[..., ::-1]
    best = ordered[..., -1]
    short: Floats = (best[..., None] - ordered) @ weights
    return best - short  # what is equal stays equal to the last digit


def notes(tasks: Mapping[str, Task], results: Results) -> list[str]:
    """What is done with these scores that the published rule does not do."""
    said = []
    scales = {name: Scale.of(task) for name, task in tasks.items()}
    if moved := [f"{name} ({tasks[name].baseline:.4g})" for name, scale in scales.items() if scale.shift]:
        said.append(f"scores are moved so that the baseline's is above 0: {', '.join(moved)}")
    if turned := [name for name, scale in scales.items() if scale.sign < 0]:
        said.append(
            f"scores are turned round, as lower is better and the baseline's is not above 0: {', '.join(turned)}"
        )
    if floored := [name for name, scale in scales.items() if scale.floor]:
        said.append(
            f"where lower is better, {FLOOR_SHARE:.0%} of the baseline's score is added above and below in a ratio: "
            f"{', '.join(floored)}"
        )
    uneven = []
    for name in tasks:
        counts = {len(of_task.get(name, ())) for of_task in results.values()} - {0}
        if len(counts) > 1:
            uneven.append(f"{name} ({min(counts)} of up to {max(counts)})")
    if uneven:
        said.append(
            f"solvers differ in their number of runs; the expected best of equally many counts: {', '.join(uneven)}"
        )
    return said


def warnings(tasks: Mapping[str, Task], results: Results) -> list[str]:
    """Where this rule has no good answer either, and can tell."""
    below = []
    for name, task in tasks.items():
        scores = (
            run.score(task, mode) for of_task in results.values() for run in of_task.get(name, ()) for mode in MODES
        )
        if Scale.of(task).floor and any(score is not None and score < 0 for score in scores):
            below.append(name)
    return [f"lower is better, and scores below 0 count as 0: {', '.join(below)}"] if below else []
