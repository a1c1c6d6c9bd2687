"""The checks that are shipped as tests, on each of our backends: which file of tests makes those of which file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from env_fixtures import BACKENDS, MUST_WORK, needs

from synthgym.envs.conformance import (
    channel,
    death,
    files,
    life,
    new_shells,
    output,
    processes,
    reset,
    shell,
    snapshots,
    time_limits,
)
from synthgym.envs.conformance.checks import Attempt, Opener
from synthgym.envs.conformance.expectations import LeftOut
from synthgym.envs.conformance.running import FILES, checks_in
from synthgym.envs.sandboxes import backend_of

PARTS = {
    "life": [life, files, channel, death],
    "limits": [time_limits, processes],
    "reset": [reset, snapshots],
    "shell": [shell, new_shells, output],
}
assert {file for part in PARTS.values() for file in part} == set(FILES), "a file of checks has no tests that make them"


def attempts(part: str) -> pytest.MarkDecorator:
    """Every check of a part, in each of its cases, on each backend that is held to it."""
    return pytest.mark.parametrize(
        ("backend", "attempt"),
        [
            pytest.param(backend, attempt, id=f"{backend}-{attempt}")
            for file in PARTS[part]
            for check in checks_in(file)
            for attempt in check.attempts()
            for backend in BACKENDS
            if backend_of(backend).isolates or not check.isolated
        ],
    )


def make(attempt: Attempt, backend: str, sandbox_name: Callable[[str], str]) -> None:
    """Makes an attempt; one that cannot be made here is skipped, or fails where the backend has to work."""
    needs(backend)
    try:
        with Opener(sandbox_name(backend)) as opener:
            attempt(opener)
    except LeftOut as reason:
        if backend in MUST_WORK:
            pytest.fail(str(reason))
        pytest.skip(str(reason))
