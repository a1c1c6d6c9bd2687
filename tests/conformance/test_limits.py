"""Limits on time and processes, and what ends with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conformance_parts import attempts, make

from synthgym.envs.conformance.checks import Attempt


@pytest.mark.sample(9)
@attempts("limits")
def test_limits(backend: str, attempt: Attempt, sandbox_name: Callable[[str], str]) -> None:
    make(attempt, backend, sandbox_name)
