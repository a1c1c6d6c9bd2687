"""What is left when an episode, or the process that owned it, has ended: nothing."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest
from env_fixtures import LIMITS, has_cgroups, needs

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.base import Sandbox
from synthgym.envs.sandboxes.docker import engine
from synthgym.envs.sandboxes.docker.pool import idle
from synthgym.registry.challenge import load_challenge


def owned_by(pid: int) -> list[int]:
    """Processes below `pid`, and those anywhere that a sandbox's shell was started for."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    found = {pid}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return sorted(found - {pid})


def cgroups(pid: int) -> set[Path]:
    """The groups that a process has made: it holds a lock on them, or on another one of their name."""
    names = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if (target := link.readlink()).parent.name == "synthgym" and "cgroup" in target.parts:
                names.add(target.name)
    return {path for name in names for path in Path("/sys/fs/cgroup").glob(f"**/synthgym/{name}")}


def mounts() -> list[str]:
    """What is mounted here, less the containers that other tests have just now: ours are looked for by their labels."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line for line in lines if "docker" not in line]


def descriptors() -> set[tuple[str, str]]:
    """Number and file of each that is open, less the connections that Docker's client keeps for its next requests."""
    if engine.unavailable() is None:
        engine.engine().close()
    gc.collect()
    found = set()
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # the folder's own
            found.add((number, os.readlink(f"/proc/self/fd/{number}")))
    return found


def containers(pid: int) -> list[str]:
    """The containers that a process has made."""
    if engine.unavailable():
        return []
    found = engine.engine().api.containers(all=True, filters={"label": engine.LABEL})
    return [box["Id"] for box in found if box["Labels"][engine.LABEL].split("/")[1].startswith(f"{pid}-")]


def gone(find: Callable[[], object], seconds: float = 5) -> bool:
    """Whether `find` finds nothing before long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not find():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_nothing_is_left_of_many_episodes(backend: str, make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("line", backend)
    env.reset(seed=0)
    env.close()
    idle.close()
    before = owned_by(os.getpid())
    mounted, before_descriptors = mounts(), descriptors()
    workspaces, groups = set(), cgroups(os.getpid())
    for number in range(12):
        env.reset(seed=number)
        assert env._box is not None
        groups |= cgroups(os.getpid())
        workspaces.add(env._box.workspace)
        env.step(["setsid sleep 4000 & disown", "exit", "kill -9 $$", "python train.py; submit"][number % 4])
    env.close()
    idle.close()
    assert gone(lambda: containers(os.getpid()))
    assert gone(lambda: set(owned_by(os.getpid())) - set(before))
    assert groups or backend != "bubblewrap" or not has_cgroups()
    assert gone(lambda: [group for group in groups if group.exists()])
    assert mounts() == mounted
    assert descriptors() <= before_descriptors  # what earlier tests left may be closed meanwhile
    assert backend != "local" or not [path for path in workspaces if Path(path).parent.exists()]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A collection whose challenge no other test has, so that its processes can be told from theirs."""
    source = challenges.write_table(tmp_path / "source")
    challenge = load_challenge(source)
    challenge.description += uuid.uuid4().hex
    files = {path.relative_to(source).as_posix(): path.read_text() for path in source.rglob("*.py")}
    challenges.write(tmp_path, challenge, files)
    return tmp_path


OWNER = """
import sys, time
from synthgym.envs.env import ChallengeEnv
env = ChallengeEnv(sys.argv[1], "line", sandbox=sys.argv[2])
env.reset(seed=0)
env.step("setsid sleep 4111 & disown; python train.py")
print("ready", env._box.workspace, flush=True)
{then}
"""


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("then", "number"),
    [
        ("env.step('sleep 1000')", signal.SIGKILL),
        ("time.sleep(1000)", signal.SIGKILL),
        ("time.sleep(1000)", signal.SIGTERM),
        ("env.step('sleep 1000')", signal.SIGINT),
        ("while True: env.reset(seed=0)", signal.SIGKILL),
        ("import os; os.fork(); time.sleep(8)", signal.SIGKILL),
        ("sys.exit(0)", 0),
        ("raise SystemExit(1)", 0),
    ],
)
def test_nothing_outlives_the_owner(
    backend: str, sandbox_name: Callable[[str], str], own: Path, then: str, number: int
) -> None:
    if backend == "swerex":
        pytest.skip("a lease ends what is inside: see tests/envs/test_swerex.py")
    script = OWNER.format(then=then)
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(own), sandbox_name(backend)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline().startswith(b"ready")
    children: set[int] = set()
    deadline = time.monotonic() + 0.3
    while number and (time.monotonic() < deadline or not (children or backend == "docker")):
        children |= set(owned_by(owner.pid))
    if number:
        owner.send_signal(number)
    owner.wait(timeout=20)
    owner.stdout.close()
    assert gone(lambda: [pid for pid in children if b"supervisor.main" in command_line(pid)])
    assert gone(lambda: sleepers("4111"))
    assert gone(lambda: containers(owner.pid))


def command_line(pid: int) -> bytes:
    """Of a process; nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def sleepers(word: str) -> list[int]:
    """Processes of this machine that sleep for so long."""
    pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if command_line(pid) == f"sleep\0{word}\0".encode()]


@pytest.mark.sample(2)
@pytest.mark.parametrize("delay", [0.0, 0.002, 0.005, 0.008, 0.012, 0.02, 0.03])
def test_an_owner_that_dies_while_a_sandbox_starts(own: Path, delay: float) -> None:
    """At whatever moment: what bwrap has begun is not left waiting for what will not come."""
    needs("bubblewrap")
    script = OWNER.format(then="env.close()\nprint('go', flush=True)\nenv.reset(seed=0)\ntime.sleep(1000)")
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(own), "bubblewrap"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert owner.stdout is not None
    owner.stdout.readline()
    assert owner.stdout.readline() == b"go\n"
    time.sleep(delay)
    children = set(owned_by(owner.pid))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert gone(lambda: [pid for pid in children if command_line(pid)])


@pytest.mark.skipif(os.geteuid() != 0, reason="cgroups are made by root")
def test_cgroups_of_a_killed_owner_are_swept_by_the_next(collection: Path) -> None:
    needs("bubblewrap")
    script = OWNER.format(then="time.sleep(1000)")
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(collection), "bubblewrap"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert owner.stdout is not None
    owner.stdout.readline()
    made = cgroups(owner.pid)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    if not made:
        pytest.skip("no cgroups here")
    assert gone(lambda: sleepers("4111"))
    script = OWNER.format(then="env.close()")
    subprocess.run([sys.executable, "-c", script, str(collection), "bubblewrap"], check=True, capture_output=True)
    assert [group for group in made if group.exists()] == []


def test_the_folder_of_a_killed_owner_is_removed(collection: Path) -> None:
    script = OWNER.format(then="time.sleep(1000)")
    owner = subprocess.Popen(
        [sys.executable, "-c", script, str(collection), "local"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert owner.stdout is not None
    workspace = Path(owner.stdout.readline().decode().split()[1])
    assert workspace.is_dir()
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert gone(workspace.parent.exists)


def test_a_process_that_hides_is_found(backend: str, open_box: Callable[..., Sandbox]) -> None:
    """Daemons, orphans, processes of another session or without an environment: all end with the sandbox."""
    box = open_box(backend)
    box.run("setsid sh -c 'sleep 4222 & exec env -i sleep 4222' & disown; (sleep 4222 &) ; nohup sleep 4222 &", LIMITS)
    time.sleep(0.3)
    assert len(sleepers("4222")) >= 4
    box.close()
    assert gone(lambda: sleepers("4222"))
