"""Fixtures of RL's tests: challenges and a student, made once."""

from __future__ import annotations

import os
import sys

import pytest
from env_fixtures import needs
from rl_dials import Place


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Challenges and a student that plays them at random."""
    needs("bubblewrap")
    folder = tmp_path_factory.mktemp("rl")
    found = Place(folder)
    found.make_student(folder)
    return found


@pytest.fixture
def environment(place: Place, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a process that knows the challenges."""
    return {**os.environ, "SYNTHGYM_COLLECTIONS": str(place.collection), "PYTHONPATH": os.pathsep.join(sys.path)}
