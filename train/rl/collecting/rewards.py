"""What an episode is worth to its policy.

An episode's return over all its turns is the calibrated improvement of what was handed in at the end: 0 is the starter
(or within the noise of it), 1 the best known solution; the environment pays it whoever ended the episode. An episode
without a valid submission is worth 0, however it ended: a model that gave no command so often that it was stopped, one
whose conversation no longer fitted (what stood in its workspace is handed in then), one that ran into a limit. All of
that is the policy's own doing. A dead sandbox is not, and never comes here: such an episode has no record; unless
it broke twice in the policy's hands, as `synthgym.agents.rollout` has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.envs.reward import HIGHEST, LOWEST
from synthgym.envs.session import BROKEN

if TYPE_CHECKING:
    from synthgym.train.rl.settings import RLSettings

LIMITS = ("step_limit", "budget", "finished", *BROKEN)
"""Exit statuses of episodes that did not end by handing in."""

_CLEARLY = 2.0
"""So many times the noise from the baseline a solved challenge is; as in `synthgym.train.evaluation.scores`."""


def submit_only(improvement: float, record: Trajectory, settings: RLSettings) -> float:
    """The improvement of what was handed in."""
    return improvement


def shaped(improvement: float, record: Trajectory, settings: RLSettings) -> float:
    """The same, and `shaping` times the best improvement that a validation showed."""
    return improvement + settings.shaping * best_validated(record)


REWARDS: dict[str, Callable[[float, Trajectory, RLSettings], float]] = {
    "submit_only": submit_only,
    "shaped": shaped,
}
"""What an episode of that improvement earns, by the names that the setting `reward` takes."""

if TYPE_CHECKING:
    RewardName = str
else:
    RewardName = Literal[tuple(REWARDS)]


def reward_of(record: Trajectory, settings: RLSettings) -> float:
    """What a finished episode earns."""
    outcome = record.outcome
    nothing = settings.truncated == "nothing" and outcome.exit_status in LIMITS
    return REWARDS[settings.reward](0.0 if nothing else outcome.improvement or 0.0, record, settings)


def best_validated(record: Trajectory) -> float:
    """The largest improvement that a validation showed; 0 where none showed any."""
    return max([0.0, *(improvement_of(record, score) for score in record.outcome.validations)])


def improvement_of(record: Trajectory, score: float) -> float:
    """Improvement of a score in a record's challenge; see `synthgym.envs.reward`."""
    baseline, reference, noise = record.baseline, record.reference, record.noise or 0.0
    if baseline is None or reference is None or reference == baseline or abs(score - baseline) <= noise:
        return 0.0
    return min(max((score - baseline) / (reference - baseline), LOWEST), HIGHEST)


def solved(record: Trajectory) -> bool:
    """Whether the submission beats the starter by more than twice the noise."""
    outcome = record.outcome
    if outcome.score is None or record.baseline is None or (outcome.improvement or 0.0) <= 0:
        return False
    return abs(outcome.score - record.baseline) > _CLEARLY * (record.noise or 0.0)
