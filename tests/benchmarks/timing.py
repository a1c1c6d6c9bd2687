"""What the benchmarks share: a median, an environment, the memory of processes."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("SYNTHGYM_TRUST", "all")  # without pytest's conftest.py nobody says so

import challenges

from synthgym.envs.env import ChallengeEnv

Row = tuple[str, str, str, str, str]
"""What, measured, the floor or peer beside it, their relation, what was aimed at."""


def median_ms(act: Callable[[], object], times: int) -> float:
    """Median wall-clock of `act` in milliseconds, after one unmeasured call."""
    act()
    samples = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        samples.append(time.perf_counter() - started)
    return statistics.median(samples) * 1e3


@contextmanager
def challenge(files_mb: int = 0) -> Iterator[str]:
    """A collection with a table and a game, and so many megabytes more of files in its workspace."""
    folder = Path(tempfile.mkdtemp())
    try:
        challenges.write_table(folder, extra_mb=files_mb)
        challenges.write_game(folder)
        yield str(folder)
    finally:
        shutil.rmtree(folder)


@contextmanager
def environment(sandbox: str, files_mb: int = 0, name: str = "line", **settings: Any) -> Iterator[ChallengeEnv]:
    """A challenge, the table if no other is named, reset."""
    with challenge(files_mb) as folder:
        env = ChallengeEnv(folder, name, sandbox=sandbox, **settings)
        try:
            env.reset(seed=0)
            yield env
        finally:
            env.close()


def memory_kb(pid: int) -> int:
    """Memory of a process that is its own, in kB, its share of what it shares included."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def below(pid: int) -> list[int]:
    """The processes below one."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *below(child)]
    return found
