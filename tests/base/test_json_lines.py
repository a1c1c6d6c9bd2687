"""Files of an object a line: what is torn at the end is passed over, and what else is damaged is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from synthgym.base.errors import FileError, UserError
from synthgym.base.json_lines import read_records
from synthgym.synthesis.ledger import Entry, read_ledger, write_ledger
from synthgym.train.evaluation.candidates import read_candidates
from synthgym.train.evaluation.scores import load_benchmark

SCORE = {"env_id": "a/b-v0", "challenge_hash": "h", "solver": "s", "metric": "m", "direction": "higher", "baseline": 1}


def _ledger(folder: Path) -> Path:
    write_ledger(folder, [Entry(number, f"c{number}", "accepted") for number in range(3)])
    return folder / "ledger.jsonl"


def _scores(folder: Path) -> Path:
    path = folder / "scores.jsonl"
    path.write_text("".join(json.dumps({**SCORE, "seed": seed}) + "\n" for seed in range(3)))
    return path


READERS: dict[str, tuple[Callable[[Path], Path], Callable[[Path], list[Any]]]] = {
    "a ledger": (_ledger, read_ledger),
    "candidates": (_ledger, read_candidates),
    "scores": (_scores, lambda folder: load_benchmark(folder).records),
}


@pytest.mark.parametrize(("write", "read"), READERS.values(), ids=READERS)
def test_what_stands_before_a_torn_end_is_read(
    tmp_path: Path, write: Callable[[Path], Path], read: Callable[[Path], list[Any]]
) -> None:
    path = write(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])  # without its end, yet whole
    assert len(read(tmp_path)) == 3
    path.write_bytes(whole[:-9])
    with pytest.warns(UserWarning, match=rf"{path.name}: line 3 ends in the middle, and is passed over"):
        assert len(read(tmp_path)) == 2


@pytest.mark.parametrize("line", [b'{"index": ', b"[1]", b"nonsense", b"{}"])
@pytest.mark.parametrize(("write", "read"), READERS.values(), ids=READERS)
def test_other_damage_names_file_and_line(
    tmp_path: Path, write: Callable[[Path], Path], read: Callable[[Path], list[Any]], line: bytes
) -> None:
    path = write(tmp_path)
    first, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([first, line + b"\n", *others]))
    told = rf"{path.name}: line 2: (not valid JSON|expected a)"
    if read is read_candidates:  # of a ledger that is only shown beside scores
        with pytest.warns(UserWarning, match=told):
            assert len(read(tmp_path)) == 3
        return
    with pytest.raises(UserError, match=told):
        read(tmp_path)


@pytest.mark.parametrize("body", [b"nonsense", b"[1", b'{"a": 1}\n\xff', b'{"a": 1}\n[1]', b'{"a": oops}'])
def test_an_end_that_is_no_torn_object_is_damage(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "x.jsonl").write_bytes(body)
    with pytest.raises(FileError, match=r"x\.jsonl: line [12]: "):
        list(read_records(tmp_path / "x.jsonl", dict))
