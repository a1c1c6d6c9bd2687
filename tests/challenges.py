"""Two small hand-written challenges for tests: a table to predict, and a game to play."""

from __future__ import annotations

from pathlib import Path

from synthgym.registry.challenge import (
    Baseline,
    Budget,
    Challenge,
    Dataset,
    Metric,
    Reference,
    Submission,
    content_hash,
)

PREPARE_TABLE = """
import os
import numpy as np
rng = np.random.default_rng(7)
x = rng.normal(size=(600, 3))
y = 2 * x[:, 0] - x[:, 1] + 0.1 * rng.normal(size=600)
def write(path, header, rows):
    with open(path, "w") as file:
        file.write(header + "\\n")
        for row in rows:
            file.write(",".join(f"{value:.6f}" for value in row) + "\\n")
public, private = os.environ["PUBLIC"], os.environ["PRIVATE"]
write(f"{public}/train.csv", "a,b,c,y", np.column_stack([x, y])[:300])
write(f"{public}/test.csv", "a,b,c", x[300:])
write(f"{private}/labels.csv", "y", y[300:, None])
"""

TRAIN = """
import os
import numpy as np
KEEP = 1
noise = np.random.default_rng(int(os.environ.get("SEED", "0"))).normal(size=300)
train = np.loadtxt("data/train.csv", delimiter=",", skiprows=1)
test = np.loadtxt("data/test.csv", delimiter=",", skiprows=1)
w = np.linalg.lstsq(train[:, :KEEP], train[:, 3], rcond=None)[0]
predicted = test[:, :KEEP] @ w + 0.01 * noise
np.savetxt("predictions.csv", predicted, header="y", comments="", fmt="%.6f")
print("wrote predictions.csv")
"""

PREPARE_GAME = """
import json, os
json.dump({"bias": 0.8}, open(os.environ["PRIVATE"] + "/opponents.json", "w"))
"""

EVALUATE_GAME = """
import json, os, random
from synthgym_grader import Module, write_result
bias = json.load(open(os.environ["PRIVATE"] + "/opponents.json"))["bias"]
n, rounds = 100, 20
rng = random.Random(os.environ["PHASE"] + os.environ["SEED"])
module = Module(function="choose", history=2)
module.reset(n=n, seed=int(os.environ["SEED"]))
inputs, total = [{} for _ in range(n)], 0
for _ in range(rounds):
    moves = module.act(inputs)
    for index, move in enumerate(moves):
        if move not in ("heads", "tails"):
            module.reject(f"expected heads or tails, got {move!r}")
        theirs = "heads" if rng.random() < bias else "tails"
        total += move == theirs
        inputs[index] = {"append": [move, theirs]}
write_result(total / n / rounds, 0.005)
"""

_BUDGET = Budget(steps=12, validations=5, command_cpu_seconds=5, episode_cpu_seconds=30, disk_mb=32, memory_mb=512)

STRATEGY = """
import random

def choose(mine, theirs):
    return random.choice(["heads", "tails"])
"""


def table_spec(name: str = "line", verified: bool = True) -> Challenge:
    """The spec of a regression on three columns; the starter uses one of them."""
    return Challenge(
        id=name,
        title="A line",
        description="Predict y from a, b and c. Improve train.py.",
        dataset=Dataset(source="generated"),
        submission=Submission(path="predictions.csv", kind="file", columns=["y"]),
        metric=Metric(name="rmse", direction="lower", optimum=0.0),
        baseline=Baseline(command="python train.py", scores=[1.0] * 5, mean=1.0, sd=0.0)
        if verified
        else Baseline(command="python train.py"),
        noise=0.02 if verified else None,
        reference=Reference(command="python train.py", score=0.1 if verified else None, by="tests"),
        budget=_BUDGET.model_copy(),
    )


def write_table(collection: Path, name: str = "line", verified: bool = True, extra_mb: int = 0) -> Path:
    """Writes the challenge of `table_spec`, with so many files of a megabyte more."""
    files = {
        **{f"workspace/extra/{number}.txt": "0123456789abcdef" * 65536 for number in range(extra_mb)},
        "workspace/train.py": TRAIN,
        "grader/prepare.py": PREPARE_TABLE,
        "grader/reference/train.py": TRAIN.replace("KEEP = 1", "KEEP = 3"),
    }
    return write(collection, table_spec(name, verified), files)


def write_game(collection: Path, name: str = "coins", verified: bool = True) -> Path:
    """Guessing a biased coin."""
    challenge = Challenge(
        id=name,
        title="Guess the coin",
        description="Write choose(mine, theirs) in strategy.py: guess the next coin, heads or tails.",
        dataset=Dataset(source="generated"),
        submission=Submission(path="strategy.py", kind="module"),
        metric=Metric(name="share_right", direction="higher", worst=0.0, optimum=1.0),
        baseline=Baseline(command="true", scores=[0.5] * 5, mean=0.5, sd=0.0) if verified else Baseline(command="true"),
        noise=0.02 if verified else None,
        reference=Reference(command="true", score=0.8 if verified else None, by="tests"),
        budget=_BUDGET.model_copy(),
    )
    files = {
        "workspace/strategy.py": STRATEGY,
        "grader/prepare.py": PREPARE_GAME,
        "grader/evaluate.py": EVALUATE_GAME,
        "grader/reference/strategy.py": "def choose(mine, theirs):\n    return 'heads'\n",
    }
    return write(collection, challenge, files)


def write(collection: Path, challenge: Challenge, files: dict[str, str]) -> Path:
    """Writes a challenge folder; its provenance states its content hash."""
    folder = collection / challenge.id
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"))
    challenge.provenance.content_hash = content_hash(challenge, folder)
    challenge.save(folder)
    return folder
