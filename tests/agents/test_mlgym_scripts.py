"""MLGym's own evaluation scripts read what was exported, and find the numbers that we find.

Needs a checkout of MLGym's repository, named by SYNTHGYM_MLGYM_ROOT, and what its scripts import (simple-parsing,
docstring-parser, matplotlib, seaborn, pandas), installed or on PYTHONPATH. Neither is part of synthgym.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from toy_env import ToyEnv

from synthgym.agents.agent import Stop
from synthgym.agents.chat.agent import NO_COMMAND
from synthgym.agents.episode import run_episode
from synthgym.agents.mlgym.results import export_results
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.registry.mlgym.table import BENCHMARK
from synthgym.train.evaluation.aup import Run, Task, aup

VARIABLE = "SYNTHGYM_MLGYM_ROOT"
PREFIXED, PLAIN = "trajectories/mlgym_bench_v0", "trajectories/plain"
SEEDS = (0, 1)

DRIVER = '''
"""Runs in a process of its own, in a folder like MLGym's repository: its functions and no part of ours."""
import json, sys
from mlgym.evaluation.utils import (
    MODELS, TASKS, get_action_results, get_best_attempt, get_exit_status_results, process_trajectories,
)

found = {task: process_trajectories(sys.argv[1], "default", task, MODELS) for task in TASKS}
json.dump(
    {
        "scores": {task: {model: runs["scores"] for model, runs in models.items()} for task, models in found.items()},
        "best": {
            task: {
                model: [
                    get_best_attempt(run["agent"], TASKS[task]["priority_metric"], TASKS[task]["metric_direction"])
                    for run in runs["scores"]
                ]
                for model, runs in models.items()
            }
            for task, models in found.items()
        },
        "ends": get_exit_status_results(found),
        "actions": get_action_results(found),
    },
    open(sys.argv[2], "w"),
)
'''

KINDS = {
    "wins": ["Success"],
    "slow": ["Max Steps"],
    "raises": ["Runtime"],
    "mute": ["Format"],
    "nothing": ["Runtime"],
    "refused": ["Evaluation", "Submit"],
}
"""How a `Player` plays, and the kinds of failure that MLGym sorts its end into."""

WORDS = {"edit": "Edit", "open": "View", "validate": "Validate", "submit": "Submit", "search_dir": "Search"}


class TaskEnv(ToyEnv):
    """The toy, with the metric of one of MLGym's tasks."""

    def __init__(self, task: str, max_steps: int) -> None:
        super().__init__(max_steps=max_steps)
        self.task = task

    def _info(self) -> dict[str, Any]:
        row = BENCHMARK[self.task]
        return {**super()._info(), "metric": row.metric, "direction": row.direction, "baseline": 1.0}


class Player:
    """Plays to a script; says that it has spent so many tokens."""

    def __init__(self, kind: str, score: float) -> None:
        self.kind, self.usage = kind, {"calls": 3, "prompt_tokens": round(1000 * score), "completion_tokens": 50}
        self.commands = {
            "wins": [f"score {score}", "validate", "python train.py", f"score {score + 0.1}", "validate", "submit"],
            "slow": [f"score {score}", "validate", "search_dir x", "open y"],
            "raises": [f"score {score}", "validate"],
            "mute": ["edit 1:1", f"score {score}"],
            "nothing": [],
            "refused": ["score -1"],
        }[kind]

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        if info["step"] < len(self.commands):
            return self.commands[info["step"]]
        if self.kind == "mute":
            raise Stop(f"3 {NO_COMMAND}")
        if self.kind == "refused":
            raise Stop("no idea")
        raise ValueError("I am not well")


@dataclass(frozen=True)
class Made:
    """A folder like MLGym's repository, with exported runs in it, and what they were made of."""

    root: Path
    solvers: list[str]
    records: list[tuple[str, str, str, Trajectory]]  # solver, task, kind

    def runs(self) -> Iterator[tuple[str, str, list[float]]]:
        """Solver, task and scores of every run, seeds in order."""
        for solver, task, _, record in self.records:
            final = [] if record.outcome.score is None else [record.outcome.score]
            yield solver, task, [*record.outcome.validations, *final]


def run(root: Path, *command: object, folder: str = ".") -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])),
        "MPLBACKEND": "Agg",
    }
    return subprocess.run(
        list(map(str, command)), cwd=root / folder, env=environment, capture_output=True, text=True, timeout=280
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} names no checkout of MLGym's repository")
    root = tmp_path_factory.mktemp("mlgym") / "root"
    for part in ("mlgym", "scripts"):
        shutil.copytree(Path(named) / part, root / part)
    for folder in ("configs", "assets/figs", "results/tables"):
        (root / folder).mkdir(parents=True)
    probe = run(root, sys.executable, "-c", "import json, mlgym.evaluation.utils as u, simple_parsing, pandas; "
                "print(json.dumps(u.MODELS))")  # fmt: skip
    if probe.returncode != 0:
        pytest.skip(f"MLGym's functions cannot be imported: {probe.stderr.strip().splitlines()[-1]}")
    solvers = json.loads(probe.stdout)  # its figures have colours for these and no others
    records = []
    for i, solver in enumerate(solvers):
        for j, task in enumerate(BENCHMARK):
            for seed in SEEDS:
                kind = list(KINDS)[(i + j * 5 + seed) % len(KINDS)]
                score = round(1.5 + 0.07 * i - 0.05 * j, 3) if BENCHMARK[task].direction == "higher" else 0.4 + 0.03 * i
                env = TaskEnv(task, max_steps=4 if kind == "slow" else 10)
                record = run_episode(env, Player(kind, score), seed=seed, env_id=f"mlgym/{task}-v0", agent_name=solver)
                records.append((solver, task, kind, record))
    export_results((record for *_, record in records), root / PREFIXED, prefix="metagen-")
    export_results((record for *_, record in records), root / PLAIN)
    return Made(root, solvers, records)


@pytest.mark.slow
@pytest.mark.parametrize("parent", [PREFIXED, PLAIN])
def test_its_functions(made: Made, parent: str, tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)
    done = run(made.root, sys.executable, tmp_path / "driver.py", parent, tmp_path / "found.json")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "found.json").read_text())

    scores: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    best: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for solver, task, values in made.runs():
        metric, direction = BENCHMARK[task].metric, BENCHMARK[task].direction
        scores[task][solver].append({"agent": [{metric: value} for value in values], "baseline": {metric: 1.0}})
        pick = max if direction == "higher" else min
        best[task][solver].append(values.index(pick(values)) if values else -1)
    assert found["scores"] == scores
    assert found["best"] == best

    ends: Counter[str] = Counter()
    failed, incomplete = Counter(dict.fromkeys(made.solvers, 0)), Counter(dict.fromkeys(made.solvers, 0))
    for (solver, _, kind, _), (_, _, values) in zip(made.records, made.runs(), strict=True):
        ends.update(KINDS[kind])
        failed[solver] += not values
        incomplete[solver] += bool(values) and kind not in ("wins", "slow")
    assert found["ends"]["total_es_counts"] == ends
    assert found["ends"]["failed_runs_per_model"] == failed
    assert found["ends"]["incomplete_runs_per_model"] == incomplete

    actions = Counter(
        WORDS.get(word := step.action.split()[0], "Python" if word == "python" else "Bash")
        for *_, record in made.records
        for step in record.steps
    )
    assert found["actions"]["action_counts"] == actions
    assert len(actions) == 7


@pytest.mark.slow
def test_its_ranks_and_aup(made: Made) -> None:
    done = run(
        made.root, sys.executable, "scripts/evaluation/get_ranks.py",
        "--traj_parent_dir", PREFIXED, "--traj_pattern", "default",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tasks = {task: Task(row.direction, 1.0) for task, row in BENCHMARK.items()}
    ours: dict[str, dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for solver, task, values in made.runs():
        ours[solver][task].append(Run.of(values))
    standings = aup(tasks, ours)
    theirs = {row["Model"]: row for row in read_table(made.root, "aup_scores")}
    assert set(theirs) == {*made.solvers, "baseline"}
    for solver, row in theirs.items():
        assert float(row["Best AUP"]) == pytest.approx(standings.best.aup[solver], abs=0.00051)
        assert float(row["Last AUP"]) == pytest.approx(standings.last.aup[solver], abs=0.00051)
    for mode, profile in (("best", standings.best), ("last", standings.last)):
        rows = read_table(made.root, f"{mode}_scores")
        for task, row in zip(BENCHMARK, rows, strict=True):
            for solver in theirs:
                score = profile.scores[solver][task]
                assert row[solver] == ("" if score is None else str(round(score, 3)))

    # What was spent; of other solvers it would say that it passes over them.
    assert "Skipping model" not in done.stdout
    assert "No tokens sent" not in done.stdout
    spent = dict(re.findall(r"'([\w.-]+)': (?:np\.float64\()?([\d.]+)", _line(done.stdout, "Average tokens sent")))
    for solver in made.solvers:
        usages = [record.usage for name, *_, record in made.records if name == solver]
        mean = sum(usage.prompt_tokens for usage in usages if usage) / len(usages)
        assert float(spent[solver]) == pytest.approx(mean)


@pytest.mark.slow
def test_its_other_scripts(made: Made) -> None:
    figures = run(
        made.root, sys.executable, "scripts/evaluation/plot_exit_status.py",
        "--traj_parent_dir", PREFIXED, "--traj_pattern", "default",
    )  # fmt: skip
    assert figures.returncode == 0, figures.stderr
    assert len(list((made.root / "assets" / "figs").glob("*.pdf"))) >= 7

    solver = made.solvers[0]
    scores = run(
        made.root, sys.executable, "scripts/evaluation/process_results.py",
        "--traj_parent_dir", PREFIXED, "--traj_pattern", "blotto__default", "--models", solver,
        "--priority_metric", "Score",
    )  # fmt: skip
    assert scores.returncode == 0, scores.stderr
    runs = [values for name, task, values in made.runs() if (name, task) == (solver, "blotto") and values]
    assert runs
    assert f"Values: {[max(values) for values in runs]}" in scores.stdout
    assert f"Values: {[values[-1] for values in runs]}" in scores.stdout

    counted = run(made.root, sys.executable, "scripts/count_valid_trajectories.py")
    assert counted.returncode == 0, counted.stderr
    with (made.root / "trajectory_counts.csv").open() as file:
        table = list(csv.DictReader(file))
    assert len(table) == len(BENCHMARK)
    assert all(row[solver] == str(len(SEEDS)) for row in table for solver in made.solvers)

    folders = run(made.root, "bash", "count_by_model_task.sh", folder="scripts")
    lines = [line.split() for line in folders.stdout.splitlines()]
    for solver in made.solvers:
        assert [str(len(BENCHMARK) * len(SEEDS)), solver] in lines
        assert [str(len(SEEDS)), solver, "blotto"] in lines


def read_table(root: Path, name: str) -> list[dict[str, str]]:
    with (root / "results" / "tables" / f"{name}_aggregate_results.csv").open() as file:
        return list(csv.DictReader(file))


def _line(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))
