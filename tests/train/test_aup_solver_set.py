"""Solvers in a file of their own, and solvers placed among others."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from growth import growth

from synthgym.base.errors import UserError
from synthgym.train.evaluation.aup import BASELINE, Run, SolverSet, Task, aup, place_among, read_solvers, save_solvers

OWN = SolverSet(
    {"mlgym/blotto-v0": Task("higher", 0.5, "score"), "mlgym/3sattime-v12": Task("lower", 10.0, "Time")},
    {"student": {"mlgym/blotto-v0": [Run.of([0.6, 0.8])], "mlgym/3sattime-v12": [Run((5.0,), None), Run((), None)]}},
    ["told before"],
)
OTHERS = SolverSet(
    {"blotto": Task("higher", 0.5, "Score"), "3SATTime": Task("lower", 10.0, "Time"), "maze": Task("higher", 1.0, "R")},
    {"teacher": {"blotto": [Run.of([0.4])], "3SATTime": [Run.of([4.0])], "maze": [Run.of([9.0])]}, "none": {}},
)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    save_solvers(OWN, tmp_path / "own.json")
    found = read_solvers(tmp_path / "own.json")
    assert (found.tasks, found.results) == (OWN.tasks, OWN.results)
    assert [task.metric for task in found.tasks.values()] == ["score", "Time"]
    written = json.loads((tmp_path / "own.json").read_text())
    assert written["tasks"]["mlgym/blotto-v0"] == {"metric": "score", "direction": "higher", "baseline": 0.5}
    assert written["solvers"]["student"]["mlgym/3sattime-v12"] == [
        {"attempts": [5.0], "last": None},
        {"attempts": [], "last": None},
    ]


def test_what_is_no_number_is_not_written(tmp_path: Path) -> None:
    odd = SolverSet({"t": Task("higher", 0.5)}, {"a": {"t": [Run((math.nan, 0.7), math.inf)]}})
    save_solvers(odd, tmp_path / "odd.json")
    assert read_solvers(tmp_path / "odd.json").results == {"a": {"t": [Run((0.7,), None)]}}


def test_solvers_of_a_file_can_be_left_out(tmp_path: Path) -> None:
    save_solvers(OTHERS, tmp_path / "others.json")
    found = read_solvers(tmp_path / "others.json", None, ["teacher", "nobody"])
    assert list(found.results) == ["none"]
    assert found.left_out == {"teacher"}
    with pytest.raises(UserError, match=r"no solver is left; it holds teacher, none"):
        read_solvers(tmp_path / "others.json", None, ["teacher", "none"])


TASK = {"metric": "m", "direction": "higher", "baseline": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"tasks": {"t": TASK | {"direction": "up"}}, "solvers": {}}, "'tasks.t.direction'.*'up'"),
        ({"tasks": {"t": TASK}, "solvers": {"a": {"u": []}}}, "runs on tasks that are not among 'tasks': u"),
        ({"tasks": {"t": TASK}, "solvers": {BASELINE: {"t": []}}}, "named 'baseline'"),
        ({"tasks": {"t": TASK}, "solvers": {"a": {"t": [{"attempts": ["x"], "last": 1}]}}}, r"attempts\.0"),
        ({"tasks": {}}, "solvers"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, content: dict[str, Any], message: str) -> None:
    path = tmp_path / "solvers.json"
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match=rf"solvers\.json: .*{message}"):
        read_solvers(path)


def test_environments_are_mlgyms_tasks() -> None:
    """By hand, best: blotto's best is 0.8, 0.5 is the baseline's and 0.4 infeasible; 3SAT's best is 4."""
    field = place_among(OWN, OTHERS)
    assert list(field.results) == ["student", "teacher", "none"]
    ratios = aup(field.tasks, field.results).best.ratios
    assert ratios["student"] == pytest.approx({"mlgym/blotto-v0": 1, "mlgym/3sattime-v12": 1.25})
    assert ratios["teacher"] == pytest.approx({"mlgym/blotto-v0": 1.6 * 1.05, "mlgym/3sattime-v12": 1})
    assert ratios["none"] == pytest.approx({"mlgym/blotto-v0": 1.6 * 1.05, "mlgym/3sattime-v12": 2.5 * 1.05})
    assert field.warnings == ["told before", "the field is cut to 2 of its 3 tasks; without maze"]
    assert OWN.results["student"].keys() == OWN.tasks.keys()  # nothing was changed in place


def test_names_that_are_the_same_come_first() -> None:
    own = SolverSet({"blotto-v0": Task("higher", 1.0)}, {"a": {"blotto-v0": []}})
    others = SolverSet(
        {"blotto": Task("lower", 5.0), "blotto-v0": Task("higher", 1.0)}, {"b": {"blotto-v0": [Run.of([2.0])]}}
    )
    assert place_among(own, others).results["b"] == {"blotto-v0": [Run.of([2.0])]}


def test_what_differs_is_told() -> None:
    own = SolverSet(
        {"ns/blotto-v0": Task("higher", 0.5, "accuracy"), "ns/more-v0": Task("higher", 1.0)},
        {"a": {"ns/blotto-v0": [Run.of([0.6])]}},
    )
    others = SolverSet({"blotto": Task("higher", 0.25, "Score")}, {"b": {"blotto": [Run.of([0.3])]}})
    placed = place_among(own, others)
    told = "\n".join(placed.warnings)
    assert list(placed.tasks) == ["ns/blotto-v0"]
    assert "no runs on ns/more-v0: left out" in told
    assert "measured against those here: ns/blotto-v0 (0.5, there 0.25)" in told
    assert "only if they measure the same: ns/blotto-v0 (accuracy, there Score)" in told


def test_what_cannot_be_one_field_is_refused() -> None:
    one = SolverSet({"ns/a-v0": Task("higher", 1.0, "m")}, {"x": {}})
    with pytest.raises(UserError, match="in both fields: x"):
        place_among(one, SolverSet({"a": Task("higher", 1.0)}, {"x": {}}))
    with pytest.raises(UserError, match="no task in common: one has ns/a-v0, the other b"):
        place_among(one, SolverSet({"b": Task("higher", 1.0)}, {"y": {}}))
    with pytest.raises(UserError, match=r"ns/a-v0: higher is better here, lower in the other field \(a: loss\)"):
        place_among(one, SolverSet({"a": Task("lower", 1.0, "loss")}, {"y": {}}))
    two = SolverSet({"ns/a-v0": Task("higher", 1.0), "ns/a-v1": Task("higher", 1.0)}, {"x": {}})
    with pytest.raises(UserError, match="is several here: ns/a-v0, ns/a-v1"):
        place_among(two, SolverSet({"a": Task("higher", 1.0)}, {"y": {}}))


def test_of_names_that_are_alike_the_first_is_taken() -> None:
    task = Task("higher", 0.5)
    others = SolverSet(dict.fromkeys(("a/Maze-v1", "b/maze-v2", "maze-v3"), task), {"teacher": {}})
    for name, which in (("maze-v3", "maze-v3"), ("x/maze-v9", "b/maze-v2"), ("MAZE", "a/Maze-v1")):
        runs = {which: [Run.of([0.9])]}
        found = place_among(
            SolverSet({name: task}, {"student": {}}), SolverSet(others.tasks, {"teacher": runs}, others.warnings)
        )
        assert found.results["teacher"] == {name: [Run.of([0.9])]}


def test_the_work_grows_as_the_tasks() -> None:
    def fields(size: int) -> tuple[SolverSet, SolverSet]:
        task = Task("higher", 0.5)
        own = {**{f"own{number}": task for number in range(size)}, "maze": task}
        others = {**{f"other{number}": task for number in range(size)}, "maze": task}
        return SolverSet(own, {"student": {}}), SolverSet(others, {"teacher": {}})

    assert growth(fields, lambda both: place_among(*both), 2000) < 9
