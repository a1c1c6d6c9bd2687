"""What only containers have: images, a pool, an engine that can fail, and a watchdog."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from env_fixtures import AGENT, LIMITS, needs

from synthgym.base.errors import MissingDependencyError, SandboxError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Sandbox, Setup
from synthgym.envs.sandboxes.cleanup import cleanup
from synthgym.envs.sandboxes.docker import engine, images
from synthgym.envs.sandboxes.docker.pool import MOST_IDLE, idle
from synthgym.envs.sandboxes.docker.sandbox import DockerConnection, DockerSandbox, remove
from synthgym.envs.sandboxes.owner import Owner
from synthgym.envs.tools.set_up import FIRST_USER, USERS


@pytest.fixture(autouse=True)
def docker_works() -> None:
    needs("docker")


@pytest.fixture
def empty_pool() -> Iterator[None]:
    """No idle container before, none after."""
    idle.close()
    yield
    idle.close()


def container(box: Sandbox) -> str:
    assert isinstance(box, DockerSandbox)
    assert box._link is not None
    assert isinstance(box._link.connection, DockerConnection)
    return box._link.connection.container


def exists(name: str) -> bool:
    import docker.errors

    try:
        engine.engine().api.inspect_container(name)
    except docker.errors.NotFound:
        return False
    return True


def wait_until_gone(name: str, seconds: float = 5.0) -> float:
    started = time.monotonic()
    while exists(name):
        assert time.monotonic() < started + seconds, f"container {name} is still there"
        time.sleep(0.02)
    return time.monotonic() - started


def test_what_the_engine_was_asked_for(open_box: Callable[..., Sandbox]) -> None:
    about = engine.engine().api.inspect_container(container(open_box("docker")))
    host = about["HostConfig"]
    assert host["NetworkMode"] == "none"
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert host["ReadonlyRootfs"] is True
    assert host["AutoRemove"] is True
    assert host["Memory"] == host["MemorySwap"] == (AGENT.memory_mb + 2 * AGENT.disk_mb) << 20
    assert host["PidsLimit"] == AGENT.pids
    assert host["NanoCpus"] == int(AGENT.cpus * 1e9)
    user, _, group = about["Config"]["User"].partition(":")
    assert user == group
    assert FIRST_USER <= int(user) < FIRST_USER + USERS
    assert {"/proc/keys", "/proc/locks"} < set(host["MaskedPaths"])
    assert all("nr_inodes=" in host["Tmpfs"][folder] for folder in ("/home/agent", "/tmp", "/dev/shm"))
    assert about["Image"] == images.fit("cpu")
    assert Owner.parse(about["Config"]["Labels"][engine.LABEL]) == Owner.me()


def test_a_runtime_that_the_engine_does_not_know(
    monkeypatch: pytest.MonkeyPatch, open_box: Callable[..., Sandbox]
) -> None:
    monkeypatch.setenv(engine.RUNTIME_VARIABLE, "no-such")
    with pytest.raises(MissingDependencyError, match=r"=no-such: the engine at .* has no such runtime; it has .*runc"):
        open_box("docker")
    monkeypatch.setenv(engine.RUNTIME_VARIABLE, "runc")
    box = open_box("docker")
    assert engine.engine().api.inspect_container(container(box))["HostConfig"]["Runtime"] == "runc"


def test_gvisor_where_the_engine_has_it(
    monkeypatch: pytest.MonkeyPatch, open_box: Callable[..., Sandbox], empty_pool: None
) -> None:
    needs("docker")
    if "runsc" not in engine.describe()["runtimes"]:
        pytest.skip("the engine has no runtime runsc")
    monkeypatch.setenv(engine.RUNTIME_VARIABLE, "runsc")
    box = open_box("docker")
    assert "gVisor" in box.run("dmesg", LIMITS).text
    box.run("echo note > note; sleep 1000 &", LIMITS)
    box.start()
    assert box.run("ls; python -c 'import numpy; print(numpy.ones(3).sum())'", LIMITS).text == "3.0\n"


def test_a_closed_one_waits_wiped_for_the_next(open_box: Callable[..., Sandbox], empty_pool: None) -> None:
    box = open_box("docker")
    first = container(box)
    box.run("echo secret > note; sleep 3766 & disown", LIMITS)
    box.close()
    other = open_box("docker", env={"SEED": "9"})
    assert container(other) == first
    assert (
        other.run("ls -A; echo $SEED; cat /proc/*/cmdline | tr '\\0' ' ' | grep -c '376[6]'", LIMITS).text == "9\n0\n"
    )
    third = open_box("docker")
    assert container(third) != first


def test_other_profiles_get_others(open_box: Callable[..., Sandbox], empty_pool: None) -> None:
    box = open_box("docker")
    first = container(box)
    box.close()
    assert container(open_box("docker", profile=replace(AGENT, name="grader"))) != first
    assert container(open_box("docker", profile=replace(AGENT, disk_mb=16))) != first


def test_the_pool_has_an_end(open_box: Callable[..., Sandbox], empty_pool: None) -> None:
    boxes = [open_box("docker") for _ in range(MOST_IDLE + 1)]
    names = [container(box) for box in boxes]
    for box in boxes:
        box.close()
    assert [exists(name) for name in names] == [True] * MOST_IDLE + [False]
    idle.close()
    assert not any(map(exists, names))


def test_one_that_was_removed_while_it_waited_is_replaced(open_box: Callable[..., Sandbox], empty_pool: None) -> None:
    box = open_box("docker")
    first = container(box)
    box.close()
    remove(first)
    assert open_box("docker").run("echo fresh", LIMITS).text == "fresh\n"


def test_a_container_removed_from_outside(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("docker")
    timer = threading.Timer(0.3, remove, (container(box),))
    timer.start()
    with pytest.raises(SandboxError, match="docker: the sandbox died"):
        box.run("sleep 30", LIMITS)
    timer.join()
    box.start()
    assert box.run("echo again", LIMITS).text == "again\n"


def test_a_container_that_was_paused_from_outside(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("docker")
    engine.engine().api.pause(container(box))
    name = container(box)
    started = time.monotonic()
    box.close()
    wait_until_gone(name)
    assert time.monotonic() - started < 30


HOLD = """
import sys, time
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Setup
box = open_sandbox("docker", Setup(Profile("agent", memory_mb=512, pids=64, disk_mb=32)))
box.start()
print(box._link.connection.container, flush=True)
box.run(sys.argv[1], Limits(wall_seconds=100))
time.sleep(100)
"""


@pytest.mark.sample(2)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", ["true", "sleep 60", "trap '' TERM HUP; setsid sleep 60 & sleep 60"])
def test_the_watchdog_ends_a_container_whose_owner_was_killed(number: int, command: str) -> None:
    owner = subprocess.Popen([sys.executable, "-c", HOLD, command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert owner.stdout
    name = owner.stdout.readline().decode().strip()
    time.sleep(0.3)
    owner.send_signal(number)
    owner.wait(30)
    owner.stdout.close()
    assert wait_until_gone(name) < 5


def test_cleanup_removes_containers_of_the_dead_only(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("docker")
    dead = replace(Owner.me(), started="1")
    elsewhere = replace(dead, machine=f"elsewhere{dead.machine}")
    made = [
        engine.engine().api.create_container(images.fit("cpu"), ["true"], labels={engine.LABEL: str(owner)})["Id"]
        for owner in (dead, elsewhere)
    ]
    try:
        assert cleanup()["containers"] >= 1
        assert [exists(name) for name in made] == [False, True]
        assert box.run("echo alive", LIMITS).text == "alive\n"
    finally:
        for name in made:
            remove(name)


# -- images ------------------------------------------------------------------------------------------------------------


def test_an_image_that_is_not_there() -> None:
    with pytest.raises(MissingDependencyError, match=r"docker pull nowhere/none:1"):
        open_sandbox("docker:nowhere/none:1", Setup(AGENT))
    with pytest.raises(MissingDependencyError, match="synthgym images build gpu"):
        open_sandbox("docker", Setup(AGENT, image="gpu"))


def test_any_image_with_python_and_bash_is_made_fit(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("docker:synthgym/cpu:latest")
    assert container(box)
    assert box.run("command -v validate; whoami", LIMITS).text == "/opt/synthgym/bin/validate\nagent\n"


def test_an_image_that_has_python3_only_gets_python(open_box: Callable[..., Sandbox]) -> None:
    name = "synthgym-test/python3:1"
    context: dict[str, bytes | Path] = {
        "Dockerfile": b"FROM synthgym/cpu\nENV PATH=/opt/venv/bin:/usr/bin:/bin\n"
        b"RUN rm /opt/venv/bin/python && ! command -v python\n"
    }
    images._build(context, name, {}, lambda line: None)
    try:
        said = open_box(f"docker:{name}").run("python -c 'import sys; print(sys.argv)' a 'b c'", LIMITS)
        assert said.text == "['-c', 'a', 'b c']\n"
    finally:
        idle.close()
        engine.engine().api.remove_image(name, force=True)


def test_an_environment_is_played_in_the_image_that_is_named(make_env: Callable[..., ChallengeEnv]) -> None:
    needs("docker")
    name = "synthgym-test/marked:1"
    context: dict[str, bytes | Path] = {"Dockerfile": b"FROM synthgym/cpu\nRUN touch /opt/marked\n"}
    images._build(context, name, {}, lambda line: None)
    try:
        env = make_env(sandbox=f"docker:{name}")
        for _ in range(2):
            env.reset(seed=0)
            assert env.step("ls -d /opt/marked")[0] == "/opt/marked"
        env.close()
    finally:
        idle.close()
        engine.engine().api.remove_image(name, force=True)


def bare_image(name: str) -> None:
    """An image with one file in it."""
    with tempfile.TemporaryFile() as packed:
        images._pack({"file": name.encode()}, packed)
        repository, tag = name.split(":")
        engine.engine().api.import_image_from_data(packed.read(), repository=repository, tag=tag)


def test_cleanup_removes_workspace_images_of_other_versions_only() -> None:
    current, stale = images.fit("cpu"), f"synthgym/workspace:{uuid.uuid4().hex}"
    bare_image(stale)
    bare_image("synthgym-test/other:1")
    try:
        assert cleanup()["images"] >= 1
        assert images._inspect(stale) is None
        assert images._ask(current)
        assert images._ask("synthgym-test/other:1")
    finally:
        engine.engine().api.remove_image("synthgym-test/other:1", force=True)
    assert cleanup()["images"] == 0


def test_an_image_that_is_not_fit_says_why() -> None:
    name = "synthgym-test/empty:1"
    bare_image(name)
    try:
        with pytest.raises(Exception, match="cannot be built"):
            open_sandbox(f"docker:{name}", Setup(AGENT))
    finally:
        engine.engine().api.remove_image(name, force=True)


def test_nothing_in_an_image_is_set_user_id(open_box: Callable[..., Sandbox]) -> None:
    assert open_box("docker").run("find / -xdev -perm /6000 -type f 2>/dev/null", LIMITS).text == ""


@pytest.mark.skipif(shutil.which("nvidia-smi") is not None, reason="there may be a GPU here")
def test_a_gpu_that_is_not_there_is_a_typed_error() -> None:
    box = open_sandbox("docker", Setup(replace(AGENT, gpus=1)))
    with pytest.raises(SandboxError, match="device driver"):
        box.start()


# -- an engine that fails ----------------------------------------------------------------------------------------------


class Proxy:
    """Stands between the client and the engine, and can be cut."""

    def __init__(self, path: Path) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(64)
        self.pairs: list[socket.socket] = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            target = socket.socket(socket.AF_UNIX)
            target.connect("/var/run/docker.sock")
            self.pairs += [client, target]
            for source, sink in ((client, target), (target, client)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    @staticmethod
    def copy(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self) -> None:
        self.listener.close()
        for each in self.pairs:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def test_an_engine_that_goes_away_in_the_middle_of_a_step(
    open_box: Callable[..., Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(tmp_path / "engine.sock")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'engine.sock'}")
    box = open_box("docker")
    name = container(box)
    timer = threading.Timer(0.3, proxy.cut)
    timer.start()
    started = time.monotonic()
    with pytest.raises(SandboxError, match="died"):
        box.run("sleep 60", LIMITS)
    with pytest.raises(SandboxError, match="does not answer"):
        box.start()
    assert time.monotonic() - started < 30
    monkeypatch.delenv("DOCKER_HOST")
    wait_until_gone(name)  # its stdin was closed with the connection


def test_no_engine_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'none.sock'}")
    with pytest.raises(MissingDependencyError, match="does not answer"):
        open_sandbox("docker", Setup(AGENT))
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    with pytest.raises(MissingDependencyError, match="does not answer"):
        open_sandbox("docker", Setup(AGENT))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_engine_that_this_user_may_not_use() -> None:
    script = "from synthgym.envs.sandboxes.docker import engine; print(engine.unavailable())"
    become = ["setpriv", "--reuid", "64125", "--regid", "64125", "--clear-groups"]
    said = subprocess.run([*become, sys.executable, "-c", script], capture_output=True, text=True, cwd="/", check=True)
    assert "usermod -aG docker" in said.stdout


def test_a_command_that_takes_all_memory_is_ended_and_the_sandbox_lives(open_box: Callable[..., Sandbox]) -> None:
    box = open_box("docker", profile=replace(AGENT, memory_mb=128, disk_mb=16))
    box.run("echo kept > file", LIMITS)
    eat = "import os, time\nfor _ in range(3): os.fork()\nx = bytearray(60 << 20)\ntime.sleep(3)"
    box.run(f"python -c '{eat}'", Limits(cpu_seconds=30, wall_seconds=20))
    assert box.run("cat file; free -m >/dev/null 2>&1; echo alive", LIMITS).text == "kept\nalive\n"


def test_requests_share_one_pool_of_connections_however_many_ask() -> None:
    """docker-py's own are one for each path, and close while threads use them: urllib3 fails with an AttributeError."""

    def ask(number: int) -> str:
        try:
            with engine.answering():
                api = engine.engine().api
                if number % 2:
                    api.inspect_container(f"no-such-container-{number}")
                else:
                    api.create_container("synthgym/no-such-image:ever", "true")
        except SandboxError as error:
            return str(error)
        return "it did"

    with ThreadPoolExecutor(32) as threads:
        for told in threads.map(ask, range(320)):
            assert "No such container" in told or "No such image" in told
    assert len(engine.engine().api.adapters["http+docker://"].pools) == 1
