"""What `info` tells, in one shape: at a reset, at every step, and at the last one.

Gymnasium's vectors put the infos of their environments together key by key, and the first value they meet decides what
the others must be: a dictionary's place can be taken by nothing else, and an array of plain numbers refuses None, or
silently cuts a fraction off. So a dictionary is always there, and a number that may be missing is of a kind of its own.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict


class SubmissionInfo(TypedDict):
    """What `submission` holds.

    Attributes:
        accepted: Whether it could be scored.
        score: Raw, on the half that counts.
        improvement: 0 without a score.
        error: Why it could not be scored.
    """

    accepted: bool
    score: float | None
    improvement: float
    error: str | None


class EpisodeInfo(TypedDict):
    """What `info` tells at every reset and step.

    Attributes:
        step: Actions so far.
        steps_left: Actions that the episode still has.
        returncode: Of the last command.
        elapsed: Seconds that the last command took, by the clock.
        cpu_seconds: What the episode's commands, and its module in gradings, have used.
        cpu_seconds_left: CPU seconds that the episode still has.
        seconds_left: Seconds by the clock that its commands still have.
        command_cpu_seconds: The most CPU seconds that the next command may use.
        command_seconds: The most seconds by the clock that it may take.
        memory_mb: Memory of all its processes together.
        disk_mb: Size of the workspace.
        scores: Of the validations, rounded to the noise.
        score: Of the final submission, held out; once the episode is over.
        best_score: The best of `scores`.
        improvement: Held-out improvement of the final submission, once the episode is over: 0 is the starter, 1 the
            reference. With the default reward it is the episode's return.
        baseline: The starter's score.
        reference: The score of the best known solution.
        noise: Differences from the baseline up to this say nothing.
        metric: The name of what is measured.
        direction: Which scores are better.
        validations_left: How often `validate` may still be called.
        exit_status: How the episode ended: ``submitted``, ``step_limit``, ``budget``, ``finished``, ``sandbox_died``,
            ``grader_failed``; none while it runs.
        submission: The last `submit`, or the final grade.
        challenge_hash: Of the challenge's content: scores of different ones are not compared.
    """

    step: int
    steps_left: int
    returncode: int | None
    elapsed: float
    cpu_seconds: float
    cpu_seconds_left: float
    seconds_left: float
    command_cpu_seconds: float
    command_seconds: float
    memory_mb: int
    disk_mb: int
    scores: list[float]
    score: float | None
    best_score: float | None
    improvement: float | None
    baseline: float | None
    reference: float | None
    noise: float | None
    metric: str
    direction: Literal["higher", "lower"]
    validations_left: int
    exit_status: str | None
    submission: SubmissionInfo
    challenge_hash: str


class VectorInfo(TypedDict):
    """What a vector's `infos` tell besides, an array of one for each environment.

    Attributes:
        infrastructure_error: The error's text where infrastructure failed, none elsewhere.
        _infrastructure_error: Where it failed.
    """

    infrastructure_error: str | None
    _infrastructure_error: bool


class _Float(float):
    """A float for which None may stand: Gymnasium makes arrays of numbers of the plain kinds only, else of objects."""


class _Int(int):
    """An int for which None may stand; see `_Float`."""


def optional(value: Any) -> Any:
    """The same value, such that in another environment, or in another step, there may be None in its place.

    Numbers stay numbers; those in a dictionary are treated alike.
    """
    if isinstance(value, dict):
        return {key: optional(item) for key, item in value.items()}
    if isinstance(value, int):
        return _Int(value)
    return _Float(value) if isinstance(value, float) else value


def submission_info(
    accepted: bool = False, score: float | None = None, improvement: float = 0.0, error: str | None = None
) -> SubmissionInfo:
    """What `info` tells of the last submission; by default, that there was none."""
    return {"accepted": accepted, "score": optional(score), "improvement": float(improvement), "error": error}
