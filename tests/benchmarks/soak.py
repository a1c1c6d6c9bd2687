"""What is left: after a thousand episodes of rough actions, and after owners that were killed at random moments.

``python soak.py [EPISODES [KILLS]]``, or as a part of ``make bench``.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sandboxes import unavailable
from timing import Row, challenge

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.cleanup import cleanup
from synthgym.envs.sandboxes.docker import engine
from synthgym.envs.sandboxes.docker.pool import idle

ACTIONS = [
    "true",
    "python train.py && validate",
    "python train.py; submit",
    "setsid sleep 4567 & disown",
    "(trap '' TERM HUP INT; nohup sleep 4567 &) ",
    "for i in $(seq 30); do sleep 4567 & done",
    "exit 3",
    "kill -9 $$",
    "kill -9 -1",
    "exec sleep 0.05",
    "head -c 3000000 /dev/urandom > big; cp big /tmp; cp big /dev/shm",
    "mkdir -p a/b/c; chmod 0 a; mkfifo fifo; ln -s / root",
    "python -c 'import socket, os\ns = socket.socket(socket.AF_UNIX); s.bind(\"x.sock\")\nos.fork()' &",
    "python -c 'import socket, time\ns = socket.socket(socket.AF_UNIX); s.bind(\"\\0soak\"); time.sleep(4567)' &",
    "yes | head -c 2000000",
    "cat <(sleep 0.01) | wc",
    "cd /; rm -rf ~/* 2>/dev/null; rm -rf /home/agent/workspace",
    "python -c 'import os\nfor _ in range(20): os.fork()' & sleep 0.02",
]
"""What agents do, and worse; each a moment long."""

OWNER = """
import random, sys
from synthgym.envs.env import ChallengeEnv
rng = random.Random(int(sys.argv[3]))
env = ChallengeEnv(sys.argv[1], "line", sandbox=sys.argv[2], max_steps=6)
print("go", flush=True)
while True:
    env.reset(seed=0)
    done = False
    while not done:
        *_, terminated, truncated, _ = env.step(rng.choice({actions!r}))
        done = terminated or truncated
    if rng.random() < 0.2:
        env.close()
"""


def left() -> dict[str, set[str]]:
    """What there is of synthgym on this machine, by kind."""
    found: dict[str, set[str]] = {"processes": set(), "mounts": set(), "sockets": set(), "folders": set()}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"supervisor.main" in words or b"4567" in words.split(b"\0"):
            found["processes"].add(folder.name)
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        if "/merged " in line or "synthgym" in line:
            found["mounts"].add(line.split()[4])
    for line in Path("/proc/net/unix").read_text().splitlines():
        if "@synthgym-" in line or "@soak" in line:
            found["sockets"].add(line.split()[6])
    found["folders"] = set(map(str, Path(tempfile.gettempdir()).glob("synthgym-local-*")))
    found["cgroups"] = set(map(str, Path("/sys/fs/cgroup").glob("*/synthgym/*"))) | set(
        map(str, Path("/sys/fs/cgroup/synthgym").glob("*-*"))
    )
    found["containers"] = set()
    if engine.unavailable() is None:
        boxes = engine.engine().api.containers(all=True, filters={"label": engine.LABEL})
        found["containers"] = {box["Id"] for box in boxes}
    return found


def more(before: dict[str, set[str]]) -> dict[str, int]:
    """How much more there is than before, by kind; empty where there is not."""
    now = left()
    return {kind: len(now[kind] - before[kind]) for kind in now if now[kind] - before[kind]}


def told(found: dict[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in found.items()) or "0 left"


def episodes(sandbox: str, count: int) -> Iterator[Row]:
    """Episodes of random actions in one process, which then closes its environment."""
    before, rng = left(), random.Random(0)
    started, steps = time.perf_counter(), 0
    with challenge() as folder:
        env = ChallengeEnv(folder, "line", sandbox=sandbox, max_steps=6)
        for number in range(count):
            env.reset(seed=number)
            done = False
            while not done:
                *_, terminated, truncated, _ = env.step(rng.choice(ACTIONS))
                done, steps = terminated or truncated, steps + 1
        env.close()
        idle.close()
    seconds = time.perf_counter() - started
    time.sleep(1)
    yield f"{count} rough episodes, {sandbox}", f"{seconds:.0f} s", f"{steps} steps", told(more(before)), "0 left"


def kills(sandbox: str, count: int) -> Iterator[Row]:
    """Owners of environments, each ended by SIGKILL at a random moment; looked at 2 s later, and after a cleanup."""
    before, rng = left(), random.Random(1)
    after: dict[str, int] = {}
    with challenge() as folder:
        command = [sys.executable, "-c", OWNER.format(actions=ACTIONS), folder, sandbox]
        for number in range(count):
            owner = subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert owner.stdout is not None
            owner.stdout.readline()
            time.sleep(rng.uniform(0.0, 1.0))
            owner.kill()
            owner.wait()
            owner.stdout.close()
            time.sleep(2)
            for kind, found in more(before).items():
                after[kind] = max(after.get(kind, 0), found)
    cleanup()
    yield f"{count} owners killed, {sandbox}: after 2 s", told(after), "", told(more(before)), "0, 0 left"


def rows(count: int = 1000, killed: int = 50) -> Iterator[Row]:
    """Every figure, shared out between the sandboxes that work here."""
    works = [sandbox for sandbox in ("docker", "bubblewrap") if unavailable(sandbox) is None]
    for sandbox in works:
        yield from episodes(sandbox, count // len(works))
    for sandbox in works:
        yield from kills(sandbox, killed // len(works))


if __name__ == "__main__":
    for row in rows(*map(int, sys.argv[1:])):
        print("{:44}{:>20}{:>14}{:>24}   {}".format(*row), flush=True)
