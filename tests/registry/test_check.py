from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from challenges import write_game, write_table

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.check import check_collection
from synthgym.registry.collection import Collection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = Collection.create(tmp_path / "mine", namespace="mine", title="My challenges").path
    write_table(path, "line")
    write_game(path, "coins")
    return path


def edit(folder: Path, **changes: Any) -> None:
    """Changes fields of the spec; the stated hash goes with them, so that nothing but the change is wrong."""
    spec = folder / "challenge.yaml"
    data = yaml.safe_load(spec.read_text())
    for name, value in changes.items():
        first, _, second = name.partition("__")
        if second:
            data[first][second] = value
        else:
            data[first] = value
    data["provenance"]["content_hash"] = ""
    spec.write_text(yaml.safe_dump(data))


HUB = {"source": "huggingface", "path": "a/b", "revision": "0" * 40, "files": ["x.csv"]}


def found(folder: Path) -> str:
    problems = check_collection(folder)
    assert len(problems) == 1, problems
    return str(problems[0]).replace(f"{folder}/", "")


def test_what_is_right_has_no_problem(folder: Path) -> None:
    assert check_collection(folder) == []
    assert check_collection(folder / "line") == []
    for metric, columns in [("log_loss", ["p_a", "p_b"]), ("roc_auc", ["score"]), ("accuracy", ["label"])]:
        direction = "lower" if metric == "log_loss" else "higher"
        edit(folder / "line", metric__name=metric, metric__direction=direction, submission__columns=columns)
        assert check_collection(folder) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"metric__name": "rsme"}, "field 'metric.name': unknown metric 'rsme'; did you mean 'rmse'"),
        ({"metric__direction": "higher"}, "field 'metric.direction': expected 'lower' for rmse, got 'higher'"),
        ({"submission__columns": ["a", "b"]}, "field 'submission.columns': expected one column for rmse"),
        ({"submission__columns": [" y"]}, "field 'submission.columns': expected names without blanks around them"),
        ({"metric__name": "log_loss"}, "field 'submission.columns': expected one column for each class for log_loss"),
        ({"dataset": HUB | {"revision": "main"}}, "field 'dataset.revision': expected a commit of a/b"),
        ({"dataset": HUB | {"files": ["load.py"]}}, "field 'dataset.files': expected data files"),
        ({"dataset": HUB | {"files": ["a/x.csv", "b/x.csv"]}}, "field 'dataset.files': expected files with different"),
        ({"baseline__command": ""}, "field 'baseline.command': expected the command that runs the starter"),
        ({"baseline__command": "python tarin.py"}, "field 'baseline.command': 'tarin.py' is not in workspace/"),
        ({"baseline__command": "python 'train.py"}, "field 'baseline.command': not a shell command"),
        ({"spec_version": 99}, "field 'spec_version': this synthgym reads up to 1, got 99"),
        ({"titel": "x"}, "field 'titel': no such field"),
        ({"title": ""}, "field 'title': "),
    ],
)
def test_a_wrong_spec(folder: Path, changes: dict[str, Any], expected: str) -> None:
    edit(folder / "line", **changes)
    assert found(folder).startswith(f"line/challenge.yaml: {expected}")


def test_columns_once_each(folder: Path) -> None:
    edit(folder / "line", metric__name="brier", submission__columns=["a", "a"])
    assert "expected each name once" in found(folder)


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        (lambda c: (c / "line/grader/prepare.py").unlink(), "line/grader/prepare.py: missing"),
        (lambda c: (c / "coins/grader/evaluate.py").unlink(), "coins/grader/evaluate.py: missing"),
        (lambda c: (c / "coins/workspace/strategy.py").rename(c / "coins/workspace/other.py"), "coins/workspace/s"),
        (lambda c: (c / "line/workspace/data").mkdir(), "line/workspace/data: the name is taken"),
        (lambda c: (c / "line/grader/prepare.py").write_text("def"), "line/grader/prepare.py: not valid Python"),
        (lambda c: (c / "line/workspace/l").symlink_to("/etc/passwd"), "line/workspace/l: a link, to /etc/passwd"),
        (lambda c: (c / "line/workspace/l").symlink_to("../../coins/grader"), "line/workspace/l: a link, to ../../co"),
        (lambda c: (c / "line/workspace/l").symlink_to("train.py"), "line/workspace/l: a link, to train.py"),
        (lambda c: os.mkfifo(c / "line/workspace/f"), "line/workspace/f: neither a regular file nor a folder"),
        (lambda c: (c / "lost/workspace").mkdir(parents=True), "lost: has a challenge's folders but no challenge.yaml"),
        (lambda c: (c / "collection.yaml").write_text("title: x"), "collection.yaml: field 'namespace': required"),
    ],
)
def test_a_wrong_layout(folder: Path, break_it: Callable[[Path], object], expected: str) -> None:
    for name in ("line", "coins"):
        edit(folder / name)
    break_it(folder)
    assert found(folder).startswith(expected)


def test_an_empty_workspace(folder: Path) -> None:
    (folder / "line/workspace/train.py").unlink()
    edit(folder / "line", baseline__command="true")
    assert found(folder).startswith("line/workspace: missing or empty")


def test_a_changed_file_breaks_the_stated_hash(folder: Path) -> None:
    with (folder / "line/grader/prepare.py").open("a") as file:
        file.write("# changed\n")
    assert "the challenge is not the one that was verified" in found(folder)
    challenge = load_challenge(folder / "line")
    challenge.provenance.content_hash = content_hash(challenge, folder / "line")
    challenge.save(folder / "line")
    assert check_collection(folder) == []


def test_no_challenge_no_collection_no_folder(tmp_path: Path) -> None:
    path = Collection.create(tmp_path / "empty", namespace="empty", title="Empty").path
    assert found(path).endswith("holds no challenge: no folder with a challenge.yaml")
    for nothing in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SpecError, match=r"a collection is a folder with a collection.yaml"):
            check_collection(nothing)
