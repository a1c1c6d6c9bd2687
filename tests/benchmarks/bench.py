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
from collections.abc import Iterator
from pathlib import Path

import peers
import reinforcing
import sandboxes
import soak
import synthesizing
import training
from timing import Row, challenges

from synthgym.registry.collections.entries import IndexEntry


def imports() -> Iterator[Row]:
    """`import synthgym` in a fresh process, beside what it stands on."""
    samples: dict[str, list[float]] = {"import gymnasium, pydantic": [], "import synthgym": []}
    for _ in range(9):
        for code, found in samples.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd="/")
            found.append(time.perf_counter() - started)
    raw, ours = (statistics.median(found) * 1e3 for found in samples.values())
    yield "import synthgym", f"{ours:.0f} ms", f"{raw:.0f} ms", f"{ours / raw:.2f} ×", "≤ 2 ×"


REGISTER = """
import time, gymnasium
import synthgym.envs.registration
from synthgym.registry.collections.index import read_index
started = time.perf_counter()
ids = synthgym.envs.registration.register_collection(read_index(__import__("pathlib").Path({folder!r}), "index"))
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
        yield title, f"{float(seconds):.2f} s", "", "", "≤ 1 s"
    shutil.rmtree(folder.parent)


def rows() -> Iterator[Row]:
    """Every figure, as soon as it is there."""
    yield from sandboxes.rows()
    yield from peers.rows()
    yield from imports()
    yield from registering()
    yield from synthesizing.rows()
    yield from training.rows()
    yield from reinforcing.rows()
    yield from soak.rows()


def main() -> None:
    """Prints the table."""
    print(f"\n{'':44}{'measured':>12}{'beside it':>12}{'ratio':>18}   aimed at")
    for title, measured, raw, ratio, target in rows():
        print(f"{title:44}{measured:>12}{raw:>12}{ratio:>18}   {target}", flush=True)
    print(f"load of this machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
