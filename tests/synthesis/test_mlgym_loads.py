"""MLGym's own classes load what was exported, lay it out, run its baseline and read its score.

Needs a checkout of MLGym's repository, named by SYNTHGYM_MLGYM_ROOT, and what its configuration classes import
(simple-parsing, docstring-parser), installed or on PYTHONPATH. Neither is part of synthgym.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import challenges
import pytest
from mlgym_trees import write_scored_by
from shipped import IDS, shipped

from synthgym.base.errors import BadSubmission
from synthgym.envs.grading.graders import open_grader
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.collection import Collection
from synthgym.registry.metrics import METRICS
from synthgym.synthesis.mlgym.export import export_mlgym

VARIABLE = "SYNTHGYM_MLGYM_ROOT"
SHIPPED_IDS = ["digits-accuracy-d92a", "cells-roc-auc-7642", "auction-game-098e", "aurora-log-loss-*"]

DRIVER = '''
"""Runs in a process of its own, in a folder like MLGym's repository: its classes and no part of ours."""
import json, os, shutil, subprocess, sys
from dataclasses import asdict
from pathlib import Path
from mlgym import CONFIG_DIR, REPO_ROOT
from mlgym.environment.tasks import AbstractMLTask, EvaluationFormatError, TaskConfig

os.chdir(REPO_ROOT)
results = {}
for file in sorted((CONFIG_DIR / "tasks").glob("*.yaml")):
    config = TaskConfig.load_yaml(file)
    workspace = Path(sys.argv[1]) / config.id
    workspace.mkdir()

    def communicate(command, timeout_duration=25, **_):
        done = subprocess.run(
            command, shell=True, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=timeout_duration,
        )
        return done.stdout

    for dataset in config._datasets:
        assert dataset.is_local
        shutil.copytree(dataset.data_path, workspace / "data")
    for path in config.starter_code:
        if Path(path).is_dir():
            shutil.copytree(path, workspace / Path(path).name)
        else:
            shutil.copy(path, workspace)
    task = AbstractMLTask.get(config.task_entrypoint)(
        seed=42, args=config, task_workspace=str(workspace), _communicate=communicate,
        _communicate_with_handling=lambda command, error_msg="", **settings: communicate(command, **settings),
    )
    stated = dict(config.baseline_scores[0])
    task.setup()
    config.baseline_scores.clear()
    task.update_baseline_scores()  # runs the baseline's script, if there is one, and scores what it leaves
    found = config.baseline_scores[0] if config.baseline_scores else task.evaluate()[0]
    submission = workspace / ("submission.csv" if "CSV" in config.task_entrypoint else sys.argv[2])
    left = submission.read_bytes().hex() if submission.exists() else None
    submission.write_text("no submission (")
    try:
        refused = str(task.evaluate())
    except EvaluationFormatError as error:
        refused = f"refused: {error}"
    results[config.id] = {
        "description": config.description, "stated": stated, "found": found, "submission": left, "refused": refused,
        "timeout": config.training_timeout,
    }
Path(sys.argv[3]).write_text(json.dumps(results))
'''


@pytest.fixture(scope="module")
def mlgym(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MLGym's package in it, and none of its tasks."""
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} names no checkout of MLGym's repository")
    root = tmp_path_factory.mktemp("mlgym") / "root"
    shutil.copytree(Path(named) / "mlgym", root / "mlgym")
    (root / "configs").mkdir()
    probe = run(root, "-c", "import mlgym.environment.tasks")
    if probe.returncode != 0:
        pytest.skip(f"MLGym's classes cannot be imported: {probe.stderr.strip().splitlines()[-1]}")
    return root


def run(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Python in MLGym's folder, with the `python` of these tests as its shells' own."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=280)


@pytest.fixture(scope="module")
def made(mlgym: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, Any]]:
    """A collection, its tasks, and what MLGym's classes found of each."""
    path = Collection.create(tmp_path_factory.mktemp("made") / "toys", "toys", "Toys").path
    for metric in METRICS:
        write_scored_by(path, metric, "answer.csv" if metric == "rmse" else "submission.csv")
    challenges.write_table(path, "line")
    challenges.write_game(path, "coins")
    for pattern in SHIPPED_IDS:
        for name in fnmatch.filter(IDS, pattern):
            shutil.copytree(shipped(name), path / name)
    exported = export_mlgym(path, tmp_path_factory.mktemp("exported") / "tree")
    for name in ("configs", "data"):
        shutil.copytree(exported.path / name, mlgym / name, dirs_exist_ok=True)
    workspaces = tmp_path_factory.mktemp("workspaces")
    (workspaces / "driver.py").write_text(DRIVER)
    (workspaces / "tasks").mkdir()
    done = run(mlgym, workspaces / "driver.py", workspaces / "tasks", "strategy.py", workspaces / "results.json")
    assert done.returncode == 0, done.stderr
    return path, exported.tasks, json.loads((workspaces / "results.json").read_text())


@pytest.mark.slow
def test_every_task_loads_runs_and_scores_as_with_us(made: tuple[Path, dict[str, str], dict[str, Any]]) -> None:
    path, tasks, results = made
    assert set(results) == set(tasks.values())
    for name, task in tasks.items():
        challenge = load_challenge(path / name)
        found = results[task]
        grader = open_grader(challenge, prepare(challenge, path / name), "auto")
        if challenge.submission.kind == "file":
            submission = bytes.fromhex(found["submission"])
        else:
            submission = (path / name / "workspace" / challenge.submission.path).read_bytes()
        assert found["found"] == {challenge.metric.name: grader.grade(submission, "final").value}, name
        assert found["stated"] == {challenge.metric.name: challenge.baseline.final}


@pytest.mark.slow
def test_the_shipped_baselines_are_what_they_are_said_to_be(
    made: tuple[Path, dict[str, str], dict[str, Any]],
) -> None:
    path, tasks, results = made
    shipped = [name for name in tasks if name in IDS]
    assert len(shipped) >= len(SHIPPED_IDS)
    for name in shipped:
        challenge = load_challenge(path / name)
        assert results[tasks[name]]["found"][challenge.metric.name] == pytest.approx(challenge.baseline.scores[0])


@pytest.mark.slow
def test_what_is_no_submission_is_told_as_with_us(made: tuple[Path, dict[str, str], dict[str, Any]]) -> None:
    path, tasks, results = made
    for name in ("rmse", "accuracy", "coins"):
        challenge = load_challenge(path / name)
        grader = open_grader(challenge, prepare(challenge, path / name), "auto")
        with pytest.raises(BadSubmission) as caught:
            grader.grade(b"no submission (", "final")
        said = str(caught.value).replace("answer.csv", "submission.csv")
        said = said.replace("/home/agent/workspace", "FOLDER")  # a module's error names where it was played
        refused = re.sub(r"/tmp/\w+", "FOLDER", results[tasks[name]]["refused"])
        assert refused.startswith("refused: ")
        assert said in refused


@pytest.mark.slow
def test_what_an_agent_is_told(made: tuple[Path, dict[str, str], dict[str, Any]]) -> None:
    path, tasks, results = made
    told = results[tasks["rmse"]]["description"]
    assert told.startswith("Guess {y}; write it to answer.csv.\nTwo lines.\n")
    assert "cp answer.csv submission.csv" in told
    assert told.rstrip().endswith("TOYS-RMSE-V0:\nFiles in data/: test.csv, train.csv.")
    budget = load_challenge(path / "rmse").budget
    assert results[tasks["rmse"]]["timeout"] == budget.command_cpu_seconds * budget.wall_factor
