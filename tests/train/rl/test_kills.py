"""kill -9 at any moment: the run ends as it would have, no episode counts twice, nothing is left behind."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from rl_dials import Place

from synthgym.agents.store import Store
from synthgym.train.rl.groups import Notes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KILLS = int(os.environ.get("SYNTHGYM_KILLS", "3"))
"""How often a run is killed; ten times on a machine that has the time."""
STEPS = 6

TRAIN = """
import json, sys
from synthgym.train.rl.run import train_rl
from synthgym.train.rl.settings import RLSettings
names, model, out, settings = json.loads(sys.argv[1])
print(train_rl(names, model, out, RLSettings.model_validate(settings)).model_dump_json())
"""


def start(place: Place, out: Path, environment: dict[str, str], overlap: bool) -> subprocess.Popen[str]:
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
    }
    asked = json.dumps([place.env_ids, str(place.model), str(out), settings])
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
    report = json.loads(stdout.splitlines()[-1])
    assert report["steps"] == STEPS
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, STEPS + 1))
    notes = list(Notes(out / "steps"))
    assert [note.step for note in notes] == list(range(STEPS))
    told = [name for note in notes for group in note.groups for name in group.episodes]
    assert len(told) == len(set(told)) == report["episodes"]
    kept = [json.loads(line)["episode_id"] for path in out.glob("episodes/episodes-*.jsonl") for line in path.open()]
    assert len(kept) == len(set(kept))
    assert set(told) <= set(kept)
    assert len(list(Store(out / "episodes"))) == len(kept)
    if not overlap:  # what had been begun by older weights is left unused where batches are collected ahead
        assert set(told) == set(kept)
    assert all(0 <= note.step - note.policy <= int(overlap) for note in notes)
    assert (
        start(place, out, environment, overlap).communicate(timeout=60)[0].splitlines()[-1] == stdout.splitlines()[-1]
    )
