"""For people with a trainer of their own: challenges as data sets, tools and rollouts for TRL's `GRPOTrainer`."""

from __future__ import annotations

from synthgym.train.trl.dataset import challenge_dataset
from synthgym.train.trl.rewards import improvement_reward
from synthgym.train.trl.rollouts import rollout_func
from synthgym.train.trl.tools import ChallengeTools, environment_factory

__all__ = ["ChallengeTools", "challenge_dataset", "environment_factory", "improvement_reward", "rollout_func"]
