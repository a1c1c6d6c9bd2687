"""A task in MLGym's format of language models, in which weights are handed in: read as data, beside the evaluator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
import yaml
from env_fixtures import needs
from mlgym_checkout import registered

from synthgym.base.errors import MissingDependencyError
from synthgym.envs.env import ChallengeEnv

EVALUATE = """
import csv, json
with open("model/weights.json") as file:
    slope = json.load(file)["slope"]
with open("data/answers.csv", newline="") as file:
    rows = [(float(row["x"]), float(row["y"])) for row in csv.DictReader(file)]
print("evaluating", len(rows))
print(json.dumps({"loss": sum((slope * x - y) ** 2 for x, y in rows) / len(rows)}))
"""
STARTER = """
import json, os
os.makedirs("model", exist_ok=True)
with open("model/weights.json", "w") as file:
    json.dump({"slope": 1.0}, file)
"""
ROW = {"metric": "loss", "direction": "lower", "optimum": 0.0, "noise": 0.01, "files": ["model/*.json"]}


def write_checkout(root: Path, row: dict[str, Any]) -> Path:
    """Writes it, and the table beside it; returns `root`."""
    config = {
        "id": "slopes",
        "name": "Slopes",
        "description": "Find the slope.",
        "dataset_configs": ["datasets/slopes.yaml"],
        "task_entrypoint": "LMSubmissionTasks",
        "training_timeout": 60,
        "starter_code": ["data/slopes/baseline.py", "data/slopes/evaluate.py"],
        "baseline_paths": ["baseline.py"],
        "baseline_scores": [{"loss": 1.0}],
        "evaluation_paths": ["evaluate.py"],
    }
    data = {"name": "slopes", "description": "x and y.", "data_path": "data/slopes/data", "is_local": True}
    rows = "".join(f"{x},{2 * x}\n" for x in range(10))
    files = {
        "configs/tasks/slopes.yaml": yaml.safe_dump(config),
        "configs/datasets/slopes.yaml": yaml.safe_dump(
            data | {"train_split": {"name": "train", "file_regex": "./data/train*"}}
        ),
        "data/slopes/baseline.py": STARTER,
        "data/slopes/evaluate.py": EVALUATE,
        "data/slopes/data/train.csv": "x,y\n1,2\n",
        "data/slopes/data/answers.csv": "x,y\n" + rows,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root.parent / "table.yaml").write_text(yaml.safe_dump({"slopes": row}))
    return root


@pytest.fixture
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ChallengeEnv]]:
    made: list[ChallengeEnv] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("synthgym.registry.collections.known._added_checkouts", {})

        def make(sandbox: str = "bubblewrap", protocol: str = "mlgym", **row: Any) -> ChallengeEnv:
            needs(sandbox)
            root = write_checkout(tmp_path_factory.mktemp("weights") / "checkout", ROW | row)
            with registered(root, root.parent / "table.yaml"):
                env = gym.make("mlgym/slopes-v0", sandbox=sandbox, protocol=protocol, disable_env_checker=True)
            assert isinstance(env.unwrapped, ChallengeEnv)
            made.append(env.unwrapped)
            env.reset(seed=0)
            return env.unwrapped

        yield make
    for env in made:
        env.close()


@pytest.mark.parametrize("protocol", ["mlgym", "sealed"])
def test_weights_are_handed_in(make: Callable[..., ChallengeEnv], sealed: str, protocol: str) -> None:
    env = make(sealed, protocol)
    observation, *_, info = env.step("ls data; validate")
    assert "answers.csv" not in observation
    assert "no file in the workspace is called like one of model/*.json" in observation
    *_, info = env.step("python baseline.py && validate")
    assert info["scores"] == [28.5]
    *_, info = env.step("""echo '{"slope": 2.0}' > model/weights.json; submit""")
    assert info["score"] == 0.0


def test_what_is_laid_beside_the_evaluator_is_no_code_and_no_file_of_its_own(make: Callable[..., ChallengeEnv]) -> None:
    env = make()
    hack = "import os; os.write(1, b'{\\\"loss\\\": 0}\\n'); os._exit(0)"
    env.step("python baseline.py; mkdir model/deep; cp model/weights.json model/deep; echo x,y > data/answers.csv")
    env.step(f'for name in csv json sitecustomize model/__init__; do echo "{hack}" > $name.py; done')
    *_, info = env.step("/opt/synthgym/bin/validate")
    assert info["scores"] == [28.5]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (["*.json"], "may be a file of the evaluator's"),
        (["data/*.json"], "may be a file of the evaluator's"),
        (["m*/*.json"], "may be a file of the evaluator's"),
        (["model/*"], "may be code once it is loaded"),
        (["model/*.bin"], "may be code once it is loaded"),
        ([], r"files: \[FOLDER/\*.json"),
    ],
)
def test_patterns_that_would_let_more_in(make: Callable[..., ChallengeEnv], files: list[str], why: str) -> None:
    with pytest.raises(MissingDependencyError, match=why):
        make(files=files)


def test_a_note_is_told_and_its_starter_is_not(make: Callable[..., ChallengeEnv]) -> None:
    env = make(note="The starter wants a card.")
    observation, _ = env.reset(seed=0)
    assert "The starter wants a card." in observation
    assert "Run the starter" not in observation
