"""Whether a failure is the fault of a challenge's code, of the machine or, where nobody foresaw it, ours."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from synthgym.base.errors import MissingDependencyError, SandboxError
from synthgym.base.text import one_line
from synthgym.envs.sandboxes import require_working
from synthgym.synthesis.report import CheckFailed

Value = TypeVar("Value")

_MOST_TEXT = 500


def retried_if_sandbox_dies(work: Callable[[], Value], sandbox: str) -> Value:
    """Does work in whose sandboxes a challenge's code runs; twice, where a sandbox died.

    Out of memory, an engine that was stopped, a machine that is full: from outside these look alike. The challenge is
    blamed only where its sandbox dies both times and an empty one works all the same.

    Args:
        work: Can be done again.
        sandbox: The backend that it uses.

    Raises:
        CheckFailed: ``sandbox``: the challenge brought it down, or asks for an image that is not there.
        SandboxError: No sandbox works here now.
        MissingDependencyError: The same.
    """
    try:
        return work()
    except (SandboxError, MissingDependencyError):
        require_working(sandbox)
    try:
        return work()
    except (SandboxError, MissingDependencyError) as error:
        require_working(sandbox)
        raise CheckFailed("sandbox", str(error)) from error


def unexpected(error: Exception) -> str:
    """An error that nobody foresaw, in a line that says where it came from."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({Path(place[0].filename).name}, line {place[0].lineno})" if place else ""
    return one_line(f"could not be dealt with: {type(error).__name__}{where}: {str(error)[:_MOST_TEXT]}")
