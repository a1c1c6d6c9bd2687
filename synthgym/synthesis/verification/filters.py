"""Checks that scores mean something: no constant target, nothing trivial, impossible or lost in noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.scoring import Phase
from synthgym.registry.challenge import Challenge
from synthgym.registry.metrics import MetricDef
from synthgym.registry.spec_check import MARGIN
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.report import Report
from synthgym.synthesis.tables.tables import Table, table_of_hidden_rows
from synthgym.synthesis.verification.measuring import Measured

_MOST_CLASSES = 100


def check_target(report: Report, challenge: Challenge, hidden: HiddenLabels, tables: list[Table]) -> None:
    """What is to be predicted differs from row to row, in the hidden labels and in the tables to learn from.

    Args:
        report: Takes the check.
        challenge: The challenge.
        hidden: The hidden labels.
        tables: The tables an agent is given.

    Raises:
        CheckFailed: It does not.
    """
    report.require("constant target", hidden.distinct > 1, f"all {len(hidden)} hidden labels are the same")
    test = table_of_hidden_rows(tables, len(hidden), challenge.submission.columns)
    for table in tables if test else ():
        assert test
        if table is not test and set(test.columns) <= set(table.columns):
            own = [name for name in table.columns if name not in test.columns]
            for name in own if len(own) == 1 else [name for name in own if name in challenge.submission.columns]:
                values = set(table.columns[name])
                report.require(
                    "constant target",
                    len(values) != 1,
                    f"column {name!r} of {table.name} has one value only: {''.join(values)!r}",
                )


def check_worth(report: Report, challenge: Challenge, grader: FileGrader | ModuleGrader, measured: Measured) -> None:
    """There is something to gain, it is more than noise, and it takes a look at the features.

    Args:
        report: Takes the checks.
        challenge: The challenge.
        grader: Its grader.
        measured: What starter and reference scored.

    Raises:
        CheckFailed: ``trivial``: the starter is at the ceiling, or one answer for all rows does as well as the
            reference. ``impossible``: the reference is no better than the starter. ``noisy``: it is, but hardly.
    """
    higher, noise, mean = challenge.metric.direction == "higher", measured.noise, measured.mean
    reference = measured.reference.mean
    better = f"{challenge.metric.direction} is better"
    optimum = grader.metric.optimum if isinstance(grader, FileGrader) else challenge.metric.optimum
    if optimum is not None:
        left = optimum - mean if higher else mean - optimum
        report.require(
            "trivial",
            left > MARGIN * noise,
            f"the baseline scores {mean:.6g}, the optimum is {optimum:g}: what is left to gain is no more than "
            f"{MARGIN:g} × the noise {noise:.3g}",
        )
    gain = reference - mean if higher else mean - reference
    report.require(
        "impossible",
        gain > 0,
        f"the reference scores {reference:.6g}, the baseline {mean:.6g} ({better}): nobody has shown that there is "
        "anything to gain",
    )
    report.require(
        "noisy",
        gain > MARGIN * noise,
        f"the reference scores {reference:.6g}, the baseline {mean:.6g} ({better}); expected a gain of more than "
        f"{MARGIN:g} × the noise {noise:.3g}",
    )
    if isinstance(grader, FileGrader):
        what, score = best_constant(grader)
        beyond = reference - score if higher else score - reference
        if beyond <= noise:  # the starter's; a solution that is sure of itself may have less
            solution = measured.reference.submission
            noise = min(noise, max(grader.sampling_sd(solution, phase) for phase in get_args(Phase)))
        report.require(
            "trivial",
            beyond > noise,
            f"{what} for every row scores {score:.6g}, the reference {reference:.6g} ({better}): within the noise "
            f"{noise:.3g}, no feature is needed",
        )


def best_constant(grader: FileGrader) -> tuple[str, float]:
    """The answer that, given for every row, scores best; and its score, the mean of those on both halves.

    It is chosen knowing the labels, so that no constant an agent may think of does better.
    """
    metric, truth, halves = grader.metric, grader.truth, grader.halves.values()
    scored = [
        (what, float(np.mean([metric(truth[half], answer[half]) for half in halves])))
        for what, answer in _constants(metric, truth)
    ]
    scored = [(what, score) for what, score in scored if np.isfinite(score)]
    pick = max if metric.direction == "higher" else min
    return pick(scored, key=lambda item: item[1])


def _constants(metric: MetricDef, truth: NDArray[np.generic]) -> Iterator[tuple[str, NDArray[np.generic]]]:
    if metric.kind == "label":
        names, counts = np.unique(truth, return_counts=True)
        for name in names[np.argsort(-counts)][:_MOST_CLASSES]:
            yield f"the label {str(name)!r}", np.full_like(truth, name)
    elif metric.kind == "probability":
        shares = truth.astype(np.float64).mean(axis=0)
        yield "the shares of the classes", np.tile(shares, (len(truth), 1))
        if truth.shape[1] > 1:
            yield "the same probability for each class", np.full(truth.shape, 1 / truth.shape[1])
    else:
        values = truth.astype(np.float64)
        levels = {"the mean": float(values.mean()), "the median": float(np.median(values))}
        levels |= {f"the quantile {share:g}": float(np.quantile(values, share)) for share in (0.1, 0.25, 0.75)}
        for what, value in levels.items():
            yield what, np.full(len(values), value)
