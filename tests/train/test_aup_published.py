"""AUP and scores as MLGym published them, from its published result files.

Two versions of its tables are published. The result files are those of "aggregate". "test" has the same scores but for
Mountain Car, where five solvers were run again, and AUP of those: it is tested with the scores of its own table there.
"""

from __future__ import annotations

import csv
import json
import math
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from synthgym.cli.main import app
from synthgym.registry.mlgym.table import BENCHMARK
from synthgym.train.evaluation.aup import BASELINE, MODES, Mode, Run, SolverSet, aup
from synthgym.train.evaluation.mlgym.solvers import read_tree

VARIABLE = "SYNTHGYM_MLGYM_RESULTS"
FOLDER = Path(os.environ.get(VARIABLE, "."))
WITHOUT = "metagen-gemini-20-pro"
"""In the files, and in no published table."""

NAMES = {
    "House Price": "regressionKaggleHousePrice",
    "3-SAT": "3SATTime",
    "CIFAR-10": "imageClassificationCifar10",
    "Fashion MNIST": "imageClassificationFMnist",
    "MS-COCO": "imageCaptioningCOCO",
    "Language Modeling": "languageModelingFineWeb",
    "MNLI": "naturalLanguageInferenceMNLI",
    "Battle of Sexes": "battleOfSexes",
    "Prisoners Dilemma": "prisonersDilemma",
    "Blotto": "blotto",
    "Breakout": "rlBreakoutMinAtar",
    "Meta Maze": "rlMetaMazeMisc",
    "Mountain Car Continuous": "rlMountainCarContinuous",
}

pytestmark = pytest.mark.skipif(
    VARIABLE not in os.environ, reason=f"{VARIABLE} names no folder with MLGym's published results.tar.gz and tables"
)


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / f"{name}_results.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def solver(column: str) -> str:
    """A solver's name in the files, by its name in the tables."""
    return BASELINE if column == BASELINE else f"metagen-{column}"


def published_areas(version: str) -> dict[Mode, dict[str, float]]:
    found = {solver(row["Model"]): row for row in rows(f"aup_scores_{version}")}
    assert len(found) == 13
    return {
        "best": {name: float(row["Best AUP"]) for name, row in found.items()},
        "last": {name: float(row["Last AUP"]) for name, row in found.items()},
    }


def published_scores(mode: Mode, version: str) -> dict[str, dict[str, float]]:
    """Task → solver → score; a blank is nan."""
    table = {
        NAMES[row.pop("Task")]: {solver(name): float(text or "nan") for name, text in row.items()}
        for row in rows(f"{mode}_scores_{version}")
    }
    assert set(table) == set(BENCHMARK)
    return table


@pytest.fixture(scope="module")
def field() -> SolverSet:
    return read_tree(FOLDER / "results.tar.gz", BENCHMARK, [WITHOUT])


def test_the_command_gives_the_published_areas(tmp_path: Path) -> None:
    with tarfile.open(FOLDER / "results.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    done = CliRunner().invoke(app, ["aup", str(tmp_path), "--json", "--without", WITHOUT])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    for mode, expected in published_areas("aggregate").items():
        assert {name: round(area, 3) for name, area in found[mode].items()} == expected
    assert "183 of 624 runs have no score" in done.stderr
    assert "rlMountainCarContinuous (Reward Mean: 28 of 48)" in done.stderr


@pytest.mark.parametrize("mode", MODES)
def test_the_scores_are_the_published_ones(field: SolverSet, mode: Mode) -> None:
    """To half a unit of the third digit, which is all that is published: of 0.8855 and 0.7835, one is rounded up."""
    scores = getattr(aup(field.tasks, field.results), mode).scores
    for task, expected in published_scores(mode, "aggregate").items():
        assert set(scores) == set(expected)
        found = {name: math.nan if row[task] is None else row[task] for name, row in scores.items()}
        assert found == pytest.approx(expected, rel=0, abs=0.0005 + 1e-9, nan_ok=True), task


def test_the_other_version_differs_in_one_task(field: SolverSet) -> None:
    task = "rlMountainCarContinuous"
    scores = {mode: published_scores(mode, "test") for mode in MODES}
    for mode in MODES:
        before = published_scores(mode, "aggregate")
        same = [name for name in before if before[name] == pytest.approx(scores[mode][name], nan_ok=True)]
        assert set(before) - set(same) == {task}
    results = {}
    for name, runs in field.results.items():
        best, last = (scores[mode][task][name] for mode in MODES)
        results[name] = runs | {task: [] if math.isnan(best) else [Run((best,), last)]}
    found = aup(field.tasks, results).to_dict()
    for mode, expected in published_areas("test").items():
        assert {name: round(area, 3) for name, area in found[mode].items()} == expected
