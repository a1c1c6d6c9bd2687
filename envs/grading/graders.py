"""The grader for a challenge, by the kind of its submission.

Kinds beyond our own are announced by installed packages under the entry-point group ``synthgym.graders``, by the kind's
name: a class, or a function, that gets the challenge, the same made ready, and the backend for code that it runs, and
gives a `Grader`.
"""

from __future__ import annotations

from synthgym.base.plugins import load_plugin
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.scoring import Grader
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.names import GRADERS


def open_grader(challenge: Challenge, prepared: Prepared, sandbox: str) -> Grader:
    """The grader for the challenge's kind of submission; `sandbox` is the backend for code that it runs.

    Raises:
        UnknownNameError: No installed package has one.
    """
    kind = challenge.submission.kind
    if kind == "file":
        return FileGrader(challenge, prepared)
    if kind == "module":
        return ModuleGrader(challenge, prepared, sandbox)
    grader: Grader = load_plugin(GRADERS, kind, "grader for submissions of kind")(challenge, prepared, sandbox)
    return grader
