"""Links and pipes in folders that a stranger filled: nothing is written, read out or shared through them.

Each leads to a file of the user's, who then verifies, shares, plays or trains in that folder.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from challenges import table_spec, write_table
from cli_tools import command
from hub_server import HubServer, hub
from mlgym_checkout import write_checkout

from synthgym.agents.trajectories.episode_journal import EpisodeJournal
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import FileError, OutputFolderError, SpecError, SynthgymError, UserError
from synthgym.base.files.journal import Journal
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import whole_file, write_whole
from synthgym.base.files.run_folder import claim, held
from synthgym.envs.measuring.measured import Measurement, note_of, remember
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import Dataset, content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import read_index, write_index
from synthgym.registry.collections.known import add_collection
from synthgym.registry.hub.collections import pull, push
from synthgym.registry.mlgym.challenge import challenge_folder
from synthgym.registry.mlgym.table import Row
from synthgym.registry.mlgym.tasks import read_tasks
from synthgym.registry.sealing import SEAL_FILE, hashed_files, seal
from synthgym.synthesis.language.data.folder import data_sets
from synthgym.synthesis.ledger import read_ledger, write_ledger
from synthgym.train.evaluation.aup import read_solvers
from synthgym.train.evaluation.mlgym.run_folders import find_runs
from synthgym.train.evaluation.report import write_report
from synthgym.train.rl.metrics import MetricsFile

__all__ = ["hub"]

PRIVATE = "only-the-users-own: VERY-PRIVATE\n"
RUN = {"command": "rollout", "agent": "seeded", "seed": 0}


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Path]:
    """A file of the user's, which stays what it is."""
    home = tmp_path / "home"
    home.mkdir()
    file = home / "private"
    file.write_text(PRIVATE)
    yield file
    assert file.read_text() == PRIVATE
    assert [path.name for path in home.iterdir()] == ["private"]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A stranger's."""
    path = Collection.create(tmp_path / "theirs", namespace="theirs", title="Theirs").path
    challenge = write_table(path, "line")
    seal(challenge)
    spec = load_challenge(challenge)
    spec.provenance.content_hash = content_hash(spec, challenge)
    spec.save(challenge)
    return path


LEADS: dict[str, Callable[[Path, Path], None]] = {
    "a link": lambda path, private: path.symlink_to(private),
    "a link to nothing": lambda path, private: path.symlink_to(private.with_name("new")),
    "a pipe": lambda path, private: os.mkfifo(path),
    "a link to a pipe": lambda path, private: (
        os.mkfifo(pipe := path.with_name("pipe" + uuid.uuid4().hex)),
        path.symlink_to(pipe),
    )[1],
}


def lead(how: str, path: Path, private: Path) -> None:
    """Puts something else in the place of a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    LEADS[how](path, private)


def assert_nothing_shared(hub: HubServer) -> None:
    with pytest.raises(KeyError):
        hub.files("mine/toys")


# -- whole files ------------------------------------------------------------------------------------------------------

WHOLE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a ledger": ("ledger.jsonl", lambda path: write_ledger(path, [])),
    "an index": ("index.json", write_index),
    "a spec": ("line/challenge.yaml", lambda path: table_spec().save(path / "line")),
    "a seal": (f"line/grader/{SEAL_FILE}", lambda path: seal(path / "line")),
    "a marker": ("run.json", lambda path: write_whole(path / "run.json", "{}")),
}


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.parametrize("what", WHOLE)
def test_a_file_is_written_in_its_place(collection: Path, private: Path, what: str, how: str) -> None:
    name, write = WHOLE[what]
    lead(how, collection / name, private)
    guessed = (collection / name).with_name(f".{Path(name).name}.new")  # what it might be written as before
    lead(how, guessed, private)
    lead(how, guessed.with_suffix(f".{os.getpid()}.new"), private)
    write(collection)
    found = (collection / name).lstat()
    assert (collection / name).is_file()
    assert not (collection / name).is_symlink()
    assert found.st_nlink == 1


def test_what_is_written_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a", "x")
        with whole_file(tmp_path / "b") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in "ab"] == [0o640, 0o640]
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_what_was_measured_is_noted_in_its_place(private: Path) -> None:
    key = uuid.uuid4().hex
    note = note_of(key, "0")
    lead("a link", note, private)
    lead("a link", note.with_name(f".{note.name}.{os.getpid()}.new"), private)
    remember(key, "0", Measurement([1.0], 0.1))
    assert not note.is_symlink()


# -- collections ------------------------------------------------------------------------------------------------------

BESIDE = ("ledger.jsonl", ".ledger.jsonl.new", "index.json", ".index.json.1.new", ".lock", ".journal.jsonl", "notes")


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.parametrize("name", BESIDE)
def test_a_collection_is_checked_for_what_leads_elsewhere(
    collection: Path, private: Path, hub: HubServer, monkeypatch: pytest.MonkeyPatch, name: str, how: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.key)
    lead(how, collection / name, private)
    (found, *_) = [problem for problem in check_collection(collection) if problem.path == collection / name]
    assert found.what.startswith(("a link, to", "neither a regular file"))
    with pytest.raises(SpecError, match=r"a link, to|neither a regular file"):
        push(collection, "mine/toys")
    assert_nothing_shared(hub)


@pytest.mark.parametrize(("name", "how"), [(".ledger.jsonl.new", "a link"), (".ledger.jsonl.new", "a pipe")])
def test_verify_writes_nothing_beside_what_leads_elsewhere(
    collection: Path, private: Path, name: str, how: str
) -> None:
    lead(how, collection / name, private)
    done = subprocess.run(command("verify", collection), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2, done.stderr
    assert str(collection / name) in done.stderr
    assert not (collection / "ledger.jsonl").exists()


def test_what_is_called_a_ledger_is_one_or_is_not_shared(
    collection: Path, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.key)
    for text in ("VERY-PRIVATE\n", '{"token": "VERY-PRIVATE"}\n'):
        (collection / "ledger.jsonl").write_text(text)
        with pytest.raises(UserError, match="line 1: expected an entry of a ledger"):
            push(collection, "mine/toys")
    assert_nothing_shared(hub)
    write_ledger(collection, [])
    push(collection, "mine/toys")
    assert b"VERY-PRIVATE" not in b"".join(hub.files("mine/toys").values())
    assert (pull("mine/toys", collection.parent / "pulled") / "ledger.jsonl").is_file()


@pytest.mark.parametrize("path", ["{home}", "..", "../../home", "data/../../../home", "/"])
def test_data_of_another_place_is_told_and_not_shared(
    collection: Path, private: Path, hub: HubServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", hub.key)
    folder = collection / "line"
    spec = load_challenge(folder)
    spec.dataset = Dataset(source="local", path=path.format(home=private.parent), files=["private"])
    spec.provenance.content_hash = content_hash(spec, folder)
    spec.save(folder)
    assert any("expected a folder inside the challenge's" in problem.what for problem in check_collection(collection))
    with pytest.raises(SpecError, match="expected a folder inside"):
        push(collection, "mine/toys")
    assert_nothing_shared(hub)


@pytest.mark.parametrize("name", ["line/challenge.yaml", "collection.yaml", "index.json", "ledger.jsonl"])
@pytest.mark.parametrize("how", LEADS)
def test_nothing_is_quoted_of_where_a_link_leads(collection: Path, private: Path, name: str, how: str) -> None:
    lead(how, collection / name, private)
    told = []
    for read in (check_collection, read_index, read_ledger, add_collection, Collection.load):
        try:
            found = read(collection)
        except SynthgymError as error:
            told.append(str(error))
        else:
            told += [str(each) for each in (found if isinstance(found, list) else getattr(found, "problems", []))]
    if name.endswith(".yaml"):
        assert any("a link, to" in each or "regular file" in each for each in told)
    assert "VERY-PRIVATE" not in "\n".join(told)


# -- stores and runs --------------------------------------------------------------------------------------------------

IN_A_STORE = ("journal/e1.jsonl", "retried.jsonl", "failures.jsonl", "episodes-0.jsonl", "run.json", ".lock", "journal")


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.parametrize("name", IN_A_STORE)
def test_a_store_with_links_is_not_written(tmp_path: Path, private: Path, name: str, how: str) -> None:
    store = Store(tmp_path / "store")
    store.claim(RUN)
    lead(how, store.folder / name, private)
    with pytest.raises(OutputFolderError, match=r"a link, to|neither a regular file"):
        store.claim(RUN)


WRITERS: dict[str, Callable[[Store], object]] = {
    "journal/e1.jsonl": lambda store: store.journal("e1", {"seed": 1}).close(),
    "failures.jsonl": lambda store: store.add_failure({"episode_id": "e"}),
    "episodes-0.jsonl": lambda store: store.writer().close(),
    "run.json": lambda store: claim(store.folder, "run.json", {}, lambda _: True),
    ".lock": lambda store: store.writing().__enter__(),
}


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.parametrize("name", WRITERS)
def test_no_file_of_a_store_is_opened_through_a_link(tmp_path: Path, private: Path, name: str, how: str) -> None:
    """Whoever has put it there after the store was looked through."""
    store = Store(tmp_path / "store")
    store.claim(RUN)
    lead(how, store.folder / name, private)
    with pytest.raises(OutputFolderError, match=r"a link, to|neither a regular file"):
        WRITERS[name](store)


def test_a_linked_folder_of_journals_is_none(tmp_path: Path, private: Path) -> None:
    store = Store(tmp_path / "store")
    store.claim(RUN)
    (store.folder / "journal").symlink_to(private.parent)
    with pytest.raises(OutputFolderError, match="a link, to"):
        EpisodeJournal(store.folder / "journal" / "private", {})


@pytest.mark.parametrize("how", LEADS)
def test_no_episode_is_moved_through_a_link(tmp_path: Path, private: Path, how: str) -> None:
    store = Store(tmp_path / "store")
    store.claim(RUN)
    (store.folder / "episodes-0.jsonl").write_text('{"episode_id": "e1"}\n')
    lead(how, store.folder / "retried.jsonl", private)
    with pytest.raises(OutputFolderError, match=r"a link, to|neither a regular file"):
        store.take_out({"e1"})
    assert (store.folder / "episodes-0.jsonl").read_text() == '{"episode_id": "e1"}\n'


OTHERS: dict[str, Callable[[Path], object]] = {
    "a lock": lambda path: file_lock(path).__enter__(),
    "a run's journal": lambda path: closing(Journal(path)).__enter__(),
    "metrics": lambda path: MetricsFile(path).add({"step": 1}),
    "a training's folder": lambda path: held(path.parent).__enter__(),
    "a file of a run": lambda path: whole_file(path).__enter__(),
}


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.parametrize("what", OTHERS)
def test_nothing_else_of_a_run_is(tmp_path: Path, private: Path, what: str, how: str) -> None:
    path = tmp_path / "run" / "file"
    lead(how, path, private)
    with pytest.raises((OutputFolderError, FileError), match=r"a link, to|neither a regular file|expected a regular"):
        OTHERS[what](path)


@pytest.mark.parametrize("name", ["checkpoints", "deep/er/weights"])
def test_no_folder_of_a_run_is_a_link(tmp_path: Path, private: Path, name: str) -> None:
    (link := tmp_path / "run" / name).parent.mkdir(parents=True)
    link.symlink_to(private.parent)
    with pytest.raises(OutputFolderError, match="a link, to"), held(tmp_path / "run"):
        pass


def test_rollout_writes_nothing_outside_of_its_folder(tmp_path: Path, private: Path) -> None:
    store = Store(tmp_path / "store")
    lead("a link", store.folder / "retried.jsonl", private)
    asked = command(
        "rollout", "--envs", "synthgym/*", "--agent", "scripted", "--out", store.folder, "--retry", "agent_error"
    )
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2, done.stderr
    assert "a link, to" in done.stderr


# -- a second name: what is replaced has one of its own, what would be written into is refused ------------------------


def share(path: Path, private: Path) -> None:
    """Makes a file another name of the user's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.hardlink_to(private)


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_with_a_second_name_is_replaced(collection: Path, private: Path, what: str) -> None:
    name, write = WHOLE[what]
    share(collection / name, private)
    write(collection)
    assert (collection / name).stat().st_nlink == 1


@pytest.mark.slow
def test_verify_changes_no_other_name_of_a_collections_files(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "theirs", namespace="theirs", title="Theirs").path
    write_table(collection, "line", verified=False)
    write_ledger(collection, [])
    write_index(collection)
    others: dict[Path, tuple[bytes, int]] = {}
    for number, path in enumerate(sorted(path for path in collection.rglob("*") if path.is_file())):
        other = tmp_path / "elsewhere" / str(number)
        other.parent.mkdir(exist_ok=True)
        other.hardlink_to(path)
        others[other] = other.read_bytes(), other.stat().st_mode
    asked = command("verify", "--seal", collection)
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert load_challenge(collection / "line").verified
    assert {path: (path.read_bytes(), path.stat().st_mode) for path in others} == others


@pytest.mark.parametrize("name", WRITERS)
def test_no_file_of_a_store_is_written_under_a_second_name(tmp_path: Path, private: Path, name: str) -> None:
    store = Store(tmp_path / "store")
    store.claim(RUN)
    share(store.folder / name, private)
    if name != "run.json":  # which is replaced
        with pytest.raises(OutputFolderError, match="has another name elsewhere"):
            WRITERS[name](store)
    with pytest.raises(OutputFolderError, match="has another name elsewhere"):
        store.claim(RUN)


@pytest.mark.parametrize("what", [what for what in OTHERS if what != "a file of a run"])
def test_nothing_else_of_a_run_is_written_under_a_second_name(tmp_path: Path, what: str) -> None:
    other = tmp_path / "other"
    other.write_text("torn")  # which a journal cuts off
    share(tmp_path / "run" / "file", other)
    with pytest.raises(OutputFolderError, match="has another name elsewhere"):
        OTHERS[what](tmp_path / "run" / "file")
    assert other.read_text() == "torn"


# -- the same hash is the same challenge ------------------------------------------------------------------------------


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Modes and bytes of all in a folder."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, b"" if path.is_dir() else path.read_bytes())
        for path in folder.rglob("*")
    }


def plain(challenge: Path) -> None:
    pass


def closed(challenge: Path) -> None:
    for path in challenge.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def open_wide(challenge: Path) -> None:
    for path in challenge.rglob("*"):
        path.chmod(0o777)


def with_empty_folders(challenge: Path) -> None:
    (challenge / "workspace/marks/more").mkdir(parents=True)
    (challenge / "workspace/__pycache__").mkdir()
    (challenge / "workspace/__pycache__/train.pyc").write_bytes(b"x")
    (challenge / "workspace/sub/__pycache__").mkdir(parents=True)
    (challenge / "workspace/sub/__pycache__/train.pyc").write_bytes(b"x")


def test_copies_of_one_hash_are_made_the_same_workspace(sealed: str, tmp_path: Path) -> None:
    unique = uuid.uuid4().hex
    made = []
    for change in (plain, closed, open_wide, with_empty_folders):
        folder = write_table(tmp_path / change.__name__, verified=False)
        (folder / "workspace/go.sh").write_text(f"#!/bin/sh\n# {unique}\nexec python train.py\n")
        (folder / "workspace/notes.txt").write_text("no program")
        change(folder)
        prepared = prepare(load_challenge(folder), folder, sealed)
        made.append((prepared.content_hash, tree(prepared.workspace)))
        shutil.rmtree(prepared.workspace.parent)  # so that the next copy is made ready itself
    assert all(each == made[0] for each in made)
    files = made[0][1]
    assert files["go.sh"][0] & 0o777 == 0o755
    assert files["notes.txt"][0] & 0o777 == 0o644
    assert not {"marks", "sub", "__pycache__"} & files.keys()


def test_a_name_above_a_collection_leaves_nothing_out_of_its_hash(tmp_path: Path) -> None:
    folder = write_table(tmp_path / "__pycache__")
    elsewhere = write_table(tmp_path / "plain")
    assert content_hash(table_spec(), folder) == content_hash(table_spec(), elsewhere)
    (folder / "workspace/train.py").write_text("other")
    assert content_hash(table_spec(), folder) != content_hash(table_spec(), elsewhere)
    assert [name for name, _ in hashed_files(folder / "workspace", grader=False)] == ["train.py"]
    seal(folder)
    assert "reference/train.py" in (folder / "grader" / SEAL_FILE).read_text()


# -- what others made, and is made a challenge of ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["strategy.py", "evaluation.json", "src/more.txt", "src/more.py"])
def test_a_checkouts_links_are_not_followed(
    tmp_path: Path, private: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    root = write_checkout(tmp_path / "checkout")
    config = root / "configs/tasks/coin.yaml"
    config.write_text(
        config.read_text().replace("data/coin/target.py", f"data/coin/target.py\n- data/coin/{Path(name).parts[0]}")
    )
    lead("a link", root / "data/coin" / name, private)
    if name.startswith("src/"):
        (root / "data/coin/src/own.txt").write_text("own")
    task = next(task for task in read_tasks(root)[0] if task.name == "biasedCoin")
    with pytest.raises(SpecError, match=r"a link, to|is not in the checkout"):
        challenge_folder(task, Row(metric="Score", direction="higher"))
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert not [path for path in kept if b"VERY-PRIVATE" in path.read_bytes()]


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.timeout(20)
def test_no_results_are_read_through_a_link(tmp_path: Path, how: str) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text('{"agent": [{"Score": 0.75}], "baseline": {"Score": 0.5}}')
    runs = tmp_path / "runs"
    lead(how, runs / "solver__task__1" / "results.json", elsewhere)
    (outcome,) = find_runs(runs, {"task"}).values()
    assert (outcome.agent, outcome.problem) == ([], "results.json is no regular file")


@pytest.mark.parametrize("how", LEADS)
@pytest.mark.parametrize("name", ["scores.jsonl", "run.json", "summary.json"])
@pytest.mark.timeout(60)
def test_no_benchmark_is_read_through_a_link(tmp_path: Path, private: Path, name: str, how: str) -> None:
    folder = tmp_path / "benchmark"
    folder.mkdir()
    score = {"env_id": "a/b-v0", "challenge_hash": "h", "solver": "s", "seed": 0, "metric": "m", "direction": "higher"}
    (folder / "scores.jsonl").write_text(json.dumps({**score, "baseline": 0.5}) + "\n")
    lead(how, folder / name, private)
    told = r"a link, to|expected a regular file"
    if name == "summary.json":
        with pytest.warns(UserWarning, match=told):
            write_report(folder, tmp_path / "page.html")
        return
    for read in (lambda: read_solvers(folder), lambda: write_report(folder, tmp_path / "page.html")):
        with pytest.raises(FileError, match=told):
            read()


def test_a_folder_of_tables_offers_no_links(tmp_path: Path, private: Path) -> None:
    folder = tmp_path / "tables"
    (folder / "two").mkdir(parents=True)
    for path in (folder / "own.csv", folder / "two/own.csv"):
        path.write_text("a,b\n1,2\n")
    (folder / "private.csv").symlink_to(private)
    (folder / "two/private.csv").symlink_to(private)
    (folder / "home").symlink_to(private.parent)
    assert data_sets(folder) == {"own.csv": [folder / "own.csv"], "two": [folder / "two/own.csv"]}
