"""What a challenge says of itself: its spec and layout, its metric, and what it must not overlap with. Nothing runs."""

from __future__ import annotations

from pathlib import Path

from synthgym.base.errors import UnknownNameError
from synthgym.registry.challenge import Challenge, load_challenge
from synthgym.registry.collections.check import check_challenge
from synthgym.registry.metrics import get_metric
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.contamination import Suite

_MOST_PROBLEMS = 3
"""Problems that a reason names."""


def check_spec(report: Report, folder: Path) -> Challenge:
    """Reads the challenge, if `synthgym check` has nothing to say against it.

    Raises:
        CheckFailed: It has.
    """
    problems = check_challenge(folder, stated=False)
    if problems:
        failed = problems[0].check
        texts = [str(problem) for problem in problems if problem.check == failed]
        more = f"; and {len(texts) - _MOST_PROBLEMS} more" if len(texts) > _MOST_PROBLEMS else ""
        raise CheckFailed(failed, "; ".join(texts[:_MOST_PROBLEMS]) + more)
    report.passed.append("spec")
    return load_challenge(folder)


def check_metric(report: Report, challenge: Challenge) -> None:
    """A table is scored by a metric that is known, in the direction it has.

    Raises:
        CheckFailed: It is not.
    """
    if challenge.submission.kind != "file":
        return  # its evaluate.py measures what it will
    stated = challenge.metric
    try:
        known = get_metric(stated.name)
    except UnknownNameError as error:
        raise CheckFailed("metric", f"field 'metric.name': {error}") from error
    report.require(
        "metric",
        stated.direction == known.direction,
        f"field 'metric.direction': of {known.name}, {known.direction} scores are better; got {stated.direction!r}",
    )


def check_overlap(report: Report, challenge: Challenge, suite: Suite) -> None:
    """It is none that agents are evaluated on.

    Raises:
        CheckFailed: It is.
    """
    overlap = suite.overlap(challenge)
    report.require("contaminated", overlap is None, f"overlaps with {overlap}")
