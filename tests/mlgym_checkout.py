"""A checkout in the format of MLGym's repository, with tasks of our own: a table, a game, some that cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import gymnasium as gym
import pytest
import yaml

import synthgym

EVALUATE_TABLE = """
import argparse, csv, json

def column(path, name):
    with open(path, newline="") as file:
        return {row["day"]: float(row[name]) for row in csv.DictReader(file)}

parser = argparse.ArgumentParser()
parser.add_argument("--submission_file")
truth = column("/home/agent/workspace/data/answers.csv", "tide")
said = column(parser.parse_args().submission_file, "tide")
assert len(said) == len(truth), "wrong number of rows"
errors = [abs(said[day] - truth[day]) for day in truth]
print(json.dumps({"mae": sum(errors) / len(errors), "worst": max(errors)}))
"""

BASELINE_TABLE = """
import csv
with open("data/train.csv", newline="") as file:
    tides = [float(row["tide"]) for row in csv.DictReader(file)]
with open("data/test.csv", newline="") as file:
    days = [row["day"] for row in csv.DictReader(file)]
with open("submission.csv", "w", newline="") as file:
    csv.writer(file).writerows([["day", "tide"], *([day, sum(tides) / len(tides)] for day in days)])
print("baseline done")
"""

MAKE_TABLE = """
import csv, math, os
os.makedirs("../data", exist_ok=True)
with open("./tides.csv", newline="") as file:
    rows = list(csv.reader(file))[1:]
known, hidden = rows[:300], rows[300:]
for name, header, lines in (
    ("train", ["day", "moon", "tide"], known),
    ("test", ["day", "moon"], [row[:2] for row in hidden]),
    ("answers", ["day", "tide"], [[row[0], row[2]] for row in hidden]),
):
    with open(f"../data/{name}.csv", "w", newline="") as file:
        csv.writer(file).writerows([header, *lines])
"""

EVALUATE_GAME = """
import json, random
from strategy import guess
from target import call

def play(rounds):
    history = []
    for _ in range(rounds):
        move, coin = guess(history), call(history)
        if move not in (0, 1):
            raise ValueError(f"expected 0 or 1, got {move!r}")
        history.append((move, coin))
    return sum(move == coin for move, coin in history) / len(history)

print(json.dumps({"Score": sum(play(10) for _ in range(200)) / 200}))
"""

TARGET_GAME = "import random\n\ndef call(history):\n    return int(random.random() < 0.8)\n"
STRATEGY_GAME = "import random\n\ndef guess(history):\n    return random.randint(0, 1)\n"
BETTER_GAME = "def guess(history):\n    return 1\n"


def write_checkout(root: Path) -> Path:
    """Writes it; returns `root`."""
    _task(
        root,
        "tides",
        {
            "id": "tides",
            "name": "Tides",
            "description": "Predict the tide of each day.\n{dataset_docs}\nHand in `submission.csv`.",
            "dataset_configs": ["datasets/tides.yaml"],
            "task_entrypoint": "CSVSubmissionTasks",
            "training_timeout": 60,
            "starter_code": ["data/tides/baseline.py", "data/tides/evaluate.py"],
            "baseline_paths": ["baseline.py"],
            "baseline_scores": [{"MAE": 0.6}],
            "evaluation_paths": ["evaluate.py"],
            "evaluation_read_only": True,
            "a_field_of_tomorrow": 1,
        },
        {
            "baseline.py": BASELINE_TABLE,
            "evaluate.py": EVALUATE_TABLE,
            "_helpers/_generate_split.py": MAKE_TABLE,
            "_helpers/tides.csv": _tides(),
        },
    )
    _write(
        root / "configs/datasets/tides.yaml",
        {
            "name": "tides",
            "description": "Heights in metres, by the age of the moon.",
            "data_path": "data/tides/data",
            "is_local": True,
            "train_split": {"name": "train", "file_regex": "./data/train*"},
            "test_split": {"name": "test", "file_regex": "./data/test*"},
        },
    )
    _task(
        root,
        "coin",
        {
            "id": "biasedCoin",
            "name": "A biased coin",
            "description": "Guess the coin: change `strategy.py`. An example: {braces}",
            "task_entrypoint": "PythonSubmissionTasks",
            "training_timeout": 60,
            "starter_code": ["data/coin/evaluate.py", "data/coin/strategy.py", "data/coin/target.py"],
            "baseline_paths": ["evaluate.py"],
            "baseline_scores": [{"Score": 0.5}],
            "evaluation_paths": ["evaluate.py"],
        },
        {"evaluate.py": EVALUATE_GAME, "target.py": TARGET_GAME, "strategy.py": STRATEGY_GAME},
    )
    for name, change in {
        "onHub": {"dataset_configs": ["datasets/hub.yaml"]},
        "noData": {"dataset_configs": ["datasets/none.yaml"]},
        "noConfig": {"dataset_configs": ["datasets/nowhere.yaml"]},
        "unknownKind": {"task_entrypoint": "TelepathyTasks"},
        "noEvaluator": {"starter_code": []},
        "network": {"task_entrypoint": "ModelSubmissionTasks"},
        "language": {"task_entrypoint": "LMSubmissionTasks"},
        "noRow": {},
    }.items():
        config = {
            "id": name,
            "name": name,
            "description": name,
            "starter_code": ["data/tides/evaluate.py"],
            "baseline_scores": [{"mae": 1.0}],
            "evaluation_paths": ["evaluate.py"],
            **change,
        }
        _task(root, name, config, {})
    _write(root / "configs/datasets/hub.yaml", {"name": "H", "description": "h", "data_path": "somebody/something"})
    _write(
        root / "configs/datasets/none.yaml",
        {"name": "N", "description": "n", "data_path": "data/none/data", "is_local": True},
    )
    (root / "configs/tasks/broken.yaml").write_text("id: [\n")
    return root


@contextmanager
def registered(root: Path, table: Path | None = None) -> Iterator[list[str]]:
    """Registers a checkout, and afterwards leaves everything as it was before."""
    before = dict(gym.registry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("synthgym.registry.collections.known._added_checkouts", {})
        yield synthgym.register_mlgym(root, table)
    gym.registry.clear()
    gym.registry.update(before)


def write_table(path: Path, images: Mapping[str, str] | None = None) -> Path:
    """What counts in its tasks; none for ``noRow``. `images` are what some of them need installed."""
    names = ["tides", "onHub", "noData", "noConfig", "unknownKind", "noEvaluator", "network", "language"]
    rows: dict[str, dict[str, object]] = {
        name: {"metric": "mae", "direction": "lower", "optimum": 0.0, "noise": 0.01} for name in names
    }
    rows["biasedCoin"] = {
        **{"metric": "Score", "direction": "higher", "noise": 0.01, "reference": 0.8},
        "answer": {"one_of": [0, 1]},
    }
    for name, image in (images or {}).items():
        rows[name]["image"] = image
    _write(path, rows)
    return path


def _tides() -> str:
    import math

    rows = [f"{day},{day % 29.5:.4f},{math.sin(day % 29.5) + 0.1 * math.cos(7 * day):.6f}" for day in range(600)]
    return "day,moon,tide\n" + "\n".join(rows) + "\n"


def _task(root: Path, file: str, config: dict[str, object], files: dict[str, str]) -> None:
    _write(root / f"configs/tasks/{file}.yaml", config)
    for name, text in files.items():
        path = root / "data" / file / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, sort_keys=False))
