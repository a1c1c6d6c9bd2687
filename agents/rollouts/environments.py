"""Environments to run in: found by their ids, and made with settings that they take."""

from __future__ import annotations

import contextlib
import inspect
import warnings
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec, load_env_creator

from synthgym.base.errors import UnknownNameError
from synthgym.envs.registration import register_all


def find_env(env_id: str) -> EnvSpec:
    """The spec of a registered environment.

    Raises:
        UnknownNameError: No such environment; suggests the nearest.
    """
    import synthgym  # noqa: F401  its import registers the known collections

    with contextlib.suppress(gymnasium.error.Error, ModuleNotFoundError):
        return gymnasium.spec(env_id)
    try:  # an index may have said otherwise than its specs, which are what is listed
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            register_all(believe="cache")
        return gymnasium.spec(env_id)
    except (gymnasium.error.Error, ModuleNotFoundError):
        known = [name for name in gymnasium.registry if "/" in name] or list(gymnasium.registry)
        raise UnknownNameError("environment", env_id, known, "See: synthgym list") from None


def check_options(env_spec: EnvSpec, options: dict[str, Any]) -> None:
    """Raises `UnknownNameError` for a setting that the environment cannot be made with."""
    if not options or env_spec.entry_point is None:
        return
    entry_point = env_spec.entry_point
    made_by = load_env_creator(entry_point) if isinstance(entry_point, str) else entry_point
    parameters = inspect.signature(made_by).parameters.values()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return
    known = {each.name for each in parameters} | {"max_episode_steps"}
    for name in options:
        if name not in known:
            raise UnknownNameError("setting of the environment", name, known, f"(env_options, for {env_spec.id})")
