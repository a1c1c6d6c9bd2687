"""What is known of a dataset of the Hub; see `hub_server` for what plays the Hub and its viewer."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hub_server import HubServer, hub

from synthgym.base.errors import HubError, HubRefused
from synthgym.registry.hub.access import HubFile
from synthgym.registry.hub.dataset_facts import DatasetUnfit, lookup, search

__all__ = ["hub"]

WINE = {"README.md": b"# Wine", "wine.csv": b"a,b\n1,2\n", "wine.py": b"raise SystemExit"}
VIEW: dict[str, Any] = {
    "splits": [
        {"config": "red", "split": "test"},
        {"config": "red", "split": "train"},
        {"config": "w", "split": "all"},
    ],
    "features": {"a": "int64", "b": "string"},
    "rows": [{"a": n, "b": "long " * 100} for n in range(9)],
}


def test_all_that_is_known(hub: HubServer) -> None:
    sha = hub.add("somebody/wine", WINE, licence="cc0-1.0", description="Wines\n\t of   Portugal", **VIEW)
    facts = lookup("somebody/wine", 1000)
    assert (facts.repo_id, facts.revision, facts.licence) == ("somebody/wine", sha, "cc0-1.0")
    assert facts.files == (HubFile("wine.csv", 8),)
    assert (facts.bytes, facts.converted, facts.description) == (8, False, "Wines of Portugal")
    assert (facts.configs, facts.splits) == (("red", "w"), ("test", "train"))
    assert facts.features == {"a": "int64", "b": "string"}
    assert facts.rows is not None
    assert [row["a"] for row in facts.rows] == [0, 1, 2, 3, 4]
    assert {len(row["b"]) for row in facts.rows} == {200}
    assert not [request for request in hub.requests if "resolve" in request.path]  # nothing is downloaded


@pytest.mark.parametrize("failure", [503, 404, "cut", "hang", None])
def test_without_the_viewer_the_rest_is_known(
    hub: HubServer, failure: int | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synthgym.registry.hub.dataset_viewer._SECONDS", 0.5)
    hub.add("somebody/wine", WINE, **(VIEW if failure else {}))
    if failure:
        hub.fail(failure, match="/viewer")
    else:
        monkeypatch.setenv("SYNTHGYM_DATASET_VIEWER", "http://127.0.0.1:9")
    facts = lookup("somebody/wine", 1000)
    assert facts.files == (HubFile("wine.csv", 8),)
    assert (facts.configs, facts.splits, facts.features, facts.rows) == (None, None, None, None)


def test_what_the_viewer_says_of_another_commit_is_not_taken(hub: HubServer) -> None:
    from synthgym.registry.hub.dataset_viewer import look

    old = hub.add("somebody/wine", WINE, **VIEW)
    new = hub.add("somebody/wine", {**WINE, "more.csv": b"1"}, **VIEW)
    assert look("somebody/wine", old).configs is None
    assert look("somebody/wine", new).configs == ("red", "w")


def test_the_conversion_is_used_where_there_are_no_plain_files(hub: HubServer) -> None:
    shards = {
        "default/train/0000.parquet": b"12345",
        "default/train/0001.parquet": b"123",
        "default/test/0.parquet": b"1",
    }
    main = hub.add("somebody/wine", {"wine.py": b"import os"}, converted=shards)
    facts = lookup("somebody/wine", 1000)
    assert facts.converted
    assert facts.revision != main
    assert facts.files == (HubFile("default/train/0000.parquet", 5), HubFile("default/train/0001.parquet", 3))
    hub.add("somebody/wine", {"wine.py": b"import os"}, converted={"default/train/0000.parquet": b"1"})
    assert lookup("somebody/wine", 1000).revision != facts.revision


@pytest.mark.parametrize(
    ("sizes", "most", "chosen"),
    [
        ({"train.csv": 9, "test.csv": 5}, 100, ["train.csv", "test.csv"]),
        ({"a/train.csv": 9, "b/train.csv": 5}, 100, ["a/train.csv"]),
        ({"a/train.csv": 200, "b/train.csv": 5}, 100, ["b/train.csv"]),
        ({"x.csv": 9, "x.parquet": 5, "train/x.jsonl": 1}, 100, ["train/x.jsonl"]),
        ({"d/train-0.csv": 60, "d/train-1.csv": 60, "d/test.csv": 10}, 100, ["d/train-0.csv", "d/test.csv"]),
        ({"x.CSV": 9, ".hidden/y.csv": 5, "notes.txt": 50, "infos.json": 50}, 100, ["x.CSV"]),
        ({"x.csv.gz": 9, "empty.csv": 0}, 100, ["x.csv.gz"]),
    ],
)
def test_which_files_are_used(hub: HubServer, sizes: dict[str, int], most: int, chosen: list[str]) -> None:
    hub.add("somebody/wine", {path: b"x" * size for path, size in sizes.items()})
    assert [file.path for file in lookup("somebody/wine", most).files] == chosen


def test_files_of_the_configuration_come_first(hub: HubServer) -> None:
    hub.add("somebody/wine", {"big/train.csv": b"x" * 50, "Red/train.csv": b"x" * 9, "Red/test.csv": b"x"})
    assert [file.path for file in lookup("somebody/wine", 100).files] == ["big/train.csv"]
    for config, folder in (("red", "Red"), ("big", "big"), ("nothing", "big")):
        files = lookup("somebody/wine", 100, config=config).files
        assert {file.path.partition("/")[0] for file in files} == {folder}


UNFIT: dict[str, tuple[str, dict[str, bytes], dict[str, Any]]] = {
    "gated": ("gated", WINE, {"gated": True}),
    "private without a key": ("missing", WINE, {"private": True}),
    "disabled": ("disabled", WINE, {"disabled": True}),
    "no licence": ("no licence", WINE, {"licence": None}),
    "an unknown licence": ("no licence", WINE, {"licence": "unknown"}),
    "a closed licence": ("licence", WINE, {"licence": "cc-by-nc-4.0"}),
    "another licence": ("licence", WINE, {"licence": "other"}),
    "too large": ("too large", {"x.csv": b"1" * 1001}, {}),
    "script only": ("script only", {"wine.py": b"import os"}, {}),
    "no data files": ("no data files", {"README.md": b"#", "photo.png": b"1"}, {}),
}


@pytest.mark.parametrize("case", UNFIT)
def test_unfit(hub: HubServer, case: str) -> None:
    kind, files, settings = UNFIT[case]
    hub.add("somebody/wine", files, **settings)
    with pytest.raises(DatasetUnfit) as caught:
        lookup("somebody/wine", 1000)
    assert caught.value.kind == kind
    assert str(caught.value).startswith("somebody/wine: ")
    again = pickle.loads(pickle.dumps(caught.value))  # it comes back from worker processes
    assert (again.kind, str(again)) == (kind, str(caught.value))


def test_private_or_missing(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("somebody/wine", WINE, private=True)
    monkeypatch.setenv("HF_TOKEN", hub.key)
    for name, kind in {"somebody/wine": "private", "nobody/nothing": "missing", "no/../name": "missing"}.items():
        with pytest.raises(DatasetUnfit) as caught:
            lookup(name, 1000)
        assert caught.value.kind == kind
        assert hub.key not in str(caught.value)


def test_allowed_licences_can_be_given(hub: HubServer) -> None:
    hub.add("somebody/wine", WINE, licence="cc-by-nc-4.0")
    assert lookup("somebody/wine", 1000, ["cc-by-nc-4.0"]).licence == "cc-by-nc-4.0"
    with pytest.raises(DatasetUnfit, match=r"its licence is cc-by-nc-4.0, which is not among those allowed"):
        lookup("somebody/wine", 1000, ["mit"])


def test_a_renamed_dataset_is_known_by_its_new_name(hub: HubServer) -> None:
    hub.add("somebody/wine", WINE)
    hub.rename("somebody/wine", "else/wines")
    assert lookup("somebody/wine", 1000).repo_id == "else/wines"


def test_the_hub_fails(hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("somebody/wine", WINE)
    hub.fail(503, times=1)
    assert lookup("somebody/wine", 1000).files
    hub.fail(429, retry_after=3600)
    for call in (lambda: lookup("somebody/wine", 1000), lambda: search("wine", 3)):
        with pytest.raises(HubError, match="status 429"):
            call()
    hub.heal()
    hub.fail(401)
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(HubRefused, match="HF_TOKEN") as caught:
        search("wine", 3)
    assert "hf_wrong" not in str(caught.value)


def test_search(hub: HubServer) -> None:
    for number, name in enumerate(["x/red-wine-quality", "x/wine", "y/red-cars", "z/stars", "y/white-wine"]):
        hub.add(name, WINE, downloads=number, description=f"All about {name}", licence="mit" if number else None)
    hub.add("x/red-wine-gated", WINE, gated=True)
    hub.add("x/red-wine-private", WINE, private=True)
    found = search("Red wine", 4)
    assert [each.repo_id for each in found] == ["x/red-wine-quality", "y/white-wine", "y/red-cars", "x/wine"]
    assert (found[0].licence, found[1].licence) == (None, "mit")
    assert found[0].summary == "All about x/red-wine-quality"
    assert search("Red wine", 1) == found[:1]
    assert search("nothing like it", 5) == []
