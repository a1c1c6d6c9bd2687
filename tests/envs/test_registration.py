"""Ids of environments: what is known keeps its place."""

from __future__ import annotations

import itertools
import os
import pickle
import shutil
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import challenges
import gymnasium
import pytest
import yaml
from mlgym_checkout import registered, write_checkout

import synthgym
from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.registration import find_collection, register_collection
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.entries import index_text
from synthgym.registry.collections.finding import find_challenges
from synthgym.registry.collections.index import read_index
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


def newer(folder: Path, version: int = 1) -> None:
    """Raises the version of a challenge."""
    spec = folder / "line" / "challenge.yaml"
    data = yaml.safe_load(spec.read_text()) | {"version": version}
    spec.write_text(yaml.safe_dump(data))
    challenge = load_challenge(folder / "line")
    challenge.provenance.content_hash = content_hash(challenge, folder / "line")
    challenge.save(folder / "line")


@pytest.mark.parametrize("stated", ["its own", "the other's", "none"])
def test_another_version_takes_nobodys_place(mine: Path, tmp_path: Path, stated: str) -> None:
    """Asked for none, Gymnasium makes the newest; and an environment may be asked for without its content."""
    theirs = made(tmp_path / "theirs")
    newer(theirs)
    index = read_index(theirs)
    if stated != "its own":
        content = gymnasium.registry["registration-tests/line-v0"].kwargs["content_hash"] if stated != "none" else ""
        index = replace(index, entries=[index.entries[0]._replace(content_hash=content)])
    with pytest.raises(
        UserError,
        match=r"theirs: registration-tests/line-v1 is known already, from .*nobodys-name, "
        "as registration-tests/line-v0, which is another version",
    ):
        register_collection(index)
    left_out: list[str] = []
    assert register_collection(index, left_out) == []
    assert "line-v1 is known already" in left_out[0]
    for name in ("registration-tests/line", "registration-tests/line-v0"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as that this version is out of date
            warnings.filterwarnings("ignore", ".*instead of the unversioned environment")
            env = gymnasium.make(name, sandbox="local")
        assert env.unwrapped.folder == mine / "line"  # type: ignore[attr-defined]
    assert ChallengeEnv("registration-tests", "line", sandbox="local").folder == mine / "line"


@pytest.mark.parametrize("link", [False, True])
def test_a_new_version_of_ones_own(mine: Path, tmp_path: Path, link: bool) -> None:
    newer(mine)
    folder = mine
    if link:
        folder = tmp_path / "link"
        folder.symlink_to(mine)
    assert synthgym.register(folder) == synthgym.register(folder) == ["registration-tests/line-v1"]
    env = gymnasium.make("registration-tests/line-v1", sandbox="local")
    assert env.unwrapped.challenge.version == 1  # type: ignore[attr-defined]
    del gymnasium.registry["registration-tests/line-v1"]


def test_an_id_is_free_once_its_challenge_is_gone(mine: Path, tmp_path: Path) -> None:
    theirs = made(tmp_path / "theirs")
    newer(theirs, 3)
    shutil.rmtree(mine / "line")
    assert synthgym.register(theirs) == ["registration-tests/line-v3"]
    assert "registration-tests/line-v0" not in gymnasium.registry
    assert ChallengeEnv("registration-tests", "line", sandbox="local").folder == theirs / "line"
    gymnasium.registry["registration-tests/line-v0"] = gymnasium.registry.pop("registration-tests/line-v3")


def test_what_is_listed_is_what_is_registered(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = made(tmp_path / "theirs")
    newer(theirs)
    monkeypatch.setenv("SYNTHGYM_COLLECTIONS", os.pathsep.join([str(mine), str(theirs)]))
    found = find_challenges(["registration-tests/line-*"])
    assert [(name, index.path) for name, index, _ in found] == [("registration-tests/line-v0", mine)]


def test_nobody_takes_the_place_of_a_task_of_mlgyms(tmp_path: Path) -> None:
    """Whose checkout has no folder for each."""
    with registered(write_checkout(tmp_path / "checkout")) as ids:
        assert "mlgym/biasedCoin-v0" in ids
        for number, (task, version) in enumerate(itertools.product(["biasedCoin", "coin"], [0, 1])):
            theirs = tmp_path / str(number)
            theirs.mkdir()
            (theirs / "collection.yaml").write_text("namespace: mlgym\ntitle: Tests\n")
            entry = read_index(made(tmp_path / f"made-{number}")).entries[0]
            index = replace(read_index(theirs), entries=[entry._replace(id=task, version=version)])
            with pytest.raises(UserError, match=f"mlgym/{task}-v{version} is known already, from .*checkout"):
                register_collection(index)
        assert find_collection("mlgym", "biasedCoin")[0] == tmp_path / "checkout"


def test_a_checkout_of_mlgym_takes_the_place_in_every_version(mine: Path, tmp_path: Path) -> None:
    checkout = made(tmp_path / "checkout")
    newer(mine, 5)
    synthgym.register(mine)
    assert register_collection(replace(read_index(checkout), source="mlgym")) == ["registration-tests/line-v0"]
    names = [name for name in gymnasium.registry if name.startswith("registration-tests/line-")]
    assert names == ["registration-tests/line-v0"]


def test_a_checkout_of_mlgym_takes_the_place_of_whoever_has_its_ids(mine: Path, tmp_path: Path) -> None:
    checkout = made(tmp_path / "checkout")
    spec = checkout / "line" / "challenge.yaml"
    spec.write_text(spec.read_text().replace("title: A line", "title: The real one"))
    index = replace(read_index(checkout), source="mlgym")
    assert register_collection(index) == ["registration-tests/line-v0"]
    assert find_collection("registration-tests", "line")[0] == checkout
    left_out: list[str] = []
    assert register_collection(read_index(mine), left_out) == []
    assert "line-v0 is known already" in left_out[0]
    assert find_collection("registration-tests", "line")[0] == checkout
