"""MLGym's format, read: a checkout of our own in it, see `mlgym_checkout`; and MLGym's own where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from mlgym_checkout import write_checkout, write_table

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.mlgym.challenge import challenge_folder, read_evaluation
from synthgym.registry.mlgym.index import mlgym_index
from synthgym.registry.mlgym.needs import why_not
from synthgym.registry.mlgym.submissions import HandedIn, submission_of
from synthgym.registry.mlgym.table import BENCHMARK, TABLE_VARIABLE, Row, read_table
from synthgym.registry.mlgym.tasks import Task, read_tasks

ROW = Row(metric="mae", direction="lower", optimum=0.0)
COIN = Row(metric="Score", direction="higher")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv(TABLE_VARIABLE, str(write_table(tmp_path / "table.yaml")))
    return write_checkout(tmp_path / "checkout")


def task_of(root: Path, name: str) -> Task:
    return next(task for task in read_tasks(root)[0] if task.name == name)


def test_tasks_are_read(root: Path) -> None:
    tasks, problems = read_tasks(root)
    assert [task.name for task in tasks][:2] == ["biasedCoin", "language"]
    assert len(problems) == 1
    assert "broken.yaml: not valid YAML" in problems[0]
    tides = task_of(root, "tides")
    assert tides.description.splitlines()[1:3] == ["TIDES:", "Heights in metres, by the age of the moon."]
    assert task_of(root, "biasedCoin").description.endswith("An example: {braces}")


def test_a_folder_that_is_no_checkout(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"expected the folder configs/tasks.*git clone"):
        read_tasks(tmp_path)


def test_a_task_of_each_kind_that_cannot_run_says_why(root: Path) -> None:
    index = mlgym_index(root)
    assert [entry.id for entry in index.entries if entry.verified] == ["biasedCoin", "tides"]
    for name, words in {
        "onHub": "somebody/something is on the Hugging Face Hub",
        "noData": "data/none/data is missing",
        "noConfig": "nowhere.yaml: no such file",
        "unknownKind": "no kind of task called TelepathyTasks",
        "noEvaluator": "evaluate.py is not among its starter code",
        "network": "only networks can be kept apart that it gets from functions called get_model_ready",
        "language": "language: {files: [FOLDER/*.json, FOLDER/*.safetensors], …}",
        "noRow": "noRow: {metric: …, direction: higher}",
    }.items():
        assert words in index.reasons[name], index.reasons[name]


def test_a_task_whose_image_is_not_installed_waits_for_an_engine(root: Path) -> None:
    write_table(root.parent / "table.yaml", {"tides": "nowhere/none:1", "noData": "gpu"})
    index = mlgym_index(root)
    assert index.images == {"tides": "nowhere/none:1"}, "not one that cannot be run for another reason"
    assert "tides" not in index.reasons
    write_table(root.parent / "table.yaml", {"tides": "cpu"})
    assert mlgym_index(root).images == {}


def test_a_file_and_its_id_are_both_names(root: Path) -> None:
    assert mlgym_index(root).aliases["coin"] == "biasedCoin"
    path = root / "configs/tasks"
    (path / "coin2.yaml").write_text((path / "coin.yaml").read_text())
    names = [task.name for task in read_tasks(root)[0]]
    assert {"coin", "coin2"} <= set(names)
    assert "biasedCoin" not in names


def test_a_task_becomes_a_challenge(root: Path) -> None:
    folder = challenge_folder(task_of(root, "tides"), ROW)
    challenge = load_challenge(folder)
    assert challenge.verified
    assert (challenge.id, challenge.split, challenge.submission.path) == ("tides", "heldout", "submission.csv")
    assert challenge.baseline.mean == 0.6
    assert challenge.baseline.command == "python baseline.py"
    assert challenge.reference.score == 0.3
    assert challenge.provenance.content_hash == content_hash(challenge, folder)
    assert read_evaluation(folder / "grader").hidden == ["answers.csv"]
    assert sorted(path.name for path in (folder / "workspace").iterdir()) == ["baseline.py", "evaluate.py"]
    coin = challenge_folder(task_of(root, "biasedCoin"), COIN)
    assert load_challenge(coin).baseline.command == "true"
    assert load_challenge(coin).image == "cpu"
    with_jax = challenge_folder(task_of(root, "biasedCoin"), COIN.model_copy(update={"image": "jax"}))
    assert load_challenge(with_jax).image == "jax"
    assert load_challenge(with_jax).provenance.content_hash != load_challenge(coin).provenance.content_hash
    assert not (coin / "grader" / "strategy.py").exists()
    assert read_evaluation(coin / "grader").functions == ["guess"]


def test_a_changed_checkout_is_another_challenge(root: Path) -> None:
    first = challenge_folder(task_of(root, "biasedCoin"), COIN)
    assert challenge_folder(task_of(root, "biasedCoin"), COIN) == first
    (root / "data/coin/target.py").write_text("def call(history):\n    return 1\n")
    second = challenge_folder(task_of(root, "biasedCoin"), COIN)
    assert load_challenge(second).provenance.content_hash != load_challenge(first).provenance.content_hash


def test_which_module_is_handed_in(root: Path) -> None:
    task = task_of(root, "biasedCoin")
    assert submission_of(task, COIN) == HandedIn("strategy.py", ["guess"])
    assert submission_of(task, COIN.model_copy(update={"submission": "target.py"})) == HandedIn("target.py", ["call"])
    config = yaml.safe_load((root / "configs/tasks/coin.yaml").read_text()) | {"description": "Guess."}
    (root / "configs/tasks/coin.yaml").write_text(yaml.safe_dump(config))
    assert "not known which of strategy.py, target.py" in str(why_not(task_of(root, "biasedCoin"), COIN))


def test_no_baseline_for_what_counts(root: Path) -> None:
    with pytest.raises(SpecError, match=r"no baseline score for 'r2': baseline_scores has MAE"):
        challenge_folder(task_of(root, "tides"), Row(metric="r2", direction="higher"))


@pytest.mark.parametrize("text", ["[1]", "x: {metric: a}", "x: {metric: a, direction: up}", "x: [", "x: {metrics: a}"])
def test_a_wrong_table(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(SpecError, match=r"t\.yaml"):
        read_table(tmp_path / "t.yaml")


@pytest.mark.skipif("SYNTHGYM_MLGYM_ROOT" not in os.environ, reason="needs a checkout: SYNTHGYM_MLGYM_ROOT")
def test_mlgyms_own_checkout() -> None:
    index = mlgym_index(Path(os.environ["SYNTHGYM_MLGYM_ROOT"]))
    names = {entry.id for entry in index.entries}
    assert set(BENCHMARK) <= names
    assert not index.problems
    runnable = {entry.id for entry in index.entries if entry.verified}
    assert {"blotto", "battleOfSexes", "prisonersDilemma", "regressionKaggleHousePrice", "titanicSurvival"} <= runnable
    assert index.aliases["titanic"] == "titanicSurvival"
    assert names - runnable == set(index.reasons)
