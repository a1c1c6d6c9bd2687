"""The text an episode starts with, and how scores are written in it."""

from __future__ import annotations

import math
import os
from pathlib import Path

from synthgym.base.text import one_line
from synthgym.registry.challenge import Budget, Challenge

_MOST_FILES = 30


def shown(score: float, noise: float) -> str:
    """A score rounded to its noise: more digits would tell an agent about labels, not about its work."""
    decimals = 4 if noise <= 0 else min(max(math.ceil(-math.log10(noise)), 0), 6)
    return f"{score:.{decimals}f}"


def rounded(score: float, noise: float) -> float:
    """The number that `shown` writes."""
    return float(shown(score, noise))


def amount(number: float) -> str:
    """Seconds as a person would write them."""
    return f"{round(number, 1):g}"


def limits_line(budget: Budget) -> str:
    """What commands may use, in a line."""
    seconds, factor = budget.command_cpu_seconds, budget.wall_factor
    return (
        f"Limits: {amount(seconds)} CPU seconds a command ({amount(seconds * factor)} by the clock), "
        f"{amount(budget.episode_cpu_seconds)} in all; {_sizes(budget)}."
    )


def short_limits_line(budget: Budget, seconds: float) -> str:
    """The same where only a command that runs Python has all its time, any other so many seconds by the clock."""
    longest = amount(budget.command_cpu_seconds)
    return f"Limits: {amount(seconds)} seconds a command, {longest} where it runs Python; {_sizes(budget)}."


def _sizes(budget: Budget) -> str:
    return f"{budget.memory_mb} MB of memory, {budget.disk_mb} MB of disk, {budget.pids} processes"


def briefing(challenge: Challenge, workspace: Path, steps: int, validations: int, limits: str) -> str:
    """What the agent is told at the start: the problem, the metric, the submission, the files, the budget.

    Args:
        challenge: The problem.
        workspace: The folder that the workspace starts as.
        steps: How many there are.
        validations: How many there are.
        limits: The line on what commands may use.
    """
    metric, submission = challenge.metric, challenge.submission
    lines = [f"# {challenge.title}", challenge.description.strip(), ""]
    score = f"Metric: {metric.name}, {metric.direction} is better."
    if challenge.baseline.mean is not None and challenge.noise is not None:
        score += f" The starter scores {shown(challenge.baseline.mean, challenge.noise)}."
    lines.append(score)
    if submission.kind == "file":
        lines.append(f"Submission: {submission.path}, a CSV file with the header {','.join(submission.columns)}.")
    elif submission.path.endswith(".py"):
        lines.append(f"Submission: {submission.path}, a Python module.")
    else:
        lines.append(f"Submission: {submission.path}.")
    if challenge.baseline.command and challenge.baseline.command != "true":
        lines.append(f"Run the starter: {challenge.baseline.command}")
    lines.append(f"Files: {' '.join(_files(workspace))}")
    lines.append(
        f"Commands: validate (score the submission, {validations} times), submit (hand it in and finish). "
        f"Steps: {steps}."
    )
    lines.append(limits)
    return "\n".join(lines)


def _files(workspace: Path) -> list[str]:
    found = sorted(
        one_line(os.path.relpath(os.path.join(place, name), workspace))
        for place, _, names in os.walk(workspace)
        for name in names
    )
    return found if len(found) <= _MOST_FILES else [*found[:_MOST_FILES], f"… ({len(found) - _MOST_FILES} more)"]
