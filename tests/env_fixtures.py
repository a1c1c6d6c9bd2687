"""Fixtures that the tests of environments, sandboxes and attacks share; their conftest.py files import them."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import challenges
import gymnasium as gym
import pytest
from gymnasium.envs.registration import EnvSpec

from synthgym.base.paths import cache_dir
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import cgroups, open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Sandbox, Setup
from synthgym.envs.sandboxes.bubblewrap import unavailable

AGENT = Profile("agent", memory_mb=512, pids=64, disk_mb=32)
LIMITS = Limits(cpu_seconds=20, wall_seconds=60)


def has_cgroups() -> bool:
    """Whether sandboxes here are limited as a whole, or only process by process."""
    return os.geteuid() == 0 and bool(cgroups._parents())


def needs(backend: str) -> None:
    """Skips a test whose sandbox does not work on this machine."""
    if backend == "bubblewrap" and (reason := unavailable()):
        pytest.skip(reason)


def play_in_worker(spec: EnvSpec, results: Any) -> None:
    """Makes an environment in a process that knows no more than its spec."""
    env = gym.make(spec)
    observation, _ = env.reset(seed=0)
    results.put((observation, env.step("echo from the worker")[0]))
    env.close()


@pytest.fixture
def open_box() -> Iterator[Callable[..., Sandbox]]:
    """Makes started sandboxes, and ends them."""
    boxes: list[Sandbox] = []

    def make(backend: str = "bubblewrap", profile: Profile = AGENT, **settings: Any) -> Sandbox:
        needs(backend)
        box = open_sandbox(backend, Setup(profile, **settings))
        boxes.append(box)
        box.start()
        return box

    yield make
    for box in boxes:
        box.close()


@pytest.fixture(params=["bubblewrap", "local"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each sandbox backend in turn."""
    needs(request.param)
    return str(request.param)


@pytest.fixture
def box(backend: str, open_box: Callable[..., Sandbox]) -> Sandbox:
    """A started sandbox of each backend."""
    return open_box(backend)


@pytest.fixture
def shown_folder() -> Iterator[Path]:
    """A folder that a sandbox may be shown; pytest's own temporary folders are closed to other users."""
    folder = cache_dir("shown", uuid.uuid4().hex)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the challenges `line` (a table) and `coins` (a game)."""
    folder = tmp_path_factory.mktemp("collection")
    challenges.write_table(folder)
    challenges.write_game(folder)
    return folder


@pytest.fixture
def make_env(collection: Path) -> Iterator[Callable[..., ChallengeEnv]]:
    """Makes environments, and ends them."""
    envs: list[ChallengeEnv] = []

    def make(challenge: str = "line", sandbox: str = "bubblewrap", **settings: Any) -> ChallengeEnv:
        needs(sandbox)
        env = ChallengeEnv(str(collection), challenge, sandbox=sandbox, **settings)
        envs.append(env)
        return env

    yield make
    for env in envs:
        env.close()
