"""kill -9 at any moment: the run ends as it would have, no episode counts twice, nothing is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from env_fixtures import needs
from rl_dials import Place

from synthgym.agents.trajectories.store import Store
from synthgym.train.rl.collecting.groups import Notes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KILLS = int(os.environ.get("SYNTHGYM_KILLS", "3"))
"""How often a run is killed; ten times on a machine that has the time."""
STEPS = 6

TRAIN = """
import json, sys
from synthgym.train.rl.run import train_rl
from synthgym.train.rl.settings import RLSettings
names, model, out, settings, sandbox = json.loads(sys.argv[1])
print(train_rl(names, model, out, RLSettings.model_validate(settings), sandbox=sandbox).model_dump_json())
"""


def start(
    place: Place, out: Path, environment: dict[str, str], overlap: bool, sandbox: str = "auto", **changes: Any
) -> subprocess.Popen[str]:
    settings = {
        "steps": STEPS,
        "groups": 2,
        "num_generations": 4,
        "max_redraws": 1,
        "lora": None,
        "learning_rate": 1e-3,
        "max_completion_length": 32,
        "max_length": 512,
        "engine": "transformers",
        "report_to": [],
        "overlap": overlap,
        **changes,
    }
    asked = json.dumps([place.env_ids, str(place.model), str(out), settings, sandbox])
    return subprocess.Popen(
        [sys.executable, "-c", TRAIN, asked],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them end within some seconds."""
    _, alive = psutil.wait_procs(processes, timeout=20)
    return not [each for each in alive if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def progress(out: Path) -> int:
    """What the run has written so far: episodes and steps."""
    episodes = sum(path.read_bytes().count(b"\n") for path in out.glob("episodes/episodes-*.jsonl"))
    return episodes + len(list(out.glob("steps/*.json"))) + len(list(out.glob("checkpoints/checkpoint-*")))


@pytest.mark.parametrize("overlap", [False, True])
def test_a_run_that_is_killed_goes_on(place: Place, tmp_path: Path, environment: dict[str, str], overlap: bool) -> None:
    out, rng = tmp_path / "out", random.Random(17 + overlap)
    for _ in range(KILLS):
        process = start(place, out, environment, overlap)
        before, wanted = progress(out) if out.exists() else 0, rng.randrange(1, 14)
        deadline = time.monotonic() + 120
        while process.poll() is None and progress(out) < before + wanted and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(rng.random() * 0.3)
        below = descendants(process)
        if below and rng.random() < 0.3:  # a sandbox alone first: its episode is run again, whatever else happens
            rng.choice(below).send_signal(signal.SIGKILL)
            time.sleep(rng.random())
        below = list({*below, *descendants(process)})
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert gone(below), [each.cmdline() for each in below if each.is_running()]
    process = start(place, out, environment, overlap)
    stdout, stderr = process.communicate(timeout=600)
    assert process.returncode == 0, stderr
    is_as_it_would_have_been(out, json.loads(stdout.splitlines()[-1]), STEPS, overlap)
    assert (
        start(place, out, environment, overlap).communicate(timeout=60)[0].splitlines()[-1] == stdout.splitlines()[-1]
    )


@pytest.mark.skipif(KILLS < 10, reason="some minutes: SYNTHGYM_KILLS=10 runs it; test_served.py kills a server once")
def test_trainer_server_and_sandboxes_in_turn(place: Place, tmp_path: Path, environment: dict[str, str]) -> None:
    needs("vllm")
    needs("bubblewrap")  # whose sandboxes are processes of ours
    out, rng, killed = tmp_path / "out", random.Random(5), Counter[str]()
    changes = {"engine": "vllm", "lora": {"rank": 8, "alpha": 16}, "steps": 2 * STEPS}
    process = start(place, out, environment, True, "bubblewrap", **changes)
    for number in range(KILLS):
        before, wanted = progress(out) if out.exists() else 0, rng.randrange(1, 9)
        deadline = time.monotonic() + 300
        while process.poll() is None and progress(out) < before + wanted and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, process.communicate()[1]
        kind = ("sandbox", "server", "trainer")[number % 3]
        victims: list[psutil.Process] = []
        while not victims and time.monotonic() < deadline:
            below = descendants(process)
            victims = {
                "trainer": [psutil.Process(process.pid)],
                "server": [each for each in below if "vllm_main.py" in " ".join(told(each))],
                "sandbox": [each for each in below if "bwrap" in " ".join(told(each)[:1])],
            }[kind]
        assert victims, f"no {kind} to kill"
        with suppress(psutil.NoSuchProcess):
            rng.choice(victims).send_signal(signal.SIGKILL)
            killed[kind] += 1
        if kind == "trainer":
            process.wait()
            assert gone(below), [each.cmdline() for each in below if each.is_running()]
            process = start(place, out, environment, True, "bubblewrap", **changes)
    below = descendants(process)
    stdout, stderr = process.communicate(timeout=900)
    assert process.returncode == 0, stderr
    assert gone(below)
    assert min(killed[kind] for kind in ("sandbox", "server", "trainer")) >= 3, killed
    is_as_it_would_have_been(out, json.loads(stdout.splitlines()[-1]), 2 * STEPS, True)


def told(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def is_as_it_would_have_been(out: Path, report: dict[str, Any], steps: int, overlap: bool) -> None:
    """All steps are there once, all their episodes too, and nothing else counts."""
    assert report["steps"] == steps
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, steps + 1))
    notes = list(Notes(out / "steps"))
    assert [note.step for note in notes] == list(range(steps))
    episodes = [name for note in notes for group in note.groups for name in group.episodes]
    assert len(episodes) == len(set(episodes)) == report["episodes"]
    kept = [json.loads(line)["episode_id"] for path in out.glob("episodes/episodes-*.jsonl") for line in path.open()]
    assert len(kept) == len(set(kept))
    assert set(episodes) <= set(kept)
    assert len(list(Store(out / "episodes"))) == len(kept)
    if not overlap:  # what had been begun by older weights is left unused where batches are collected ahead
        assert set(episodes) == set(kept)
    assert all(0 <= note.step - note.policy <= int(overlap) for note in notes)
