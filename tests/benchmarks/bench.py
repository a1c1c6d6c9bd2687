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

from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.entries import IndexEntry
from synthgym.registry.collections.packing import pack


def imports() -> Iterator[Row]:
    """`import synthgym` in a fresh process, beside what it stands on."""
    samples: dict[str, list[float]] = {"import gymnasium, pydantic": [], "import synthgym": []}
    for _ in range(9):
        for code, found in samples.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, cwd="/")
            found.append(time.perf_counter() - started)
    raw, ours = (statistics.median(found) * 1e3 for found in samples.values())
    yield "import synthgym", f"{ours:.0f} ms", f"{raw:.0f} ms", f"{ours / raw:.2f} ×", "≤ 1.5 ×"


REGISTER = """
import time, gymnasium
import synthgym.envs.registration
from synthgym.registry.collections.index import read_index
started = time.perf_counter()
ids = synthgym.envs.registration.register_collection(read_index(__import__("pathlib").Path({folder!r}), "index"))
print(time.perf_counter() - started, len(ids))
"""


MAKE = """
import time, gymnasium, synthgym
import synthgym.envs.env
for _ in range(2):
    started = time.perf_counter()
    gymnasium.make("packed/challenge-00500-v0", sandbox="local")
    print(time.perf_counter() - started)
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


def packs(count: int = 10_000) -> Iterator[Row]:
    """Registering a pack, and making an environment of it: for the first time on a machine, and in later processes."""
    place = Path(tempfile.mkdtemp())
    folder = Collection.create(place / "many", "packed", "Many").path
    for number in range(count):
        challenges.write_table(folder, f"challenge-{number:05d}")
    began = time.perf_counter()
    packed = pack(folder, place / "many.synthgym.zip")
    yield f"pack {count:,}", f"{time.perf_counter() - began:.1f} s", "", f"{packed.stat().st_size >> 10:,} KiB", ""
    cache = {**os.environ, "SYNTHGYM_CACHE": str(place / "cache")}
    for when, most in (("first time", "≤ 1 s"), ("later", "≤ 0.2 s")):
        run = [sys.executable, "-c", REGISTER.format(folder=str(packed))]
        done = subprocess.run(run, check=True, env=cache, cwd="/", capture_output=True, text=True)
        seconds, found = done.stdout.split()
        assert int(found) == count
        yield f"register {count:,} of a pack, {when}", f"{float(seconds):.2f} s", "", "", most
    cache["SYNTHGYM_COLLECTIONS"] = str(packed)
    for when in ("first use", "in a later process"):
        done = subprocess.run(
            [sys.executable, "-c", MAKE], check=True, env=cache, cwd="/", capture_output=True, text=True
        )
        first, again = (float(part) * 1e3 for part in done.stdout.split())
        yield f"gym.make of a pack, {when}", f"{first:.0f} ms", f"{again:.1f} ms", "then, again", ""
    shutil.rmtree(place)


def rows() -> Iterator[Row]:
    """Every figure, as soon as it is there."""
    yield from sandboxes.rows()
    yield from peers.rows()
    yield from imports()
    yield from registering()
    yield from packs()
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
