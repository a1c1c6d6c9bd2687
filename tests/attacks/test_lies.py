"""What a stranger's collection says of itself, and what one bad challenge can cost others."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import challenges
import pytest
import yaml
from cli_tools import command
from shipped import IDS, shipped

import synthgym
from synthgym.agents.rollout import rollout
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import SpecError, Unplayable, UserError
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import SHIPPED

ODD = ("a b", "-x", "é", "[bold]x", "x" * 201, "%s%n", "=1+1", "a'b", "*", "co,ma", "back\\slash", "os:x", "~")
"""Names that a folder can have, and no challenge."""
ASK = "import json, gymnasium, synthgym; print(json.dumps(sorted(n for n in gymnasium.registry if '/' in n)))"


def collection(folder: Path, namespace: str) -> Path:
    return Collection.create(folder, namespace=namespace, title=namespace).path


def entry(spec: Path, **fields: Any) -> dict[str, Any]:
    """What a lying index says of a spec: of its very bytes."""
    known = {"version": 0, "split": "train", "kind": "file", "metric": "rmse", "content_hash": "", "verified": True}
    digest = hashlib.sha256(spec.read_bytes()).hexdigest()
    return {"id": spec.parent.name, **known, "title": "Nice", "spec_hash": digest, **fields}


def run(cache: Path, arguments: list[str], *collections: Path) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "SYNTHGYM_CACHE": str(cache),
        "SYNTHGYM_COLLECTIONS": os.pathsep.join(map(str, collections)),
    }
    env.pop("SYNTHGYM_ADDED", None)
    return subprocess.run(arguments, capture_output=True, text=True, env=env, cwd=cache.parent)


def known(cache: Path, *collections: Path) -> tuple[list[str], str]:
    done = run(cache, [sys.executable, "-c", ASK], *collections)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), done.stderr


def listed(cache: Path, *collections: Path) -> dict[str, dict[str, Any]]:
    done = run(cache, command("list", "--json"), *collections)
    assert done.returncode == 0, done.stderr
    return {each["env_id"]: each for each in json.loads(done.stdout)}


def test_no_name_in_an_index_stops_an_import(tmp_path: Path) -> None:
    evil, mine = collection(tmp_path / "evil", "evil"), collection(tmp_path / "mine", "mine")
    good = challenges.write_table(evil, "sound")
    challenges.write_table(mine, "line")
    entries = [entry(good / "challenge.yaml")]
    for name in ODD:
        shutil.copytree(good, evil / name)
        (evil / name / "challenge.yaml").write_text("this: [is no spec")
        entries.append(entry(evil / name / "challenge.yaml"))
    (evil / "index.json").write_text(json.dumps({"format": 1, "challenges": entries}))
    names, said = known(tmp_path / "cache", evil, mine)
    assert {"evil/sound-v0", "mine/line-v0"} <= set(names)
    assert sum(name.startswith("synthgym/") for name in names) > 300
    assert [name for name in names if name.startswith("evil/")] == ["evil/sound-v0"]
    assert "challenge left out" in said
    assert "mine/line-v0" in listed(tmp_path / "cache", evil, mine)
    assert run(tmp_path / "cache", command("doctor", "--help"), evil).returncode == 0


def test_what_is_listed_is_what_the_specs_say(tmp_path: Path) -> None:
    evil = collection(tmp_path / "evil", "evil")
    spec = challenges.write_table(evil, "line") / "challenge.yaml"
    os.utime(spec, (1e9, 1e9))
    lies = entry(spec, version=7, split="heldout", metric="r2", title="LIES")
    (evil / "index.json").write_text(json.dumps({"format": 1, "challenges": [lies]}))
    cache = tmp_path / "cache"
    assert "evil/line-v7" in known(cache, evil)[0]  # believed for that, until something looks
    found = {name: each for name, each in listed(cache, evil).items() if name.startswith("evil/")}
    assert list(found) == ["evil/line-v0"]
    assert (found["evil/line-v0"]["title"], found["evil/line-v0"]["split"]) == ("A line", "train")
    assert [name for name in known(cache, evil)[0] if name.startswith("evil/")] == ["evil/line-v0"]


def test_of_two_with_one_id_the_first_keeps_it_and_no_other_challenge_is_lost(tmp_path: Path) -> None:
    first, mine = collection(tmp_path / "first", "mine"), collection(tmp_path / "mine", "mine")
    for folder in (first, mine):
        challenges.write_table(folder, "line")
    challenges.write_game(mine, "coins")
    spec = first / "line" / "challenge.yaml"
    spec.write_text(spec.read_text().replace("title: A line", "title: Not mine"))
    cache = tmp_path / "cache"
    names, said = known(cache, first, mine)
    assert [name for name in names if name.startswith("mine/")] == ["mine/coins-v0", "mine/line-v0"]
    assert f"left out: {mine}: mine/line-v0 is known already, from {first}" in said
    found = listed(cache, first, mine)
    assert set(found) == {name for name in names if name.startswith(("mine/", "synthgym/"))}
    assert found["mine/line-v0"]["title"] == "Not mine"


@pytest.mark.parametrize("namespace", ["synthgym", "mlgym"])
def test_nobody_comes_before_the_real_ones(tmp_path: Path, namespace: str) -> None:
    """Of the shipped collection here; of a checkout of MLGym's, `tests/registry/test_index.py` has the order."""
    evil = collection(tmp_path / "evil", namespace)
    if namespace == "mlgym":
        challenges.write_table(evil, "line")
        assert "mlgym/line-v0" in known(tmp_path / "cache", evil)[0]  # where there is no checkout, a name like others
        return
    name = IDS[0]
    challenge = load_challenge(shipped(name))
    challenge.title = "Not the real one"
    (evil / name).mkdir()
    challenge.save(evil / name)
    _, said = known(tmp_path / "cache", evil)
    assert f"synthgym/{challenge.env_name()} is known already" in said
    assert listed(tmp_path / "cache", evil)[f"synthgym/{challenge.env_name()}"]["title"] != "Not the real one"


@pytest.mark.parametrize("states", [True, False])
def test_a_higher_version_of_a_shipped_challenge_is_left_out(tmp_path: Path, states: bool) -> None:
    """`gymnasium.make` takes the highest version of an id that is given without one."""
    name = IDS[0]
    evil = collection(tmp_path / "evil", "synthgym")
    restated(challenges.write_table(evil, name), version=99)
    if not states:
        spec = evil / name / "challenge.yaml"
        data = yaml.safe_load(spec.read_text())
        data["provenance"]["content_hash"] = ""
        spec.write_text(yaml.safe_dump(data))
    names, said = known(tmp_path / "cache", evil)
    real = f"synthgym/{load_challenge(shipped(name)).env_name()}"
    assert [each for each in names if name in each] == [real]
    assert f"left out: {evil}: synthgym/{name}-v99 is known already, from {SHIPPED}, as {real}" in said
    assert [each for each in listed(tmp_path / "cache", evil) if name in each] == [real]


def restated(folder: Path, **fields: Any) -> None:
    """Changes a spec, and has it state the content that the challenge then has."""
    data = yaml.safe_load((folder / "challenge.yaml").read_text())
    for field, value in fields.items():
        data[field] = {**data[field], **value} if isinstance(value, dict) else value
    (folder / "challenge.yaml").write_text(yaml.safe_dump(data))
    challenge = load_challenge(folder)
    challenge.provenance.content_hash = content_hash(challenge, folder)
    challenge.save(folder)


def no_image(folder: Path) -> None:
    restated(folder, image="nobody/has-this:1")


def no_data(folder: Path) -> None:
    restated(folder, dataset={"source": "local", "path": "d", "files": ["nothing.csv"]})


def no_prepare(folder: Path) -> None:
    (folder / "grader" / "prepare.py").write_text("raise SystemExit(3)")
    restated(folder)


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "image": (no_image, "nobody/has-this:1"),
    "data": (no_data, "nothing.csv"),
    "prepare": (no_prepare, "prepare.py"),
}


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_challenge_does_not_end_a_rollout(tmp_path: Path, kind: str) -> None:
    folder = collection(tmp_path / "evil", f"evil-{kind}")
    for name in ("bad", "sound"):
        challenges.write_table(folder, name)
    spoil, said = BAD[kind]
    ids = synthgym.register(folder)
    spoil(folder / "bad")
    ids = synthgym.register(folder) if kind != "data" else ids
    options = {"trust": True}
    summary = rollout(ids, "scripted", out=tmp_path / "out", episodes=5, env_options=options, retries=1)
    assert (summary.planned, summary.finished, summary.failed) == (10, 5, 5)
    noted = list(Store(tmp_path / "out").failures())
    assert len(noted) == (2 if kind == "prepare" else 1)  # tried again once, and all others left
    assert said in noted[0]["error"]
    with pytest.raises(SpecError, match="bad") as raised:  # where nothing else is to be run, that is said
        rollout([f"evil-{kind}/bad-v0"], "scripted", out=tmp_path / "alone", env_options=options, retries=0)
    assert kind == "data" or isinstance(raised.value, Unplayable)


def test_a_sandbox_that_is_none_ends_a_rollout_at_once(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "lies-settings")
    for name in ("one", "two"):
        challenges.write_table(folder, name)
    ids = synthgym.register(folder)
    with pytest.raises(UserError, match="unknown sandbox 'dokcer'") as raised:
        rollout(ids, "scripted", out=tmp_path / "out", sandbox="dokcer")
    assert not isinstance(raised.value, SpecError)
    assert list(Store(tmp_path / "out").failures()) == []


@pytest.mark.parametrize("image", [".", "synthgym/..", "../../containers", "a?b", "a/../../info", "Cpu"])
def test_an_image_is_a_name_and_no_address(tmp_path: Path, image: str) -> None:
    folder = challenges.write_table(collection(tmp_path / "evil", "evil"), "line")
    spec = folder / "challenge.yaml"
    spec.write_text(spec.read_text().replace("image: cpu", f"image: '{image}'"))
    with pytest.raises(SpecError, match="field 'image': expected the name of an image"):
        load_challenge(folder)
    with pytest.raises(UserError, match="expected docker:IMAGE with the name of an image"):
        resolve_sandbox(f"docker:{image}")
