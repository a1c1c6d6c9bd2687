"""Verification and agents' episodes of a model's challenge, as jobs that can run on any engine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synthgym.agents.specs import parse_spec
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge
from synthgym.synthesis.language.declared import Declared
from synthgym.synthesis.language.short_seeds import short_seeds
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.difficulty import attempt_once
from synthgym.synthesis.verification.verify import verify


@dataclass(frozen=True)
class Verify:
    """A verification; see `synthgym.synthesis.verification.verify`. What passes must also be what was proposed."""

    folder: Path
    sandbox: str
    declared: Declared | None = None

    def __call__(self) -> Report:
        """Verifies the folder."""
        if short := short_seeds(self.folder):
            reason = f"{'; '.join(short[:5])}: whoever tries seeds can draw the same, hidden labels included"
            return Report(self.folder.name, failed="short seed", reason=f"{reason}. Take seeds from SECRET")
        report = verify(self.folder, self.sandbox)
        if report.ok and self.declared:
            challenge = load_challenge(self.folder)
            prepared = prepare(challenge, self.folder, self.sandbox)  # found where verification left it
            if wrong := self.declared.problem(prepared, FileGrader(challenge, prepared)):
                report.failed, report.reason = wrong
            else:
                report.passed.append("as declared")
        return report


@dataclass(frozen=True)
class Try:
    """One episode of an agent on a verified challenge; see `synthgym.synthesis.verification.difficulty`."""

    folder: Path
    seed: int
    agent: str
    sandbox: str

    def __call__(self) -> dict[str, Any]:
        """What came of it, as `Attempt` has it; or why it is no challenge, under ``failed``."""
        try:
            return asdict(attempt_once(self.folder, self.seed, parse_spec(self.agent), self.sandbox))
        except CheckFailed as failure:
            return {"failed": failure.reason, "prompt_tokens": 0, "completion_tokens": 0, "cost": 0.0}
