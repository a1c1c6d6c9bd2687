from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from challenges import write_game, write_table
from cli_tools import Run, command

from synthgym.registry.collections.collection import Collection

sys.path.insert(0, str(Path(__file__).parent.parent / "agents" / "parts"))  # the endpoint on loopback

AGENTS = """
import time

def solve(observation, info):
    if info["scores"]:
        return "submit"
    return "sed -i 's/KEEP = 1/KEEP = 3/' train.py && python train.py && validate"

def hand_in_the_starter(observation, info):
    return "python train.py; submit"

def sleep(observation, info):
    print("asleep", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder that commands run in; agents can be imported from it."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "toy_agents.py").write_text(AGENTS)
    return folder


@pytest.fixture
def synthgym(here: Path) -> Run:
    """Runs the command; its exit code must be `code`, and only a fault of ours prints a traceback."""

    def run(*arguments: object, code: int = 0, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            command(*arguments),
            cwd=here,
            input=stdin,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert result.returncode == code, result.stderr
        assert "Traceback" not in result.stderr
        return result

    return run


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Two verified challenges: toys/line-v0 and, held out, toys/coins-v0."""
    path = Collection.create(tmp_path / "toys", namespace="toys", title="Toys").path
    write_table(path, "line")
    spec = write_game(path, "coins") / "challenge.yaml"
    spec.write_text(spec.read_text().replace("split: train", "split: heldout"))
    return path
