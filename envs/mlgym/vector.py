"""Many environments of one of MLGym's tasks, stepped at once in threads."""

from __future__ import annotations

from typing import Any

from synthgym.envs.mlgym.env import MLGymEnv
from synthgym.envs.vector.vector import ThreadVectorEnv, challenge_vector


def mlgym_vector(num_envs: int = 1, **settings: Any) -> ThreadVectorEnv:
    """See `synthgym.envs.vector.vector.challenge_vector`."""
    return challenge_vector(num_envs, made_of=MLGymEnv, **settings)
