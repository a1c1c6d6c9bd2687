"""What a score is, and who gives one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Literal, Protocol, TypeGuard

from synthgym.base.errors import GraderError
from synthgym.base.validation import short_repr
from synthgym.envs.sandboxes.base import Limits
from synthgym.registry.metrics import LARGEST

Phase = Literal["validate", "final"]
"""Which half of what is hidden: the one the agent may ask about, or the one that counts."""


def is_number(value: object) -> TypeGuard[float]:
    """Whether it is a number at all, finite or not: no truth value, and no text that looks like one."""
    return isinstance(value, Real) and not isinstance(value, bool)


def is_score(value: object) -> TypeGuard[float]:
    """Whether a score can be this: a finite number that can be reckoned with."""
    return is_number(value) and abs(value) <= LARGEST


@dataclass(frozen=True)
class Score:
    """A raw score.

    Attributes:
        value: In the metric's own units.
        sd: Its sampling error, where the grader knows it.
        seconds: How long what was handed in was run for it, wall-clock: the agent's time, not the grader's.
        cpu_seconds: What that used.
        details: What else the grader says of it: names, and what JSON can say.

    Raises:
        GraderError: One of them is no finite number, is beyond `LARGEST`, or the error is below zero.
    """

    value: float
    sd: float | None = None
    seconds: float = field(default=0.0, compare=False)
    cpu_seconds: float = field(default=0.0, compare=False)
    details: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not is_score(self.value):
            raise GraderError(f"score: expected a finite number of at most {LARGEST:g}, got {short_repr(self.value)}")
        object.__setattr__(self, "value", float(self.value))
        if self.sd is None:
            return
        if not (is_score(self.sd) and self.sd >= 0):
            raise GraderError(
                f"standard deviation of a score: expected a number from 0 to {LARGEST:g}, got {short_repr(self.sd)}"
            )
        object.__setattr__(self, "sd", float(self.sd))


class Grader(Protocol):
    """Scores submissions of one challenge."""

    def grade(self, submission: bytes, phase: Phase, left: Limits | None = None) -> Score:
        """Scores the bytes of a submission.

        Args:
            submission: What was handed in.
            phase: Which half of what is hidden.
            left: What a submission that is run may use, where that is less than a challenge gives it anyway.

        Raises:
            BadSubmission: It cannot be scored; told to the agent, and counted.
            GraderError: The grader itself failed; infrastructure.
        """
