"""Every environment of the shipped collection is a Gymnasium environment."""

from __future__ import annotations

import warnings

import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

import synthgym  # noqa: F401  (registers them)
from synthgym.registry.index import SHIPPED, read_index

IDS = [f"synthgym/{entry.id}-v{entry.version}" for entry in read_index(SHIPPED).entries]
PARTS = 8


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_check_env_passes_and_the_spec_survives_json(part: int) -> None:
    for name in IDS[part::PARTS]:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            env = gym.make(name, render_mode="ansi")
            try:
                check_env(env.unwrapped)
                assert env.spec is not None
                assert EnvSpec.from_json(env.spec.to_json()) == env.spec
            finally:
                env.close()
