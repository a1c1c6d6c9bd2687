from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from challenges import write_game, write_table

from synthgym.base.errors import SpecError
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections import known as known_module
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import read_index, write_index
from synthgym.registry.collections.known import add_collection, known_collections
from synthgym.registry.metrics import METRICS


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(known_module, "_added", [])
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = Collection.create(tmp_path / "mine", namespace="mine", title="My challenges").path
    write_table(path, "line")
    write_game(path, "coins")
    return path


def age(path: Path) -> None:
    """Makes the specs look older than the clock's tick, so that their times are trusted."""
    past = time.time_ns() - 60_000_000_000
    for spec in path.glob("*/challenge.yaml"):
        os.utime(spec, ns=(past, past))


def test_an_index_says_what_the_specs_say(folder: Path) -> None:
    index = read_index(folder)
    assert index.path == folder
    assert index.namespace == "mine"
    assert [entry.id for entry in index.entries] == ["coins", "line"]
    line = load_challenge(folder / "line")
    entry = index.entries[1]
    assert entry.content_hash == line.provenance.content_hash != ""
    assert (entry.version, entry.split, entry.kind, entry.metric) == (0, "train", "file", "rmse")
    assert (entry.title, entry.verified) == ("A line", True)
    assert index.entries[0].kind == "module"
    assert not (folder / "index.json").exists()  # looking leaves nothing in somebody's folder


def test_specs_are_read_once(folder: Path) -> None:
    age(folder)
    before = read_index(folder)
    spec = folder / "line" / "challenge.yaml"
    status = spec.stat()
    # Same size and time, other bytes: no reader of specs could miss it.
    spec.write_bytes(b"x" * status.st_size)
    os.utime(spec, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert read_index(folder) == before


def spoil(spec: Path, old: str, new: str) -> None:
    text = spec.read_text()
    assert old in text
    spec.write_text(text.replace(old, new))


def test_wrong_specs_are_parsed_once(folder: Path) -> None:
    write_table(folder, "other")
    specs = [folder / name / "challenge.yaml" for name in ("coins", "line", "other")]
    spoil(specs[0], "title:", "tittle:")
    specs[1].write_text("{")
    spoil(specs[2], "direction: lower", "direction: higher\nhints: 3")
    age(folder)
    before = read_index(folder)
    assert len(before.problems) == 3
    good = [write_table(folder.parent / "good", spec.parent.name) / "challenge.yaml" for spec in specs]
    for spec, right in zip(specs, good, strict=True):
        status = spec.stat()
        body = right.read_bytes()[: status.st_size]
        kept = spec.read_bytes()
        spec.write_bytes(body.ljust(status.st_size, b"\n"))  # as large, and as old: what is remembered is told
        os.utime(spec, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert read_index(folder) == before
        spec.write_bytes(kept)
        assert read_index(folder) == before  # of another time: known by its bytes
    shutil.copy(good[1], specs[1])
    assert [entry.id for entry in read_index(folder).entries] == ["line"]
    assert len(write_index(folder).problems) == 2


def test_a_wrong_spec_is_not_held_against_another_release(folder: Path, cache: Path) -> None:
    (folder / "line" / "challenge.yaml").write_text("{")
    age(folder)
    assert len(read_index(folder).problems) == 1
    (seen,) = (cache / "indexes").iterdir()
    data = json.loads(seen.read_text())
    assert [each[0] for each in data["wrong"]] == ["line"]
    data["wrong"][0][4] = "as it was told before"
    seen.write_text(json.dumps(data))
    assert read_index(folder).problems == ["as it was told before"]
    seen.write_text(json.dumps(data | {"judges": []}))
    assert "as it was told before" not in read_index(folder).problems[0]


def test_a_problem_that_another_process_may_not_have_is_not_remembered(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METRICS, "own_auc", replace(METRICS["roc_auc"], name="own_auc"))
    challenge = load_challenge(folder / "line")
    challenge.metric.name, challenge.metric.direction = "own_auc", "higher"
    challenge.submission.columns = ["a", "b"]
    challenge.save(folder / "line")
    age(folder)
    assert "field 'submission.columns'" in read_index(folder).problems[0]
    monkeypatch.delitem(METRICS, "own_auc")
    assert read_index(folder).problems == []


def test_every_change_is_noticed(folder: Path) -> None:
    age(folder)
    read_index(folder)
    line = load_challenge(folder / "line")
    line.model_copy(update={"title": "A lime"}).save(folder / "line")  # same length
    assert [entry.title for entry in read_index(folder).entries] == ["Guess the coin", "A lime"]
    write_table(folder, "another")
    assert [entry.id for entry in read_index(folder).entries] == ["another", "coins", "line"]
    shutil.rmtree(folder / "coins")
    (folder / "line").rename(folder / "line2")
    index = read_index(folder)
    assert [entry.id for entry in index.entries] == ["another"]
    assert "line2/challenge.yaml: field 'id': expected the folder's name 'line2'" in index.problems[0]


def test_a_change_within_a_tick_of_the_clock_is_noticed(folder: Path) -> None:
    spec = folder / "line" / "challenge.yaml"
    for number in range(20):
        text = spec.read_text()
        spec.write_text(text.replace("title: A line", f"title: A li{number:02d}"))
        stamp = time.time_ns() // 1_000_000_000 * 1_000_000_000  # a file system that keeps whole seconds
        os.utime(spec, ns=(stamp, stamp))
        assert read_index(folder).entries[1].title == f"A li{number:02d}"
        spec.write_text(text)


def lying(folder: Path, **lies: Any) -> None:
    """An index that says of the challenge `line`, by its spec's very bytes, what the spec does not."""
    write_index(folder)
    data = json.loads((folder / "index.json").read_text())
    data["challenges"][1] |= lies
    (folder / "index.json").write_text(json.dumps(data))


def copied(folder: Path) -> Path:
    """The same at another place, of which the cache knows nothing."""
    other = folder.with_name("copied")
    shutil.copytree(folder, other, copy_function=shutil.copy)  # new times, as after an installation
    age(other)
    return other


LIES = {"version": 7, "split": "heldout", "metric": "r2", "title": "From the index"}


def test_a_strangers_index_is_believed_for_what_an_import_makes_known_only(folder: Path) -> None:
    true = read_index(folder)
    lying(folder, **LIES)
    folder = copied(folder)
    believed = read_index(folder, "index").entries[1]
    assert {name: getattr(believed, name) for name in LIES} == LIES
    for _ in range(2):
        assert read_index(folder, "index").entries[1] == believed
    assert read_index(folder).entries == true.entries  # by what the specs say, the cache notwithstanding
    assert read_index(folder, "index").entries == true.entries  # and known from then on


def test_a_strangers_index_does_not_outlive_its_file(folder: Path) -> None:
    true = read_index(folder)
    lying(folder, **LIES)
    folder = copied(folder)
    read_index(folder, "index")
    (folder / "index.json").unlink()
    assert read_index(folder, "index").entries == true.entries


def test_a_lying_index_is_told_and_not_written_again(folder: Path) -> None:
    true = read_index(folder)
    lying(folder, **LIES)
    folder = copied(folder)
    read_index(folder, "index")
    (problem,) = check_collection(folder)
    assert problem.path == folder / "index.json"
    assert "says of line what its spec does not: version 7 for 0, split 'heldout' for 'train'" in problem.what
    assert write_index(folder).entries == true.entries
    assert "From the index" not in (folder / "index.json").read_text()
    assert check_collection(folder) == []


def test_what_is_written_is_parsed_whatever_the_cache_remembers(folder: Path) -> None:
    spec = folder / "line" / "challenge.yaml"
    age(folder)
    read_index(folder)
    status = spec.stat()
    spec.write_text(spec.read_text().replace("A line", "A lime"))  # as large
    os.utime(spec, ns=(status.st_atime_ns, status.st_mtime_ns))  # and as old
    assert [entry.title for entry in write_index(folder).entries] == ["Guess the coin", "A lime"]


def test_an_index_that_is_out_of_date_is_no_problem(folder: Path) -> None:
    write_index(folder)
    spec = folder / "line" / "challenge.yaml"
    spec.write_text(spec.read_text().replace("title: A line", "title: By hand"))
    assert check_collection(folder) == []
    assert [entry.title for entry in read_index(folder, "index").entries] == ["Guess the coin", "By hand"]


def test_the_same_specs_give_the_same_index_file(folder: Path) -> None:
    write_index(folder)
    first = (folder / "index.json").read_bytes()
    age(folder)
    write_index(folder)
    assert (folder / "index.json").read_bytes() == first


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"format": 99, "challenges": []}', b"\xff\xfe"])
def test_a_damaged_index_is_made_again(folder: Path, cache: Path, body: bytes) -> None:
    age(folder)
    expected = read_index(folder)
    (folder / "index.json").write_bytes(body)
    for seen in (cache / "indexes").iterdir():
        seen.write_bytes(body)
    assert read_index(folder) == expected


def test_folder_and_cache_may_be_read_only(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "file" / "cache"))  # cannot be made, not even by root
    assert len(read_index(folder).entries) == 2
    assert len(read_index(folder).entries) == 2


def test_what_the_index_knows_is_not_parsed(tmp_path: Path) -> None:
    """Specs that could not be parsed, whose bytes are those that the index has. How long 10,000 take: `make bench`."""
    folder = Collection.create(tmp_path / "big", namespace="big", title="Big").path
    other = Collection.create(tmp_path / "other", namespace="other", title="Other").path
    write_table(other, "line")
    entry = read_index(other).entries[0]
    lines = []
    for number in range(300):
        spec = folder / f"c{number}" / "challenge.yaml"
        spec.parent.mkdir()
        spec.write_text(f"no: [spec {number}")
        lines.append(json.dumps(entry._replace(id=f"c{number}", spec_hash=_hash(spec))._asdict()))
    (folder / "index.json").write_text(f'{{"format": 1, "challenges": [{", ".join(lines)}]}}')
    for _ in range(2):  # with nothing in the cache, then again
        index = read_index(folder, "index")
        assert (len(index.entries), index.problems) == (300, [])
        age(folder)
    assert read_index(folder).entries == []  # nor listed


def test_known_collections_come_from_everywhere(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = Collection.create(tmp_path / "second", namespace="second", title="Second").path
    third = Collection.create(tmp_path / "third", namespace="third", title="Third").path
    announced = _announce(tmp_path, monkeypatch)
    monkeypatch.setenv("SYNTHGYM_COLLECTIONS", f"{folder}{os.pathsep}{os.pathsep}{second}{os.pathsep}{folder}")
    add_collection(third)
    add_collection(third)
    names = [index.namespace for index in known_collections()]
    assert names[-4:] == ["mine", "second", "announced", "third"]
    assert len(set(names)) == len(names)
    assert announced in [index.path for index in known_collections()]


def _announce(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package that announces a collection, as importlib.metadata sees it."""
    site = tmp_path / "site"
    package = site / "announcing"
    Collection.create(package, namespace="announced", title="Announced")
    (package / "__init__.py").write_text("")
    metadata = site / "announcing-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Name: announcing\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[synthgym.collections]\nannounced = announcing\n")
    monkeypatch.syspath_prepend(str(site))
    return package


def test_a_broken_collection_is_left_out_with_a_warning(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "line" / "challenge.yaml").write_text("id: line\ntitle: [")
    monkeypatch.setenv("SYNTHGYM_COLLECTIONS", f"{tmp_path / 'nowhere'}{os.pathsep}{folder}")
    with pytest.warns(UserWarning, match="left out") as warned:
        found = known_collections()
    assert [entry.id for entry in found[-1].entries] == ["coins"]
    texts = [str(warning.message) for warning in warned]
    assert "SYNTHGYM_COLLECTIONS: collection left out" in texts[0]
    assert str(tmp_path / "nowhere") in texts[0]
    assert str(folder / "line" / "challenge.yaml") in texts[1]
    with pytest.raises(SpecError, match=r"line/challenge.yaml: not valid YAML"):
        add_collection(folder)


@pytest.mark.parametrize(
    "value",
    [
        ["title", "\x1b[2J"],
        ["title", "x" * 301],
        ["title", " "],
        ["version", "0\n"],
        ["version", -1],
        ["id", ["line"]],
        ["id", "li ne"],
        ["id", "line\n"],
        ["id", "x" * 201],
        ["verified", 1],
        ["kind", "mlgym"],
        ["metric", "x" * 1001],
    ],
)
def test_an_index_file_that_we_did_not_make_is_not_believed(folder: Path, value: list[Any]) -> None:
    expected = read_index(folder).entries
    write_index(folder)
    data = json.loads((folder / "index.json").read_text())
    data["challenges"][1][value[0]] = value[1]
    (folder / "index.json").write_text(json.dumps(data))
    assert read_index(copied(folder), "index").entries == expected


def test_other_files_than_specs_do_not_stop_a_reader(folder: Path) -> None:
    (folder / "index.json").write_text("[" * 100_000)
    os.mkfifo(folder / "line" / "new")
    (folder / "line" / "new").rename(folder / "line" / "challenge.yaml")
    index = read_index(folder)
    assert [entry.id for entry in index.entries] == ["coins"]
    assert "line/challenge.yaml: expected a regular file" in index.problems[0]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda line: (line / "grader" / "prepare.py").unlink(), "line/grader/prepare.py: missing"),
        (lambda line: change(line, "columns:\n  - y", "columns: [y, z]"), "expected one column for rmse"),
        (lambda line: change(line, "name: rmse", "name: rsme"), "unknown metric 'rsme'; did you mean 'rmse'"),
        (lambda line: line.rename(line.parent.parent / "l") and line.symlink_to(line.parent.parent / "l"), "a link"),
    ],
)
def test_what_a_check_refuses_is_not_registered(folder: Path, spoil: Any, said: str) -> None:
    spoil(folder / "line")
    with pytest.raises(SpecError, match=said):
        add_collection(folder)


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / "challenge.yaml").read_text()
    assert old in text
    (folder / "challenge.yaml").write_text(text.replace(old, new))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
