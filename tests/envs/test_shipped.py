"""Every environment of the shipped collection is a Gymnasium environment, on the data that was verified."""

from __future__ import annotations

import warnings

import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env
from shipped import shipped

import synthgym  # noqa: F401  (registers them)
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.index import SHIPPED, read_index

ENTRIES = read_index(SHIPPED).entries
IDS = [f"synthgym/{entry.id}-v{entry.version}" for entry in ENTRIES]
PARTS = 8

EVERY = 5
"""Of as many challenges in a row one is played by who changes nothing, each with a seed of its own."""


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


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_its_data_is_what_was_verified(part: int) -> None:
    for entry in ENTRIES[part::PARTS]:
        challenge = load_challenge(shipped(entry.id))
        assert prepare(challenge, shipped(entry.id)).data_hash == challenge.provenance.data_hash


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_who_changes_nothing_earns_nothing(part: int) -> None:
    for seed, name in list(enumerate(IDS))[part :: PARTS * EVERY]:
        env = gym.make(name)
        try:
            env.reset(seed=seed)
            assert isinstance(env.unwrapped, ChallengeEnv)
            starter = env.unwrapped.challenge.baseline.command
            *_, info = step = env.step(f"{starter} && validate")
            assert (step[1], len(info["scores"])) == (0, 1)
            *_, info = step = env.step("submit")
            assert (step[1], info["improvement"], info["submission"]["accepted"]) == (0, 0, True)
        finally:
            env.close()
