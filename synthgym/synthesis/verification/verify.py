"""Verification: what every challenge goes through, whoever made it, before anybody may be scored on it.

The challenge's own code runs in sandboxes only: `prepare.py`, twice; the starter with K seeds, which gives baseline and
noise; the reference solution, which must beat the baseline beyond the noise; submissions that try the grader. What an
agent would be given is searched for the labels, and compared with what agents are evaluated on. `docs/challenges.md`
lists the checks by name.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.base.errors import GraderError, HubRefused, InfrastructureError, MissingDependencyError, UserError
from synthgym.envs.briefing import briefing
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.graders import open_grader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.measuring.measured import Measurement, differences, remember
from synthgym.envs.sandboxes import open_sandbox, resolve_sandbox
from synthgym.envs.sandboxes.base import Profile, Sandbox, Setup
from synthgym.envs.workspace import Prepared, prepare
from synthgym.registry.challenge import Challenge, load_challenge
from synthgym.registry.collections.check import check_challenge
from synthgym.registry.metrics import LARGEST
from synthgym.registry.spec_check import number_problems
from synthgym.synthesis.leaks.leaks import check_sandbox
from synthgym.synthesis.leaks.telling_columns import Hidden
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.apart import done_apart, get_ready
from synthgym.synthesis.verification.contamination import Suite
from synthgym.synthesis.verification.difficulty import attempt
from synthgym.synthesis.verification.failures import cause_in
from synthgym.synthesis.verification.file_jobs import LookAtInstances, LookAtTables
from synthgym.synthesis.verification.filters import check_metric, check_worth
from synthgym.synthesis.verification.grader_checks import check_file_grader, check_irregular_files, check_module_grader
from synthgym.synthesis.verification.measuring import Measured, filled_in, measure
from synthgym.synthesis.verification.repeatable import check_repeatable
from synthgym.synthesis.verification.whose_fault import told_apart, unexpected

_MOST_TOLD = 3

_THE_MACHINES = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS)
"""System errors that say more of the machine than of a challenge."""


def verify(
    folder: Path,
    sandbox: str = "auto",
    write: bool = True,
    attempts: int = 0,
    agent: str | AgentSpec = "scripted",
    suite: Suite | None = None,
    keep: bool = False,
) -> Report:
    """Verifies one challenge folder.

    Whatever is wrong with it, and whatever its programs do, comes back as a report. What is raised would befall any
    challenge.

    Args:
        folder: The challenge's folder.
        sandbox: Backend for all that is run.
        write: Whether to write what was measured and the content hash into `challenge.yaml` when all is well.
        attempts: Episodes that an agent tries the challenge in at the end, which measure how hard it is.
        agent: Who; see `synthgym.agents.specs`.
        suite: What the challenge must not overlap with; by default what known suites compare agents on.
        keep: Whether to leave scores that are there where what was measured agrees with them.

    Returns:
        What was found; a challenge that fails is a result, not an error.

    Raises:
        SandboxError: A sandbox died without the challenge's doing, or could not start.
        MissingDependencyError: No sandbox works here.
        HubError: The challenge's data is on the Hugging Face Hub, which failed.
        UserError: There is no such agent; or a key that the Hub refuses, or one is needed.
        ModelError: The agent's model cannot be reached.
    """
    started = time.monotonic()
    folder = folder.expanduser().absolute()
    report = Report(folder.name)
    given, sandbox = sandbox, resolve_sandbox(sandbox)
    agent = parse_spec(agent)
    try:
        with _result():
            challenge = _checked(folder, report)
            check_metric(report, challenge)
            overlap = (suite or Suite.default()).overlap(challenge)
            report.require("contaminated", overlap is None, f"overlaps with {overlap}")
            passed = list(report.passed)
            get_ready()

            def run() -> tuple[Challenge, Measurement]:
                report.passed[:] = passed
                return _verify(challenge, folder, resolve_sandbox(given, challenge.image), report)

            measured, found = told_apart(run, sandbox)
            remember(measured.provenance.content_hash, measured.provenance.data_hash, found)
        if attempts:
            measured = _attempted(measured, folder, attempts, agent, given, report)
        if write:
            _write(folder, challenge, measured, found, keep, report)
    except CheckFailed as failure:
        report.failed, report.reason = failure.check, _within(folder, failure.reason)
    report.seconds = time.monotonic() - started
    return report


def _within(folder: Path, reason: str) -> str:
    """A reason that names files by where they are in the challenge: it is kept in ledgers, and told to models."""
    return reason.replace(f"{folder}/", "").replace(str(folder), folder.name)


@contextmanager
def _result() -> Iterator[None]:
    """Turns what a challenge brings about into a check that failed; what would befall any challenge goes on.

    A fault of ours that only this challenge shows is told as such, and costs no other challenge its verification.
    """
    try:
        yield
    except GraderError as error:
        raise CheckFailed("grader", str(error)) from error
    except (CheckFailed, InfrastructureError, MissingDependencyError):
        raise
    except UserError as error:
        if isinstance(error, HubRefused) and error.for_all:
            raise
        raise CheckFailed("spec", str(error)) from error
    except OSError as error:
        if error.errno in _THE_MACHINES:
            raise
        raise CheckFailed("unexpected", unexpected(error)) from error
    except Exception as error:
        raise CheckFailed("unexpected", unexpected(error)) from error


def _checked(folder: Path, report: Report) -> Challenge:
    """Reads the challenge, if `synthgym check` has nothing to say against it."""
    problems = check_challenge(folder, stated=False)
    if problems:
        failed = problems[0].check
        told = [str(problem) for problem in problems if problem.check == failed]
        more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
        raise CheckFailed(failed, "; ".join(told[:_MOST_TOLD]) + more)
    report.passed.append("spec")
    return load_challenge(folder)


def _write(
    folder: Path, stated: Challenge, measured: Challenge, found: Measurement, keep: bool, report: Report
) -> None:
    """Writes what was measured, or no more than how hard it proved to be where what is there holds."""
    known = stated.verified and stated.provenance.content_hash == measured.provenance.content_hash
    wrong = [*number_problems(stated), *differences(stated, found)] if known else []
    if wrong:
        report.note = f"{'; '.join(wrong)}. What was measured is now written"
    if not (keep and known) or wrong:
        measured.save(folder)
    elif report.calibration:
        stated.model_copy(update={"calibration": measured.calibration}).save(folder)


def _verify(challenge: Challenge, folder: Path, sandbox: str, report: Report) -> tuple[Challenge, Measurement]:
    prepared, grader = _prepare(challenge, folder, sandbox, report)
    try:
        check_repeatable(report, challenge, folder, prepared, sandbox)
    except GraderError as error:
        raise CheckFailed(
            "not repeatable", f"prepare.py worked once and failed when it was run again: {error}"
        ) from error
    labels = prepared.private / "labels.csv"
    if isinstance(grader, FileGrader):
        hidden = Hidden.of(grader)
        _require_small(report, hidden)
        told = briefing(challenge, prepared.workspace, steps=0, validations=0, limits="")
        report.passed += done_apart(LookAtTables(challenge, prepared.workspace, labels, hidden, told))
    else:
        report.passed += done_apart(LookAtInstances(challenge.id, prepared.workspace, prepared.private))
    box = open_sandbox(sandbox, Setup(Profile.agent(challenge.budget), prepared.workspace, image=challenge.image))
    try:
        box.start()
        check_sandbox(report, box)
        measured = _measured(challenge, prepared, grader, box, report)
        check_irregular_files(report, box, challenge)
        if isinstance(grader, FileGrader):
            check_file_grader(report, grader, labels.read_bytes(), seed=0)
        elif isinstance(grader, ModuleGrader):
            check_module_grader(report, grader, measured, challenge)
        check_worth(report, challenge, grader, measured)
    except GraderError as error:
        raise CheckFailed("grader", str(error)) from error
    finally:
        box.close()
    provenance = {"content_hash": prepared.content_hash, "data_hash": prepared.data_hash}
    filled = filled_in(challenge, measured).model_copy(
        update={"provenance": challenge.provenance.model_copy(update=provenance)}
    )
    return filled, measured.measurement


def _require_small(report: Report, hidden: Hidden) -> None:
    """Labels that are numbers are none that cannot be reckoned with."""
    for labels in (hidden, *hidden.beside):
        largest = float(np.abs(labels.series).max())
        report.require(
            "prepare",
            largest <= LARGEST,
            f"labels.csv: expected numbers of at most {LARGEST:g}, got {largest:g}: no score can be computed of it",
        )


def _measured(
    challenge: Challenge, prepared: Prepared, grader: FileGrader | ModuleGrader, box: Sandbox, report: Report
) -> Measured:
    """Scores of starter and reference, if they can be reckoned with: how large they are is the challenge's doing."""
    try:
        measured = measure(challenge, prepared, grader, box, report)
        found = {
            "baseline": measured.mean,
            "sd": measured.sd,
            "noise": measured.noise,
            "reference": measured.reference.mean,
        }
        too_large = not all(abs(value) <= LARGEST for value in found.values())  # also what is no number
    except OverflowError:
        too_large = True
    if too_large:
        raise CheckFailed(
            "grader", f"starter or reference score beyond {LARGEST:g}, or vary so much: that cannot be compared"
        )
    report.measured = found
    return measured


def _prepare(
    challenge: Challenge, folder: Path, sandbox: str, report: Report
) -> tuple[Prepared, FileGrader | ModuleGrader]:
    try:
        prepared = prepare(challenge, folder, sandbox)
    except GraderError as error:
        cause, how = cause_in(str(error))
        raise CheckFailed(cause or "prepare", f"{f'prepare.py {how}: ' if cause else ''}{error}") from error
    except UserError as error:
        if isinstance(error, MissingDependencyError) or (isinstance(error, HubRefused) and error.for_all):
            raise
        raise CheckFailed("prepare", str(error)) from error
    try:
        grader = open_grader(challenge, prepared, sandbox)
    except (GraderError, UserError) as error:
        raise CheckFailed("prepare", str(error)) from error
    if not isinstance(grader, FileGrader | ModuleGrader):
        raise CheckFailed(
            "spec", f"submission.kind {challenge.submission.kind!r} is for a suite, which states its scores"
        )
    report.passed.append("prepare")
    return prepared, grader


def _attempted(
    measured: Challenge, folder: Path, attempts: int, agent: AgentSpec, sandbox: str, report: Report
) -> Challenge:
    """Lets an agent try the challenge as it was measured: a copy, for until all is well nothing is written."""
    with tempfile.TemporaryDirectory(prefix="synthgym-attempt-") as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy)
        measured.save(copy)
        calibration = attempt(copy, attempts, agent, sandbox)
    report.passed.append("agent check")
    report.calibration = calibration.model_dump()
    return measured.model_copy(update={"calibration": calibration})
