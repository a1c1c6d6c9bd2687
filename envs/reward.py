"""From scores to rewards.

Improvement of a score s against baseline b and reference r::

    u(s) = (s − b) / (r − b),   0 where |s − b| is within the noise,   clipped to [−1, 2]

The direction of the metric needs no sign of its own: numerator and denominator turn round together. 0 is the baseline,
1 the best known solution.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, SupportsFloat

from synthgym.base.errors import GraderError, SpecError, UnknownNameError, UserError
from synthgym.base.validation import short_repr
from synthgym.envs.grading.scoring import is_score
from synthgym.registry.challenge import Challenge

LOWEST, HIGHEST = -1.0, 2.0


def improvement(score: float, challenge: Challenge) -> float:
    """How much of the way from baseline to reference a score is; see the module's formula.

    Raises:
        SpecError: The challenge was never verified, so it has no baseline or reference score.
        GraderError: The score is no finite number, or one that cannot be reckoned with.
    """
    if not is_score(score):
        raise GraderError(f"{challenge.id}: expected a finite number for a score, got {short_repr(score)}")
    baseline, reference, noise = challenge.baseline.mean, challenge.reference.score, challenge.noise
    if baseline is None or reference is None or noise is None:
        raise SpecError(f"{challenge.id}: not verified yet: no baseline, reference and noise; run: synthgym verify")
    if abs(score - baseline) <= noise or reference == baseline:
        return 0.0
    return min(max((score - baseline) / (reference - baseline), LOWEST), HIGHEST)


@dataclass(frozen=True)
class ScoreEvent:
    """What a reward is computed from.

    Attributes:
        kind: ``validate``, or ``final`` for the score at the end of the episode.
        score: Raw; None for an episode that ended without a valid submission.
        improvement: 0 where `score` is None.
    """

    kind: str
    score: float | None
    improvement: float


RewardFunction = Callable[[ScoreEvent], float]


class ImprovementReward:
    """Pays progress as it is shown, and settles at the end: the return is the final submission's improvement.

    The m-th validation pays ``v_m − max(v_1 … v_{m−1}, 0)`` where that is positive; the final grade pays ``u`` less all
    that was paid. So validations guide, and nothing that they were used for changes what an episode is worth.
    """

    def __init__(self) -> None:
        self.best = 0.0

    def __call__(self, event: ScoreEvent) -> float:
        """The reward for one score."""
        if event.kind == "final":
            return event.improvement - self.best
        gain = max(event.improvement - self.best, 0.0)
        self.best += gain
        return gain


class SubmitOnlyReward:
    """Pays the final submission's improvement, and nothing before."""

    def __call__(self, event: ScoreEvent) -> float:
        """The reward for one score."""
        return event.improvement if event.kind == "final" else 0.0


class ScoreReward:
    """Pays the final raw score, its sign turned where lower is better; 0 without a valid submission."""

    def __init__(self, direction: str) -> None:
        self.sign = 1.0 if direction == "higher" else -1.0

    def __call__(self, event: ScoreEvent) -> float:
        """The reward for one score."""
        return self.sign * event.score if event.kind == "final" and event.score is not None else 0.0


class _Checked:
    """A caller's own function, which must give a number: an episode's return is their sum."""

    def __init__(self, function: RewardFunction) -> None:
        self.function = function

    def __call__(self, event: ScoreEvent) -> float:
        """The reward for one score."""
        value: Any = self.function(event)
        with contextlib.suppress(TypeError, ValueError, OverflowError, RuntimeError):  # an array of several, say
            number = value.item() if hasattr(value, "item") else value  # of an array or a tensor of one number
            if isinstance(number, SupportsFloat) and math.isfinite(found := float(number)):
                return found
        name = getattr(self.function, "__qualname__", type(self.function).__qualname__)
        raise UserError(
            f"reward function {name}: expected a finite number for {event}, got {short_repr(value)} "
            f"({type(value).__name__}); return 0.0 for what pays nothing"
        )


REWARDS: dict[str, Callable[[Challenge], RewardFunction]] = {
    "improvement": lambda challenge: ImprovementReward(),
    "score": lambda challenge: ScoreReward(challenge.metric.direction),
    "submit_only": lambda challenge: SubmitOnlyReward(),
}
"""Rewards by name: what makes one for an episode of a challenge."""


def make_reward(reward: str | RewardFunction, challenge: Challenge) -> RewardFunction:
    """The reward for one episode: one of `REWARDS` by name, or the caller's own function, whose numbers are checked.

    Raises:
        UnknownNameError: No reward of that name.
        UserError: It is neither a name nor a function; or, from the reward itself, the function gave no number.
    """
    if callable(reward):
        return _Checked(reward)
    if not isinstance(reward, str):
        raise UserError(f"reward: expected one of {', '.join(REWARDS)} or a function of a ScoreEvent, got {reward!r}")
    if reward not in REWARDS:
        raise UnknownNameError("reward", reward, REWARDS)
    return REWARDS[reward](challenge)
