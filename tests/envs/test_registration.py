"""Ids of environments: what is known keeps its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import challenges
import gymnasium
import pytest

import synthgym
from synthgym.base.errors import UserError


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    folder = made(tmp_path / "mine")
    (name,) = synthgym.register(folder)
    yield folder
    del gymnasium.registry[name]


def made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "collection.yaml").write_text("namespace: registration-tests\ntitle: Tests\n")
    challenges.write_table(folder)
    return folder


def test_a_stranger_takes_nobodys_place(mine: Path, tmp_path: Path) -> None:
    theirs = made(tmp_path / "theirs")
    with (theirs / "line" / "workspace" / "train.py").open("a") as file:
        file.write("# easier\n")
    challenges.write(theirs, challenges.table_spec(), {})
    before = gymnasium.registry["registration-tests/line-v0"]
    with pytest.raises(UserError, match=r"line-v0 is known already, from .*mine, with other content; give one"):
        synthgym.register(theirs)
    assert gymnasium.registry["registration-tests/line-v0"] is before


def test_the_same_content_from_another_place_is_welcome(mine: Path, tmp_path: Path) -> None:
    copy = made(tmp_path / "copy")
    assert synthgym.register(copy) == ["registration-tests/line-v0"]
    assert gymnasium.registry["registration-tests/line-v0"].kwargs["collection"] == str(copy)


def test_a_challenge_that_changed_replaces_itself(mine: Path) -> None:
    with (mine / "line" / "workspace" / "train.py").open("a") as file:
        file.write("# another\n")
    challenges.write(mine, challenges.table_spec(), {})
    before = gymnasium.registry["registration-tests/line-v0"].kwargs["content_hash"]
    synthgym.register(mine)
    assert gymnasium.registry["registration-tests/line-v0"].kwargs["content_hash"] != before
