"""What the environment costs, each figure beside the raw floor it stands on, measured in the same run.

`make bench`, or ``python bench.py`` in this folder. Nothing is asserted: on a busy machine look at the ratios.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import challenges

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes.base import Limits
from synthgym.envs.sandboxes.bubblewrap import BubblewrapSandbox, unavailable
from synthgym.registry.index import IndexEntry

Row = tuple[str, str, str, str, str]
TARGETS = {"step": "≤ 1 ms above", "reset": "≤ 50 ms", "import": "≤ 2 ×", "register": "≤ 1 s", "open": "32 at once"}


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
def environment(sandbox: str, **settings: Any) -> Iterator[ChallengeEnv]:
    """The table challenge, reset."""
    folder = Path(tempfile.mkdtemp())
    challenges.write_table(folder)
    env = ChallengeEnv(str(folder), "line", sandbox=sandbox, **settings)
    try:
        env.reset(seed=0)
        yield env
    finally:
        env.close()
        shutil.rmtree(folder)


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


def floor(env: ChallengeEnv) -> list[str]:
    """The same sandbox around a bare program: bwrap and its options, no supervisor."""
    assert env._prepared is not None
    box = env._box
    return ["bwrap", *BubblewrapSandbox(box.setup).options(), "--"] if isinstance(box, BubblewrapSandbox) else []


def steps(sandbox: str) -> Iterator[Row]:
    """A step of `true`, beside a bare bash on a pipe in the same sandbox."""
    with environment(sandbox, max_steps=100_000) as env, raw_bash(floor(env)) as trip:
        raw = median_ms(trip, 400)
        step = median_ms(lambda: env.step("true"), 400)
        yield f"step `true`, {sandbox}", f"{step:.2f} ms", f"{raw:.2f} ms", f"+{step - raw:.2f} ms", TARGETS["step"]
        assert env._box is not None
        box = env._box
        alone = median_ms(lambda: box.run("true", Limits()), 400)
        yield "  of it, in the sandbox", f"{alone:.2f} ms", "", "", ""


def resets(sandbox: str) -> Iterator[Row]:
    """A reset, beside starting and ending a bare bash in the same sandbox."""
    with environment(sandbox) as env:
        bare = [*floor(env), "bash", "-c", "true"]
        raw = median_ms(lambda: subprocess.run(bare, check=True, stdin=subprocess.DEVNULL), 25)
        reset = median_ms(lambda: env.reset(seed=0), 25)
        yield f"reset, {sandbox}", f"{reset:.1f} ms", f"{raw:.1f} ms", f"{reset / raw:.1f} ×", TARGETS["reset"]


def gradings() -> Iterator[Row]:
    """`validate`, of a table and of a game, program and all."""
    with environment("bubblewrap", max_steps=100_000) as env:
        env.step("python train.py")
        assert env._session is not None
        env._session.validations_left = 10_000
        grade = median_ms(lambda: env.step("validate"), 30)
        python = median_ms(lambda: env.step("python -IS -c pass"), 30)
        yield "step `validate`, a table", f"{grade:.1f} ms", f"{python:.1f} ms", f"{grade / python:.1f} ×", ""


def imports() -> Iterator[Row]:
    """`import synthgym` in a fresh process, beside what it stands on."""
    samples: dict[str, list[float]] = {"import gymnasium, pydantic": [], "import synthgym": []}
    for _ in range(9):
        for code, found in samples.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd="/")
            found.append(time.perf_counter() - started)
    raw, ours = (statistics.median(found) * 1e3 for found in samples.values())
    yield "import synthgym", f"{ours:.0f} ms", f"{raw:.0f} ms", f"{ours / raw:.2f} ×", TARGETS["import"]


REGISTER = """
import time, gymnasium
import synthgym.envs.registration
from synthgym.registry.index import read_index
started = time.perf_counter()
ids = synthgym.envs.registration.register_collection(read_index(__import__("pathlib").Path({folder!r})))
print(time.perf_counter() - started, len(ids))
"""


def registering(count: int = 10_000) -> Iterator[Row]:
    """Registering a collection with its index: for the first time on a machine, and from then on."""
    folder = Path(tempfile.mkdtemp()) / "many"
    folder.mkdir()
    (folder / "collection.yaml").write_text("namespace: many\ntitle: Many\n")
    spec = challenges.table_spec("challenge-00000").to_yaml()
    entries = []
    for number in range(count):
        name = f"challenge-{number:05d}"
        path = folder / name / "challenge.yaml"
        path.parent.mkdir()
        body = spec.replace("challenge-00000", name).encode()
        path.write_bytes(body)
        os.utime(path, ns=(0, 0))
        digest = hashlib.sha256(body).hexdigest()
        entries.append(IndexEntry(name, 0, "train", "file", "rmse", "", True, "A line", digest)._asdict())
    (folder / "index.json").write_text(json.dumps({"format": 1, "challenges": entries}))
    cache = {**os.environ, "SYNTHGYM_CACHE": str(folder.parent / "cache")}
    run = [sys.executable, "-c", REGISTER.format(folder=str(folder))]
    for title in (f"register {count:,}, first time", f"register {count:,}, later"):
        done = subprocess.run(run, check=True, env=cache, cwd="/", capture_output=True, text=True)
        seconds, found = done.stdout.split()
        assert int(found) == count
        yield title, f"{float(seconds):.2f} s", "", "", TARGETS["register"]
    shutil.rmtree(folder.parent)


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


def many(count: int = 32) -> Iterator[Row]:
    """Environments open at once, stepping in threads, and what each takes in memory."""
    from synthgym.envs.vector import ThreadVectorEnv

    folder = Path(tempfile.mkdtemp())
    challenges.write_table(folder)
    here = memory_kb(os.getpid())
    envs = ThreadVectorEnv(count, collection=str(folder), challenge="line", sandbox="bubblewrap", max_steps=1000)
    started = time.perf_counter()
    envs.reset(seed=0)
    opened = time.perf_counter() - started
    envs.step([f"echo {index} > token" for index in range(count)])
    assert list(envs.step(["cat token"] * count)[0]) == [str(index) for index in range(count)]
    together = median_ms(lambda: envs.step(["true"] * count), 50)
    inside = sum(memory_kb(pid) for pid in below(os.getpid()))
    host = memory_kb(os.getpid()) - here
    yield f"{count} open at once: all reset", f"{opened * 1e3:.0f} ms", "", f"{opened / count * 1e3:.0f} ms each", ""
    yield "  all step `true`", f"{together:.1f} ms", "", f"{together / count:.2f} ms each", TARGETS["open"]
    each = (inside + host) / count / 1024
    yield "  memory of each", f"{each:.1f} MB", "", f"host {host / count / 1024:.1f} MB", ""
    envs.close()
    shutil.rmtree(folder)


def rows() -> Iterator[Row]:
    """Every figure, as soon as it is there."""
    if reason := unavailable():
        warnings.warn(f"no figures for bubblewrap: {reason}", stacklevel=2)
    else:
        yield from steps("bubblewrap")
        yield from resets("bubblewrap")
        yield from gradings()
        yield from many()
    yield from steps("local")
    yield from resets("local")
    yield from imports()
    yield from registering()


def main() -> None:
    """Prints the table."""
    print(f"\n{'':32}{'measured':>12}{'floor':>12}{'ratio':>16}   aimed at")
    for title, measured, raw, ratio, target in rows():
        print(f"{title:32}{measured:>12}{raw:>12}{ratio:>16}   {target}", flush=True)
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
