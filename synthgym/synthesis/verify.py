"""Verification: what every challenge goes through, whoever made it, before anybody may be scored on it.

In sandboxes only: `prepare.py`; the starter with K seeds, which gives baseline and noise; the reference solution, which
must beat the baseline beyond the noise; properties of the grader; and a search for labels where an agent could look.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from synthgym.base.errors import BadSubmission, GraderError, SandboxError, SpecError, UserError
from synthgym.envs.file_grading import FileGrader
from synthgym.envs.grading import open_grader
from synthgym.envs.module_grading import ModuleGrader
from synthgym.envs.sandboxes import open_sandbox, resolve_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Sandbox, Setup
from synthgym.envs.workspace import Prepared, prepare
from synthgym.registry.challenge import Challenge, Reference, content_hash, load_challenge
from synthgym.registry.sealing import is_sealed
from synthgym.synthesis.checks import CheckFailed, Report
from synthgym.synthesis.grader_checks import check_file_grader, check_irregular_files, check_module_grader
from synthgym.synthesis.leaks import check_leaks

SEEDS = 5
"""Runs of the starter, each with its own SEED."""

MARGIN = 2.0
"""By how many times the noise the reference must beat the baseline; with less, most improvements would be none."""


def verify(folder: Path, sandbox: str = "auto", write: bool = True) -> Report:
    """Verifies one challenge folder.

    Args:
        folder: The challenge's folder.
        sandbox: Backend for all that is run.
        write: Whether to write the measured scores and the content hash into `challenge.yaml` when all is well.

    Returns:
        What was found; a challenge that fails is a result, not an error.

    Raises:
        SandboxError: The sandbox died without the challenge's doing, or could not start.
        MissingDependencyError: No sandbox works here.
    """
    started = time.monotonic()
    report = Report(folder.name)
    sandbox = resolve_sandbox(sandbox)
    try:
        try:
            challenge = load_challenge(folder)
        except SpecError as error:
            raise CheckFailed("spec", str(error)) from error
        report.passed.append("spec")
        measured = _verify(challenge, folder, sandbox, report)
        if write:
            measured.save(folder)
    except CheckFailed as failure:
        report.failed, report.reason = failure.check, failure.reason
    report.seconds = time.monotonic() - started
    return report


def _verify(challenge: Challenge, folder: Path, sandbox: str, report: Report) -> Challenge:
    try:
        prepared = prepare(challenge, folder, sandbox)
        grader = open_grader(challenge, prepared, sandbox)
    except (GraderError, UserError) as error:
        raise CheckFailed("prepare", str(error)) from error
    report.passed.append("prepare")
    box = open_sandbox(sandbox, Setup(Profile.agent(challenge.budget), prepared.workspace, image=challenge.image))
    try:
        box.start()
        labels = prepared.private / "labels.csv"
        secret = labels.read_bytes() if challenge.submission.kind == "file" else None
        check_leaks(report, box, prepared.workspace, secret)
        scores, noise, starter = _measure_baseline(challenge, grader, box, report)
        reference = _measure_reference(challenge, prepared, grader, box, report)
        check_irregular_files(report, box, challenge)
        mean = statistics.fmean(scores)
        report.measured = {"baseline": mean, "sd": statistics.stdev(scores), "noise": noise, "reference": reference}
        better = reference - mean if challenge.metric.direction == "higher" else mean - reference
        report.require(
            "reference beats baseline",
            better > MARGIN * noise and better > 0,
            f"the reference scores {reference:.6g}, the baseline {mean:.6g} ({challenge.metric.direction} is better); "
            f"expected a gain of more than {MARGIN:g} × the noise {noise:.3g}",
        )
        if isinstance(grader, FileGrader):
            check_file_grader(report, grader, labels.read_bytes(), seed=0)
        elif isinstance(grader, ModuleGrader):
            check_module_grader(report, grader, starter, challenge.submission.path)
    except (GraderError, SandboxError) as error:
        # Nothing but this challenge's own code ran: what it broke is its own failure.
        raise CheckFailed("grader" if isinstance(error, GraderError) else "sandbox", str(error)) from error
    finally:
        box.close()
    return _filled_in(challenge, folder, scores, noise, reference)


def _measure_baseline(
    challenge: Challenge, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> tuple[list[float], float, bytes]:
    """Scores of the starter over seeds on the half that counts, the noise, and the starter's submission."""
    path, most = challenge.submission.path, challenge.submission.max_bytes
    scores, sampling = [], 0.0
    data = b""
    for seed in range(SEEDS):
        if challenge.submission.kind == "file":
            box.run(f"rm -f {path!r}", Limits())
        _run(challenge, box, "baseline", challenge.baseline.command, seed)
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
    if isinstance(grader, FileGrader):
        sampling = grader.sampling_sd(data, "final")
    report.passed.append("baseline")
    return scores, max(statistics.stdev(scores), sampling), data


def _measure_reference(
    challenge: Challenge, prepared: Prepared, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> float:
    """The reference solution's score on the half that counts, from a fresh workspace."""
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
    return score


def _run(challenge: Challenge, box: Sandbox, check: str, command: str, seed: int) -> None:
    if not command:
        raise CheckFailed(check, f"challenge.yaml has no {check}.command")
    budget = challenge.budget
    limits = Limits(budget.command_cpu_seconds, budget.command_cpu_seconds * budget.wall_factor)
    result = box.run(f"export SEED={seed}; {command}", limits)
    if result.returncode != 0:
        how = f"used more than its {result.timeout} time" if result.timeout else f"exit code {result.returncode}"
        raise CheckFailed(check, f"{command!r} with SEED={seed} failed ({how}): {result.text[-1500:].strip()}")


def _filled_in(challenge: Challenge, folder: Path, scores: list[float], noise: float, reference: float) -> Challenge:
    baseline = challenge.baseline.model_copy(
        update={"scores": scores, "mean": statistics.fmean(scores), "sd": statistics.stdev(scores)}
    )
    best = Reference(
        command=challenge.reference.command, score=reference, by=challenge.reference.by or challenge.provenance.author
    )
    provenance = challenge.provenance.model_copy(update={"content_hash": content_hash(challenge, folder)})
    return challenge.model_copy(
        update={"baseline": baseline, "noise": noise, "reference": best, "provenance": provenance}
    )
