"""Killed at random moments and taken up again: the same collection, and no answer is paid twice."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from author_model import AuthorModel
from endpoint import Endpoint
from env_fixtures import needs
from runs import FEW, answered_slots, command, ends, snapshot

from synthgym.synthesis.ledger import read_ledger

Fill = Callable[..., None]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_twenty_times_and_taken_up_again(fill: Fill, tmp_path: Path) -> None:
    needs("bubblewrap")
    fill(FEW)
    with Endpoint(AuthorModel(FEW)) as endpoint:
        subprocess.run(command(tmp_path / "whole", endpoint.url, len(FEW)), check=True, stdout=subprocess.DEVNULL)
    whole = snapshot(tmp_path / "whole")
    assert len(ends(read_ledger(tmp_path / "whole"))) == len(FEW)
    moments, kills, ended = random.Random(5), 0, 0
    model = AuthorModel(FEW)
    with Endpoint(model) as endpoint:
        while kills < 20:
            out = tmp_path / f"killed-{ended}"
            journal = out / ".journal.jsonl"
            on_file, before = answered_slots(journal), model.asked.copy()
            process = subprocess.Popen(command(out, endpoint.url, len(FEW)), stdout=subprocess.DEVNULL, cwd="/")
            size = journal.stat().st_size if journal.exists() else 0
            while process.poll() is None and (not journal.exists() or journal.stat().st_size == size):
                time.sleep(0.01)  # until it does something new
            time.sleep(moments.uniform(0, 0.6))
            if process.poll() is None:
                process.kill()
                kills += 1
            elif process.returncode == 0:
                assert snapshot(out) == whole
                ended += 1  # another one is begun
            process.wait()
            asked = {seed for seed, count in (model.asked - before).items() if count}
            assert not asked & on_file, "an answer that was on file was asked for again"
        subprocess.run(command(out, endpoint.url, len(FEW)), check=True, stdout=subprocess.DEVNULL, cwd="/")
    assert snapshot(out) == whole
