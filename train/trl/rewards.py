"""The reward that goes with `rollout_func`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from synthgym.base.errors import UserError


def improvement_reward(
    completions: list[Any],
    improvement: list[float | None] | None = None,
    log_metric: Callable[[str, float], None] | None = None,
    **columns: Any,
) -> list[float | None]:
    """The held-out improvement of each episode: 0 is the starter, 1 the reference solution.

    An episode that infrastructure failed has None: TRL leaves it out of its group.

    Args:
        completions: Of the batch.
        improvement: What `rollout_func` found.
        log_metric: TRL's, for the share of episodes that infrastructure failed.
        **columns: What else TRL knows of the batch; not used.

    Raises:
        UserError: There is no `improvement`.
    """
    if improvement is None:
        raise UserError(
            "improvement_reward goes with rollout_func=synthgym.train.trl.rollout_func(…); environments of "
            "environment_factory(…) have a reward of their own, and need no reward function"
        )
    if log_metric:
        log_metric("episodes/failed", sum(each is None for each in improvement) / max(len(completions), 1))
    return list(improvement)
