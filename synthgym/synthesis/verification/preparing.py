"""Whether `prepare.py` makes data that can be graded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from synthgym.base.errors import GraderError, HubRefused, MissingDependencyError, UserError
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.graders import open_grader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.workspace import Prepared, prepare
from synthgym.registry.challenge import Challenge
from synthgym.registry.metrics import LARGEST
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.failures import cause_in


def check_prepare(
    report: Report, challenge: Challenge, folder: Path, sandbox: str
) -> tuple[Prepared, FileGrader | ModuleGrader]:
    """Runs it, and opens the grader of what it makes.

    Raises:
        CheckFailed: It fails, or what it makes cannot be graded.
        MissingDependencyError: No sandbox works here.
        HubRefused: The Hub refuses whoever asks, whatever is asked for.
    """
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
        kind = challenge.submission.kind
        raise CheckFailed("spec", f"submission.kind {kind!r} is for tasks of a suite, which states its scores")
    report.passed.append("prepare")
    return prepared, grader


def check_label_size(report: Report, grader: FileGrader) -> HiddenLabels:
    """Labels that are numbers are none that cannot be reckoned with.

    Returns:
        The labels.

    Raises:
        CheckFailed: One is.
    """
    hidden = HiddenLabels.of(grader)
    for labels in (hidden, *hidden.beside):
        largest = float(np.abs(labels.series).max())
        report.require(
            "prepare",
            largest <= LARGEST,
            f"labels.csv: expected numbers of at most {LARGEST:g}, got {largest:g}: no score can be computed of it",
        )
    return hidden
