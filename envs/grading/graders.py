"""The grader for a challenge."""

from __future__ import annotations

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.mlgym.grading import MLGymGrader
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge


def open_grader(challenge: Challenge, prepared: Prepared, sandbox: str) -> FileGrader | ModuleGrader | MLGymGrader:
    """The grader for the challenge's kind of submission; `sandbox` is the backend for code that it runs."""
    if challenge.submission.kind == "module":
        return ModuleGrader(challenge, prepared, sandbox)
    if challenge.submission.kind == "mlgym":
        return MLGymGrader(challenge, prepared, sandbox, halves=True)
    return FileGrader(challenge, prepared)
