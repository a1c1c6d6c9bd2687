"""A reset in place: the same sandbox, and nothing left of what went on in it."""

from __future__ import annotations

from collections.abc import Callable

from conformance_parts import attempts, make

from synthgym.envs.conformance.checks import Attempt


@attempts("reset")
def test_reset(backend: str, attempt: Attempt, sandbox_name: Callable[[str], str]) -> None:
    make(attempt, backend, sandbox_name)
