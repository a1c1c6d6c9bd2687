"""The recipes of contributing.md: what they name is where they say, and where a row is all, a row is enough."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from doc_pages import ROOT
from mlgym_trees import write_scored_by
from shipped import TEACHER

from synthgym.agents import forms
from synthgym.agents.specs import parse_spec
from synthgym.envs.grading.graders import open_grader
from synthgym.envs.reward import REWARDS, ScoreEvent, make_reward
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge
from synthgym.registry.metrics import METRICS, MetricDef
from synthgym.synthesis.verification.verify import verify
from synthgym.train import recipes
from synthgym.train.recipes.loading import find_recipe
from synthgym.train.rl.collecting.rewards import REWARDS as RL_REWARDS
from synthgym.train.rl.settings import RLSettings

PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
TEN = PAGE.split("\n## Ten everyday changes\n")[1].split("\n## ")[0]
RECIPES = {part.split("\n")[0]: part for part in TEN.split("\n### ")[1:]}


def test_there_are_ten() -> None:
    assert len(RECIPES) == 10


@pytest.mark.parametrize("change", RECIPES)
def test_a_recipe_is_short_and_names_its_test(change: str) -> None:
    steps = re.findall(r"^\d\. ", RECIPES[change], re.MULTILINE)
    assert 2 <= len(steps) <= 5
    assert re.search(r"`tests/[\w/]+/test_\w+\.py`", RECIPES[change])


@pytest.mark.parametrize("change", RECIPES)
def test_tables_and_classes_are_where_a_recipe_says(change: str) -> None:
    for name, file in re.findall(r"`(\w+)`\s+(?:in|of)\s+`([\w/]+\.py)`", RECIPES[change]):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert re.search(rf"^ *(?:class {name}\b|{name}\b.*=)", text, re.MULTILINE), f"{name} in {file}"


@pytest.mark.parametrize("group", re.findall(r"A row under `([\w.]+)` in `pyproject\.toml`", PAGE))
def test_groups_of_entry_points_are_those_of_ours(group: str) -> None:
    assert f'[project.entry-points."{group}"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_metric_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def largest_error(y_true: object, y_pred: object) -> float:
        return float(abs(y_true - y_pred).max())  # type: ignore[operator]

    monkeypatch.setitem(METRICS, "toy", MetricDef("toy", "value", "lower", None, 0.0, largest_error))
    folder = write_scored_by(tmp_path, "toy")
    challenge = load_challenge(folder)
    prepared = prepare(challenge, folder, "local")
    labels = (prepared.private / "labels.csv").read_bytes()
    assert open_grader(challenge, prepared, "local").grade(labels, "final").value == 0.0
    assert "metric" in verify(folder, "local").passed


def test_an_agent_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forms.BUILT_IN, "toy", "synthgym.agents.research.scripted:ScriptedAgent")
    assert type(parse_spec("toy").make(0).inner).__name__ == "ScriptedAgent"


def test_a_reward_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = load_challenge(ROOT / "registry" / "examples" / "digits-log-loss-a7c5")
    monkeypatch.setitem(REWARDS, "toy", lambda challenge: lambda event: 7.0)
    assert make_reward("toy", challenge)(ScoreEvent("final", 0.1, 0.5)) == 7.0
    for name in RL_REWARDS:
        assert RLSettings(reward=name).reward == name


def test_a_recipe_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rl-toy.yaml").write_text("steps: 1\n")
    monkeypatch.setattr(recipes, "RECIPES", tmp_path)
    assert find_recipe("rl", "toy") == tmp_path / "rl-toy.yaml"


def test_a_format_is_a_file_and_an_entry_point(tmp_path: Path) -> None:
    about = tmp_path / "toy_format-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-format\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[synthgym.formats]\ntoy = toy_format:write\n")
    (tmp_path / "toy_format.py").write_text(
        "from synthgym.agents.trajectories.formats import Written\n"
        "def write(records, out, prefix):\n"
        "    out.write_text('\\n'.join(record.env_id for record in records))\n"
        "    return Written(out, 'some lines')\n"
    )
    command = [sys.executable, "-m", "synthgym", "export", TEACHER, "--format", "toy", "--out", tmp_path / "out.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path / 'out.txt'}: some lines\n"), done.stderr
    assert (tmp_path / "out.txt").read_text().startswith("synthgym/")
