from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from challenges import write_game, write_table

from synthgym.base.errors import OutputFolderError, SpecError, UnknownNameError
from synthgym.registry.collections.collection import Collection


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    made = Collection.create(tmp_path / "mine", namespace="mine", title="My challenges")
    write_table(made.path, "line")
    write_game(made.path, "coins")
    return made


def test_create_then_load(collection: Collection) -> None:
    again = Collection.load(collection.path)
    assert again == collection
    assert (again.namespace, again.info.title, again.info.version) == ("mine", "My challenges", "0.1.0")
    assert again.ids() == ["coins", "line"]
    assert len(again) == 2
    assert [challenge.id for challenge in again] == ["coins", "line"]
    assert "line" in again
    assert ".staging" not in again


def test_create_never_overwrites(collection: Collection) -> None:
    with pytest.raises(OutputFolderError, match="holds a collection already"):
        Collection.create(collection.path, namespace="other", title="Other")
    assert Collection.load(collection.path).namespace == "mine"


@pytest.mark.parametrize("namespace", ["", "a/b", "two words", "-x", "a:b", "ümlaut"])
def test_a_namespace_fits_into_gymnasium_ids(tmp_path: Path, namespace: str) -> None:
    with pytest.raises(SpecError, match="namespace"):
        Collection.create(tmp_path / "new", namespace=namespace, title="x")
    assert not (tmp_path / "new").exists()


def test_other_folders_are_no_challenges(collection: Collection) -> None:
    (collection.path / "trajectories").mkdir()
    shutil.copytree(collection.path / "line", collection.path / ".staging" / "line")
    (collection.path / "ledger.jsonl").write_text("")
    assert collection.ids() == ["coins", "line"]


def test_get_suggests_the_nearest(collection: Collection) -> None:
    assert collection.get("line").title == "A line"
    with pytest.raises(UnknownNameError, match="unknown challenge 'lien'; did you mean 'line'"):
        collection.get("lien")
    with pytest.raises(UnknownNameError):
        collection.get("../mine/line")


def test_add_copies_whole_folders_once(collection: Collection, tmp_path: Path) -> None:
    source = write_table(tmp_path / "elsewhere", "second")
    assert collection.add(source).id == "second"
    assert (collection.path / "second" / "workspace" / "train.py").read_text() == (
        source / "workspace" / "train.py"
    ).read_text()
    with pytest.raises(OutputFolderError, match="second"):
        collection.add(source)
    (source / "challenge.yaml").write_text("id: 3")
    with pytest.raises(SpecError, match=r"challenge.yaml"):
        collection.add(source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, "no such file; a collection is a folder with a collection.yaml"),
        ("namespace: [", "collection.yaml: not valid YAML"),
        ("- a", "collection.yaml: expected a mapping of fields, got list"),
        ("title: x", "collection.yaml: field 'namespace': required, but missing"),
        ("namespace: a\ntitle: b\nauthor: c", "collection.yaml: field 'author': no such field"),
        ("namespace: a\ntitle: 3", "collection.yaml: field 'title': "),
        ("\xff", "collection.yaml: not valid YAML"),
    ],
)
def test_a_wrong_collection_file_is_named(tmp_path: Path, text: str | None, expected: str) -> None:
    if text is not None:
        (tmp_path / "collection.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(SpecError) as caught:
        Collection.load(tmp_path)
    assert expected in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="nowhere: no such folder"):
        Collection.load(tmp_path / "nowhere")


def test_collection_file_is_what_people_would_write(collection: Collection) -> None:
    data = yaml.safe_load((collection.path / "collection.yaml").read_text())
    assert data == {"namespace": "mine", "title": "My challenges", "version": "0.1.0"}
