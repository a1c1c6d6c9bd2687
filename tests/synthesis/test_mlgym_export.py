"""An exported task scores as the challenge's grader does, and a tree gives its collection back."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import challenges
import numpy as np
import pytest
import yaml
from mlgym_trees import LABELS, evaluate, tree, write_scored_by
from shipped import shipped

from synthgym.base.errors import BadSubmission, GraderError, OutputFolderError, UnknownNameError, UserError
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.graders import open_grader
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import SHIPPED
from synthgym.registry.metrics import METRICS
from synthgym.registry.mlgym.exported_format import COLLECTION_FOLDER, LIST_FILE
from synthgym.synthesis.mlgym.export import export_mlgym


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table for every metric, the line, the game, and one that nobody verified."""
    path = Collection.create(tmp_path_factory.mktemp("made") / "toys", "toys", "Toys").path
    for metric in METRICS:
        write_scored_by(path, metric, "answers/out.csv" if metric == "mae" else "submission.csv")
    (path / "mae/workspace/answers").mkdir()
    (path / "mae/workspace/answers/README").write_text("Answers go here.\n")
    restate(path / "mae")
    challenges.write_table(path, "line")
    challenges.write_game(path, "coins")
    challenges.write_table(path, "unmeasured", verified=False)
    return path


@pytest.fixture(scope="module")
def exported(collection: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its export."""
    out = tmp_path_factory.mktemp("exported") / "tree"
    done = export_mlgym(collection, out)
    assert set(done.tasks) == {path.parent.name for path in collection.glob("*/challenge.yaml")} - {"unmeasured"}
    assert done.left_out == {"unmeasured": "not verified; run: synthgym verify"}
    return out


def restate(folder: Path) -> None:
    """States the content hash that a challenge has now."""
    challenge = load_challenge(folder)
    challenge.provenance.content_hash = content_hash(challenge, folder)
    challenge.save(folder)


def laid_out(exported: Path, task: str, target: Path) -> Path:
    """A workspace with what the task names as its starter, and its data."""
    config = yaml.safe_load((exported / "configs/tasks" / f"{task}.yaml").read_text())
    target.mkdir(parents=True)
    data = exported / "data" / task / "data"
    if "dataset_configs" in config:
        shutil.copytree(data, target / "data")
    for each in config["starter_code"]:
        source = exported / each
        if source.is_dir():
            shutil.copytree(source, target / source.name)
        else:
            shutil.copy(source, target / source.name)
    return target


def graded(grader: FileGrader | ModuleGrader, submission: bytes) -> tuple[int, object]:
    """What our grader says, in the form in which an exported one says it."""
    try:
        return 0, grader.grade(submission, "final").value
    except BadSubmission as error:
        return 1, str(error)


def grader_of(collection: Path, name: str) -> FileGrader | ModuleGrader:
    challenge = load_challenge(collection / name)
    return open_grader(challenge, prepare(challenge, collection / name), "auto")


def submissions(grader: FileGrader, labels: bytes) -> dict[str, bytes]:
    """The labels, others, and what is no submission."""
    header, columns = labels.split(b"\r\n")[0].decode(), grader.challenge.submission.columns
    rng = np.random.default_rng(0)
    quoted = ['"' + name.replace('"', '""') + '"' for name in LABELS]

    def table(rows: int = grader.rows) -> bytes:
        if grader.metric.kind == "label":
            cells = [[quoted[k]] for k in rng.integers(3, size=rows)]
        elif len(columns) > 1:
            cells = [[repr(p) for p in row] for row in rng.dirichlet([1] * len(columns), size=rows)]
        else:
            cells = [[repr(value)] for value in rng.normal(3, 2, size=rows)]
        return "\n".join([header, *(",".join(row) for row in cells), ""]).encode()

    good = table()
    return {
        "the labels": labels,
        "random": good,
        "with a mark in front": b"\xef\xbb\xbf" + table(),
        "short": table(grader.rows - 1),
        "renamed": good.replace(columns[0].encode(), b"z", 1),
        "of another kind": good.replace(good.split(b"\n")[1], b",".join([b"nan"] * len(columns))),
    }


@pytest.mark.sample(2)
@pytest.mark.parametrize("metric", METRICS)
def test_a_table_scores_as_with_us(collection: Path, exported: Path, tmp_path: Path, metric: str) -> None:
    name = metric.replace("_", "-")
    grader = grader_of(collection, name)
    assert isinstance(grader, FileGrader)
    workspace = laid_out(exported, f"toys-{name}-v0", tmp_path / "workspace")
    path = grader.challenge.submission.path
    labels = (prepare(grader.challenge, collection / name).private / "labels.csv").read_bytes()
    seen = set()
    for what, submission in submissions(grader, labels).items():
        (workspace / "submission.csv").write_bytes(submission)
        code, said = evaluate(workspace, "--submission_file", workspace / "submission.csv")
        expected = graded(grader, submission)
        seen.add(expected[0])
        if code == 0:
            assert (code, json.loads(said)) == (0, {metric: expected[1]}), what
        else:
            assert (code, said.strip()) == (expected[0], str(expected[1]).replace(path, "submission.csv")), what
    assert seen == {0, 1}


@pytest.mark.sample(5)
@pytest.mark.parametrize(
    "module",
    [
        b"def choose(mine, theirs):\n    return 'heads'\n",
        b"import random\ndef choose(mine, theirs):\n    return random.choice(['heads', 'tails'])\n",
        b"print('{\"share_right\": 9}', flush=True)\ndef choose(mine, theirs):\n    print(9)\n    return 'tails'\n",
        b"def choose(mine, theirs):\n    return 'edge'\n",
        b"def choose(mine, theirs):\n    return {}\n",
        b"def choose(mine, theirs):\n    raise ValueError('no idea')\n",
        b"def choose(mine, theirs):\n    import os\n    print('{\"share_right\": 9}')\n    os._exit(0)\n",
        b"import run_baseline\ndef choose(mine, theirs):\n    return 'heads'\n",
        b"def other():\n    pass\n",
    ],
)
def test_a_module_scores_as_with_us(collection: Path, exported: Path, tmp_path: Path, module: bytes) -> None:
    grader = grader_of(collection, "coins")
    workspace = laid_out(exported, "toys-coins-v0", tmp_path / "workspace")
    (workspace / "run_baseline.py").write_text("")  # a module is scored without what lies beside it
    (workspace / "strategy.py").write_bytes(module)
    code, said = evaluate(workspace)
    expected = graded(grader, module)
    if code == 0:
        assert (0, json.loads(said)) == (0, {"share_right": expected[1]})
    else:
        assert (code, said.strip()) == expected


def test_what_is_too_large_or_missing(exported: Path, tmp_path: Path) -> None:
    workspace = laid_out(exported, "toys-line-v0", tmp_path / "line")
    missing = workspace / "submission.csv"
    assert evaluate(workspace, "--submission_file", missing) == (1, "no file 'submission.csv' in the workspace\n")
    missing.write_bytes(b"y\n" + b"0" * 10_000_000)
    assert "larger than the 10000000 bytes" in evaluate(workspace, "--submission_file", missing)[1]
    workspace = laid_out(exported, "toys-coins-v0", tmp_path / "coins")
    (workspace / "strategy.py").unlink()
    assert evaluate(workspace) == (1, "no file 'strategy.py' in the workspace\n")


def test_a_scorer_that_fails_gives_no_score(exported: Path, tmp_path: Path) -> None:
    workspace = laid_out(exported, "toys-coins-v0", tmp_path / "workspace")
    (workspace / "evaluation/evaluate.py").write_text("raise RuntimeError('scorer broke')\n")
    code, said = evaluate(workspace)
    assert code == 1
    assert said.startswith("the scorer gave no score: ")
    assert "scorer broke" in said


SHIPPED_IDS = ["digits-accuracy-d92a", "cells-roc-auc-7642", "auction-game-098e"]


@pytest.mark.parametrize("name", SHIPPED_IDS)
def test_shipped_challenges_score_their_starters_as_with_us(tmp_path: Path, name: str) -> None:
    out = tmp_path / "tree"
    task = export_mlgym(SHIPPED, out, name).tasks[name]
    workspace = laid_out(out, task, tmp_path / "workspace")
    grader = grader_of(shipped(name).parent, name)
    challenge = grader.challenge
    config = yaml.safe_load((out / "configs/tasks" / f"{task}.yaml").read_text())
    if challenge.submission.kind == "file":
        run(workspace, config["baseline_paths"][0])
        code, said = evaluate(workspace, "--submission_file", workspace / "submission.csv")
    else:
        code, said = evaluate(workspace)
    submission = (workspace / challenge.submission.path).read_bytes()
    assert (code, json.loads(said)) == (0, {challenge.metric.name: graded(grader, submission)[1]})
    assert json.loads(said)[challenge.metric.name] == pytest.approx(challenge.baseline.scores[0])
    assert config["baseline_scores"] == [{challenge.metric.name: challenge.baseline.final}]


def run(workspace: Path, script: str) -> None:
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    subprocess.run([sys.executable, script], cwd=workspace, env=environment, check=True, timeout=100)


def test_samples_and_baselines_are_submissions(collection: Path, exported: Path, tmp_path: Path) -> None:
    for name in ("accuracy", "brier", "mae"):
        grader = grader_of(collection, name)
        assert isinstance(grader, FileGrader)
        sample = (exported / "data" / f"toys-{name}-v0" / "sample_submission.csv").read_bytes()
        workspace = laid_out(exported, f"toys-{name}-v0", tmp_path / name)
        assert not (workspace / "sample_submission.csv").exists()
        run(workspace, "run_baseline.py" if name == "mae" else "start.py")
        left = (workspace / "submission.csv").read_bytes()
        assert np.isfinite([grader.grade(data, "final").value for data in (sample, left)]).all()


def test_the_files_of_a_tree(exported: Path) -> None:
    assert {path.name for path in exported.iterdir()} == {"README.md", "configs", "data", "synthgym"}
    assert "is not sealed" in (exported / "README.md").read_text()
    assert "- unmeasured: not verified" in (exported / "README.md").read_text()
    config = yaml.safe_load((exported / "configs/tasks/toys-mae-v0.yaml").read_text())
    assert config["description"].format(dataset_docs="DOCS").splitlines() == [
        "Guess {y}; write it to answers/out.csv.",
        "Two lines.",
        "",
        "The score is mae, lower is better. The starter scores 0.25.",
        "Submission: submission.csv, a CSV file with the header y. No other name counts here: where answers/out.csv "
        "is spoken of or written, copy it (cp answers/out.csv submission.csv) before you validate or submit.",
        "",
        "DOCS",
    ]
    assert sorted(config["starter_code"]) == [
        f"data/toys-mae-v0/{name}" for name in ("answers", "evaluate.py", "evaluation", "run_baseline.py", "start.py")
    ]
    assert config["secret_files"] == ["evaluation"]
    listed = json.loads((exported / "synthgym/mlgym.json").read_text())
    assert {task["challenge"]: task["direction"] for task in listed["tasks"]}["mae"] == "lower"
    game = yaml.safe_load((exported / "configs/tasks/toys-coins-v0.yaml").read_text())
    assert game["task_entrypoint"] == "PythonSubmissionTasks"
    assert not {"baseline_paths", "dataset_configs", "sample_submission"} & set(game)


def test_only_the_final_half_goes_along(collection: Path, exported: Path) -> None:
    grader = grader_of(collection, "line")
    assert isinstance(grader, FileGrader)
    secret = exported / "data/toys-line-v0/evaluation"
    rows = [int(line) for line in (secret / "rows.csv").read_text().split()]
    assert rows == grader.halves["final"].tolist()
    labels = [float(line) for line in (secret / "labels.csv").read_text().splitlines()[1:]]
    assert labels == grader.truth[rows].tolist()


def test_again_in_two_processes_the_same_bytes(collection: Path, exported: Path, tmp_path: Path) -> None:
    export_mlgym(collection, tmp_path / "again", jobs=2)
    assert tree(tmp_path / "again") == tree(exported)


def test_names_that_a_starter_has_itself(tmp_path: Path) -> None:
    path = Collection.create(tmp_path / "toys", "toys", "Toys").path
    folder = challenges.write_table(path)
    own = {name: f"the starter's own {name}\n" for name in ("evaluate.py", "sample_submission.csv", "run_baseline.py")}
    for name, text in own.items():
        (folder / "workspace" / name).write_text(text)
    (folder / "workspace/evaluation").mkdir()
    (folder / "workspace/evaluation/labels.csv").write_text("no labels\n")
    restate(folder)
    task = export_mlgym(path, tmp_path / "out").tasks["line"]
    workspace = laid_out(tmp_path / "out", task, tmp_path / "workspace")
    config = yaml.safe_load((tmp_path / "out/configs/tasks" / f"{task}.yaml").read_text())
    assert config["evaluation_paths"] == ["mlgym_evaluate.py"]
    assert config["sample_submission"] == f"data/{task}/mlgym_sample_submission.csv"
    assert (workspace / "evaluation/labels.csv").read_text() == "no labels\n"
    assert {name: (workspace / name).read_text() for name in own} == own
    run(workspace, config["baseline_paths"][0])
    (workspace / "mlgym_evaluate.py").rename(workspace / "evaluate.py")
    code, said = evaluate(workspace, "--submission_file", workspace / "submission.csv")
    assert (code, list(json.loads(said))) == (0, ["rmse"])


def test_what_is_no_task(collection: Path, tmp_path: Path) -> None:
    path = shutil.copytree(collection, tmp_path / "toys", ignore=shutil.ignore_patterns("[a-km-z]*-*", "r2", "m*"))
    with (path / "line/grader/prepare.py").open("a") as file:
        file.write("# changed\n")
    done = export_mlgym(path, tmp_path / "out", "*n*")
    assert set(done.tasks) == {"coins"} | set(done.tasks) - {"line", "unmeasured"}
    assert done.left_out["line"].startswith("challenge.yaml: field 'provenance.content_hash': the challenge is not")
    with pytest.raises(UserError, match="no challenge that can be exported\nunmeasured: not verified"):
        export_mlgym(path, tmp_path / "none", "unmeasured")
    with pytest.raises(UnknownNameError, match="unknown challenge 'lime'; did you mean 'line'"):
        export_mlgym(path, tmp_path / "none", "lime")
    with pytest.raises(OutputFolderError, match="is not empty"):
        export_mlgym(path, tmp_path / "out", "coins")
    assert not (tmp_path / "none").exists()


def test_a_prepare_that_fails_leaves_no_tree(tmp_path: Path) -> None:
    path = Collection.create(tmp_path / "toys", "toys", "Toys").path
    folder = challenges.write_table(path)
    (folder / "grader/prepare.py").write_text("raise SystemExit('no data')\n")
    restate(folder)
    with pytest.raises(GraderError, match=r"line: prepare.py failed"):
        export_mlgym(path, tmp_path / "out")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["toys"]


def test_the_tree_holds_the_collection(collection: Path, exported: Path) -> None:
    """As it was, but for what is no task: checked, registered and played as any other."""
    own = exported / COLLECTION_FOLDER
    expected = {name: data for name, data in tree(collection).items() if not name.startswith("unmeasured/")}
    assert {name: data for name, data in tree(own).items() if name != LIST_FILE} == expected
    assert [str(problem) for problem in check_collection(own) if problem.check != "scores"] == []
    for name in (read := Collection.load(own)).ids():
        before = load_challenge(collection / name)
        assert read.get(name) == before
        assert content_hash(read.get(name), read.folder(name)) == content_hash(before, collection / name)


def test_the_tree_holds_an_index_where_there_was_one(tmp_path: Path) -> None:
    path = Collection.create(tmp_path / "shipped", "synthgym", "Some that are shipped").path
    for name in SHIPPED_IDS:
        shutil.copytree(shipped(name), path / name, ignore=shutil.ignore_patterns("__pycache__"))
    Collection.load(path).reindex()
    own = export_mlgym(path, tmp_path / "out").path / COLLECTION_FOLDER
    assert {name: data for name, data in tree(own).items() if name != LIST_FILE} == tree(path)
