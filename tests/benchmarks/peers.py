"""What others cost for the same: swe-rex's stock Docker deployment, and MLGym's own way to talk to its container."""

from __future__ import annotations

import asyncio
import copy
import io
import logging
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from typing import Any

from sandboxes import unavailable
from timing import Row, environment, median_ms

import synthgym
from synthgym.envs.sandboxes.docker import images


def swerex(ours: float) -> Iterator[Row]:
    """A `true` in a session of swe-rex's DockerDeployment, and its start."""
    os.environ.setdefault("SWE_REX_LOG_STREAM_LEVEL", "ERROR")
    import swerex_image
    from swerex.deployment.docker import DockerDeployment
    from swerex.runtime.abstract import BashAction, CreateBashSessionRequest

    async def measure() -> tuple[float, float]:
        deployment = DockerDeployment(image=swerex_image.build(), pull="never")
        started = time.perf_counter()
        await deployment.start()
        await deployment.runtime.create_session(CreateBashSessionRequest())
        start = time.perf_counter() - started
        samples = []
        for _ in range(30):
            started = time.perf_counter()
            await deployment.runtime.run_in_session(BashAction(command="true"))
            samples.append(time.perf_counter() - started)
        await deployment.stop()
        return start * 1e3, sorted(samples)[len(samples) // 2] * 1e3

    logging.disable(logging.WARNING)
    start, step = asyncio.run(measure())
    logging.disable(logging.NOTSET)
    yield (
        "step `true`, docker (swe-rex, stock)",
        f"{ours:.2f} ms",
        f"{step:.0f} ms",
        f"{step / ours:.0f} × faster",
        "≥ 25 ×",
    )
    yield "  swe-rex's start and session", "", f"{start:.0f} ms", "", ""


def mlgym(ours: float) -> Iterator[Row]:
    """`communicate("true")` of a checkout of MLGym, on a bash in a container of the same image."""
    root = os.environ.get("SYNTHGYM_MLGYM_ROOT")
    if not root:
        warnings.warn("no figures for MLGym: SYNTHGYM_MLGYM_ROOT names no checkout", stacklevel=2)
        return
    sys.path.insert(0, root)
    from mlgym.environment.env import MLGymEnv  # type: ignore[import-not-found]

    name = f"synthgym-bench-{os.getpid()}"
    command = ["docker", "run", "-i", "--rm", "--network", "none", "--name", name, images.fit("cpu"), "bash"]
    shell = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    env: Any = MLGymEnv.__new__(MLGymEnv)
    env.container, env.bash_path, env.logger = shell, "/bin/bash", logging.getLogger("mlgym-bench")
    try:
        theirs = median_ms(lambda: env.communicate("true"), 15)
    finally:
        subprocess.run(["docker", "rm", "-f", name], capture_output=True)
        shell.wait()
    yield (
        "step `true`, docker (MLGym's communicate)",
        f"{ours:.2f} ms",
        f"{theirs:.0f} ms",
        f"{theirs / ours:.0f} × faster",
        "≥ 50 ×",
    )


_AGENT = "(getent group mlgym || groupadd mlgym) && (id agent || useradd agent) && chown agent:mlgym /home/agent"
"""Makes the user and the group that MLGym's image has."""


def mlgym_task() -> Iterator[Row]:
    """A step and a reset on one of MLGym's tasks: its own environment's functions, and ours.

    Their reset is what its `reset` does up to the point where it installs packages from the network, which is left out.
    """
    root = os.environ.get("SYNTHGYM_MLGYM_ROOT")
    if not root:
        return  # said by `mlgym`
    import docker
    import gymnasium
    from mlgym.environment.env import EnvironmentArguments, MLGymEnv

    image = f"synthgym-bench/mlgym:{os.getpid()}"
    dockerfile = f"FROM {images.tag_of('cpu')}\nUSER root\nRUN mkdir -p /home/agent && {_AGENT}\n"
    client = docker.from_env()
    client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=image, rm=True)
    before = os.getcwd()
    os.chdir(root)  # its tasks' files are found from there
    logging.disable(logging.CRITICAL)
    try:
        env: Any = MLGymEnv(EnvironmentArguments(image_name=image, task_config_path="tasks/blotto.yaml"), ["cpu_0"])

        def reset() -> None:
            env.reset_container()
            env.task = env.task_entrypoint(
                seed=0,
                args=copy.deepcopy(env.task_args),
                task_workspace=str(env.task_workspace),
                _communicate=env.communicate,
                _communicate_with_handling=env.communicate_with_handling,
            )
            env._setup_workspace()
            env._reset_environment_variables()
            env.task.setup()

        try:
            their_reset = median_ms(reset, 3)
            their_step = median_ms(lambda: env.step("true"), 10)
        finally:
            env.close()
    finally:
        logging.disable(logging.NOTSET)
        os.chdir(before)
        client.images.remove(image, force=True)
    for sandbox in ("docker", "bubblewrap"):
        if unavailable(sandbox):
            continue
        synthgym.register_mlgym(root)
        ours = gymnasium.make("mlgym/blotto-v0", sandbox=sandbox, max_steps=100_000, disable_env_checker=True)
        our_reset = median_ms(lambda ours=ours: ours.reset(seed=0), 15)
        our_step = median_ms(lambda ours=ours: ours.step("true"), 400)
        ours.close()
        for what, mine, theirs, aim in (
            ("step `true`", our_step, their_step, 50),
            ("reset", our_reset, their_reset, 5),
        ):
            yield (
                f"{what} on MLGym's blotto, {sandbox} (MLGymEnv)",
                f"{mine:.2f} ms",
                f"{theirs:.0f} ms",
                f"{theirs / mine:.0f} × faster",
                f"≥ {aim} ×",
            )


def rows() -> Iterator[Row]:
    """Every figure; the peers are measured in the same run as ours."""
    if reason := unavailable("docker"):
        warnings.warn(f"no figures for peers: {reason}", stacklevel=2)
        return
    with environment("docker", max_steps=100_000) as env:
        ours = median_ms(lambda: env.step("true"), 400)
    yield from swerex(ours)
    yield from mlgym(ours)
    yield from mlgym_task()
