"""An engine of our own that is stopped, killed, started again, and out of disk, under sandboxes that are in use."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import challenges
import gymnasium
import pytest
from env_fixtures import AGENT, LIMITS, needs

import synthgym
from synthgym.agents.rollout import rollout
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import MissingDependencyError, SandboxError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Sandbox, Setup
from synthgym.envs.sandboxes.cleanup import cleanup
from synthgym.envs.sandboxes.docker import engine, images
from synthgym.envs.sandboxes.docker.pool import idle
from synthgym.registry.challenge import load_challenge
from synthgym.synthesis.verification.verify import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("dockerd"), reason="needs root and dockerd"),
]

DISK_MB = 1500


class Engine:
    """A Docker engine with a socket and a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = f"unix://{folder}/sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "pid").unlink(missing_ok=True)
        # its containerd's, which would be taken for alive while nobody has waited for the dead
        (self.folder / "run/containerd/containerd.pid").unlink(missing_ok=True)
        options = {
            "data-root": self.folder / "data",
            "exec-root": self.folder / "run",
            "pidfile": self.folder / "pid",
            "host": self.socket,
            "bridge": "none",
            "iptables": "false",
            "containerd-namespace": "synthgym-test",
            "containerd-plugins-namespace": "synthgym-test-plugins",
        }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                # in a network of its own: without a bridge it would remove the other engine's
                ["unshare", "--net", "dockerd", *(f"--{name}={value}" for name, value in options.items())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while engine.unavailable():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(60)


@pytest.fixture(scope="module")
def own_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine that has the images, on a disk in memory."""
    needs("docker")
    folder = tmp_path_factory.mktemp("engine")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(folder)], check=True)
    made = Engine(folder)
    saved = subprocess.Popen(["docker", "save", images.tag_of("cpu")], stdout=subprocess.PIPE)
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = made.socket
    try:
        made.start()
        subprocess.run(["docker", "load"], stdin=saved.stdout, stdout=subprocess.DEVNULL, check=True)
        saved.wait()
        images.fit("cpu")
        yield made
    finally:
        idle.close()
        made.stop()
        del os.environ["DOCKER_HOST"]
        if before:
            os.environ["DOCKER_HOST"] = before
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def running(own_engine: Engine) -> Iterator[Engine]:
    """The engine, started again if a test left it stopped; with no container in it."""
    yield own_engine
    idle.close()
    with suppress(ProcessLookupError):
        own_engine.stop(signal.SIGKILL)
    own_engine.start()
    cleanup()
    assert all_gone()


def containers() -> list[Any]:
    return list(engine.engine().api.containers(all=True))


def all_gone() -> bool:
    """Whether no container is left; the engine removes by itself, and in its own time, those that end."""
    deadline = time.monotonic() + 20
    while containers() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not containers()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_during_a_step(running: Engine, open_box: Callable[..., Sandbox], how: signal.Signals) -> None:
    box = open_box("docker")
    threading.Timer(0.3, running.stop, [how]).start()
    started = time.monotonic()
    with pytest.raises(SandboxError, match="docker: the sandbox died"):
        box.run("sleep 60", LIMITS)
    assert time.monotonic() - started < 8
    with pytest.raises(SandboxError, match="not running"):
        box.run("true", LIMITS)
    while engine.unavailable() is None:
        time.sleep(0.05)
    for again in (box.start, lambda: open_sandbox("docker", Setup(AGENT))):
        with pytest.raises((SandboxError, MissingDependencyError), match=r"does not answer.*systemctl start docker"):
            again()
    running.start()
    box.start()
    assert box.run("echo again", LIMITS).text == "again\n"
    box.close()
    idle.close()
    cleanup()
    assert all_gone(), "what ran when the engine was ended is gone"


@pytest.fixture
def env_id(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "collection.yaml").write_text("namespace: engine-tests\ntitle: Tests\n")
    challenges.write_table(folder)
    (name,) = synthgym.register(folder)
    yield name
    del gymnasium.registry[name]


def test_a_rollout_goes_on_when_the_engine_is_back(running: Engine, env_id: str, tmp_path: Path) -> None:
    stopped: list[int] = []

    def unlucky(observation: str, info: dict[str, Any]) -> str:
        if not stopped:
            stopped.append(info["step"])
            running.stop(signal.SIGKILL)
            running.start()
        return "python train.py && submit"

    summary = rollout([env_id], unlucky, out=tmp_path / "out", episodes=3, sandbox="docker")
    assert stopped == [0]
    assert (summary.finished, summary.retries, summary.failed) == (3, 1, 0)
    assert sorted(record.seed for record in Store(tmp_path / "out")) == [0, 1, 2]


def test_a_challenge_is_not_blamed_for_the_engine(running: Engine, tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    spec = load_challenge(folder)
    spec.baseline.command = f"sleep 3; {spec.baseline.command}"
    spec.save(folder)
    before = (folder / "challenge.yaml").read_bytes()
    stopping = threading.Timer(4, running.stop, [signal.SIGKILL])
    stopping.start()
    with pytest.raises((SandboxError, MissingDependencyError), match="does not answer"):
        verify(folder, "docker")
    stopping.join()
    assert (folder / "challenge.yaml").read_bytes() == before
    running.start()
    report = verify(folder, "docker")
    assert report.ok, report.reason


def test_a_full_disk_of_the_engine(running: Engine, open_box: Callable[..., Sandbox], collection: Path) -> None:
    box = open_box("docker")
    box.run("echo kept > file", LIMITS)
    idle.close()
    filler = running.folder / "filler"
    with suppress(OSError), filler.open("wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()
    try:
        with pytest.raises(SandboxError, match="no space left on device"):
            open_box("docker")
        with pytest.raises((SandboxError, UserError), match="no space left on device"):
            images.build("cpu", base=images.tag_of("cpu"), tell=lambda line: None)
        env = ChallengeEnv(str(collection), "line", sandbox="docker")
        with pytest.raises(SandboxError, match="no space left on device"):
            env.reset(seed=0)
        env.close()
        assert box.run("head -c 5M /dev/zero > more; cat file", LIMITS).text == "kept\n", (
            "its own disk is not the engine's"
        )
    finally:
        filler.unlink()
    assert open_box("docker").run("echo room again", LIMITS).text == "room again\n"
