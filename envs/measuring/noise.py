"""The noise of a challenge: which differences between a score and the baseline say nothing."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import get_args

import numpy as np

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.scoring import Grader, Phase
from synthgym.registry.challenge import SEEDS
from synthgym.registry.metrics import shuffled_sd

ANOTHER_SEED = 3.04
"""Within how many standard deviations over seeds the score with one more seed falls, 19 times of 20: Student's t at
0.975 with ``SEEDS − 1`` degrees of freedom, times the root of ``1 + 1 / SEEDS``."""

LEAST_SHARE = 0.01
"""Of the way from baseline to reference: what is less is never paid."""

_DIGITS = 3
_TINIEST = 1e-300  # the place of its third digit is a number still


def noise_of(told: Sequence[float], final: Sequence[float], sampling: float, reference: float) -> float:
    """The noise, rounded up to three digits: every score of the starter that was measured is within it.

    The largest of: what another seed may change; how far a measured score of the starter is from their mean; the
    difference of the two halves' baselines; the sampling error; and 1 % of the way from baseline to reference.

    Args:
        told: The starter's scores on the half that is told, one a seed.
        final: On the half that counts.
        sampling: How much a score would move had other rows or instances been hidden, as a standard deviation.
        reference: The reference's score.

    Returns:
        Above 0, unless the reference scores what the starter does and nothing moves.
    """
    everything = [*told, *final]
    mean = statistics.fmean(everything)
    return _rounded_up(
        max(
            ANOTHER_SEED * max(statistics.stdev(told), statistics.stdev(final)),
            max(abs(score - mean) for score in everything),
            abs(statistics.fmean(told) - statistics.fmean(final)),
            sampling,
            LEAST_SHARE * abs(reference - mean),
        )
    )


def sampling_of(grader: Grader, submission: bytes) -> float:
    """How much a submission's score would move had other rows or instances been hidden, as a standard deviation."""
    if isinstance(grader, FileGrader):
        return table_sampling(grader, submission)
    stated = [sd for phase in get_args(Phase) if (sd := grader.grade(submission, phase).sd) is not None]
    if stated or not isinstance(grader, ModuleGrader):
        return max(stated, default=0.0)
    return module_sampling(grader, submission)


def table_sampling(grader: FileGrader, submission: bytes) -> float:
    """How much a table's score would move had other rows been hidden; the half counts on which that is more.

    A table with one answer for all rows may score the same on any rows (balanced accuracy). Others that know as little
    do not, so the scores of the true answers in random order count too, for metrics on which these are comparable:
    those with a worst score, higher being better.
    """
    found = [grader.sampling_sd(submission, "validate"), grader.sampling_sd(submission, "final")]
    metric = grader.metric
    if metric.direction == "higher" and metric.worst is not None and grader.is_constant(submission):
        found += [shuffled_sd(metric, grader.truth[half]) for half in grader.halves.values()]
    return max(found)


def module_sampling(grader: ModuleGrader, submission: bytes) -> float:
    """How much a module's score moves on the instances of other seeds, for an `evaluate.py` that does not say so."""
    return float(np.std([grader.grade(submission, "final", seed=seed).value for seed in range(SEEDS)], ddof=1))


def _rounded_up(value: float) -> float:
    if value <= _TINIEST:
        return max(value, 0.0)
    unit = 10.0 ** (math.floor(math.log10(value)) - _DIGITS + 1)
    return float(f"{math.ceil(value / unit) * unit:.{_DIGITS}g}")
