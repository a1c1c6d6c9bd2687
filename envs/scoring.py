"""What a score is, and who gives one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

Phase = Literal["validate", "final"]
"""Which half of what is hidden: the one the agent may ask about, or the one that counts."""


@dataclass(frozen=True)
class Score:
    """A raw score.

    Attributes:
        value: In the metric's own units.
        sd: Its sampling error, where the grader knows it.
        seconds: How long what was handed in was run for it, wall-clock: the agent's time, not the grader's.
    """

    value: float
    sd: float | None = None
    seconds: float = field(default=0.0, compare=False)


class Grader(Protocol):
    """Scores submissions of one challenge."""

    def grade(self, submission: bytes, phase: Phase) -> Score:
        """Scores the bytes of a submission.

        Raises:
            BadSubmission: It cannot be scored; told to the agent, and counted.
            GraderError: The grader itself failed; infrastructure.
        """
