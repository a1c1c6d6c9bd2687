"""AUP against an example worked out by hand, its invariants and its traps; reading a benchmark folder."""

from __future__ import annotations

import csv
import json
import math
import random
from pathlib import Path

import pytest

from synthgym.base.errors import UserError
from synthgym.train.evaluation.aup import BASELINE, MODES, Results, Run, Task, aup, from_records
from synthgym.train.evaluation.aup.tables import write_profiles
from synthgym.train.evaluation.scores import ScoreRecord, load_benchmark

FORMULAS = ['=HYPERLINK("http://e","x")', "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "\uff1d1"]

# By hand. Feasible ratios and, for infeasible scores, the task's worst × 1.05:
#
#   best         baseline            x                y
#   A higher .5  .8/.5 = 1.6         .8: 1            .4 < .5: 1.6 × 1.05 = 1.68
#   B lower 10   10/5 = 2            5: 1             10/5 = 2
#   C higher −1  −1 < 0: 1.05        −.5 < 0: 1.05    .2: 1
#
#   last: as above, but x hands in 8 and 9 on B: best 8, so x: 1, baseline and y: 10/8 = 1.25
#
# Largest τ: B, best: ceil(2 × 1.05) = 3; log10 3 = .477, so τ ends at .5 and a step is .5/499. A ratio r adds the
# steps from the first point at or above log10 r: 1 → 499, 1.05 → 477, 1.25 → 402, 1.6 → 295, 1.68 → 274, 2 → 198.
TASKS = {"A": Task("higher", 0.5), "B": Task("lower", 10.0), "C": Task("higher", -1.0)}
RESULTS: Results = {
    "x": {
        "A": [Run.of([0.6, 0.8]), Run.of([0.7])],
        "B": [Run.of([12, 8]), Run.of([5, 9])],
        "C": [Run.of([-0.5])],
    },
    "y": {"A": [Run.of([0.4])], "B": [Run.of([10])], "C": [Run.of([]), Run.of([0.2])]},
}
STEPS = {
    "best": {BASELINE: 295 + 198 + 477, "x": 499 + 499 + 477, "y": 274 + 198 + 499},
    "last": {BASELINE: 295 + 402 + 477, "x": 499 + 499 + 477, "y": 274 + 402 + 499},
}


def test_the_example_worked_out_by_hand() -> None:
    standings = aup(TASKS, RESULTS)
    assert standings.best.scores["x"] == {"A": 0.8, "B": 5, "C": -0.5}
    assert standings.last.scores["x"] == {"A": 0.8, "B": 8, "C": -0.5}
    assert standings.best.ratios["y"] == pytest.approx({"A": 1.68, "B": 2, "C": 1})
    assert standings.best.ratios[BASELINE] == pytest.approx({"A": 1.6, "B": 2, "C": 1.05})
    assert standings.last.ratios["y"]["B"] == pytest.approx(1.25)
    for profile in (standings.best, standings.last):
        assert len(profile.taus) == 500
        assert profile.taus[-1] == 0.5  # one grid for both modes
        assert all(rho[-1] == 1 for rho in profile.rho.values())
    assert standings.best.rho["x"][0] == pytest.approx(2 / 3)
    found = standings.to_dict()
    for mode in MODES:
        expected = {solver: steps / 3 * 0.5 / 499 for solver, steps in STEPS[mode].items()}
        assert found[mode] == pytest.approx(expected, abs=1e-12)
    assert next(iter(found["best"])) == "x"


def test_the_negative_baseline_is_told() -> None:
    standings = aup(TASKS, RESULTS)
    assert "the baseline's score is below 0 and so infeasible: C" in standings.warnings


def random_results(rng: random.Random) -> tuple[dict[str, Task], dict[str, dict[str, list[Run]]]]:
    tasks = {f"t{i}": Task(rng.choice(["higher", "lower"]), rng.uniform(0.2, 2)) for i in range(rng.randint(1, 8))}
    results = {
        f"s{i}": {
            name: [
                Run.of([rng.choice([-0.1, rng.uniform(0.02, 4)]) for _ in range(rng.randint(0, 3))]) for _ in range(2)
            ]
            for name in tasks
            if rng.random() < 0.9
        }
        for i in range(4)
    }
    return tasks, results


@pytest.mark.parametrize("seed", range(20))
def test_order_and_scale_do_not_matter(seed: int) -> None:
    tasks, results = random_results(random.Random(seed))
    found = aup(tasks, results).to_dict()
    scaled = {name: Task(task.direction, task.baseline * 4) for name, task in tasks.items()}
    turned = {
        solver: {name: [Run.of([s * 4 for s in run.attempts]) for run in runs] for name, runs in reversed(rows.items())}
        for solver, rows in reversed(results.items())
    }
    for mode, expected in aup(dict(reversed(scaled.items())), turned).to_dict().items():
        assert found[mode] == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(20))
def test_profiles_only_rise_and_the_best_everywhere_gets_the_whole_area(seed: int) -> None:
    tasks, results = random_results(random.Random(seed))
    results["winner"] = {n: [Run.of([9.0 if t.direction == "higher" else 0.01])] for n, t in tasks.items()}
    standings = aup(tasks, results)
    for mode in MODES:
        profile = getattr(standings, mode)
        for solver, rho in profile.rho.items():
            assert (rho[1:] >= rho[:-1]).all()
            assert 0 <= profile.aup[solver] <= profile.aup["winner"] + 1e-12
        assert profile.aup["winner"] == pytest.approx(profile.taus[-1])


def test_the_best_everywhere_gets_the_largest_area_possible() -> None:
    tasks = {"a": Task("higher", 1.0), "b": Task("lower", 10.0)}
    found = aup(tasks, {"best": {"a": [Run.of([4.0])], "b": [Run.of([2.0])]}, "other": {"a": [Run.of([2.0])]}})
    assert found.best.aup["best"] == pytest.approx(found.largest)
    assert found.normalised("best", "best") == pytest.approx(1.0)
    assert found.normalised("last", "other") == pytest.approx(found.last.aup["other"] / found.largest)
    hopeless = aup({"a": Task("higher", -1.0)}, {"one": {"a": [Run.of([-2.0])]}})
    assert hopeless.normalised("best", "one") in (None, 0.0)


def test_last_counts_what_was_handed_in() -> None:
    tasks = {"t": Task("higher", 1.0)}
    handed_in_nothing = Run((5.0, 4.0), None)
    standings = aup(tasks, {"a": {"t": [handed_in_nothing]}, "b": {"t": [Run.of([2.0])]}})
    assert standings.best.scores["a"] == {"t": 5.0}
    assert standings.last.scores["a"] == {"t": None}
    assert standings.last.ratios["a"]["t"] == pytest.approx(2 * 1.05)


def test_scores_that_are_no_numbers_count_as_missing() -> None:
    tasks = {"t": Task("higher", 1.0)}
    runs = [Run.of([math.nan, 2.0, math.inf]), Run.of([math.nan])]
    standings = aup(tasks, {"a": {"t": runs}})
    assert standings.best.scores["a"] == {"t": 2.0}
    assert standings.last.scores["a"] == {"t": None}


@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_a_score_of_zero_divides_nothing(direction: str) -> None:
    """Higher: the baseline's 0 is the infinite ratio. Lower: the winner's 0 makes everyone else's infinite."""
    task = Task("higher", 0.0) if direction == "higher" else Task("lower", 1.0)
    standings = aup({"t": task}, {"a": {"t": [Run.of([0.5 if direction == "higher" else 0.0])]}})
    assert standings.best.ratios == {BASELINE: {"t": 1.05}, "a": {"t": 1.0}}
    told = "best: a ratio with a score of 0 is infinite; counted as infeasible: t (baseline)"
    assert told in standings.warnings
    everyone = aup({"t": Task("higher", 0.0)}, {"a": {"t": [Run.of([0.0])]}})
    assert everyone.best.ratios == {BASELINE: {"t": 1.0}, "a": {"t": 1.0}}


def test_a_task_nobody_solved_is_left_out_and_told() -> None:
    tasks = {"hopeless": Task("higher", -1.0), "t": Task("higher", 1.0)}
    runs = {"a": {"hopeless": [Run.of([-0.5])], "t": [Run.of([2.0])]}}
    standings = aup(tasks, runs)
    assert set(standings.best.ratios["a"]) == {"t"}
    told = "last: left out, as nobody has a feasible score, nor the baseline: hopeless"
    assert told in standings.warnings
    without = aup({"t": tasks["t"]}, {"a": {"t": runs["a"]["t"]}})
    assert standings.to_dict() == without.to_dict()
    nothing = aup({"hopeless": tasks["hopeless"]}, {"a": {}})
    assert nothing.to_dict()["best"] == {BASELINE: 0.0, "a": 0.0}


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        aup({}, {})
    with pytest.raises(ValueError, match="without direction and baseline: nope"):
        aup(TASKS, {"a": {"nope": []}})
    with pytest.raises(ValueError, match="named 'baseline'"):
        aup(TASKS, {BASELINE: {}})


# A benchmark folder


def record(**changes: object) -> ScoreRecord:
    fields: dict[str, object] = {
        "env_id": "ns/wine-v0",
        "challenge_hash": "aaaa",
        "solver": "student",
        "seed": 0,
        "metric": "accuracy",
        "direction": "higher",
        "baseline": 0.5,
        "reference": 0.9,
        "noise": 0.02,
        "scores": [0.6, 0.7],
        "final": 0.65,
        "improvement": 0.375,
        "exit_status": "submitted",
        "steps": 6,
        "seconds": 2.5,
        "tokens": 800,
    }
    return ScoreRecord.model_validate(fields | changes)


def write(folder: Path, *records: ScoreRecord) -> None:
    (folder / "scores.jsonl").write_text("".join(each.model_dump_json() + "\n" for each in records))


def test_a_folder_is_read_and_scored(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"episodes": 2}))
    records = [
        record(),
        record(seed=1, final=None, improvement=0.0, exit_status="agent\u2028error"),
        record(solver="teacher", final=0.8),
    ]
    write(tmp_path, *records)
    benchmark = load_benchmark(tmp_path)
    assert benchmark.records == records
    assert benchmark.settings == {"episodes": 2}
    assert benchmark.solvers == ["student", "teacher"]
    tasks, results = from_records(benchmark.records)
    assert tasks == {"ns/wine-v0": Task("higher", 0.5)}
    assert results["student"]["ns/wine-v0"] == [Run((0.6, 0.7, 0.65), 0.65), Run((0.6, 0.7), None)]
    standings = aup(tasks, results)
    assert standings.best.scores["student"] == {"ns/wine-v0": 0.7}
    assert standings.last.scores["student"] == {"ns/wine-v0": 0.65}
    assert any("number of runs (student 2, teacher 1)" in line for line in standings.warnings)


def test_within_the_noise_a_score_is_the_baselines() -> None:
    records = [
        record(solver="starter", scores=[0.515, 0.49], final=0.481),
        record(solver="better", scores=[0.53], final=0.6),
        record(solver="worse", scores=[], final=0.47),
    ]
    tasks, results = from_records(records)
    runs = {solver: of_task["ns/wine-v0"] for solver, of_task in results.items()}
    assert runs == {
        "starter": [Run((0.5, 0.5, 0.5), 0.5)],
        "better": [Run((0.53, 0.6), 0.6)],
        "worse": [Run((0.47,), 0.47)],
    }
    areas = aup(tasks, results).to_dict()
    for mode in MODES:
        assert areas[mode]["better"] > areas[mode]["starter"] == areas[mode][BASELINE] > areas[mode]["worse"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"challenge_hash": "bbbb"}, r"ns/wine-v0: expected one challenge_hash .* 'aaaa' .* 'bbbb'"),
        ({"baseline": 0.4}, r"expected one baseline .* 0\.5 .* 0\.4"),
        ({"seed": 0, "solver": "student"}, r"student, seed 0 stands there twice"),
    ],
)
def test_what_does_not_belong_together_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    write(tmp_path, record(), record(**({"solver": "teacher"} | change)))
    with pytest.raises(UserError, match=message):
        load_benchmark(tmp_path)


def test_no_folder_no_episode_and_no_record(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file; expected a folder"):
        load_benchmark(tmp_path / "nowhere")
    (tmp_path / "scores.jsonl").write_text("")
    with pytest.raises(UserError, match="no finished episode"):
        load_benchmark(tmp_path)
    line = record().model_dump_json()
    (tmp_path / "scores.jsonl").write_text(f"{line}\n{line.replace('higher', 'up')}\n")
    with pytest.raises(UserError, match=r"scores\.jsonl: line 2: .*field 'direction'.*'up'"):
        load_benchmark(tmp_path)


def test_a_solver_named_baseline_is_refused() -> None:
    with pytest.raises(UserError, match="rename the solver"):
        from_records([record(solver="baseline")])


def test_a_name_in_a_table_is_no_formula(tmp_path: Path) -> None:
    names = ["plain", "a=b", *FORMULAS]
    found = aup({"t": Task("higher", 0.5)}, {name: {"t": [Run.of([0.9])]} for name in names})
    write_profiles(found, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(newline="", encoding="utf-8") as file:
        written = {row["solver"] for row in csv.DictReader(file)}
    assert written == {"plain", "a=b", BASELINE, *(f"'{name}" for name in FORMULAS)}
