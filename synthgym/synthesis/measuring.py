"""Scores of a challenge's starter and of its reference solution, run in the agent's own sandbox."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from synthgym.base.errors import BadSubmission
from synthgym.envs.file_grading import FileGrader
from synthgym.envs.module_grading import ModuleGrader
from synthgym.envs.sandboxes.base import CommandResult, Limits, Sandbox
from synthgym.envs.starter import run_seeded
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.sealing import is_sealed
from synthgym.synthesis.checks import CheckFailed, Report
from synthgym.synthesis.failures import MOST_SAID, cause_of

SEEDS = 5
"""Runs of the starter, each with its own SEED."""

STARTER_SHARE = 0.5
"""Share of an episode's CPU time that these runs may use together: an agent can run the starter ten times, then."""


@dataclass(frozen=True)
class Measured:
    """What the starter scored.

    Attributes:
        scores: On the half that counts, one a seed.
        noise: The larger of their standard deviation and of that of the score over the hidden rows or instances.
        submission: What it left with the last seed.
        cpu_seconds: Of all runs together.
    """

    scores: list[float]
    noise: float
    submission: bytes
    cpu_seconds: float

    @property
    def mean(self) -> float:
        """The baseline."""
        return statistics.fmean(self.scores)

    @property
    def sd(self) -> float:
        """Standard deviation over seeds."""
        return statistics.stdev(self.scores)


def measure_baseline(challenge: Challenge, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report) -> Measured:
    """Runs the starter with each seed.

    Raises:
        CheckFailed: It fails, leaves no submission, or takes so long that an episode is over after a few runs.
    """
    path, most = challenge.submission.path, challenge.submission.max_bytes
    scores, sampling, seconds = [], 0.0, 0.0
    data = b""
    for seed in range(SEEDS):
        if challenge.submission.kind == "file":
            box.run(f"rm -f {path!r}", Limits())
        seconds += _run(challenge, box, "baseline", challenge.baseline.command, seed).cpu_seconds
        try:
            data = box.read(path, most)
            if isinstance(grader, ModuleGrader):
                score = grader.grade(data, "final", seed=seed)
                sampling = max(sampling, score.sd or 0.0)
            else:
                score = grader.grade(data, "final")
                grader.grade(data, "validate")
        except BadSubmission as error:
            raise CheckFailed(
                "baseline", f"what {challenge.baseline.command!r} left is no submission: {error}"
            ) from error
        scores.append(score.value)
    report.passed.append("baseline")
    allowed = STARTER_SHARE * challenge.budget.episode_cpu_seconds
    report.require(
        "slow",
        seconds <= allowed,
        f"{SEEDS} runs of {challenge.baseline.command!r} used {seconds:.1f} CPU seconds, expected at most {allowed:g}, "
        f"{STARTER_SHARE:.0%} of budget.episode_cpu_seconds: an agent has to run it again and again",
    )
    if isinstance(grader, FileGrader):
        sampling = grader.sampling_sd(data, "final")
    return Measured(scores, max(statistics.stdev(scores), sampling), data, seconds)


def measure_reference(
    challenge: Challenge, prepared: Prepared, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> tuple[float, bytes]:
    """The reference solution's score on the half that counts, from a fresh workspace; and its submission.

    Raises:
        CheckFailed: It fails, or leaves no submission.
    """
    root = prepared.grader / "reference"
    if is_sealed(prepared.grader.parent) and not root.is_dir():
        raise CheckFailed("reference", f"{root} was left out where the challenge was published; verify it where it is")
    box.start()
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        box.write(file.relative_to(root).as_posix(), file.read_bytes())
    _run(challenge, box, "reference", challenge.reference.command, 0)
    try:
        data = box.read(challenge.submission.path, challenge.submission.max_bytes)
        grader.grade(data, "validate")
        score = grader.grade(data, "final").value
    except BadSubmission as error:
        raise CheckFailed("reference", f"what the reference left is no submission: {error}") from error
    report.passed.append("reference")
    return score, data


def _run(challenge: Challenge, box: Sandbox, check: str, command: str, seed: int) -> CommandResult:
    if not command:
        raise CheckFailed(check, f"challenge.yaml has no {check}.command")
    result = run_seeded(challenge, box, command, seed)
    if result.returncode != 0:
        cause, how = cause_of(result, check)
        said = result.text[-MOST_SAID:].strip()
        raise CheckFailed(cause, f"the {check}, {command!r} with SEED={seed}, failed ({how}): {said}")
    return result
