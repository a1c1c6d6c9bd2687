"""What a score is, and who gives one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Phase = Literal["validate", "final"]
"""Which half of what is hidden: the one the agent may ask about, or the one that counts."""


@dataclass(frozen=True)
class Score:
    """A raw score.

    Attributes:
        value: In the metric's own units.
        sd: Its sampling error, where the grader knows it.
    """

    value: float
    sd: float | None = None


class Grader(Protocol):
    """Scores submissions of one challenge."""

    def grade(self, submission: bytes, phase: Phase) -> Score:
        """Scores the bytes of a submission.

        Raises:
            BadSubmission: It cannot be scored; told to the agent, and counted.
            GraderError: The grader itself failed; infrastructure.
        """
