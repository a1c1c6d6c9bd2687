"""`synthgym aup` on results in MLGym's layout: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from cli_tools import Run

SCORES = {
    ("solver-a", "blotto"): [[0.6, 0.8], [0.7]],
    ("solver-a", "battleOfSexes"): [[1.5], []],
    ("solver-b", "blotto"): [[0.55], [0.65]],
    ("solver-b", "battleOfSexes"): [[2.0, 1.8], [1.2]],
    ("solver-c", "blotto"): [[0.9]],
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "trajectories"
    for (solver, task), runs in SCORES.items():
        for number, attempts in enumerate(runs):
            place = folder / f"{solver}__{task}__default__run_{number}"
            place.mkdir(parents=True)
            agent = [{"Score": score} for score in attempts]
            baseline = {"Score": 0.5 if task == "blotto" else 1.0}
            (place / "results.json").write_text(json.dumps({"agent": agent, "baseline": baseline}))
    return folder


def test_json_is_aup_and_nothing_else(synthgym: Run, tree: Path) -> None:
    done = synthgym("aup", tree, "--json", "--without", "solver-c")
    found = json.loads(done.stdout)
    assert list(found) == ["best", "last"]
    # Blotto's best is .8: 1, .8/.65, .8/.5 = 1.6; the sexes' is 2: 2/1.5, 1, 2. log10 ceil(2.1) ends the axis at .5.
    # Points at or past the ratios 1, 1.23, 1.33, 1.6, 2: 499, 409, 374, 295, 198.
    expected = {"solver-a": 499 + 374, "solver-b": 409 + 499, "baseline": 295 + 198}
    assert found["best"] == pytest.approx({name: steps / 2 * 0.5 / 499 for name, steps in expected.items()})
    assert "warning: 1 of 8 runs have no score (no attempts: 1)" in done.stderr


def test_the_text_says_how_sure_it_is(synthgym: Run, tree: Path) -> None:
    options = ["aup", tree, "--without", "solver-c", "--relative-to", "baseline"]
    shown = synthgym(*options).stdout
    lines = shown.splitlines()
    largest = float(lines[0].split()[-1])
    interval = ["95%", "interval", "÷", f"{largest:g}"]
    assert lines[0].split() == ["best", *interval, "last", *interval]
    for line in lines[1:4]:
        _, best, _, _, _, of_best, last, *_, of_last = line.split()
        assert float(of_best) == pytest.approx(float(best) / largest, abs=0.002)
        assert float(of_last) == pytest.approx(float(last) / largest, abs=0.002)
    assert f"The largest AUP possible here is {largest:g}" in " ".join(shown.split())
    assert [line.split()[0] for line in lines[1:4]] == ["solver-b", "solver-a", "baseline"]
    assert len(lines[1].split(" to ")) == 3
    assert "AUP relative to baseline" in lines
    assert "AUP over 2 solvers and the baseline on 2 tasks, 8 runs." in " ".join(shown.split())
    at = lines.index("battleOfSexes (Score, higher is better)")
    assert [line.split() for line in lines[at + 1 : at + 5]] == [
        ["best", "mean", "±", "sd", "last", "mean", "±", "sd", "runs"],
        ["solver-a", "1.5", "1.5", "1.5", "1.5", "1/2"],
        ["solver-b", "2", "1.6", "±", "0.57", "1.8", "1.5", "±", "0.42", "2/2"],
        ["baseline", "1", "1"],
    ]
    assert "\x1b" not in shown
    assert synthgym(*options).stdout == shown
    assert synthgym(*options, "--seed", 1).stdout != shown
    assert "interval" not in synthgym(*options, "--resamples", 0).stdout


def test_a_terminal_of_a_hundred_columns_is_wide_enough(synthgym: Run, tree: Path) -> None:
    for place in list(tree.glob("solver-a*")):
        place.rename(tree / place.name.replace("solver-a", "a-solver-with-as-long-a-name-as-32"))
    options = ["aup", tree, "--relative-to", "solver-b"]
    shown = synthgym(*options, FORCE_COLOR="1", COLUMNS="100").stdout
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    assert max(len(line) for line in lines) <= 100
    assert any(set(line) == {"─"} for line in lines)
    assert sum(line.startswith("a-solver-with-as-long-a-name-as-32  ") for line in lines) == 4  # in one piece


def test_profiles_as_a_figure_and_as_a_table(synthgym: Run, tree: Path, tmp_path: Path) -> None:
    synthgym("aup", tree, "--json", "--plot", tmp_path / "p.svg", "--data", tmp_path / "p.csv")
    assert "solver-b · AUP" in (tmp_path / "p.svg").read_text()
    with (tmp_path / "p.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 4 * 500
    assert {(row["mode"], row["solver"]) for row in rows} >= {("best", "solver-c"), ("last", "baseline")}
    last = [row for row in rows if row["solver"] == "baseline"][-1]
    assert float(last["ratio"]) == pytest.approx(10 ** float(last["tau"]))
    assert float(last["share"]) == 1
    refused = synthgym("aup", tree, "--plot", tmp_path / "p.gif", code=2)
    assert "expected a name that ends in .svg, .png, .pdf" in refused.stderr


def test_placed_among_saved_solvers(synthgym: Run, tree: Path, tmp_path: Path) -> None:
    """What comes of two halves is what comes of the whole."""
    whole = json.loads(synthgym("aup", tree, "--json", "--without", "solver-c").stdout)
    half = tmp_path / "b.json"
    synthgym("aup", tree, "--without", "solver-a", "--without", "solver-c", "--save-solvers", half)
    placed = synthgym("aup", tree, "--json", "--without", "solver-b", "--without", "solver-c", "--solver-set", half)
    assert json.loads(placed.stdout) == whole
    assert json.loads(synthgym("aup", half, "--json").stdout)["best"].keys() == {"solver-b", "baseline"}
    assert "in both fields: solver-b" in synthgym("aup", tree, "--solver-set", half, code=2).stderr


def test_a_benchmark_of_ours_among_results_of_mlgym(synthgym: Run, tree: Path, tmp_path: Path) -> None:
    record = {"challenge_hash": "h", "seed": 0, "metric": "score", "direction": "higher", "baseline": 0.5}
    ours = tmp_path / "benchmark"
    ours.mkdir()
    line = {"env_id": "mlgym/blotto-v0", "solver": "student", "scores": [1.0], "final": 0.75} | record
    (ours / "scores.jsonl").write_text(json.dumps(line) + "\n")
    done = synthgym("aup", ours, "--json", "--solver-set", tree)
    found = json.loads(done.stdout)
    assert list(found["best"]) == ["student", "solver-c", "solver-a", "solver-b", "baseline"]
    assert list(found["last"]) == ["solver-c", "solver-a", "student", "solver-b", "baseline"]
    assert "the field is cut to 1 of its 2 tasks; without battleOfSexes" in done.stderr


def test_robust_says_what_it_does(synthgym: Run, tree: Path) -> None:
    place = tree / "solver-a__3SATTime__default__run_0"
    place.mkdir()
    (place / "results.json").write_text('{"agent": [{"Time": 0}], "baseline": {"Time": 10}}')
    default = synthgym("aup", tree, "--json")
    assert "warning: best: a ratio with a score of 0 is infinite" in default.stderr
    robust = synthgym("aup", tree, "--json", "--robust")
    assert "is infinite" not in robust.stderr
    assert "note: where lower is better, 1% of the baseline's score is added" in robust.stderr
    assert "note: solvers differ in their number of runs; the expected best" in robust.stderr
    assert json.loads(robust.stdout) != json.loads(default.stdout)


def test_rows_for_further_tasks(synthgym: Run, tree: Path, tmp_path: Path) -> None:
    (tree / "solver-a__blotto__default__run_0").rename(tree / "solver-a__mine__default__run_0")
    assert "which metric counts: mine" in synthgym("aup", tree, "--json").stderr
    rows = tmp_path / "rows.yaml"
    rows.write_text("mine: {metric: Score, direction: higher}\n")
    for options, variables in ((["--table", rows], {}), ([], {"SYNTHGYM_MLGYM_TABLE": str(rows)})):
        done = synthgym("aup", tree, *options, **variables)
        assert "mine (Score, higher is better)" in done.stdout
        assert "which metric counts" not in done.stderr


def test_names_that_nobody_has(synthgym: Run, tree: Path) -> None:
    wrong = synthgym("aup", tree, "--without", "solver-d", code=2)
    assert "unknown solver 'solver-d'; did you mean" in wrong.stderr
    wrong = synthgym("aup", tree, "--relative-to", "solvera", code=2)
    assert "unknown solver 'solvera'; did you mean 'solver-a'" in wrong.stderr
    wrong = synthgym("aup", tree, "--solver-set", tree / "nowhere", code=2)
    assert "nowhere: no such folder or archive" in wrong.stderr


def test_a_name_cannot_steer_the_terminal(synthgym: Run, tree: Path) -> None:
    (tree / "solver-c__blotto__default__run_0").rename(tree / "[red]\x1b[2J__blotto__default__run_0")
    shown = synthgym("aup", tree).stdout
    assert "\x1b" not in shown
    assert "[red]" in shown
    assert "\x1b[2J" not in shown
