"""Trajectories in, student out: the seed decides it, a kill changes nothing, another training is refused."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from shipped import TEACHER

from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.base.errors import OutputFolderError
from synthgym.train.quick.small import BASE, STUDENT, train_student

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SETTINGS: dict[str, Any] = {"steps": 12, "copying_steps": 5, "reading_steps": 5, "copies": 1}


@pytest.fixture(scope="module")
def episodes() -> list[Any]:
    return list(itertools.islice(read_episodes(TEACHER), 24))


def store(folder: Path, episodes: list[Any]) -> Path:
    """A store with the episodes in the order in which they were finished."""
    Store(folder).claim({"command": "rollout"})
    with Store(folder).writing():
        writer = Store(folder).writer()
        for episode in episodes:
            writer.add(episode)
        writer.close()
    return folder


def weights(out: Path) -> list[bytes]:
    return [(out / part / "model.safetensors").read_bytes() for part in (BASE, STUDENT)]


def without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_seconds(each) for key, each in value.items() if key != "seconds"}
    return value


TRAINS = """
import sys
from pathlib import Path
from synthgym.train.quick.small import train_student
train_student([Path(sys.argv[1])], Path(sys.argv[2]), **eval(sys.argv[3]))
"""


def test_a_seed_gives_the_same_student_whatever_finished_first_and_whatever_is_killed(
    tmp_path: Path, episodes: list[Any]
) -> None:
    said: list[str] = []
    whole = train_student([store(tmp_path / "there", episodes)], tmp_path / "whole", **SETTINGS, say=said.append)
    backwards = store(tmp_path / "elsewhere" / "there", episodes[::-1])
    command = [sys.executable, "-c", TRAINS, str(backwards), str(tmp_path / "killed"), repr(SETTINGS)]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONHASHSEED": "3", "OMP_NUM_THREADS": "2"})
    while not list((tmp_path / "killed").glob(f".{BASE}.*")) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)  # while the base model is made
    process.wait()
    assert not (tmp_path / "killed" / BASE).exists()
    taken_up = train_student([backwards], tmp_path / "killed", **SETTINGS, say=said.append)
    assert weights(tmp_path / "killed") == weights(tmp_path / "whole")
    assert without_seconds(taken_up) == without_seconds(whole)
    assert train_student([backwards], tmp_path / "killed", **SETTINGS, say=said.append) == taken_up
    with pytest.raises(OutputFolderError, match="holds another run"):
        train_student([backwards], tmp_path / "killed", **SETTINGS | {"steps": 13}, say=said.append)
