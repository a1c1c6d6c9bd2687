"""What others cost for the same: swe-rex's stock Docker deployment, and MLGym's own way to talk to its container."""

from __future__ import annotations

import asyncio
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

from synthgym.envs.sandboxes import images


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


def rows() -> Iterator[Row]:
    """Every figure; the peers are measured in the same run as ours."""
    if reason := unavailable("docker"):
        warnings.warn(f"no figures for peers: {reason}", stacklevel=2)
        return
    with environment("docker", max_steps=100_000) as env:
        ours = median_ms(lambda: env.step("true"), 400)
    yield from swerex(ours)
    yield from mlgym(ours)
