"""After hostile use and a reset a sandbox looks like a fresh one; the few exceptions are listed."""

from __future__ import annotations

from collections.abc import Callable

from conformance_parts import attempts, make

from synthgym.envs.conformance.checks import Attempt


@attempts("snapshots")
def test_snapshots(backend: str, attempt: Attempt, sandbox_name: Callable[[str], str]) -> None:
    make(attempt, backend, sandbox_name)
