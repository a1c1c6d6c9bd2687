"""How many steps an episode has: the smallest of the limits that anybody set, inside the environment and around it.

`gymnasium.make(max_episode_steps=...)` and `gymnasium.wrappers.TimeLimit` end an episode behind the environment's
back: by the time they say so, the last step was made and its reward paid. So the environment finds out beforehand.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, fields
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import EnvSpec
from gymnasium.wrappers import TimeLimit

from synthgym.base.counts import count


def limit_around(env: gym.Env[Any, Any]) -> int | None:
    """The smallest limit of the wrappers whose `reset` has led here; None without any.

    A wrapper knows what it wraps, and not the other way round: only while a reset is on its way through the wrappers
    can an environment see them, on the stack.

    Raises:
        UserError: One of them is no count, such as True.
    """
    found: list[int] = []
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code is TimeLimit.reset.__code__:
            wrapper = frame.f_locals["self"]
            if wrapper.unwrapped is env:
                found.append(count("max_episode_steps", wrapper._max_episode_steps))
        frame = frame.f_back  # type: ignore[assignment]
    return min(found, default=None)


def limit_within(env: gym.Env[Any, Any]) -> int | None:
    """The smallest limit of an environment and of the wrappers around it, as they are now; None without any."""
    found: list[int] = []
    while isinstance(env, gym.Wrapper):
        if isinstance(env, TimeLimit):
            found.append(env._max_episode_steps)
        env = env.env
    own = getattr(env, "max_steps", None)
    return min([*found, own] if own else found, default=None)


class LimitedSpec(EnvSpec):
    """A spec whose `max_episode_steps` can only be lowered.

    A `TimeLimit` writes its own limit into a copy of the spec of what it wraps, also where that has the smaller one.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "max_episode_steps" and (before := self.__dict__.get(name)) is not None:
            value = before if value is None else min(before, value)
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        """Whether it says the same as another, of whichever of the two kinds."""
        return asdict(self) == asdict(other) if isinstance(other, EnvSpec) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as with every spec

    @classmethod
    def of(cls, spec: EnvSpec, most: int) -> LimitedSpec:
        """The same spec, with at most so many steps."""
        limited = cls(**{field.name: getattr(spec, field.name) for field in fields(spec) if field.init})
        limited.max_episode_steps = most
        return limited
