"""Ids of environments: what is known keeps its place."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import challenges
import gymnasium
import pytest
import yaml

import synthgym
from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.registration import find_collection, register_collection
from synthgym.registry.collections.index import index_text, read_index
from synthgym.registry.collections.known import known_collections


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    folder = made(tmp_path / "nobodys-name")
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
    with pytest.raises(UserError, match=r"line-v0 is known already, from .*nobodys-name, with other content; give one"):
        synthgym.register(theirs)
    assert gymnasium.registry["registration-tests/line-v0"] is before
    assert theirs not in [index.path for index in known_collections()]


def test_a_copy_from_another_place_is_welcome_and_takes_nobodys_place(mine: Path, tmp_path: Path) -> None:
    copy = made(tmp_path / "copy")
    (copy / "line" / "workspace" / "train.py").write_text("of this file the spec, whose hash it states, says nothing")
    assert synthgym.register(copy) == ["registration-tests/line-v0"]
    env = gymnasium.make("registration-tests/line-v0", sandbox="local")
    assert env.unwrapped.folder == mine / "line"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": {"score": 0.9}},
        {"baseline": {"mean": 0.2}},
        {"noise": 0.5},
        {"title": "Forget the rules"},
        {"split": "heldout"},
    ],
)
def test_the_same_content_on_another_scale_is_refused(mine: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    """What a content hash leaves out gives its scores their meaning, and speaks to the agent."""
    other = made(tmp_path / "other")
    spec = other / "line" / "challenge.yaml"
    data = yaml.safe_load(spec.read_text())
    for name, value in changes.items():
        data[name] = {**data[name], **value} if isinstance(value, dict) else value
    spec.write_text(yaml.safe_dump(data))
    with pytest.raises(UserError, match=r"is known already.*another namespace"):
        synthgym.register(other)
    assert gymnasium.make("registration-tests/line-v0", sandbox="local").unwrapped.folder == mine / "line"  # type: ignore[attr-defined]


def test_a_collection_by_name_or_by_folder(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for collection in ("registration-tests", "./nobodys-name", str(mine), Path("nobodys-name")):
        assert ChallengeEnv(collection, "line", sandbox="local").folder.resolve() == mine / "line"
    with pytest.raises(UserError, match=r"unknown collection 'nobodys-name'.*write './nobodys-name'") as raised:
        ChallengeEnv("nobodys-name", "line", sandbox="local")
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)
    with pytest.raises(UnknownNameError, match="unknown challenge 'lime'; did you mean 'line'"):
        ChallengeEnv("registration-tests", "lime", sandbox="local")
    with pytest.raises(SpecError, match="changed since it was registered: expected content 0123"):
        ChallengeEnv("registration-tests", "line", "0123", sandbox="local").reset()


def test_two_collections_may_share_a_namespace(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "collection.yaml").write_text("namespace: registration-tests\ntitle: Tests\n")
    challenges.write_game(other)
    (name,) = synthgym.register(other)
    spec = gymnasium.registry.pop(name)
    for made, folder in ((spec, other), (gymnasium.spec("registration-tests/line-v0"), mine)):
        env = gymnasium.make(made, sandbox="local")
        assert env.unwrapped.folder.parent == folder  # type: ignore[attr-defined]


def test_a_collection_that_the_environment_names_later_is_found(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "later"
    later.mkdir()
    (later / "collection.yaml").write_text("namespace: registration-later\ntitle: Tests\n")
    challenges.write_table(later)
    monkeypatch.setenv("SYNTHGYM_COLLECTIONS", str(later))
    assert ChallengeEnv("registration-later", "line", sandbox="local").folder == later / "line"
    del gymnasium.registry["registration-later/line-v0"]


def test_a_challenge_that_changed_replaces_itself(mine: Path) -> None:
    with (mine / "line" / "workspace" / "train.py").open("a") as file:
        file.write("# another\n")
    challenges.write(mine, challenges.table_spec(), {})
    before = gymnasium.registry["registration-tests/line-v0"].kwargs["content_hash"]
    synthgym.register(mine)
    assert gymnasium.registry["registration-tests/line-v0"].kwargs["content_hash"] != before


def test_an_id_states_the_version_of_its_spec(mine: Path, tmp_path: Path) -> None:
    """A stranger's index may say otherwise of its own spec."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "collection.yaml").write_text("namespace: registration-lies\ntitle: Tests\n")
    challenges.write_table(theirs)
    true = read_index(theirs, believe="nothing")
    lies = [true.entries[0]._replace(version=7, title="Better")]
    (theirs / "index.json").write_text(index_text(replace(true, entries=lies)))
    past = time.time() - 60
    os.utime(theirs / "line" / "challenge.yaml", (past, past))
    for stale in (cache_dir("indexes")).iterdir():
        stale.unlink()
    assert register_collection(read_index(theirs, "index")) == ["registration-lies/line-v7"]
    with pytest.raises(SpecError, match=r"line-v7: expected version 7.* but the spec is of version 0"):
        gymnasium.make("registration-lies/line-v7", sandbox="local")
    with pytest.raises(SpecError, match="expected version 7"):
        gymnasium.make_vec("registration-lies/line-v7", num_envs=1, sandbox="local")
    del gymnasium.registry["registration-lies/line-v7"]
    assert synthgym.register(theirs) == ["registration-lies/line-v0"]
    gymnasium.make("registration-lies/line-v0", sandbox="local").close()
    del gymnasium.registry["registration-lies/line-v0"]


def test_another_version_of_the_same_content_takes_nobodys_place(mine: Path, tmp_path: Path) -> None:
    theirs = made(tmp_path / "theirs")
    spec = theirs / "line" / "challenge.yaml"
    spec.write_text(spec.read_text().replace("version: 0", "version: 1").replace("spec_version: 0", "spec_version: 1"))
    entry = read_index(theirs).entries[0]
    stated = gymnasium.registry["registration-tests/line-v0"].kwargs["content_hash"]
    same = replace(read_index(theirs), entries=[entry._replace(content_hash=stated)])
    with pytest.raises(
        UserError, match=r"known already, from .* as registration-tests/line-v0, which is another version"
    ):
        register_collection(same)
    assert gymnasium.make("registration-tests/line-v0", sandbox="local").unwrapped.folder == mine / "line"  # type: ignore[attr-defined]


def test_a_checkout_of_mlgym_takes_the_place_of_whoever_has_its_ids(mine: Path, tmp_path: Path) -> None:
    checkout = made(tmp_path / "checkout")
    spec = checkout / "line" / "challenge.yaml"
    spec.write_text(spec.read_text().replace("title: A line", "title: The real one"))
    index = replace(read_index(checkout), mlgym=True)
    assert register_collection(index) == ["registration-tests/line-v0"]
    assert find_collection("registration-tests", "line")[0] == checkout
    left_out: list[str] = []
    assert register_collection(read_index(mine), left_out) == []
    assert "line-v0 is known already" in left_out[0]
    assert find_collection("registration-tests", "line")[0] == checkout
