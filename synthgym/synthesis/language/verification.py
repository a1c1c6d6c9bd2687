"""The verification of a model's challenge, as a job that can run elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synthgym.synthesis.checks import Report
from synthgym.synthesis.verify import verify


@dataclass(frozen=True)
class Verify:
    """A job; see `synthgym.synthesis.verify.verify`."""

    folder: Path
    sandbox: str
    attempts: int
    agent: str

    def __call__(self) -> Report:
        """Verifies the folder."""
        return verify(self.folder, self.sandbox, attempts=self.attempts, agent=self.agent)
