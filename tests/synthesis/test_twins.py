"""Twins are told by data, target, metric and programs; what is made of one template is none."""

from __future__ import annotations

import time
from pathlib import Path

import challenges
import pytest
from shipped import IDS, shipped, unpacked

from synthgym.registry.challenge import Challenge, Dataset, load_challenge
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.twins import ALIKE, Fingerprint, normalised, without_twins

TABLE, GAME = "aurora-balanced-accuracy-1598", "auction-game-098e"

Files = dict[str, bytes]


def of_core(name: str) -> tuple[Challenge, Files]:
    folder = shipped(name)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return load_challenge(folder), files


def changed(files: Files, name: str, old: str, new: str) -> Files:
    text = files[name].decode()
    assert old in text
    return {**files, name: text.replace(old, new).encode()}


def likeness(name: str, other: Challenge, files: Files) -> float:
    return Fingerprint.of(*of_core(name)).likeness(Fingerprint.of(other, files))


@pytest.mark.parametrize("name", [TABLE, GAME])
def test_the_same_under_another_name_is_a_twin(name: str) -> None:
    challenge, files = of_core(name)
    renamed = challenge.model_copy(update={"id": "other", "title": "Other", "description": "Other", "topic": "other"})
    assert likeness(name, renamed, files) == 1
    commented = {path: b"# Mine.\n" + body if path.endswith(".py") else body for path, body in files.items()}
    assert likeness(name, renamed, commented) == 1


def test_another_seed_makes_a_twin_and_another_solution_too() -> None:
    challenge, files = of_core(TABLE)
    seed = "default_rng(242699125649463311977263808065554206414)"
    assert likeness(TABLE, challenge, changed(files, "grader/prepare.py", seed, "default_rng(7)")) > 0.95
    assert likeness(TABLE, challenge, {**files, "grader/reference/solution.py": b"print(1)"}) == 1


def test_what_asks_something_else_is_no_twin() -> None:
    challenge, files = of_core(TABLE)
    metric = challenge.metric.model_copy(update={"name": "accuracy"})
    columns = challenge.submission.model_copy(update={"columns": ["other"]})
    assert likeness(TABLE, challenge.model_copy(update={"metric": metric}), files) == 0
    assert likeness(TABLE, challenge.model_copy(update={"submission": columns}), files) == 0
    data = Dataset(source="huggingface", path="a/b", revision="0" * 40, files=["x.csv"])
    hub = challenge.model_copy(update={"dataset": data})
    assert likeness(TABLE, hub, files) == 0
    north, again = (
        Fingerprint.of(hub.model_copy(update={"dataset": each}), files) for each in (data, data.model_copy())
    )
    south = Fingerprint.of(hub.model_copy(update={"dataset": data.model_copy(update={"config": "south"})}), files)
    assert (north.likeness(again), north.likeness(south)) == (1, 0)


def test_local_data_is_what_is_in_it() -> None:
    challenge, files = of_core(TABLE)
    mine = {"update": {"dataset": Dataset(source="local", path="data", files=["a.csv"])}}
    one = Fingerprint.of(challenge.model_copy(**mine), {**files, "data/a.csv": b"x\n1\n"})
    mine["update"]["dataset"] = Dataset(source="local", path="tables", files=["b.csv"])
    same = Fingerprint.of(challenge.model_copy(**mine), {**files, "tables/b.csv": b"x\n1\n"})
    other = Fingerprint.of(challenge.model_copy(**mine), {**files, "tables/b.csv": b"x\n2\n"})
    assert (one.likeness(same), one.likeness(other)) == (1, 0)
    mine["update"]["dataset"] = Dataset(source="local", path="./tables", files=["b.csv"])
    here = Fingerprint.of(challenge.model_copy(**mine), {**files, "tables/b.csv": b"x\n2\n"})
    assert (one.likeness(here), other.likeness(here)) == (0, 1)


def test_words_for_readers_do_not_count() -> None:
    told = '"""What\n\nit does."""\ndef f(x):  # why\n    """Returns: "x"."""\n    return x + "#1"  # done\n'
    assert normalised(told) == normalised('def f(x):\n  return x + "#1"')
    assert normalised('a = """kept"""\nb = ["x # y",\n"z"]') == [*'a="""', "kept", *'"""b=["x#y","z"]']
    assert normalised('"""Told."""  # why\n"a".b()') == normalised('"a".b()')
    assert normalised("if (x") == ["if", "(", "x"]
    assert normalised('a = "b\nc  # d') == ["a", "=", '"', "b", "c"]


@pytest.mark.parametrize("piece", ['\\"""', "\\'", '"""a"""x\n', '"a" x\n', '""  ', " ", "'" * 3, "\\", "#"])
def test_no_program_takes_long(piece: str) -> None:
    for end in ("", "x", '"', '"""', "\\"):
        began = time.process_time()
        normalised(piece * 40_000 + end)
        assert time.process_time() - began < 5


def test_the_shipped_collection_has_no_twins(tmp_path: Path) -> None:
    assert len(IDS) > 300
    entries = [Entry(index, name, "accepted", content_hash="x") for index, name in enumerate(IDS)]
    assert without_twins(unpacked(tmp_path / "core"), entries) == entries


def test_the_first_of_twins_stays(tmp_path: Path) -> None:
    entries = []
    for index in range(3):
        challenge, files = of_core(TABLE)
        name = f"copy-{index}"
        if index == 1:
            challenge.metric.name = "accuracy"
        files["challenge.yaml"] = b""
        challenges.write(
            tmp_path,
            challenge.model_copy(update={"id": name, "title": f"Number {index}"}),
            {path: body.decode() for path, body in files.items() if path != "challenge.yaml"},
        )
        entries.append(Entry(index, name, "accepted", content_hash=name))
    settled = without_twins(tmp_path, entries)
    assert [entry.outcome for entry in settled] == ["accepted", "accepted", "rejected"]
    assert settled[2].check == "duplicate"
    assert "a twin of copy-0: the same data, target and metric" in (settled[2].reason or "")
    assert ALIKE < 1
