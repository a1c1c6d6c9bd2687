"""The folder of a run: taken once, gone on with, taken over where nothing was done, refused otherwise."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from synthgym.base.errors import OutputFolderError
from synthgym.base.files.run_folder import check_new, claim, held, one_writer, read_identity

RUN = {"command": "some", "seed": 0, "settings": {"steps": 10, "lora": {"rank": 4}}}


def done(_: ExitStack) -> bool:
    return False


def nothing_done(_: ExitStack) -> bool:
    return True


def test_a_run_finds_its_own_folder(tmp_path: Path) -> None:
    assert claim(tmp_path / "a/b", "run.json", RUN, done)
    before = (tmp_path / "a/b/run.json").read_bytes()
    assert not claim(tmp_path / "a/b", "run.json", json.loads(json.dumps(RUN)), done)
    assert (tmp_path / "a/b/run.json").read_bytes() == before
    assert read_identity(tmp_path / "a/b/run.json") == RUN


def test_another_run_is_refused_and_told_apart_setting_by_setting(tmp_path: Path) -> None:
    claim(tmp_path, "run.json", RUN, done)
    other = {**RUN, "seed": 1, "settings": {"steps": 10, "lora": {"rank": 8}}}
    told = r"another run \(seed: 0 there, 1 asked for; settings\.lora\.rank: 4 there, 8 asked for\)"
    with pytest.raises(OutputFolderError, match=told):
        claim(tmp_path, "run.json", other, done)
    assert claim(tmp_path, "run.json", other, nothing_done)
    assert read_identity(tmp_path / "run.json") == other


def test_what_an_older_release_did_not_note_is_not_compared(tmp_path: Path) -> None:
    claim(tmp_path, "run.json", RUN, done)
    newer = {**RUN, "revision": "a"}
    with pytest.raises(OutputFolderError, match="revision: None there, 'a' asked for"):
        claim(tmp_path, "run.json", newer, done)
    assert not claim(tmp_path, "run.json", newer, done, added=["revision"])
    (tmp_path / "run.json").write_text(json.dumps(newer))
    assert not claim(tmp_path, "run.json", newer, done, added=["revision"], flat=True)
    with pytest.raises(OutputFolderError, match="revision: 'a' there, 'b' asked for"):
        claim(tmp_path, "run.json", {**RUN, "revision": "b"}, done, added=["revision"], flat=True)
    with pytest.raises(OutputFolderError, match="not written by synthgym"):
        claim(tmp_path, "run.json", newer, nothing_done)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".hidden").touch()
    check_new(tmp_path, "run.json")
    for name in "abcd":
        (tmp_path / name).touch()
    for taken in (check_new, lambda folder, name: claim(folder, name, RUN, nothing_done)):
        with pytest.raises(OutputFolderError, match="holds no run of synthgym but a, b, c, …;"):
            taken(tmp_path, "run.json")
    assert not (tmp_path / "run.json").exists()


def test_one_process_at_a_time_writes_there(tmp_path: Path) -> None:
    with (
        held(tmp_path / "out"),
        pytest.raises(OutputFolderError, match="another synthgym process is writing here"),
        one_writer(tmp_path / "out"),
    ):
        raise AssertionError
    assert not (tmp_path / "out").exists()
