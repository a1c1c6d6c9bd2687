"""What of a task's data and models is in the Hub's cache, and the challenge that is made of it. Nothing plays here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from hub_server import HubServer
from mlgym_hub import TEST, TRAIN, download, new_name, stripes_files, write_hub_task

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import load_challenge
from synthgym.registry.hub.cache import cached
from synthgym.registry.mlgym.challenge import challenge_folder, read_evaluation
from synthgym.registry.mlgym.hub.data import hub_data
from synthgym.registry.mlgym.hub.models import hub_models
from synthgym.registry.mlgym.hub.names import loaded_by
from synthgym.registry.mlgym.needs import why_not
from synthgym.registry.mlgym.renewed import renewed
from synthgym.registry.mlgym.table import Row
from synthgym.registry.mlgym.tasks import Task, read_tasks

ROW = Row(metric="accuracy", direction="higher", optimum=1.0, answers={"test": ["label"]})
TEST_FILE = "test-00000-of-00001.parquet"


@pytest.fixture(scope="module")
def hub() -> Iterator[HubServer]:
    with HubServer() as running:
        yield running


@pytest.fixture(scope="module")
def repo(hub: HubServer) -> str:
    """A data set of pictures, in the cache."""
    name = new_name("stripes")
    hub.add(name, stripes_files())
    download(hub, name)
    return name


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "checkout"


def made(root: Path, repo_id: str, name: str = "stripes", **more: Any) -> Task:
    """A task of the checkout."""
    write_hub_task(root, name, repo_id, **more)
    return next(task for task in read_tasks(root)[0] if task.name == name)


def model_files(weights: bool = True) -> dict[str, bytes]:
    """A model's repository: what counts here is which of it is taken."""
    files = dict.fromkeys(("config.json", "vocab.txt", "pytorch_model.bin", "tf_model.h5", "onnx/model.onnx"), b"{}")
    return files | ({"model.safetensors": b"weights"} if weights else {})


# -- the cache --------------------------------------------------------------------------------------------------------


def test_the_cache_is_where_its_own_client_has_it() -> None:
    cases: list[dict[str, str]] = [
        {},
        {"HF_HOME": "~/hf"},
        {"HF_HUB_CACHE": "$HOME/hub"},
        {"HUGGINGFACE_HUB_CACHE": "/old"},
        {"HF_HUB_CACHE": "/new", "HUGGINGFACE_HUB_CACHE": "/old", "HF_HOME": "/home"},
        {"XDG_CACHE_HOME": "/xdg"},
        {"XDG_CACHE_HOME": "/xdg", "HF_HOME": "/home"},
    ]
    program = """
import importlib, json, os, sys
import huggingface_hub.constants
from synthgym.registry.hub.cache import cache_folder
for case in json.loads(sys.argv[1]):
    for name in ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME"):
        os.environ.pop(name, None)
    os.environ |= case
    print(cache_folder(), importlib.reload(huggingface_hub.constants).HF_HUB_CACHE)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program, json.dumps(cases)], capture_output=True, text=True, timeout=60, check=True
    )
    pairs = [line.split() for line in ran.stdout.splitlines()]
    assert len(pairs) == len(cases)
    assert all(ours == theirs for ours, theirs in pairs), pairs
    assert len({ours for ours, _ in pairs}) == len(cases)


def test_a_snapshot_is_what_the_client_downloaded(hub: HubServer, repo: str) -> None:
    snapshot = cached(repo, "dataset")
    assert snapshot is not None
    assert snapshot.files() == sorted(stripes_files())
    assert str(snapshot.folder) == download(hub, repo)
    assert cached(repo, "model") is None
    assert cached("../stripes", "dataset") is None
    assert cached(new_name("stripes"), "dataset") is None


def test_a_link_to_nothing_is_no_file(
    repo: str, hub: HubServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    download(hub, repo, cache_dir=tmp_path)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    snapshot = cached(repo, "dataset")
    assert snapshot is not None
    (snapshot.folder / "plain_text" / TEST_FILE).resolve().unlink()
    assert snapshot.files() == ["README.md", "plain_text/train-00000-of-00001.parquet"]


# -- names in source --------------------------------------------------------------------------------------------------


def test_names_in_source(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "broken.py").write_text("def :\n")
    (tmp_path / "notes.txt").write_text("load_dataset('never')\n")
    (tmp_path / "code" / "train.py").write_text("""
import datasets, transformers
from datasets import load_dataset
NAME: str = "a/in_constant"
def load(name="b/in_default", *, other="c/in_keyword"):
    load_dataset(name), load_dataset(path=other), load_dataset(NAME, split="train")
    datasets.load_dataset("d/as_attribute")
    load_dataset(compute()), load_dataset("csv", data_files="x.csv")
Tokenizer = transformers.BertTokenizer.from_pretrained("e/tokenizer")
AutoConfig.from_pretrained(pretrained_model_name_or_path="e/config")
model = transformers.AutoModel.from_pretrained("e/model", revision="main")
TrainingArguments(output_dir="saved_by_trainer")
path = "saved"
model.save_pretrained(path)
AutoModel.from_pretrained(path)
""")
    found = loaded_by([tmp_path / "code", tmp_path / "broken.py", tmp_path / "notes.txt"])
    assert found.datasets == {"a/in_constant", "b/in_default", "c/in_keyword", "d/as_attribute", "csv"}
    assert found.texts == {"e/tokenizer", "e/config"}
    assert found.models == {"e/model", "saved"}
    assert found.made == {"saved", "saved_by_trainer"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = TrainingArguments('é', logging_dir='x', b=1)\n", "a = TrainingArguments('é', b=1)\n"),
        (
            "TrainingArguments(\n    a=1,\n    logging_dir='x',\n    b=2,\n)\n",
            "TrainingArguments(\n    a=1,\n    b=2,\n)\n",
        ),
        ("TrainingArguments(logging_dir='x')\n", "TrainingArguments()\n"),
        (
            "TrainingArguments(logging_dir='x')\r\nprint('\x0c\u2028')\r\n",
            "TrainingArguments()\r\nprint('\x0c\u2028')\r\n",
        ),
        ("other(logging_dir='x')\n", "other(logging_dir='x')\n"),
        ("TrainingArguments(logging_dir=\n", "TrainingArguments(logging_dir=\n"),
    ],
)
def test_starters_are_given_without_what_is_no_longer_taken(before: str, after: str) -> None:
    assert renewed(before.encode()) == after.encode()


# -- data sets --------------------------------------------------------------------------------------------------------


def test_the_reason_before_it_is_downloaded(root: Path, hub: HubServer) -> None:
    name = new_name("stripes")
    hub.add(name, stripes_files("data/"))
    task = made(root, name)
    before = len(hub.requests)
    reason = why_not(task, ROW)
    assert reason == (
        f"its data set {name} is on the Hugging Face Hub, and not in this machine's cache of it; get it with: "
        f"hf download --repo-type dataset {name}"
    )
    with pytest.raises(SpecError, match="hf download --repo-type dataset"):
        challenge_folder(task, ROW)
    assert len(hub.requests) == before, "nothing was asked of the Hub"
    download(hub, name)
    assert why_not(task, ROW) is None


def test_without_answers_the_reason_says_what_to_write(root: Path, repo: str) -> None:
    reason = why_not(made(root, repo), ROW.model_copy(update={"answers": None}))
    assert "stripes: {answers: {test: [label]}, …}" in str(reason)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["data/train.csv", "data/test.csv"], "has no files SPLIT-00000-of-00001.parquet"),
        (["a/test-00000-of-00001.parquet", "b/test-00000-of-00001.parquet"], "more than one configuration: a, b"),
        (["train-00000-of-00001.parquet"], "no split 'test' in this machine's cache, only train"),
        (["test-00000-of-00002.parquet"], "split 'test' is not whole here"),
        (["test-00001-of-00001.parquet"], "split 'test' is not whole here"),
        (["test-00000-of-00001.parquet", "test-00001-of-00002.parquet"], "split 'test' is not whole here"),
    ],
)
def test_data_sets_that_cannot_be_used(root: Path, hub: HubServer, files: list[str], words: str) -> None:
    name = new_name("odd")
    hub.add(name, dict.fromkeys(files, b"x"))
    download(hub, name)
    assert words in str(why_not(made(root, name), ROW))


def test_a_data_set_that_is_too_large(root: Path, repo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = stripes_files()
    size = sum(len(data) * (3 if "test" in name else 1) for name, data in files.items() if "parquet" in name)
    monkeypatch.setattr("synthgym.registry.mlgym.hub.data.MOST_BYTES", size)
    assert why_not(made(root, repo), ROW) is None
    monkeypatch.setattr("synthgym.registry.mlgym.hub.data.MOST_BYTES", size - 1)
    assert "is too large: 0 MiB, the splits with answers counted three times" in str(why_not(made(root, repo), ROW))


def test_names_that_lead_elsewhere_and_two_places(root: Path, repo: str) -> None:
    assert "not the name of a repository" in str(why_not(made(root, "../../../etc"), ROW))
    assert "and so is something else in its workspace" in str(why_not(_with_starter(root, repo), ROW))
    write_hub_task(root, "two", repo)
    both = ["datasets/two.yaml", "datasets/two.yaml"]
    assert "more than one place" in str(why_not(made(root, repo, "two", dataset_configs=both), ROW))


def _with_starter(root: Path, repo: str) -> Task:
    """A task whose starter has a folder that is called as the data set's owner is."""
    owner = repo.split("/")[0]
    (root / "data/stripes" / owner).mkdir(parents=True)
    starter = [f"data/stripes/{owner}", "data/stripes/baseline.py", "data/stripes/evaluate.py"]
    return made(root, repo, starter_code=starter)


def test_a_challenge_of_a_data_set(root: Path, hub: HubServer, repo: str) -> None:
    short = repo.split("/")[1]
    baseline = f"from datasets import load_dataset\nload_dataset({short!r})\nload_dataset('some/other')\n"
    task = made(root, repo, baseline=baseline)
    folder = challenge_folder(task, ROW)
    challenge, snapshot = load_challenge(folder), cached(repo, "dataset")
    assert snapshot is not None
    data = challenge.dataset
    assert (data.source, data.path, data.revision) == ("huggingface", repo, snapshot.revision)
    assert data.files == [f"plain_text/{TEST_FILE}", "plain_text/train-00000-of-00001.parquet"]
    assert read_evaluation(folder / "grader").hidden == [TEST_FILE]
    for place in ("workspace", "grader"):
        cards = sorted(path.relative_to(folder / place).as_posix() for path in (folder / place).rglob("README.md"))
        assert cards == sorted([f"{short}/README.md", f"{repo}/README.md"])
        (config,) = yaml.safe_load((folder / place / repo / "README.md").read_text().split("---\n")[1])["configs"]
        assert config["config_name"] == "plain_text"
        assert {each["split"]: each["path"] for each in config["data_files"]} == {
            "test": "../../data/test-*-of-*.parquet",
            "train": "../../data/train-*-of-*.parquet",
        }
    assert "The answers of the split test (column label) are not in it" in challenge.description
    assert "is not here: some/other." in challenge.description
    assert not list(folder.rglob("*.parquet")), "copied from the cache when it is prepared, not before"


def test_another_commit_is_another_challenge(root: Path, hub: HubServer) -> None:
    name, files = new_name("stripes"), stripes_files()
    hub.add(name, files)
    download(hub, name)
    task = made(root, name)
    first = challenge_folder(task, ROW)
    hub.add(name, {**files, "README.md": b"another"})
    assert challenge_folder(task, ROW) == first, "the Hub may go on: what is in the cache counts"
    download(hub, name)
    second = challenge_folder(task, ROW)
    hashes = {load_challenge(folder).provenance.content_hash for folder in (first, second)}
    assert len(hashes) == 2


# -- prepare.py, which is ours, and the data too: no sandbox is needed -------------------------------------------------


def prepared(folder: Path, files: dict[str, bytes], place: Path) -> subprocess.CompletedProcess[str]:
    """Runs a challenge's `prepare.py` on files; it leaves `public` and `private` in `place`."""
    for name in ("source", "public", "private"):
        (place / name).mkdir(parents=True)
    for path, data in files.items():
        (place / "source" / Path(path).name).write_bytes(data)
    where = {name.upper(): str(place / name) for name in ("source", "public", "private")}
    program = [sys.executable, folder / "grader" / "prepare.py"]
    return subprocess.run(program, env={**os.environ, **where}, capture_output=True, text=True, timeout=60)


def test_answers_are_hidden_and_all_else_is_as_it_was(root: Path, repo: str, tmp_path: Path) -> None:
    files = stripes_files()
    folder = challenge_folder(made(root, repo), ROW)
    assert prepared(folder, files, tmp_path / "p").returncode == 0
    public, private = tmp_path / "p/public", tmp_path / "p/private"
    train = "train-00000-of-00001.parquet"
    assert (public / train).read_bytes() == files[f"plain_text/{train}"], "the other splits are as they were"
    assert (private / TEST_FILE).read_bytes() == files[f"plain_text/{TEST_FILE}"]
    before, after = pq.read_table(private / TEST_FILE), pq.read_table(public / TEST_FILE)
    assert after.schema.equals(before.schema)
    assert after.schema.metadata == before.schema.metadata, "what the columns are, for load_dataset"
    assert after["label"].to_pylist() == [0] * TEST
    assert after["label_text"].to_pylist() == [""] * TEST, "tells the same in other words"
    for column in ("number", "taken_by"):
        assert after[column].equals(before[column])
    pictures = after["img"].to_pylist()
    assert [each["bytes"] for each in pictures] == [each["bytes"] for each in before["img"].to_pylist()]
    assert {each["path"] for each in pictures} == {None}, "a path named the class"
    assert b".bmp" not in (public / TEST_FILE).read_bytes(), "nor is it left in the file"


def test_two_halves_by_lot(root: Path, repo: str, tmp_path: Path) -> None:
    folder = challenge_folder(made(root, repo), ROW)
    rows = []
    for place in ("first", "second"):
        assert prepared(folder, stripes_files(), tmp_path / place).returncode == 0
        halves = tmp_path / place / "private/halves"
        rows.append(json.loads((halves / "rows.json").read_text()))
    assert rows[0] == rows[1], "the same on every machine"
    assert sorted(rows[0]["validate"] + rows[0]["final"]) == list(range(TEST))
    assert rows[0]["validate"] != list(range(TEST // 2))
    whole = pq.read_table(tmp_path / "first/private" / TEST_FILE)
    for phase in ("validate", "final"):
        half = pq.read_table(halves / phase / TEST_FILE)
        assert half.equals(whole.take(rows[0][phase]))
        assert half["number"].to_pylist() == rows[0][phase]


def test_a_split_of_several_files(root: Path, hub: HubServer, tmp_path: Path) -> None:
    from mlgym_hub import stripes

    name = new_name("stripes")
    files = {f"data/test-{i:05}-of-00003.parquet": stripes(80 + i, i) for i in range(3)}
    hub.add(name, files)
    download(hub, name)
    folder = challenge_folder(made(root, name), ROW)
    assert prepared(folder, files, tmp_path / "p").returncode == 0
    halves = tmp_path / "p/private/halves"
    rows = json.loads((halves / "rows.json").read_text())
    assert sorted(rows["validate"] + rows["final"]) == list(range(243))
    half = [pq.read_table(halves / "final" / Path(file).name)["number"].to_pylist() for file in files]
    begins = [0, 80, 161]
    assert [n + begin for part, begin in zip(half, begins, strict=True) for n in part] == rows["final"]


def test_a_column_that_is_not_there_or_cannot_be_hidden(root: Path, repo: str, tmp_path: Path) -> None:
    for column, words in {"lable": "no column 'lable', only img, label,", "img": "which cannot be hidden"}.items():
        folder = challenge_folder(made(root, repo), ROW.model_copy(update={"answers": {"test": [column]}}))
        ran = prepared(folder, stripes_files(), tmp_path / column)
        assert ran.returncode != 0
        assert words in ran.stderr


def test_numbers_by_row_are_no_answers_in_other_words(root: Path, hub: HubServer, tmp_path: Path) -> None:
    """Where every answer is another, a number for each row would be one name for each class."""
    import io

    from datasets import Dataset

    file = io.BytesIO()
    columns = {
        "height": [i / 7 for i in range(300)],
        "row": list(range(300)),
        "metres": [f"{i / 7:.20f}" for i in range(300)],
    }
    Dataset.from_dict(columns).to_parquet(file)
    name = new_name("heights")
    files = {TEST_FILE: file.getvalue()}
    hub.add(name, files)
    download(hub, name)
    folder = challenge_folder(made(root, name), ROW.model_copy(update={"answers": {"test": ["height"]}}))
    assert prepared(folder, files, tmp_path / "p").returncode == 0
    after = pq.read_table(tmp_path / "p/public" / TEST_FILE)
    assert after["height"].to_pylist() == [0.0] * 300
    assert after["row"].to_pylist() == list(range(300))
    assert after["metres"].to_pylist() == [""] * 300, "the same, as text, with other digits"


def test_datasets_reads_the_agents_folder_as_the_hubs(
    root: Path, repo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On this machine, by the same `datasets` that sandboxes have; what is in the sandbox, tests/envs asks."""
    from datasets import load_dataset

    folder = challenge_folder(made(root, repo), ROW)
    assert prepared(folder, stripes_files(), tmp_path / "p").returncode == 0
    workspace = tmp_path / "workspace"
    (workspace / repo).mkdir(parents=True)
    (workspace / repo / "README.md").write_bytes((folder / "workspace" / repo / "README.md").read_bytes())
    (tmp_path / "p/public").rename(workspace / "data")
    monkeypatch.chdir(workspace)
    for arguments in ((repo,), (repo, "plain_text")):
        found = load_dataset(*arguments, cache_dir=str(tmp_path / "arrow"))
        assert {name: len(split) for name, split in found.items()} == {"train": TRAIN, "test": TEST}
    assert found["test"].features["label"].names == ["across", "down", "plain"]
    assert found["test"][3]["img"].size == (8, 8)
    assert set(found["test"]["label"]) == {0}
    assert set(found["train"]["label"]) == {0, 1, 2}


# -- models -----------------------------------------------------------------------------------------------------------

LOADS = "AutoTokenizer.from_pretrained({0!r})\nBertModel.from_pretrained({0!r})\n"
READS = "import json\nAutoTokenizer.from_pretrained({0!r})\nprint(json.dumps({{}}))\n"


def test_a_model_that_the_code_names(root: Path, hub: HubServer, repo: str) -> None:
    """By its old name, without an owner: the Hub has it under its owner's."""
    short = f"bert-{uuid.uuid4().hex[:8]}"
    task = made(root, repo, baseline=LOADS.format(short), evaluate=READS.format(short))
    reason = str(why_not(task, ROW))
    assert f"get it with: hf download google-bert/{short};" in reason
    assert "{models: [], …}" in reason
    hub.add(f"google-bert/{short}", model_files())
    download(hub, f"google-bert/{short}", "model")
    assert why_not(task, ROW) is None
    folder = challenge_folder(task, ROW)
    assert _names(folder / "workspace" / short) == ["config.json", "model.safetensors", "vocab.txt"]
    assert _names(folder / "grader" / short) == ["config.json", "vocab.txt"], "its evaluator loads the tokenizer only"
    assert not (folder / "workspace" / short / "model.safetensors").is_symlink()
    assert (load_challenge(folder).budget.memory_mb, load_challenge(folder).budget.disk_mb) == (8192, 4096)


def test_an_evaluator_that_loads_the_whole_model(root: Path, hub: HubServer, repo: str) -> None:
    name = new_name("model")
    hub.add(name, model_files())
    download(hub, name, "model")
    folder = challenge_folder(made(root, repo, evaluate=LOADS.format(name)), ROW)
    assert "model.safetensors" in _names(folder / "grader" / name)


def test_a_model_without_weights(root: Path, hub: HubServer, repo: str) -> None:
    name = new_name("model")
    hub.add(name, model_files(weights=False))
    download(hub, name, "model")
    assert "has no weights as safetensors" in str(why_not(made(root, repo, baseline=LOADS.format(name)), ROW))
    task = made(root, repo, baseline=READS.format(name))
    assert why_not(task, ROW) is None, "a tokenizer needs none"
    assert _names(challenge_folder(task, ROW) / "workspace" / name) == ["config.json", "vocab.txt"]


def test_models_by_the_table(root: Path, hub: HubServer, repo: str) -> None:
    name = new_name("model")
    task = made(root, repo, baseline=LOADS.format(name))
    assert hub_models(task, ROW.model_copy(update={"models": []})) == []
    plain = made(root, repo)
    assert hub_models(plain, ROW) == []
    with pytest.raises(SpecError, match="and so is something else in its workspace"):
        hub_models(plain, ROW.model_copy(update={"models": ["baseline.py"]}))
    with pytest.raises(SpecError, match=f"hf download {name}$"):
        hub_models(plain, ROW.model_copy(update={"models": [name]}))


def test_folders_that_are_no_models_of_the_hubs(root: Path, repo: str) -> None:
    code = "AutoModel.from_pretrained('saved')\nAutoModel.from_pretrained('./here')\nmodel.save_pretrained('saved')\n"
    task = made(root, repo, baseline=code)
    assert hub_models(task, ROW) == []
    assert hub_data(task, ROW) is not None


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
