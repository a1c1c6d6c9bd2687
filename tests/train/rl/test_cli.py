"""`synthgym train rl` and `iterate` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hub_server import HubServer
from hub_server import hub as hub  # a fixture
from rl_dials import Place
from typer.testing import CliRunner

from synthgym.cli.main import app

QUICK = [
    "--set=steps=1",
    "--set=groups=1",
    "--set=num_generations=2",
    "--set=max_redraws=0",
    "--set=max_completion_length=32",
    "--set=max_length=512",
    "--set=report_to=[]",
]


def run(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["train", *words])
    return found.exit_code, found.output


def test_a_run_and_the_same_command_again(
    hub: HubServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["rl", "--envs", "dials/*", "--model", str(place.model), "--out", str(tmp_path / "out"), *QUICK]
    code, said = run(*words)
    assert code == 0, said
    assert "1 steps" in said
    monkeypatch.setenv("HF_TOKEN", hub.key)
    code, again = run(*words, "--json", "--push-to-hub", "mine/better")
    assert code == 0
    report = json.loads(again[again.index("{") :])
    assert report["pushed"]["repo_id"] == "mine/better"
    files = hub.files("mine/better")
    assert {"config.json", "model.safetensors", "README.md"} <= set(files)
    everything = b"\n".join(files.values())
    assert str(tmp_path).encode() not in everything
    assert str(place.model.parent).encode() not in everything
    assert b"synthgym train rl --envs 'dials/*' --model student --out out" in everything
    assert (report["steps"], report["episodes"]) == (1, 2)
    code, said = run(*words, "--set", "seed=3")
    assert code == 2
    assert "settings.seed: 0 there, 3 asked for" in said


def test_a_dry_run_does_nothing(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said = run("rl", "--envs", "dials/*", "--model", str(place.model), "--out", str(out), "--dry-run", *QUICK)
    assert code == 0
    assert "challenges: 3" in said
    assert "with 2 to 2 episodes" in said
    assert not out.exists()


@pytest.mark.parametrize("command", ["rl", "iterate"])
def test_what_is_wrong_is_said(place: Place, tmp_path: Path, command: str) -> None:
    words = [command, "--envs", "dials/*", "--model", str(place.model), "--out", str(tmp_path / "out")]
    for more, told in [
        (["--set", "stps=1"], "unknown setting 'stps'"),
        (["--recipe", "smal-cpu"], "did you mean 'small-cpu'"),
        (["--split", "heldout"], "verified environment"),
    ]:
        code, said = run(*words, *more)
        assert code == 2
        assert told in said
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_last_rounds_student_is_pushed(
    hub: HubServer, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.key)
    changes = ["rounds=2", "num_generations=2", "max_completion_length=32", "sft.max_steps=2", "sft.max_length=512"]
    words = ["iterate", "--envs", "dials/*", "--model", str(place.model), "--out", str(tmp_path / "out")]
    words += [word for change in changes for word in ("--set", change)]
    code, said = run(*words, "--push-to-hub", "mine/iterated")
    assert code == 0, said
    files = hub.files("mine/iterated")
    last = tmp_path / "out" / "round-1" / "student"
    assert files["model.safetensors"] == (last / "model.safetensors").read_bytes()
    everything = b"\n".join(files.values())
    assert str(tmp_path).encode() not in everything
    assert b"synthgym train iterate --envs 'dials/*' --model student --out out" in everything
    code, said = run(*words, "--push-to-hub", "mine/iterated")
    assert code == 0
    assert "nothing to push" in said
