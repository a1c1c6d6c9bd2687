"""A benchmark's result in sentences: who is ahead, by how much, and whether that may be chance."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from synthgym.train.evaluation.number_texts import gain, share
from synthgym.train.evaluation.stats import Comparison, Interval

_SENTENCES = 3


def headline(comparison: Comparison, solvers: Sequence[str]) -> list[str]:
    """The result in sentences: the best solver, then the first steps down to the next."""
    lines = [_best(comparison, solvers)]
    for first, second in itertools.islice(itertools.pairwise(solvers), _SENTENCES):
        found = comparison.difference(first, second).improvement
        if _is_nothing(found.mean):
            lines.append(f"{first} and {second} are level: their means differ by less than 0.01{_between(found)}.")
            continue
        if found.low is None:
            verdict = "one challenge says nothing about others"
        elif found.clear:
            verdict = "more than chance explains"
        else:
            verdict = "which may be chance"
        lines.append(f"{first} is ahead of {second} by {gain(found.mean)}{_between(found)}: {verdict}.")
    return lines


def _best(comparison: Comparison, solvers: Sequence[str]) -> str:
    top = comparison.summaries[solvers[0]].improvement
    interval = _between(top, f"{share(comparison.level)} interval ")
    level = [name for name in solvers if _is_nothing(comparison.summaries[name].improvement.mean - top.mean)]
    if top.mean <= 0 or _is_nothing(top.mean):
        if len(solvers) == 1:
            return f"{solvers[0]} does not get past the baseline: its mean improvement is {gain(top.mean)}{interval}."
        return f"None gets past the baseline: the best mean improvement is {gain(top.mean)}{interval}."
    if len(level) > 1:
        names = f"{', '.join(level[:-1])} and {level[-1]}" if len(level) <= _SENTENCES else f"{len(level)} solvers"
        verb = "get equally far: "
    else:
        names, verb = solvers[0], "gets furthest: " if len(solvers) > 1 else "gets "
    return f"{names} {verb}{gain(top.mean)} of the way from the baseline to the reference on average{interval}."


def _is_nothing(difference: float) -> bool:
    """Whether it is too small to be shown."""
    return gain(abs(difference)) == gain(0.0)


def _between(interval: Interval, said: str = "") -> str:
    """The interval in brackets; with a digit more where an end would be shown as 0, and is not."""
    if interval.low is None or interval.high is None:
        return ""
    digits = next(
        (n for n in (2, 3) if not interval.clear or round(min(map(abs, (interval.low, interval.high))), n)), 4
    )
    return f" ({said}{gain(interval.low, digits)} to {gain(interval.high, digits)})"


def axis_ends(comparison: Comparison) -> tuple[float, float]:
    """Ends of the axis of the small interval marks in the headline table."""
    values = [0.0, 1.0]
    for each in comparison.summaries.values():
        found = each.improvement
        values += [found.mean if end is None else end for end in (found.low, found.high)]
    return min(values) - 0.05, max(values) + 0.05
