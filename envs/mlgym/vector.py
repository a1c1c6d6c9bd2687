"""Many environments of one of MLGym's tasks, stepped at once in threads."""

from __future__ import annotations

from synthgym.envs.mlgym.env import MLGymEnv
from synthgym.envs.vector import ThreadVectorEnv


class MLGymVectorEnv(ThreadVectorEnv):
    """See `synthgym.envs.vector.ThreadVectorEnv`."""

    made_of = MLGymEnv
