"""Makes the environments that are trained in, and says what their episodes begin with."""

from __future__ import annotations

import functools
import json
from typing import Any

import gymnasium

from synthgym.agents.failures import of_one_challenge
from synthgym.agents.rollouts.environments import find_env
from synthgym.base.errors import UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.step_limits import limit_within

TextEnv = gymnasium.Env[str, str]


def make(env_id: str, settings: dict[str, Any]) -> TextEnv:
    """An environment by its id.

    Args:
        env_id: Of a challenge.
        settings: For `gymnasium.make`.

    Raises:
        UnknownNameError: No such environment; suggests the nearest.
        SpecError: The challenge cannot be played here, such as one whose folder was damaged since it was registered.
        UserError: It is no challenge's, or there is no such setting.
    """
    spec = find_env(env_id)
    try:
        with of_one_challenge(env_id, settings.get("sandbox", "auto")):
            env: TextEnv = gymnasium.make(spec, **settings)
    except TypeError as error:
        raise UserError(f"{env_id} cannot be made with {', '.join(settings) or 'no settings'}: {error}") from None
    challenge_env(env)
    return env


def challenge_env(env: TextEnv) -> ChallengeEnv:
    """What is inside an environment's wrappers.

    Raises:
        UserError: It is no challenge.
    """
    inner = env.unwrapped
    if not isinstance(inner, ChallengeEnv):
        raise UserError(f"expected the environment of a challenge, got {type(inner).__name__}; see: synthgym list")
    return inner


def briefing(env: TextEnv) -> str:
    """What an episode of it begins with; none is begun. In a process it is made up once.

    Raises:
        NotAsStated: The challenge does not score here what it states.
        GraderError: Its `prepare.py` failed.
    """
    inner = challenge_env(env)
    spec = inner.spec
    known = json.dumps([spec.id, spec.kwargs, limit_within(env)], default=repr, sort_keys=True) if spec else inner.name
    if known not in _briefings():
        _briefings()[known] = inner.briefing(limit_within(env))
    return _briefings()[known]


@functools.cache
def _briefings() -> dict[str, str]:
    return {}
