"""The answers of a task of MLGym's, parted into halves: rows stay rows, whatever is in their cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthgym.base.errors import BadSubmission
from synthgym.envs.mlgym.answers import parse_table, read_answers
from synthgym.envs.workspace import Prepared
from synthgym.registry.csv_table import csv_text

WORDS = ["plain", "a\u2028b", "a\x0bb", "two\nlines", "a\rb", 'say "x", twice']


def test_halves_of_answers_with_characters_that_end_lines_elsewhere(tmp_path: Path) -> None:
    rows = [[f"r{number}", WORDS[number % len(WORDS)]] for number in range(300)]
    table = csv_text([["id", "text"], *rows]).encode()
    (tmp_path / "answers.csv").write_bytes(table)
    answers = read_answers(Prepared("some hash", tmp_path, tmp_path, tmp_path), ["answers.csv"])
    assert answers is not None
    assert (answers.rows, answers.key) == (rows, True)
    backwards = csv_text([["id", "text"], *reversed(rows)]).encode()
    seen = []
    for phase in ("validate", "final"):
        handed, own = answers.half(backwards, phase, "submission.csv")
        assert handed == own["data/answers.csv"]
        seen += parse_table(handed, "half")[1]
    assert sorted(seen) == sorted(rows)


@pytest.mark.parametrize("data", [b"", b"id,text\nr1\n", b'id,text\n"r1,2\n', b"\xff\xfe"])
def test_what_is_no_table(data: bytes) -> None:
    with pytest.raises(BadSubmission, match=r"^s\.csv: expected"):
        parse_table(data, "s.csv")
