"""Trying seeds: what a challenge draws, agents cannot draw again, though they know by which programs it is drawn."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest
from cli_tools import command
from env_fixtures import needs

from synthgym.base.errors import BadSubmission
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge
from synthgym.synthesis.language.short_seeds import short_seeds
from synthgym.synthesis.language.verification import Verify
from synthgym.synthesis.procedural import draft

TELLS = """
import json, os
from synthgym_grader import Module, write_result

module = Module(function="choose", history=0)
module.reset(1, 5)
with open(os.path.join(os.environ["PRIVATE"], "prepared.json")) as file:
    prepared = json.load(file)
module.reject(" ".join([os.environ["SECRET"], prepared]))
"""
PREPARES = """
import json, os
with open(os.path.join(os.environ["PRIVATE"], "prepared.json"), "w") as file:
    json.dump(os.environ["SECRET"], file)
# {comment}
"""
LOOKS = """
import os
def choose(*given):
    raise ValueError("I see " + str(sorted(name for name in os.environ if "SEC" in name or "SEED" in name)))
"""

Secrets = Callable[..., tuple[str, str]]


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    """What `evaluate.py` and `prepare.py` of a game were given; only `reject` tells it, and only to a test."""
    needs("bubblewrap")

    def of(comment: str = "", phase: str = "validate", seed: int = 0, evaluate: str = TELLS) -> tuple[str, str]:
        challenges.write_game(tmp_path, verified=False)
        folder = tmp_path / "coins"
        (folder / "grader/evaluate.py").write_text(evaluate)
        (folder / "grader/prepare.py").write_text(PREPARES.format(comment=comment))
        challenge = load_challenge(folder)
        grader = ModuleGrader(challenge, prepare(challenge, folder, "bubblewrap"), "bubblewrap")
        with pytest.raises(BadSubmission) as refused:
            grader.grade(b"def choose(*given): return 0", phase, seed=seed)  # type: ignore[arg-type]
        evaluating, preparing = str(refused.value).split()[-2:]
        return evaluating, preparing

    return of


def test_a_grader_draws_from_a_long_seed_of_its_own(secrets: Secrets) -> None:
    first = secrets()
    assert all(len(secret) == 64 and int(secret, 16) for secret in first)
    assert secrets() == first, "everywhere the same"
    assert secrets(phase="final")[0] != first[0]
    assert secrets(seed=1)[0] != first[0]
    assert secrets(evaluate=TELLS + "# another")[0] != first[0]
    other = secrets(comment="another")
    assert (other[0] == first[0], other[1] == first[1]) == (False, False)


def test_who_plays_does_not_know_it(tmp_path: Path) -> None:
    needs("bubblewrap")
    challenges.write_game(tmp_path)
    env = ChallengeEnv(str(tmp_path), "coins", sandbox="bubblewrap", trust=True)
    env.reset(seed=0)
    said = env.step("env")[0]
    assert "SEED=" in said
    assert "SECRET" not in said
    write = f"cat > {env.challenge.submission.path} <<'E'\n{LOOKS}\nE\nvalidate"
    assert "I see []" in env.step(write)[0]
    env.close()


@pytest.mark.parametrize("index", [0, 1, 2, 4])
def test_the_procedural_author_writes_no_seed_that_can_be_tried(index: int, tmp_path: Path) -> None:
    for name, text in draft(index, 7).files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text)
    assert short_seeds(tmp_path) == []
    prepare_py = ast.parse((tmp_path / "grader/prepare.py").read_text())
    seeds = [
        node.args[0].value
        for node in ast.walk(prepare_py)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("default_rng") and node.args
        if isinstance(node.args[0], ast.Constant)
    ]
    evaluate = tmp_path / "grader/evaluate.py"
    assert [int(str(seed)).bit_length() > 100 for seed in seeds] == [True] or 'SECRET"])' in evaluate.read_text()


@pytest.mark.parametrize(
    "line",
    [
        "random.seed(0)",
        "rng = np.random.default_rng(42)",
        "rng = np.random.default_rng(seed=42)",
        "rng = random.Random('abc')",
        "SEED = 7\nrng = random.Random(SEED)",
        "train_test_split(rows, random_state=0)",
        "torch.manual_seed(1234)",
    ],
)
def test_a_model_writes_none_either(line: str, tmp_path: Path) -> None:
    challenges.write_table(tmp_path, "line", verified=False)
    folder = tmp_path / "line"
    (folder / "grader/prepare.py").write_text(f"import random\n{line}\n")
    report = Verify(folder, "bubblewrap")()
    assert report.failed == "short seed"
    assert f"prepare.py, line {2 + line.count(chr(10))}" in str(report.reason)
    assert "SECRET" in str(report.reason)


@pytest.mark.parametrize(
    "line",
    [
        "rng = random.Random(os.environ['SECRET'])",
        "rng = np.random.default_rng(int(os.environ['SECRET'], 16))",
        "rng = np.random.default_rng(0x1c9d6a51f0b34e2f8a7790de41b5c623)",
        "module.reset(n=100, seed=5)",
        "table.sample(frac=1, random_state=rng)",
    ],
)
def test_what_cannot_be_tried_is_let_be(line: str, tmp_path: Path) -> None:
    (tmp_path / "grader").mkdir()
    (tmp_path / "grader/evaluate.py").write_text(f"import random\n{line}\n")
    assert short_seeds(tmp_path) == []


@pytest.mark.slow
def test_a_collection_without_a_seed_draws_one_and_keeps_it(tmp_path: Path) -> None:
    needs("bubblewrap")
    seeds = []
    for name in ("one", "one", "two"):
        ended = subprocess.run(
            command("synthesize", "--n", "1", "--family", "games", "--out", tmp_path / name),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert ended.returncode == 0, ended.stderr
        seeds.append(json.loads((tmp_path / name / "synthesis.json").read_text())["seed"])
    assert seeds[0] == seeds[1] != seeds[2]
    assert min(seeds) > 10**12
