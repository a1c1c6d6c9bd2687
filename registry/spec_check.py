"""What is wrong with a challenge that its spec alone tells, or the names of its files; see also `collections.check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from synthgym.base.errors import UnknownNameError
from synthgym.registry.challenge import Challenge
from synthgym.registry.data import dataset_problems
from synthgym.registry.metrics import METRICS, get_metric
from synthgym.registry.names import KINDS

NO_STARTER = "missing or empty; expected the starter, which the agent begins with"
MARGIN = 2.0
"""By how many times the noise the reference must beat the baseline; with less, most improvements would be none."""

_ROUNDING = 1e-9


def missing_files(folder: Path, kind: str) -> Iterator[tuple[Path, str]]:
    """What every challenge whose submission is of that kind has, and this one has not."""
    if not (folder / "workspace").is_dir():
        yield folder / "workspace", NO_STARTER
    for name in ("prepare.py", "evaluate.py") if kind == "module" else ("prepare.py",):
        script = folder / "grader" / name
        if not script.is_file():
            yield script, f"missing; a challenge of kind {kind!r} needs it"


def spec_problems(challenge: Challenge) -> Iterator[tuple[str, str]]:
    """What is wrong with fields that are each allowed, beside others; and which check that fails."""
    for what in dataset_problems(challenge.dataset):
        yield what, "spec"
    metric, columns = challenge.metric, challenge.submission.columns
    if challenge.submission.kind not in KINDS:
        what = f"{challenge.submission.kind!r} is for tasks of a suite's checkout, which states its scores"
        yield f"field 'submission.kind': {what}", "spec"
    if challenge.submission.kind != "file":
        return  # its evaluate.py measures what it will
    try:
        known = get_metric(metric.name)
    except UnknownNameError as error:
        yield f"field 'metric.name': {error}", "metric"
        return
    if metric.direction != known.direction:
        expected = f"expected {known.direction!r} for {metric.name}"
        yield f"field 'metric.direction': {expected}, got {metric.direction!r}", "metric"
    if len(set(columns)) != len(columns):
        yield f"field 'submission.columns': expected each name once, got {columns}", "spec"
    if any(name != name.strip() for name in columns):
        yield f"field 'submission.columns': expected names without blanks around them, got {columns}", "spec"
    if not known.takes(len(columns)):
        expected = f"expected {known.expected_columns} for {metric.name}"
        yield f"field 'submission.columns': {expected}, got {columns}", "spec"


def number_problems(challenge: Challenge) -> Iterator[str]:
    """Which of the scores that verification has written cannot be what it measured, whatever the challenge is.

    Where somebody else wrote them, this is all that can be told of a reference score whose solution was left out.
    """
    mean, best, noise = challenge.baseline.mean, challenge.reference.score, challenge.noise
    if mean is None or best is None or noise is None:
        return
    known = METRICS.get(challenge.metric.name) if challenge.submission.kind == "file" else None
    bounds = known or challenge.metric
    sign = 1 if challenge.metric.direction == "higher" else -1
    for field, score in (("baseline.mean", mean), ("reference.score", best)):
        for bound, side, what in ((bounds.optimum, sign, "better"), (bounds.worst, -sign, "worse")):
            if bound is not None and side * (score - bound) > _ROUNDING * max(1.0, abs(bound)):
                yield f"field '{field}': no {challenge.metric.name} is {what} than {bound:g}, got {score:g}"
    if not sign * (best - mean) > MARGIN * noise:
        yield (
            f"field 'reference.score': expected one that is better than the baseline {mean:g} by more than "
            f"{MARGIN:g} × the noise {noise:g}, got {best:g}"
        )
    scores = [*challenge.baseline.scores, *challenge.baseline.validation_scores]
    if scores and not min(scores) - noise <= mean <= max(scores) + noise:
        yield f"field 'baseline.mean': expected the mean of its scores, {fmean(scores):g}, got {mean:g}"
