"""Fixtures that the tests of environments, sandboxes and attacks share; their conftest.py files import them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import challenges
import gymnasium as gym
import pytest
import yaml
from gymnasium.envs.registration import EnvSpec

from synthgym.base.files.paths import cache_dir
from synthgym.base.plugins import plugins
from synthgym.envs.conformance.checks import AGENT, LIMITS
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import backend_of, cgroups, open_sandbox
from synthgym.envs.sandboxes.backends import GROUP
from synthgym.envs.sandboxes.base import Profile, Sandbox, Setup
from synthgym.envs.sandboxes.docker import images
from synthgym.envs.sandboxes.runtime import runtime
from synthgym.train.serving.vllm_server import find_vllm

__all__ = [
    "AGENT",
    "LIMITS",
    "backend",
    "box",
    "collection",
    "make_env",
    "open_box",
    "sandbox_name",
    "sealed",
    "shown_folder",
    "swerex_server",
]


def has_cgroups() -> bool:
    """Whether sandboxes here are limited as a whole, or only process by process."""
    return os.geteuid() == 0 and bool(cgroups._parents())


MUST_WORK = os.environ.get("SYNTHGYM_MUST_WORK", "").split()
"""Sandboxes, and ``vllm``, whose tests fail, rather than being left out, where they do not work: all of them in CI."""


def needs(backend: str) -> None:
    """Skips a test whose sandbox, or whose vLLM, does not work on this machine."""
    if backend == "vllm":
        reason = None if find_vllm() else "vLLM is not installed; get it with: make vllm"
    else:
        kind = backend_of(backend)
        reason = kind.unavailable() or kind.lacks_image("cpu")
    if reason and backend in MUST_WORK:
        pytest.fail(f"{backend!r} has to work here: {reason}")
    if reason:
        pytest.skip(reason)


def needs_image(backend: str, image: str) -> None:
    """Skips a test whose sandbox does not work on this machine, or not with this image."""
    needs(backend)
    if backend == "docker" and not images.present(image):
        pytest.skip(f"the engine has no image {image!r}; build it with: synthgym images build {image}")


def play_in_worker(spec: EnvSpec, results: Any) -> None:
    """Makes an environment in a process that knows no more than its spec."""
    env = gym.make(spec)
    observation, _ = env.reset(seed=0)
    results.put((observation, env.step("echo from the worker")[0]))
    env.close()


@pytest.fixture
def open_box(sandbox_name: Callable[[str], str]) -> Iterator[Callable[..., Sandbox]]:
    """Makes started sandboxes, and ends them."""
    boxes: list[Sandbox] = []

    def make(backend: str = "bubblewrap", profile: Profile = AGENT, **settings: Any) -> Sandbox:
        needs(backend)
        box = open_sandbox(sandbox_name(backend), Setup(profile, **settings))
        boxes.append(box)
        box.start()
        return box

    yield make
    for box in boxes:
        box.close()


BACKENDS = sorted(point.name for point in plugins(GROUP) if point.dist and point.dist.name == "synthgym")
"""Our own, by their entry points: one more is held to all that these are."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each sandbox backend in turn."""
    needs(request.param)
    return str(request.param)


@pytest.fixture(params=[name for name in BACKENDS if backend_of(name).isolates])
def sealed(request: pytest.FixtureRequest) -> str:
    """Each backend that seals what is inside by itself."""
    needs(request.param)
    return str(request.param)


@pytest.fixture
def box(backend: str, open_box: Callable[..., Sandbox]) -> Sandbox:
    """A started sandbox of each backend."""
    return open_box(backend)


@pytest.fixture(scope="session")
def swerex_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of swe-rex on loopback, as an ordinary user; gives the name of a sandbox that uses it."""
    token = uuid.uuid4().hex
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = ["setpriv", "--reuid", "64124", "--regid", "64124", "--clear-groups"] if os.geteuid() == 0 else []
    start = "from swerex.server import main; main()"
    server = subprocess.Popen(
        [*user, sys.executable, "-c", start, "--host", "127.0.0.1", "--port", str(port), "--auth-token", token],
        cwd="/",
        env={"PATH": f"{runtime().python.parent}:/usr/bin:/bin", "HOME": "/tmp"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    config = tmp_path_factory.mktemp("swerex") / "remote.yaml"
    config.write_text(yaml.safe_dump({"type": "remote", "host": "http://127.0.0.1", "port": port, "auth_token": token}))
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert server.poll() is None, "the server of swe-rex ended"
            assert time.monotonic() < deadline, "the server of swe-rex does not start"
            time.sleep(0.05)
    yield f"swerex:{config}"
    server.terminate()
    server.wait(20)


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
def sandbox_name(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """What `sandbox=` takes for a backend."""
    return lambda backend: str(request.getfixturevalue("swerex_server")) if backend == "swerex" else backend


@pytest.fixture
def make_env(collection: Path, sandbox_name: Callable[[str], str]) -> Iterator[Callable[..., ChallengeEnv]]:
    """Makes environments, and ends them."""
    envs: list[ChallengeEnv] = []

    def make(challenge: str = "line", sandbox: str = "bubblewrap", **settings: Any) -> ChallengeEnv:
        needs(sandbox)
        env = ChallengeEnv(str(collection), challenge, sandbox=sandbox_name(sandbox), **settings)
        envs.append(env)
        return env

    yield make
    for env in envs:
        env.close()
