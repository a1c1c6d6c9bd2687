"""The commands about agents: play, rollout, benchmark, aup, report."""

from __future__ import annotations

import json
from pathlib import Path

from cli_tools import Run


def test_play(synthgym: Run, collection: Path) -> None:
    typed = "python train.py\nvalidate\nsubmit\n"
    shown = synthgym("play", "toys/line-v0", "--collection", collection, stdin=typed).stdout
    assert "wrote predictions.csv" in shown
    assert "submitted: rmse" in shown
    assert "expected one, and 2 match" in synthgym("play", "toys/*", "--collection", collection, code=2).stderr


def test_rollout_then_again(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ["--collection", collection, "--envs", "toys/*", "--split", "train", "--out", out]
    first = json.loads(synthgym("rollout", *options, "--agent", "toy_agents:solve", "--json").stdout)
    assert (first["planned"], first["finished"], first["submitted"]) == (1, 1, 1)
    assert first["mean_improvement"] > 0.9
    again = synthgym("rollout", *options, "--agent", "toy_agents:solve", "--episodes", 2, "--jobs", 2)
    assert "2 of 2 episodes, 1 from an earlier run, 2 with an accepted submission" in again.stdout
    assert "rollout: 2/2" in again.stderr
    other = synthgym("rollout", *options, "--agent", "toy_agents:sleep", code=2)
    assert "holds another run (agent: " in other.stderr


def test_rollout_refuses_what_it_cannot_do(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    options = ["rollout", "--collection", collection, "--out", tmp_path / "out"]
    wrong = synthgym(*options, "--envs", "toys/lime-v0", "--agent", "scripted", code=2)
    assert "did you mean 'toys/line-v0'" in wrong.stderr
    wrong = synthgym(*options, "--envs", "toys/*", "--agent", "scriptd", code=2)
    assert "unknown agent 'scriptd'; did you mean 'scripted'" in wrong.stderr
    wrong = synthgym(*options, "--envs", "toys/*", "--agent", "scripted", "--sandbox", "bubblewrapp", code=2)
    assert "did you mean 'bubblewrap'" in wrong.stderr
    assert not (tmp_path / "out").exists()


def test_benchmark_aup_report(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    out = tmp_path / "bench"
    options = ["--collection", collection, "--envs", "toys/line-v0", "--out", out, "--jobs", 2]
    shown = synthgym(
        "benchmark", *options, "--agents", "good=toy_agents:solve", "starter=toy_agents:hand_in_the_starter"
    )
    assert [line.partition(":")[0] for line in shown.stdout.splitlines()] == ["good", "starter"]
    aup = json.loads(synthgym("aup", out, "--json").stdout)
    assert set(aup) == {"best", "last"}
    for mode in aup.values():
        assert mode["good"] > mode["baseline"]
        assert set(mode) == {"good", "starter", "baseline"}
    table = synthgym("aup", out).stdout.splitlines()
    assert table[1].split()[0] == "good"
    page = tmp_path / "page.html"
    assert synthgym("report", out, "--out", page).stdout == f"{page}\n"
    text = page.read_text()
    assert "KEEP = 3" in text  # a sample trajectory
    assert "<svg" in text


def test_no_benchmark_there(synthgym: Run, tmp_path: Path) -> None:
    for name in ("aup", "report"):
        assert "scores.jsonl: no such file" in synthgym(name, tmp_path, code=2).stderr
