"""The commands about collections: list, check, synthesize, verify."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from challenges import write_table
from cli_tools import Run
from mlgym_checkout import write_checkout
from mlgym_checkout import write_table as write_table_of_mlgym

from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.collection import Collection
from synthgym.synthesis.ledger import read_ledger


def test_list(synthgym: Run, collection: Path) -> None:
    lines = synthgym("list", "toys/*", "--collection", collection).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["toys/coins-v0", "toys/line-v0"]
    assert "rmse" in lines[1]
    lines = synthgym("list", "toys/*", "--split", "heldout", SYNTHGYM_COLLECTIONS=str(collection)).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["toys/coins-v0"]


def test_list_json(synthgym: Run, collection: Path) -> None:
    listed = json.loads(synthgym("list", "toys/line*", "--collection", collection, "--json").stdout)
    assert listed == [
        {
            "env_id": "toys/line-v0",
            "title": "A line",
            "split": "train",
            "kind": "file",
            "metric": "rmse",
            "verified": True,
            "reason": None,
            "content_hash": load_challenge(collection / "line").provenance.content_hash,
            "path": str(collection / "line"),
        }
    ]


def test_list_suggests(synthgym: Run, collection: Path) -> None:
    run = synthgym("list", "toys/lien-v0", "--collection", collection, code=2)
    assert run.stderr.startswith("error: unknown environment 'toys/lien-v0'; did you mean 'toys/line-v0'")
    assert run.stdout == ""


def test_check(synthgym: Run, collection: Path) -> None:
    assert synthgym("check", collection).stdout == f"{collection}: no problem\n"
    assert json.loads(synthgym("check", collection, "--json").stdout) == {"ok": True, "problems": []}
    (collection / "line" / "grader" / "prepare.py").unlink()
    shown = synthgym("check", collection, code=1).stdout
    assert f"{collection / 'line' / 'grader' / 'prepare.py'}: missing" in shown
    found = json.loads(synthgym("check", collection, "--json", code=1).stdout)
    assert not found["ok"]
    assert found["problems"][0]["path"] == str(collection / "line" / "grader" / "prepare.py")
    assert "no such folder" in synthgym("check", collection / "nowhere", code=2).stderr


def test_check_runs_nothing(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for script in collection.rglob("*.py"):
        script.write_text(f"open({str(mark)!r}, 'w')\n")
    synthgym("check", collection, code=1)  # the stated hashes no longer hold
    assert not mark.exists()


@pytest.mark.slow
def test_verify_measures_what_was_not_measured(synthgym: Run, tmp_path: Path) -> None:
    folder = Collection.create(tmp_path / "new", namespace="new", title="New").path
    write_table(folder, "line", verified=False)
    report = json.loads(synthgym("verify", folder, "--json").stdout)
    assert report["ok"]
    assert [each["id"] for each in report["challenges"]] == ["line"]
    challenge = load_challenge(folder / "line")
    assert challenge.verified
    assert len(challenge.baseline.scores) == 5
    before = (folder / "line" / "challenge.yaml").stat().st_mtime_ns
    assert synthgym("verify", folder / "line").stdout == f"{folder / 'line'}: 1 of 1 verified\n"
    assert (folder / "line" / "challenge.yaml").stat().st_mtime_ns == before


@pytest.mark.slow
def test_verify_lets_an_agent_try(synthgym: Run, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    Collection.create(folder, namespace="cli", title="Of a test")
    write_table(folder, verified=False)
    assert synthgym("verify", folder).stdout
    measured = load_challenge(folder / "line")
    report = json.loads(synthgym("verify", folder, "--attempts", 1, "--agent", "scripted", "--json").stdout)
    calibrated = load_challenge(folder / "line")
    assert report["challenges"][0]["calibration"] == calibrated.calibration.model_dump()
    assert calibrated.calibration.attempts == 1
    assert calibrated.model_copy(update={"calibration": measured.calibration}) == measured
    assert "scriptd" in synthgym("verify", folder, "--attempts", 1, "--agent", "scriptd", code=2).stderr


def test_verify_compares_with_what_the_collection_holds_out(synthgym: Run, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    Collection.create(folder, namespace="cli", title="Of a test")
    for name in ("line", "twin"):
        write_table(folder, name, verified=False)
    for name in ("line", "twin"):
        challenge = load_challenge(folder / name)
        challenge.description = "Learn from three columns of numbers what the fourth one is. Improve the file train.py."
        challenge.split = "heldout" if name == "twin" else "train"
        challenge.save(folder / name)
    report = json.loads(synthgym("verify", folder, "--json", code=1).stdout)
    line, twin = report["challenges"]
    assert (line["ok"], line["failed"], twin["ok"]) == (False, "contaminated", True)
    assert "twin" in line["reason"]


def test_what_is_held_out_and_fails_costs_nobody_anything(synthgym: Run, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    Collection.create(folder, namespace="cli", title="Of a test")
    for name in ("bad", "sound"):
        write_table(folder, name, verified=False)
        challenge = load_challenge(folder / name)
        challenge.description = "Learn from three columns of numbers what the fourth one is. Improve the file train.py."
        challenge.split = "heldout" if name == "bad" else "train"
        challenge.save(folder / name)
    (folder / "bad" / "grader" / "prepare.py").unlink()
    report = json.loads(synthgym("verify", folder, "--json", code=1).stdout)
    bad, sound = report["challenges"]
    assert (bad["ok"], bad["failed"], sound["ok"]) == (False, "layout", True)


@pytest.mark.slow
def test_verify_keeps_the_first_of_twins(synthgym: Run, tmp_path: Path) -> None:
    folder = Collection.create(tmp_path / "twins", namespace="twins", title="Twins").path
    for name in ("one", "other"):
        write_table(folder, name, verified=name == "other")
    run = synthgym("verify", folder, "--json", code=1)
    one, other = json.loads(run.stdout)["challenges"]
    assert (one["ok"], other["ok"], other["failed"]) == (True, False, "duplicate")
    assert "other: duplicate: a twin of one: the same data, target and metric" in run.stderr
    assert [(entry.id, entry.outcome, entry.check) for entry in read_ledger(folder)] == [
        ("one", "accepted", None),
        ("other", "rejected", "duplicate"),
    ]
    listed = json.loads((folder / "index.json").read_text())["challenges"]
    assert [(item["id"], item["verified"]) for item in listed] == [("one", True), ("other", True)]
    assert synthgym("verify", folder / "other").stdout == f"{folder / 'other'}: 1 of 1 verified\n"
    # The same programs on data of its own are a challenge of its own.
    prepare = folder / "other" / "grader" / "prepare.py"
    prepare.write_text(prepare.read_text().replace("default_rng(7)", "default_rng(8)"))
    assert synthgym("verify", folder).stdout == f"{folder}: 2 of 2 verified\n"
    assert {entry.outcome for entry in read_ledger(folder)} == {"accepted"}


def test_verify_says_what_fails(synthgym: Run, collection: Path) -> None:
    spec = load_challenge(collection / "line")
    (collection / "line" / "workspace" / "train.py").write_text("print('no predictions')\n")
    (collection / "coins" / "challenge.yaml").write_text("id: coins\n")
    run = synthgym("verify", collection, "--json", "--jobs", 2, code=1)
    report = json.loads(run.stdout)
    assert not report["ok"]
    assert [(each["id"], each["failed"]) for each in report["challenges"]] == [("coins", "spec"), ("line", "baseline")]
    assert "line: baseline: " in run.stderr
    assert load_challenge(collection / "line") == spec
    assert "holds no challenge" in synthgym("verify", _empty(collection.parent), code=2).stderr


def _empty(parent: Path) -> Path:
    return Collection.create(parent / "empty", namespace="empty", title="Empty").path


@pytest.mark.slow
def test_synthesize(synthgym: Run, tmp_path: Path) -> None:
    out = tmp_path / "made"
    options = ["synthesize", "--n", 3, "--seed", 5, "--namespace", "made", "--jobs", 2]
    made = json.loads(synthgym(*options, "--out", out, "--json").stdout)
    assert made["candidates"] == 3
    assert made["accepted"] >= 2
    ids = [entry["id"] for entry in made["entries"] if entry["outcome"] == "accepted"]
    listed = json.loads(synthgym("list", "made/*", "--collection", out, "--json").stdout)
    assert sorted(Path(each["path"]).name for each in listed) == sorted(ids)
    assert synthgym("check", out).returncode == 0
    assert "3 verified" in synthgym(*options, "--out", out).stdout or made["accepted"] < 3
    again = tmp_path / "again"
    synthgym(*options, "--out", again)
    assert _tree(again) == _tree(out)


def test_synthesize_refuses_what_it_cannot_do(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    options = ["synthesize", "--n", 1, "--namespace", "x"]
    assert "holds no run of synthgym but" in synthgym(*options, "--out", collection, code=2).stderr
    wrong = synthgym(*options, "--out", tmp_path / "new", "--family", "tabula", code=2)
    assert "unknown family 'tabula'; did you mean 'tabular'" in wrong.stderr
    assert "author" in synthgym(*options, "--out", tmp_path / "new", "--author", "procedurl", code=2).stderr
    assert "namespace" in synthgym(*options[:-1], "a b", "--out", tmp_path / "new", code=2).stderr
    assert not (tmp_path / "new").exists()


def test_to_mlgym_and_back(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    out, back = tmp_path / "out", tmp_path / "out" / "synthgym"
    run = synthgym("export-mlgym", collection, out)
    assert run.stdout == f"{out}: 2 of 2 challenges are tasks\n"
    assert sorted(path.name for path in (out / "configs" / "tasks").iterdir()) == [
        "toys-coins-v0.yaml",
        "toys-line-v0.yaml",
    ]
    assert _tree(back).items() - _tree(collection).items() == {("mlgym.json", (back / "mlgym.json").read_bytes())}
    assert _tree(collection).keys() <= _tree(back).keys()
    assert synthgym("check", back).returncode == 0
    listed = json.loads(synthgym("list", "--collection", back, "--json").stdout)
    assert {each["path"] for each in listed} >= {str(back / "coins"), str(back / "line")}


def test_to_mlgym_as_json(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    write_table(collection, "lines", verified=False)
    options = ["--challenges", "line*", "--jobs", 2, "--json"]
    made = json.loads(synthgym("export-mlgym", collection, tmp_path / "out", *options).stdout)
    assert made == {
        "folder": str(tmp_path / "out"),
        "tasks": {"line": "toys-line-v0"},
        "left_out": {"lines": "not verified; run: synthgym verify"},
    }
    again = synthgym("export-mlgym", collection, tmp_path / "out", code=2)
    assert f"{tmp_path / 'out'}: is not empty; name a new folder" in again.stderr
    assert (
        "did you mean 'line'"
        in synthgym("export-mlgym", collection, tmp_path / "x", *options[:1], "lime", code=2).stderr
    )
    assert not (tmp_path / "x").exists()


def _tree(folder: Path) -> dict[str, bytes]:
    return {os.path.relpath(path, folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_tasks_of_mlgym_whose_image_is_nowhere(synthgym: Run, tmp_path: Path) -> None:
    root = write_checkout(tmp_path / "checkout")
    machine = {
        "SYNTHGYM_MLGYM_ROOT": str(root),
        "SYNTHGYM_MLGYM_TABLE": str(write_table_of_mlgym(tmp_path / "table.yaml", {"tides": "nowhere/none:1"})),
        "DOCKER_HOST": "unix:///nowhere.sock",
    }
    listed = json.loads(synthgym("list", "mlgym/*", "--json", **machine).stdout)
    found = {each["env_id"]: each for each in listed}
    assert found["mlgym/biasedCoin-v0"]["verified"]
    assert not found["mlgym/tides-v0"]["verified"]
    reason = found["mlgym/tides-v0"]["reason"]
    assert "only containers" in reason
    assert "docker pull nowhere/none:1" in reason
    assert f"({reason})" in synthgym("list", "mlgym/tides-v0", **machine).stdout
    options = ["--envs", "mlgym/tide*", "--agent", "scripted", "--out", tmp_path / "out"]
    run = synthgym("rollout", *options, code=2, **machine)
    assert f"left out: mlgym/tides-v0: {reason}" in run.stderr
