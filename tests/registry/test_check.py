from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from challenges import write_game, write_table

from synthgym.base.errors import SpecError, UserError
from synthgym.registry.challenge import Dataset, content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.host_limits import host_limit


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


HIGHER = {"metric__direction": "higher"}
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
        (
            {"metric__name": "accuracy", "metric__direction": "higher", "submission__columns": ["a", "b"]},
            "field 'submi",
        ),
        ({"metric__name": "roc_auc", "metric__direction": "higher", "submission__columns": ["a", "b"]}, "field 'submi"),
        ({"submission__columns": ["\x1b[2Jy"]}, "field 'submission.columns.0': expected one line without control"),
        ({"budget__command_cpu_seconds": 1e9}, "field 'budget.command_cpu_seconds': input should be less than or"),
        ({"budget__episode_cpu_seconds": float("inf")}, "field 'budget.episode_cpu_seconds': input should be a finite"),
        ({"budget__wall_factor": float("nan")}, "field 'budget.wall_factor': input should be a finite number"),
        ({"budget__command_cpu_seconds": 86400, "budget__wall_factor": 100}, "field 'budget': command_cpu_seconds × w"),
        ({"budget__steps": 10**12}, "field 'budget.steps': input should be less than or equal to"),
        ({"budget__memory_mb": -1}, "field 'budget.memory_mb': input should be greater than or equal to 32"),
        ({"budget__disk_mb": 1_000_000}, "field 'budget.disk_mb': this machine gives at most"),
        ({"noise": float("nan")}, "field 'noise': input should be a finite number"),
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
        (lambda c: (c / "line/grader/prepare.py").write_text("-" * 200_000 + "1"), "line/grader/prepare.py: not valid"),
        (lambda c: (c / "line/workspace/a\nb").write_text(""), "line/workspace/a b: a name of more than plain text"),
        (lambda c: (c / "line").rename(c.parent / "l") and (c / "line").symlink_to(c.parent / "l"), "line: a link, to"),
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


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reference__score": -0.1}, "field 'reference.score': no rmse is better than 0, got -0.1"),
        (
            {"reference__score": 0.99},
            "field 'reference.score': expected one that is better than the baseline 1 by more",
        ),
        ({"reference__score": 1.2}, "field 'reference.score': expected one that is better than the baseline 1 by m"),
        ({"noise": 5.0}, "field 'reference.score': expected one that is better than the baseline 1 by m"),
        ({"baseline__mean": 9.0}, "field 'baseline.mean': expected the mean of its scores, 1, got 9"),
    ],
)
def test_scores_that_cannot_have_been_measured(folder: Path, changes: dict[str, Any], expected: str) -> None:
    edit(folder / "line", **changes)
    assert check_collection(folder) == []  # nobody says that they were
    challenge = load_challenge(folder / "line")
    challenge.provenance.content_hash = content_hash(challenge, folder / "line")
    challenge.save(folder / "line")
    assert found(folder).startswith(f"line/challenge.yaml: {expected}")


def test_a_host_allows_what_its_owner_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGYM_MAX_MEMORY_MB", "500")
    assert len(check_collection(folder)) == 2
    monkeypatch.setenv("SYNTHGYM_MAX_MEMORY_MB", "512")
    assert check_collection(folder) == []
    monkeypatch.setenv("SYNTHGYM_MAX_MEMORY_MB", "much")
    with pytest.raises(UserError, match=r"SYNTHGYM_MAX_MEMORY_MB: expected a number.*'much'"):
        check_collection(folder)


def test_no_machine_gives_more_memory_than_it_has(folder: Path) -> None:
    """Disk is memory, too: a sandbox's is a file system there."""
    has = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    for field, largest in (("memory_mb", 64 << 10), ("disk_mb", 32 << 10)):
        assert host_limit(field) == min(max(has, 8 << 10), largest)
        edit(folder / "line", **{f"budget__{field}": int(host_limit(field)) + 1})
        assert f"field 'budget.{field}': this machine gives at most" in found(folder / "line")
        edit(folder / "line", **{f"budget__{field}": 512})


def test_commands_of_several_programs_are_left_to_verification(folder: Path) -> None:
    for command in ("mkdir -p out && cd out && python ../train.py", "echo 'print(1)' > a.py; python a.py"):
        edit(folder / "line", baseline__command=command)
        assert check_collection(folder) == []


def test_data_files_that_are_missing_or_listed_twice(folder: Path) -> None:
    (folder / "line/data").mkdir()
    data = {"source": "local", "path": "data", "licence": "CC0"}
    edit(folder / "line", dataset={**data, "files": ["a.csv", "b.csv"]})
    (folder / "line/data/a.csv").write_text("x")
    assert "data file 'b.csv' is not in" in found(folder)
    edit(folder / "line", dataset={**data, "files": ["a.csv", "a.csv"]})
    assert "expected each of its files once" in found(folder)
    edit(folder / "line", dataset={"source": "sklearn", "files": ["nothing.csv"], "licence": "BSD"})
    assert "data file 'nothing.csv' is not in" in found(folder)


@pytest.mark.parametrize("again", ["./big.csv", ".//big.csv", "deep/../big.csv"])
def test_no_data_is_hashed_twice(folder: Path, again: str) -> None:
    (folder / "line/data/deep").mkdir(parents=True)
    (folder / "line/data/big.csv").write_text("x")
    challenge = load_challenge(folder / "line")
    challenge.dataset = Dataset(source="local", path="data", files=["big.csv", again])
    with pytest.raises(SpecError, match=r"'big.csv' and '.*' are the same file"):
        content_hash(challenge, folder / "line")


def test_more_data_than_a_challenge_may_have_is_not_hashed(folder: Path) -> None:
    (folder / "line/data").mkdir()
    challenge = load_challenge(folder / "line")
    challenge.dataset = Dataset(source="local", path="data", files=["a.csv", "b.csv"])
    for name in challenge.dataset.files:
        with (folder / "line/data" / name).open("wb") as file:
            file.truncate(600 << 20)
    started = time.process_time()
    with pytest.raises(SpecError, match="expected at most 1024 MiB together"):
        content_hash(challenge, folder / "line")
    assert time.process_time() - started < 0.5


KIB = 1 << 10
PROGRAMS = {
    "large": ("a;" * (130 * KIB), "expected a program of at most 256 KiB, got 266,240 bytes"),
    "a long name": ("import " + "a." * (120 * KIB) + "b\n", "imports a name of 122,880 dots, expected at most 100"),
    "from a long name": ("from " + "a .\\\n" * (50 * KIB) + "b import c\n", "imports a name of 51,200 dots"),
    "after another": ("x = 1; import " + "a.\\\r\n" * (50 * KIB) + "b\n", "imports a name of 51,200 dots"),
    "fields": ("f'" + "{a}" * (80 * KIB) + "'", "holds 81,920 opening braces beside f-strings"),
    "nested": ("(" * 1000, "not valid Python"),
    "operators": ("-" * (250 * KIB) + "a", "nested too deep"),
    "a codec": ("# coding: punycode\n" + "a" * (200 * KIB), "expected UTF-8, got a program in 'punycode'"),
    "a codec that hides": ("# coding: utf-7\nimport " + "a+AC4-" * (40 * KIB) + "b\n", "expected UTF-8"),
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_programs_that_hold_up_their_reader_are_told_and_not_parsed(folder: Path, kind: str) -> None:
    program, said = PROGRAMS[kind]
    (folder / "line/grader/prepare.py").write_text(program)
    started = time.process_time()
    assert said in found(folder)
    assert time.process_time() - started < 2


def test_so_many_programs_are_read_and_no_more(folder: Path) -> None:
    for number in range(60):
        (folder / f"line/grader/x{number}.py").write_text("no program")
    assert "line/grader: expected at most 50 Python files in it, got 61" in found(folder)
    assert "x1.py" not in found(folder)


def test_large_programs_that_are_sound_have_no_problem(folder: Path) -> None:
    rows = "".join(f"    {{'name': 'row {number}', 'value': {number}.5}},\n" for number in range(4000))
    text = f"# from a.b.c... to d.e.f {'.' * 300}\nimport os.path\nTABLE = [\n{rows}]\nprint(f'{{os.name}}')\n"
    (folder / "line/grader/tables.py").write_text(text)
    assert "tables.py" not in found(folder)


def test_a_large_folder(folder: Path) -> None:
    with (folder / "line/workspace/big").open("wb") as file:
        file.truncate(2 << 30)
    assert "expected at most 10,000 files of 1024 MiB together, got 5 of 2048 MiB" in found(folder / "line")
