"""What `info` tells besides in MLGym's tasks."""

from __future__ import annotations

from typing import Any, TypedDict


class MLGymInfo(TypedDict):
    """What `info` tells besides in MLGym's tasks.

    Attributes:
        protocol: ``sealed`` or ``mlgym``.
        metrics: All that the task's evaluator said of the last submission, by name; empty while an agent under
            ``sealed`` must not know it.
    """

    protocol: str
    metrics: dict[str, Any]
