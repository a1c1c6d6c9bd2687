"""A trajectory store that earlier code wrote is read and taken up: a rollout as commit 3c7e3f38 left it when killed.

It was killed twice: six episodes are packed, five more are in a shard, and one was running.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from synthgym.agents.trajectories.store import Store

DATA = Path(__file__).parent / "data"
PARTS = Path(__file__).parent / "parts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(DATA / "interrupted_rollout.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "store"


def test_an_old_store_is_read(folder: Path) -> None:
    records = list(Store(folder))
    assert len(records) == 11
    assert {record.env_id for record in records} == {"toy/one-v0", "toy/two-v0"}
    first = next(record for record in records if (record.env_id, record.seed) == ("toy/one-v0", 6))
    assert first.steps[0].validations == [0.793]
    assert first.outcome.exit_status == "submitted"
    assert first.outcome.improvement == pytest.approx(0.847)


def test_an_old_store_is_taken_up(folder: Path, tmp_path: Path) -> None:
    before = {record.episode_id: record for record in Store(folder)}
    arguments = [sys.executable, PARTS / "drive.py", folder, tmp_path, "1", "0"]
    subprocess.run(arguments, check=True, cwd=PARTS, stdout=subprocess.DEVNULL)
    after = {record.episode_id: record for record in Store(folder)}
    assert len(after) == 20
    assert before.items() <= after.items()
