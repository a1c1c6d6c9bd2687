"""AUP, the area under the performance profile, by the formula of Nathani et al. 2025 (arXiv 2502.14499).

A *task* has a direction and a baseline score; a *run* of a solver on a task has attempts. Nothing in `aup` knows where
they came from: `read_solvers` makes them from a benchmark folder of ours, from results in a suite's layout, or from a
file of solvers.

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
a warning, and says what was done, see `Standings.warnings`; `robust_rule` has other answers.
"""

from __future__ import annotations

from synthgym.train.evaluation.aup.resampling import Resampled, resample
from synthgym.train.evaluation.aup.runs import BASELINE, MODES, Mode, Results, Run, SolverSet, Task, from_records
from synthgym.train.evaluation.aup.solver_set import place_among, read_solvers, save_solvers
from synthgym.train.evaluation.aup.standings import Profile, Standings, aup

__all__ = [
    "BASELINE",
    "MODES",
    "Mode",
    "Profile",
    "Resampled",
    "Results",
    "Run",
    "SolverSet",
    "Standings",
    "Task",
    "aup",
    "from_records",
    "place_among",
    "read_solvers",
    "resample",
    "save_solvers",
]
