"""What this machine lets a challenge ask for: its owner's settings, whatever a stranger's spec says.

A budget that asks for more is refused and not cut: a challenge's content hash covers its budget, and with another
budget it would be another challenge.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

from synthgym.base.errors import UserError
from synthgym.registry.challenge import Budget

PREFIX = "SYNTHGYM_MAX_"
"""Of the environment variables: `SYNTHGYM_MAX_MEMORY_MB` for `budget.memory_mb`, and so on for each field."""

DEFAULTS: dict[str, float] = {
    "steps": 1_000,
    "validations": 1_000,
    "command_cpu_seconds": 6 * 3600,
    "episode_cpu_seconds": 48 * 3600,
    "prepare_cpu_seconds": 3600,
    "wall_factor": 100,
    "memory_mb": 64 << 10,
    "pids": 4096,
    "disk_mb": 32 << 10,
    "cpus": 256,
    "gpus": 16,
}
"""Limits where no variable is set; of memory and disk, which is kept in memory, no more than this machine has."""

_LEAST_MB = 8 << 10
"""A machine of less memory allows this much: it may swap, and no sandbox needs to use what it may."""


_IN_MEMORY = ("memory_mb", "disk_mb")


def _memory_mb() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20


def host_limit(field: str) -> float:
    """The most that this machine lets a challenge's `budget` have of a field.

    Raises:
        UserError: The variable is set to something else than a number.
    """
    variable = PREFIX + field.upper()
    stated = os.environ.get(variable, "").strip()
    if not stated:
        return min(DEFAULTS[field], max(_memory_mb(), _LEAST_MB)) if field in _IN_MEMORY else DEFAULTS[field]
    try:
        limit = float(stated)
    except ValueError:
        limit = math.nan
    if not limit >= 0:
        raise UserError(f"{variable}: expected a number, the most that budget.{field} may be here; got {stated!r}")
    return limit


def over_limits(budget: Budget) -> Iterator[str]:
    """What a budget asks for beyond what this machine gives, and how to allow it.

    Raises:
        UserError: A variable is set to something else than a number.
    """
    for field in DEFAULTS:
        asked, limit = getattr(budget, field), host_limit(field)
        if asked > limit:
            yield (
                f"field 'budget.{field}': this machine gives at most {limit:g}, got {asked:g}; its owner can allow "
                f"more with the environment variable {PREFIX}{field.upper()}"
            )
