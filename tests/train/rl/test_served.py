"""RL with a real vLLM that is killed in the middle of a step: it is started again, and nothing counts twice."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest
from env_fixtures import needs
from rl_dials import Place, settings

from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import InfrastructureError
from synthgym.train.rl.collecting.groups import Notes
from synthgym.train.rl.run import train_rl

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def kill_the_server(out: Path, killed: list[int], times: int, after: str) -> None:
    """Kills the server that this process started as often as asked, whenever there is a file that says when."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and len(killed) < times:
        if any(path.stat().st_size for path in out.glob(after)):
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    name = [Path(part).name for part in child.cmdline()[1:2]]
                    if name == ["vllm_main.py"] and child.pid not in killed:
                        killed.append(child.pid)
                        os.kill(child.pid, signal.SIGKILL)
        time.sleep(0.02)


def test_a_server_that_is_killed_is_started_again(place: Place, tmp_path: Path) -> None:
    needs("vllm")
    out, killed = tmp_path / "out", list[int]()
    changes = {"engine": "vllm", "steps": 3, "num_generations": 4, "lora": {"rank": 8, "alpha": 16}, "overlap": True}
    killer = threading.Thread(target=kill_the_server, args=(out, killed, 1, "steps/*.json"), daemon=True)
    killer.start()
    report = train_rl(place.env_ids, place.model, out, settings(**changes))
    killer.join(5)
    assert killed
    assert (report.steps, report.engine) == (3, "vllm")
    told = [name for note in Notes(out / "steps") for group in note.groups for name in group.episodes]
    kept = [record.episode_id for record in Store(out / "episodes")]
    assert len(told) == len(set(told)) == report.episodes
    assert set(told) <= set(kept)
    assert report.lost == 0
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert lines[0]["sampling/sampling_logp_difference/max"] < 1e-3
    assert all(line["batch/stale"] <= 1 for line in lines)
    assert sorted(path.name for path in (out / "adapters").iterdir()) == ["step-000000", "step-000001"]
    assert not [child for child in psutil.Process().children(recursive=True) if "vllm" in " ".join(child.cmdline())]


def test_a_server_that_dies_again_and_again_ends_the_run_and_says_why(place: Place, tmp_path: Path) -> None:
    needs("vllm")
    out, killed = tmp_path / "out", list[int]()
    changes = {"engine": "vllm", "lora": {"rank": 8, "alpha": 16}, "restarts": 1, "retries": 0}
    # The first is killed while it answers, the next one while it starts.
    killer = threading.Thread(target=kill_the_server, args=(out, killed, 2, "episodes/episodes-*"), daemon=True)
    killer.start()
    with pytest.raises(InfrastructureError, match="the model server ended with code"):
        train_rl(place.env_ids, place.model, out, settings(**changes))
    assert len(killed) == 2
    failures = [json.loads(line) for line in (out / "episodes" / "failures.jsonl").read_text().splitlines()]
    assert failures
