"""A reset in place: nothing left of what went on, and, the few exceptions that are listed apart, as a fresh sandbox."""

from __future__ import annotations

from collections.abc import Callable

from conformance_parts import attempts, make

from synthgym.envs.conformance.checks import Attempt


@attempts("reset")
def test_reset(backend: str, attempt: Attempt, sandbox_name: Callable[[str], str]) -> None:
    make(attempt, backend, sandbox_name)
