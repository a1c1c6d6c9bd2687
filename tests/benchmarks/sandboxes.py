"""Steps, resets, starts and many at once, on every sandbox that works here."""

from __future__ import annotations

import os
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from timing import Row, below, challenge, environment, median_ms, memory_kb

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Setup
from synthgym.envs.sandboxes.bubblewrap import sandbox as bubblewrap
from synthgym.envs.sandboxes.bubblewrap.sandbox import BubblewrapSandbox
from synthgym.envs.sandboxes.docker import engine, images
from synthgym.envs.sandboxes.docker.pool import idle
from synthgym.envs.sandboxes.docker.sandbox import DockerConnection, DockerSandbox
from synthgym.envs.tools.set_up import FIRST_USER
from synthgym.envs.vector.vector import challenge_vector

STEP = {"docker": "≤ 1 ms above", "bubblewrap": "≤ 0.5 ms above", "local": ""}
RESET = {"docker": "≤ 120 ms", "bubblewrap": "≤ 30 ms", "local": ""}
TOGETHER = {"docker": 24, "bubblewrap": 64}


def unavailable(sandbox: str) -> str | None:
    """Why there are no figures for a sandbox."""
    if sandbox == "bubblewrap":
        return bubblewrap.unavailable()
    if sandbox == "docker":
        return engine.unavailable() or (None if images.present("cpu") else "no image; synthgym images build")
    return None


@contextmanager
def raw_bash(command: list[str]) -> Iterator[Callable[[], None]]:
    """A bash on a pipe; gives the round trip of a `true`."""
    shell = subprocess.Popen([*command, "bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    assert shell.stdin is not None
    assert shell.stdout is not None
    source, sink = shell.stdout, shell.stdin

    def trip() -> None:
        sink.write(b"true; echo $?\n")
        assert source.read(2) == b"0\n"

    yield trip
    sink.close()
    shell.wait()
    source.close()


def container_of(env: ChallengeEnv) -> str:
    """The id of an environment's container."""
    assert isinstance(env._box, DockerSandbox)
    assert env._box._link is not None
    assert isinstance(env._box._link.connection, DockerConnection)
    return env._box._link.connection.container


@contextmanager
def raw_exec(container: str) -> Iterator[Callable[[], None]]:
    """A bash on the engine's exec socket, in the same container; gives the round trip of a `true`."""
    api: Any = engine.engine().api
    made = api.exec_create(container, ["bash", "--norc"], stdin=True, environment={"PATH": "/usr/bin:/bin"})
    wrapper = api.exec_start(made["Id"], socket=True)
    stream = getattr(wrapper, "_sock", wrapper)

    def trip() -> None:
        stream.sendall(b"true; echo $?\n")
        answer = b""
        while not answer.endswith(b"0\n"):
            answer += stream.recv(100)

    yield trip
    stream.close()
    wrapper.close()


@contextmanager
def floor(env: ChallengeEnv) -> Iterator[Callable[[], None]]:
    """The same sandbox around a bare bash, without our supervisor."""
    if isinstance(env._box, DockerSandbox):
        with raw_exec(container_of(env)) as trip:
            yield trip
    else:
        with raw_bash(bare(env)) as trip:
            yield trip


def bare(env: ChallengeEnv) -> list[str]:
    """How a bare program is started in a bubblewrap sandbox like the environment's."""
    box = env._box
    return ["bwrap", *BubblewrapSandbox(box.setup).options(), "--"] if isinstance(box, BubblewrapSandbox) else []


def steps(sandbox: str) -> Iterator[Row]:
    """A step of `true`, beside a bare bash in the same sandbox."""
    with environment(sandbox, max_steps=100_000) as env, floor(env) as trip:
        raw = median_ms(trip, 400)
        step = median_ms(lambda: env.step("true"), 400)
        yield f"step `true`, {sandbox}", f"{step:.2f} ms", f"{raw:.2f} ms", f"+{step - raw:.2f} ms", STEP[sandbox]


def resets(sandbox: str) -> Iterator[Row]:
    """A reset with 5 MB of files after a step that left some, beside starting and ending a bare bash of the kind."""
    with environment(sandbox, files_mb=5, max_steps=100_000) as env:

        def reset() -> None:
            env.step("cp -r extra more; sleep 100 &")
            started = time.perf_counter()
            env.reset(seed=0)
            samples.append(time.perf_counter() - started)

        samples: list[float] = []
        for _ in range(25):
            reset()
        ours = sorted(samples)[len(samples) // 2] * 1e3
        if sandbox == "docker":
            yield f"reset with 5 MB, {sandbox}", f"{ours:.1f} ms", "", "", RESET[sandbox]
            return
        command = [*bare(env), "bash", "-c", "true"]
        raw = median_ms(lambda: subprocess.run(command, check=True, stdin=subprocess.DEVNULL), 25)
        yield f"reset with 5 MB, {sandbox}", f"{ours:.1f} ms", f"{raw:.1f} ms", f"{ours / raw:.1f} ×", RESET[sandbox]


def cold_starts() -> Iterator[Row]:
    """A new container, beside `docker run -d` with the same flags."""
    user = FIRST_USER
    setup = Setup(Profile("agent", memory_mb=512, pids=64, disk_mb=32))
    box = open_sandbox("docker", setup)
    assert isinstance(box, DockerSandbox)
    ours, raw = [], []
    command = ["docker", "run", "-d", "--rm", "--user", f"{user}:{user}", *flags(box, user), box._image, "sleep", "100"]
    for _ in range(9):
        idle.close()
        started = time.perf_counter()
        box.start()
        ours.append(time.perf_counter() - started)
        box._end()
        started = time.perf_counter()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        raw.append(time.perf_counter() - started)
        subprocess.run(["docker", "rm", "-f", done.stdout.strip()], check=True, capture_output=True)
    mine, theirs = (sorted(samples)[len(samples) // 2] * 1e3 for samples in (ours, raw))
    yield (
        "cold start, docker (`docker run -d`)",
        f"{mine:.0f} ms",
        f"{theirs:.0f} ms",
        f"{mine / theirs:.2f} ×",
        "≤ 1.3 ×",
    )


def flags(box: DockerSandbox, user: int) -> list[str]:
    """What a container is made with, as the command line of Docker takes it."""
    config = box._host_config(user)
    found = ["--network", "none", "--ipc", "private", "--cap-drop", "ALL", "--read-only", "--log-driver", "none"]
    found += ["--security-opt", "no-new-privileges", "--memory", str(config["mem_limit"])]
    found += ["--memory-swap", str(config["memswap_limit"]), "--pids-limit", str(config["pids_limit"])]
    found += ["--cpus", str(config["nano_cpus"] / 1e9)]
    for folder, options in config["tmpfs"].items():
        found += ["--tmpfs", f"{folder}:{options}"]
    return found


def bare_starts() -> Iterator[Row]:
    """A new bubblewrap sandbox until it has run a command, beside bwrap with the same options around a bare bash."""
    box = open_sandbox("bubblewrap", Setup(Profile("agent", memory_mb=512, pids=64, disk_mb=32)))
    assert isinstance(box, BubblewrapSandbox)
    command = ["bwrap", *box.options(), "--", "bash", "-c", "true"]
    ours, raw = [], []
    for _ in range(25):
        started = time.perf_counter()
        box.start()
        box.run("true", Limits())
        ours.append(time.perf_counter() - started)
        box.close()
        started = time.perf_counter()
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        raw.append(time.perf_counter() - started)
    mine, theirs = (sorted(samples)[len(samples) // 2] * 1e3 for samples in (ours, raw))
    yield "cold start, bubblewrap", f"{mine:.1f} ms", f"{theirs:.1f} ms", f"{mine / theirs:.1f} ×", ""


def gradings(sandbox: str) -> Iterator[Row]:
    """`validate` of a table and of a module, beside starting the program that asks for it."""
    for kind, name in (("a table", "line"), ("a module", "coins")):
        with environment(sandbox, name=name, max_steps=100_000) as env:
            env.step("python train.py")
            assert env._session is not None
            env._session.validations_left = 10_000
            grade = median_ms(lambda env=env: env.step("validate"), 30)  # type: ignore[misc]
            python = median_ms(lambda env=env: env.step("python -IS -c pass"), 30)  # type: ignore[misc]
            title = f"step `validate`, {kind}, {sandbox}"
            yield title, f"{grade:.1f} ms", f"{python:.1f} ms", f"{grade / python:.1f} ×", ""


def many(sandbox: str, count: int) -> Iterator[Row]:
    """Environments open at once, stepping in threads, and what each takes in memory."""
    with challenge() as folder:
        here, engines = memory_kb(os.getpid()), engine_memory_kb()
        envs = challenge_vector(count, collection=folder, challenge="line", sandbox=sandbox, max_steps=1000)
        started = time.perf_counter()
        envs.reset(seed=0)
        opened = time.perf_counter() - started
        envs.step([f"echo {index} > token" for index in range(count)])
        assert list(envs.step(["cat token"] * count)[0]) == [str(index) for index in range(count)]
        together = median_ms(lambda: envs.step(["true"] * count), 50)
        if sandbox == "docker":
            ids = [container_of(env) for env in envs.envs]
            api: Any = engine.engine().api
            inside = sum(
                sum(map(memory_kb, pids))
                for pids in ([int(row[1]) for row in api.top(name)["Processes"]] for name in ids)
            )
        else:
            inside = sum(memory_kb(pid) for pid in below(os.getpid()))
        host = memory_kb(os.getpid()) - here
        served = engine_memory_kb() - engines if sandbox == "docker" else 0
        yield (
            f"{count} open at once, {sandbox}: all reset",
            f"{opened * 1e3:.0f} ms",
            "",
            f"{opened / count * 1e3:.0f} ms each",
            "",
        )
        yield "  all step `true`", f"{together:.1f} ms", "", f"{together / count:.2f} ms each", f"{count} at once"
        each = (inside + host + served) / count / 1024
        parts = f"host {host / count / 1024:.1f} MB" + (f", engine {served / count / 1024:.1f}" if served else "")
        yield "  memory of each", f"{each:.1f} MB", "", parts, ""
        envs.close()
        idle.close()


def engine_memory_kb() -> int:
    """Memory of the engine's own processes, those it runs beside each container included."""
    total = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/comm") as file:
                    if file.read().strip() in (
                        "dockerd",
                        "containerd",
                        "containerd-shim",
                        "containerd-shim-r",
                        "conmon",
                    ):
                        total += memory_kb(int(name))
            except OSError:
                continue
    return total


def rows() -> Iterator[Row]:
    """Every figure."""
    for sandbox in ("docker", "bubblewrap", "local"):
        if reason := unavailable(sandbox):
            warnings.warn(f"no figures for {sandbox}: {reason}", stacklevel=2)
            continue
        yield from steps(sandbox)
        yield from resets(sandbox)
        if sandbox == "docker":
            yield from cold_starts()
        if sandbox == "bubblewrap":
            yield from bare_starts()
        if sandbox != "local":
            yield from gradings(sandbox)
        if sandbox in TOGETHER:
            yield from many(sandbox, TOGETHER[sandbox])
