"""From the rewards of a group to advantages: how much better an episode went than its group's mean."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Literal

_EPSILON = 1e-4
"""Added to a deviation before it divides, as TRL does."""
_NOTHING = 1e-8


def spread(rewards: Sequence[float]) -> float:
    """Standard deviation of a group's rewards; 0 for fewer than two."""
    return statistics.stdev(rewards) if len(rewards) > 1 else 0.0


def rewards_differ(rewards: Sequence[float]) -> bool:
    """Whether there is anything to be learned from a group: at least two episodes, and not all worth the same."""
    return spread(rewards) > _NOTHING


def advantages(groups: Sequence[Sequence[float]], scale: Literal["group", "batch", "none"]) -> list[list[float]]:
    """Advantages of the episodes of several groups; those of one group add up to 0.

    An episode that infrastructure ended is in no group, so it changes neither the mean nor the deviation of the others.

    Args:
        groups: Rewards, group by group; groups need not be of one size.
        scale: What they are divided by: the ``group``'s deviation, that of the whole ``batch``, or ``none``.

    Example:
        >>> advantages([[1.0, 0.0, 0.0, 0.0]], "none")
        [[0.75, -0.25, -0.25, -0.25]]
    """
    of_all = spread([reward for rewards in groups for reward in rewards])
    found = []
    for rewards in groups:
        mean = statistics.fmean(rewards) if rewards else 0.0
        by = {"group": spread(rewards) + _EPSILON, "batch": of_all + _EPSILON, "none": 1.0}[scale]
        found.append([(reward - mean) / by for reward in rewards])
    return found
