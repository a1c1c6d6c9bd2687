"""Gymnasium's own checks, and environments by their registered names."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import challenges
import gymnasium as gym
import numpy as np
import pytest
from env_fixtures import needs, play_in_worker
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

import synthgym
from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.spaces import Command, Unicode
from synthgym.envs.vector.vector import ThreadVectorEnv


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a collection."""
    return tmp_path_factory.mktemp("registered")


@pytest.fixture(scope="module")
def ids(folder: Path) -> Iterator[list[str]]:
    """The ids of both challenges, registered."""
    needs("bubblewrap")
    (folder / "collection.yaml").write_text("namespace: envs-tests\ntitle: Tests\n")
    challenges.write_table(folder)
    challenges.write_game(folder)
    names = synthgym.register(folder)
    assert names == ["envs-tests/coins-v0", "envs-tests/line-v0"]
    yield names
    for name in names:
        del gym.registry[name]


@pytest.mark.parametrize("which", [0, 1])
def test_check_env(ids: list[str], which: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        env = gym.make(ids[which], render_mode="ansi")
        check_env(env.unwrapped)
        env.close()


@pytest.mark.parametrize("wrong", [{"options": {"difficulty": 1}}, {"seed": -1}])
def test_a_first_reset_that_failed_costs_the_next_episode_nothing(ids: list[str], wrong: dict[str, Any]) -> None:
    env = gym.make(ids[1])
    with pytest.raises((UserError, gym.error.Error)):
        env.reset(**wrong)
    with pytest.raises(gym.error.ResetNeeded):
        env.step("true")
    env.reset(seed=0)
    seen = [env.step(f"echo {word}")[0] for word in ("one", "two", "three")]
    env.close()
    assert seen == ["one", "two", "three"]


def test_make_passes_settings_on(ids: list[str]) -> None:
    env = gym.make(ids[1], sandbox="local", reward="submit_only", max_steps=3)
    assert isinstance(env.unwrapped, ChallengeEnv)
    assert (env.unwrapped.sandbox, env.unwrapped.max_steps, env.unwrapped.name) == ("local", 3, ids[1])
    with pytest.raises(UnknownNameError):
        gym.make(ids[1], reward="none")


def test_a_spec_survives_json_and_pickling(ids: list[str]) -> None:
    env = gym.make(ids[1], max_steps=2)
    assert env.spec is not None
    text = env.spec.to_json()
    assert json.loads(text)["kwargs"]["challenge"] == "line"
    for spec in (EnvSpec.from_json(text), pickle.loads(pickle.dumps(env.spec))):
        again = gym.make(spec)
        assert again.spec == env.spec
        assert again.unwrapped.max_steps == 2  # type: ignore[attr-defined]
        assert again.reset(seed=0)[0] == env.reset(seed=0)[0]
        again.close()
    env.close()


LIMITS: list[tuple[int | None, int | None, int | None, int]] = [
    (None, None, None, 12),
    (3, None, None, 3),
    (None, 2, None, 2),
    (None, None, 2, 2),
    (3, 2, None, 2),
    (2, 3, None, 2),
    (2, None, 9, 2),
    (9, 3, 2, 2),
    (20, -1, None, 20),
]


@pytest.mark.parametrize(("own", "made_with", "around", "expected"), LIMITS)
def test_the_smallest_limit_on_steps_holds(
    ids: list[str], own: int | None, made_with: int | None, around: int | None, expected: int
) -> None:
    env = gym.make(ids[1], max_steps=own, max_episode_steps=made_with)
    if around:
        env = gym.wrappers.TimeLimit(env, around)
    assert env.spec is not None
    assert env.spec.max_episode_steps == expected
    observation, info = env.reset(seed=0)
    assert f"Steps: {expected}." in observation
    assert info["steps_left"] == expected
    if expected > 3:
        env.close()
        return
    paid = 0.0
    for action in ["sed -i 's/KEEP = 1/KEEP = 3/' train.py; python train.py; validate"] + ["true"] * (expected - 1):
        observation, reward, terminated, truncated, info = env.step(action)
        paid += float(reward)
    assert (terminated, truncated, info["exit_status"]) == (False, True, "step_limit")
    assert info["submission"]["accepted"] is True
    assert paid == pytest.approx(info["improvement"])
    assert env.unwrapped.reset()[1]["steps_left"] == (own or 12)  # without the wrappers, their limit does not hold
    env.close()


def test_the_limit_of_a_spec_holds_wherever_it_is_made(ids: list[str]) -> None:
    spec = gym.make(ids[1], max_episode_steps=2).spec
    assert spec is not None
    assert EnvSpec.from_json(spec.to_json()) == spec
    assert spec != gym.spec(ids[1])
    for env in (gym.make(spec), gym.make(EnvSpec.from_json(spec.to_json()), max_steps=5)):
        assert env.reset(seed=0)[1]["steps_left"] == 2
        assert env.spec is not None
        assert env.spec.max_episode_steps == 2
        env.close()
    envs = gym.make_vec(spec, num_envs=2)
    assert envs.reset(seed=0)[1]["steps_left"].tolist() == [2, 2]
    envs.close()


def test_vectors_of_gymnasiums_take_the_limit_too(ids: list[str]) -> None:
    envs = gym.make_vec(ids[1], num_envs=2, vectorization_mode="sync", max_episode_steps=1)
    envs.reset(seed=0)
    *_, truncated, infos = envs.step(["python train.py", "python train.py"])
    envs.close()
    assert truncated.tolist() == [True, True]
    assert infos["submission"]["accepted"].tolist() == [True, True]


def test_an_environment_that_no_id_made_has_a_spec_of_its_own(ids: list[str], folder: Path) -> None:
    env = ChallengeEnv(folder, "line", sandbox="bubblewrap", max_steps=5)
    around = gym.wrappers.TimeLimit(env, 2)
    assert env.spec is not None
    assert around.spec is not None
    assert (env.spec.id, env.name, str(env)) == ("line-v0", "line-v0", "<ChallengeEnv<line-v0>>")
    assert (env.spec.max_episode_steps, around.spec.max_episode_steps) == (5, 2)
    again = gym.make(EnvSpec.from_json(around.spec.to_json()))
    assert again.reset(seed=0)[1]["steps_left"] == 2
    again.close()
    check_env(env)
    env.close()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, 12), ({"max_steps": 3}, 3), ({"max_episode_steps": 1}, 1), ({"max_steps": 3, "max_episode_steps": 5}, 3)],
)
def test_the_spec_of_a_vector_has_its_limit(ids: list[str], settings: dict[str, int], expected: int) -> None:
    envs = gym.make_vec(ids[1], num_envs=2, sandbox="bubblewrap", **settings)  # type: ignore[arg-type]
    assert isinstance(envs, ThreadVectorEnv)
    assert envs.spec is not None
    assert envs.spec.max_episode_steps == expected
    again = gym.make_vec(EnvSpec.from_json(envs.spec.to_json()))
    assert (again.num_envs, again.spec) == (2, envs.spec)
    for env in envs.envs:
        assert env.spec is not None
        assert (env.spec.id, env.spec.max_episode_steps, env.unwrapped.name) == (ids[1], expected, ids[1])  # type: ignore[attr-defined]
        assert gym.make(env.spec).spec == env.spec
    envs.close()
    again.close()


def test_the_spec_of_a_vector_makes_vectors(ids: list[str]) -> None:
    spec = gym.make_vec(ids[1], num_envs=2, sandbox="bubblewrap", max_steps=3).spec
    assert spec is not None
    for envs, size in ((synthgym.vector(spec), 2), (synthgym.vector([spec, ids[1]], copies=2), 6)):
        assert envs.num_envs == size
        limits = [env.spec.max_episode_steps for env in envs.envs if env.spec]
        assert limits == [3] * (size if size == 2 else 4) + [12] * (size - 4)
        envs.close()
    for wrong in (spec, gym.make_vec(ids[1]).spec):
        assert wrong is not None
        with pytest.raises(UserError, match=r"got that of a vector: gymnasium.make_vec"):
            gym.make(wrong)


@pytest.mark.parametrize("steps", [True, 1.5, "3"])
def test_a_limit_is_a_whole_number(ids: list[str], steps: Any) -> None:
    with pytest.raises(SpecError, match="max_steps: expected a whole number, got"):
        gym.make(ids[1], max_steps=steps)
    with pytest.raises(UserError, match="max_episode_steps: expected a whole number, got"):
        gym.make_vec(ids[1], num_envs=2, max_episode_steps=steps)
    if steps is True:  # Gymnasium refuses the others
        with pytest.raises(UserError, match="max_episode_steps: expected a whole number, got True"):
            gym.make(ids[1], max_episode_steps=steps).reset()


def test_a_spec_names_its_collection_and_no_path(ids: list[str], folder: Path) -> None:
    env = gym.make(ids[1])
    assert env.spec is not None
    for spec in (gym.spec(ids[1]), env.spec, gym.make_vec(ids[1], num_envs=2).spec):
        assert spec is not None
        assert spec.kwargs["collection"] == "envs-tests"
        assert str(folder) not in spec.to_json()
        assert str(folder).encode() not in pickle.dumps(spec)


MAKE = """
import os, sys
import gymnasium
from gymnasium.envs.registration import EnvSpec
spec = EnvSpec.from_json(sys.argv[1])
try: print(gymnasium.make(spec).unwrapped.challenge.title)
except Exception as error: print(type(error).__name__, error)
"""


@pytest.mark.slow
def test_a_spec_works_where_its_collection_is_known(ids: list[str], folder: Path, tmp_path: Path) -> None:
    """In processes that never imported synthgym, from JSON alone: the environment, or what is missing."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder, copy)
    env = gym.make(ids[1])
    assert env.spec is not None
    text = env.spec.to_json()

    def said(**environment: str) -> str:
        clean = {name: value for name, value in os.environ.items() if name != "SYNTHGYM_ADDED"}
        return subprocess.run(
            [sys.executable, "-c", MAKE, text],
            env={**clean, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert said(SYNTHGYM_ADDED=os.environ["SYNTHGYM_ADDED"]) == "A line\n"  # a process that this one starts
    assert said(SYNTHGYM_COLLECTIONS=str(copy)) == "A line\n"
    assert said().startswith("UserError unknown collection 'envs-tests'")
    assert "SYNTHGYM_COLLECTIONS, or call synthgym.register(folder)" in said()
    (tmp_path / "envs-tests").mkdir()
    assert "write './envs-tests'" in said()
    assert said(SYNTHGYM_ADDED="{").startswith("UserError unknown collection")


def test_a_spec_works_in_a_spawned_worker(ids: list[str]) -> None:
    spec = gym.spec(ids[1])
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    worker = context.Process(target=play_in_worker, args=(spec, results))
    worker.start()
    observation, said = results.get(timeout=60)
    worker.join()
    env = gym.make(ids[1])
    assert (observation, said) == (env.reset(seed=0)[0], "from the worker")
    env.close()


def test_collections_of_the_environment_variable_are_known_to_a_new_process(ids: list[str], folder: Path) -> None:
    code = "import gymnasium, synthgym; print(gymnasium.make('envs-tests/line-v0').unwrapped.challenge.title)"
    environment = {**os.environ, "SYNTHGYM_COLLECTIONS": str(folder)}
    environment.pop("SYNTHGYM_ADDED")
    done = subprocess.run([sys.executable, "-c", code], env=environment, cwd="/", capture_output=True, text=True)
    assert done.stdout == "A line\n", done.stderr


def test_a_vector_environment_keeps_its_parts_apart(ids: list[str]) -> None:
    envs = gym.make_vec(ids[1], num_envs=4, max_steps=5)
    assert isinstance(envs, ThreadVectorEnv)
    observations, infos = envs.reset(seed=10)
    assert len(observations) == 4
    assert all("A line" in text for text in observations)
    assert infos["steps_left"].tolist() == [5] * 4
    envs.step([f"echo token-{i} > token; N={i}; SEED=$RANDOM$RANDOM; sleep 0.{4 - i}" for i in range(4)])
    for _ in range(2):
        observations, rewards, terminated, truncated, infos = envs.step(["cat token; echo $N $SEED"] * 4)
        seeds = {text.split()[2] for text in observations}
        assert [text.split()[:2] for text in observations] == [[f"token-{i}", str(i)] for i in range(4)]
        assert len(seeds) > 1
        assert rewards.shape == terminated.shape == truncated.shape == (4,)
        assert rewards.dtype == np.float64
    envs.close()
    envs.close()


def test_parts_that_are_over_wait_for_their_reset(ids: list[str]) -> None:
    envs = gym.make_vec(ids[1], num_envs=3, max_steps=4)
    envs.reset(seed=0)
    envs.step(["python train.py; x=1"] * 3)
    observations, _, terminated, _, infos = envs.step(["submit", "echo b", "exit"])
    assert terminated.tolist() == [True, False, False]
    assert observations[1] == "b"
    assert infos["returncode"].tolist() == [0, 0, 0]
    assert infos["submission"]["accepted"].tolist() == [True, False, False]
    assert [score is None for score in infos["score"]] == [False, True, True]
    observations, rewards, terminated, *_ = envs.step(["echo ignored", "echo $x", "echo ${x-gone}"])
    assert observations == ("submitted; the episode is over", "1", "gone")
    assert (terminated.tolist(), rewards.tolist()) == ([True, False, False], [0.0] * 3)
    observations, infos = envs.reset(options={"reset_mask": np.array([True, False, False])})
    assert infos["_step"].tolist() == [True, False, False]
    assert "A line" in observations[0]
    assert observations[1:] == ("1", "gone")
    observations, _, terminated, truncated, infos = envs.step(["echo ${x-fresh}", "echo $x", "true"])
    assert observations[:2] == ("fresh", "1\n[that was the last step; the episode is over]")
    assert (terminated.tolist(), truncated.tolist()) == ([False] * 3, [False, True, True])
    assert infos["step"].tolist() == [1, 4, 4]
    envs.close()


def test_a_vector_environment_says_what_is_wrong(ids: list[str]) -> None:
    envs = gym.make_vec(ids[1], num_envs=2)
    with pytest.raises(ValueError, match="reset_mask: expected shape"):
        envs.reset(options={"reset_mask": np.array([True])})
    with pytest.raises(ValueError, match="expected 2 seeds, got 3"):
        envs.reset(seed=[1, 2, 3])
    envs.reset(seed=[1, 2])
    with pytest.raises(ValueError, match="actions: expected 2, got 1"):
        envs.step(["true"])
    envs.close()


def test_the_first_environments_of_a_machine_can_start_at_once(ids: list[str], folder: Path) -> None:
    """Eight threads find no cache: the runtime and the workspace are made once, and cgroups are found by all."""
    script = (
        "import sys, gymnasium as gym, synthgym\n"
        f"(_, name, *_) = synthgym.register({str(folder)!r})\n"
        "envs = gym.make_vec(name, num_envs=8, sandbox='bubblewrap')\n"
        "envs.reset(seed=0)\n"
        "print(*envs.step([f'echo {i}' for i in range(8)])[0])\n"
        "print(*{env._box._link.connection._cgroup is None for env in envs.envs})\n"
        "envs.close()\n"
    )
    cache = Path(os.environ["SYNTHGYM_CACHE"]) / f"new-{os.getpid()}"
    environment = {**os.environ, "SYNTHGYM_CACHE": str(cache)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, cwd="/", capture_output=True, text=True)
    subprocess.run(["rm", "-rf", cache], check=True)
    assert done.stdout.splitlines()[:1] == ["0 1 2 3 4 5 6 7"], done.stderr
    assert len(done.stdout.splitlines()[1].split()) == 1


def test_wrappers_that_keep_earlier_observations(ids: list[str]) -> None:
    env = gym.wrappers.FrameStackObservation(gym.make(ids[1]), 2, padding_type="zero")
    before, briefing = env.reset(seed=0)[0]
    observations = env.step("echo one")[0]
    env.close()
    assert (before, observations) == ("", (briefing, "one"))
    assert observations in env.observation_space
    late = gym.wrappers.DelayObservation(gym.make(ids[1]), 1)
    seen = [late.reset(seed=0)[0], late.step("echo one")[0], late.step("true")[0]]
    late.close()
    assert (seen[0], "A line" in seen[1], seen[2]) == ("", True, "one")


def test_the_text_space() -> None:
    space = Unicode(10)
    assert "é漢\n\0 x" in space
    assert "" in space
    assert "x" * 11 not in space
    assert 3 not in space
    assert space == Unicode(10) != Unicode(11)
    assert space != Command(10)
    assert space.from_jsonable(space.to_jsonable(["a\n"])) == ["a\n"]
    space.seed(3)
    first = space.sample()
    space.seed(3)
    assert space.sample() == first


def test_samples_of_the_action_space_do_no_harm() -> None:
    space = Command(1000, seed=1)
    assert all(space.sample().startswith("echo ") for _ in range(100))
