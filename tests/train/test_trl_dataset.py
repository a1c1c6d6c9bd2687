"""Challenges as a data set for TRL: the prompt is what the episode shows, the columns what a reward may want."""

from __future__ import annotations

import gymnasium as gym
import pytest
from trl_parts import LINE, line  # noqa: F401  a fixture

from synthgym.agents.chat.agent import load_prompt
from synthgym.base.errors import UnknownNameError, UserError
from synthgym.train.trl import challenge_dataset


@pytest.mark.parametrize("settings", [{}, {"max_steps": 3}, {"max_episode_steps": 2}, {"max_observation": 200}])
def test_a_prompt_is_what_the_episode_shows(line: str, settings: dict[str, int]) -> None:  # noqa: F811
    (row,) = challenge_dataset(line, sandbox="bubblewrap", **settings)
    env = gym.make(line, sandbox="bubblewrap", **settings)
    shown, info = env.reset(seed=0)
    env.close()
    assert [(each["role"], each["content"]) for each in row["prompt"]] == [
        ("system", load_prompt("short")),
        ("user", shown),
    ]
    columns = {name: row[name] for name in ("metric", "direction", "baseline", "reference", "noise")}
    assert columns == {name: info[name] for name in columns}
    assert (row["env_id"], row["seed"], row["split"]) == (line, 0, "train")


def test_patterns_seeds_and_system_prompts(line: str) -> None:  # noqa: F811
    rows = challenge_dataset("trl-tests/*", seeds=2, system="tools", sandbox="bubblewrap")
    assert [(row["env_id"], row["seed"]) for row in rows] == [
        (name, seed) for name in ("trl-tests/coins-v0", LINE) for seed in (0, 1)
    ]
    assert {message["seed"] for message in rows[1]["prompt"]} == {1}
    assert "bash" in rows[0]["prompt"][0]["content"]
    assert "```" not in rows[0]["prompt"][0]["content"]
    assert list(challenge_dataset([line], seeds=[7, 5])["seed"]) == [7, 5]


def test_what_is_not_there_is_said(line: str) -> None:  # noqa: F811
    with pytest.raises(UnknownNameError, match="trl-tests/line-v0"):
        challenge_dataset("trl-tests/lime-v0")
    with pytest.raises(UnknownNameError, match="'heldout'"):
        challenge_dataset(line, "held-out")
    with pytest.raises(UnknownNameError, match="of split 'heldout'"):
        challenge_dataset(line, "heldout")
    with pytest.raises(UnknownNameError, match="prompt"):
        challenge_dataset(line, system="shrt")
    with pytest.raises(UserError, match="seeds"):
        challenge_dataset(line, seeds=[-1])
    with pytest.raises(UserError, match="steps_at_most"):
        challenge_dataset(line, steps_at_most=3)
