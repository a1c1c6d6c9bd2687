"""Verification: what every challenge goes through, whoever made it, before anybody may be scored on it.

The challenge's own code runs in sandboxes only: `prepare.py`, twice; the starter with K seeds, which gives baseline and
noise; the reference solution, which must beat the baseline beyond the noise; submissions that try the grader. What an
agent would be given is searched for the labels, and compared with what agents are evaluated on. The checks are rows of
the table in `synthgym.synthesis.verification.checks`.
"""

from __future__ import annotations

import errno
import itertools
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.base.errors import GraderError, HubRefused, InfrastructureError, MissingDependencyError, UserError
from synthgym.envs.briefing import briefing
from synthgym.envs.measuring.measured import Measurement, differences, remember
from synthgym.envs.sandboxes import open_sandbox, resolve_sandbox
from synthgym.envs.sandboxes.base import Profile, Sandbox, Setup
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.spec_check import number_problems
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.check import Check, CheckFiles
from synthgym.synthesis.verification.checks import checks_of
from synthgym.synthesis.verification.contamination import Suite
from synthgym.synthesis.verification.limited_process import run_limited, start_early
from synthgym.synthesis.verification.measuring import Measured, filled_in
from synthgym.synthesis.verification.whose_fault import retried_if_sandbox_dies, unexpected

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
            known: dict[str, Any] = {"report": report, "folder": folder, "suite": suite or Suite.default()}
            _run(checks_of("read"), known)
            challenge: Challenge = known["challenge"]
            passed = list(report.passed)
            start_early()

            def run() -> tuple[Challenge, Measured]:
                report.passed[:] = passed
                found = {**known, "sandbox": resolve_sandbox(given, challenge.image)}
                _run(checks_of("run", challenge.submission.kind), found)
                return _filled_in(challenge, found["prepared"], found["measured"]), found["measured"]

            filled, measured = retried_if_sandbox_dies(run, sandbox)
            found = measured.measurement
            remember(filled.provenance.content_hash, filled.provenance.data_hash, found)
        if attempts:
            known |= {"filled": filled, "attempts": attempts, "agent": agent, "sandbox": given}
            _run(checks_of("try"), known)
            filled = known["filled"]
        if write:
            _write(folder, challenge, filled, found, keep, report)
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


def _filled_in(challenge: Challenge, prepared: Prepared, measured: Measured) -> Challenge:
    """The challenge with what was measured, and the hashes of what was verified."""
    provenance = {"content_hash": prepared.content_hash, "data_hash": prepared.data_hash}
    return filled_in(challenge, measured).model_copy(
        update={"provenance": challenge.provenance.model_copy(update=provenance)}
    )


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


def _run(checks: list[Check], known: dict[str, Any]) -> None:
    """Does checks one after the other; those that are isolated and follow each other in one process.

    A sandbox as the agent has it is opened for the first that needs one, and closed after the last.
    """
    with ExitStack() as stack:
        for isolated, several in itertools.groupby(checks, key=lambda check: check.isolated):
            if isolated:
                known["report"].passed += run_limited(_files_job(tuple(several), known))
                continue
            for check in several:
                if "box" in check.needs and "box" not in known:
                    known["box"] = stack.enter_context(_agents_sandbox(known))
                check(known)


def _files_job(checks: tuple[Check, ...], known: dict[str, Any]) -> CheckFiles:
    challenge, prepared = known["challenge"], known["prepared"]
    text = ""
    if any("briefing" in check.needs for check in checks):
        text = briefing(challenge, prepared.workspace, steps=0, validations=0, limits="")
    return CheckFiles(checks, challenge, prepared.workspace, prepared.private, known.get("hidden"), text)


@contextmanager
def _agents_sandbox(known: dict[str, Any]) -> Iterator[Sandbox]:
    challenge, prepared = known["challenge"], known["prepared"]
    setup = Setup(Profile.agent(challenge.budget), prepared.workspace, image=challenge.image)
    with closing(open_sandbox(known["sandbox"], setup)) as box:
        box.start()
        yield box
