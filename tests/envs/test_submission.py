"""Reading submitted tables: what is refused, and how it is said; and that nothing else ever comes out."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import challenges
import numpy as np
import pytest

from synthgym.base.errors import BadSubmission, GraderError
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.submission import read_table
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Metric, Submission
from synthgym.registry.csv_table import csv_text

VALUE = Submission(path="p.csv", kind="file", columns=["y"])
LABEL = Submission(path="p.csv", kind="file", columns=["kind"])
PROBABILITY = Submission(path="p.csv", kind="file", columns=["p_a", "p_b"])
CLASSES = frozenset({"a", "b", "c d"})


def read(data: bytes, submission: Submission = VALUE, rows: int = 3, kind: str = "value") -> list[object]:
    found: list[object] = read_table(data, submission, rows, kind, CLASSES).tolist()
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"y\n1\n2\n3\n", [1, 2, 3]),
        (b"y\n1\n2\n3", [1, 2, 3]),
        (b"y\r\n1\r\n-2.5e3\r\n.5\r\n", [1, -2500, 0.5]),
        (b"\xef\xbb\xbfy\n1\n2\n3\n", [1, 2, 3]),
        (b'"y"\n"1"\n 2 \n"3"\n\n\n', [1, 2, 3]),
        (b" y \n1\n\n2\n3\n", [1, 2, 3]),
    ],
)
def test_tables_that_are_read(data: bytes, expected: list[float]) -> None:
    assert read(data) == expected


def test_labels_and_probabilities() -> None:
    assert read(b"kind\na\n c d \nb\n", LABEL, kind="label") == ["a", "c d", "b"]
    assert read(b"p_a,p_b\n0.2,0.8\n1,0\n0.5004,0.5\n", PROBABILITY, kind="probability")[:2] == [[0.2, 0.8], [1, 0]]
    assert np.sum(read(b"p_a,p_b\n0.2,0.8\n1,0\n0.5004,0.5\n", PROBABILITY, kind="probability")) == pytest.approx(3)
    assert read(b"y\n-7\n2\n3e9\n", kind="probability") == [[-7], [2], [3e9]]  # one column: a score, any number


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty; expected the header y and 3 rows"),
        (b"\n\n\n", "empty"),
        (b"y\n", "expected 3 rows below the header, got 0"),
        (b"y\n1\n2\n", "expected 3 rows below the header, got 2"),
        (b"y\n1\n2\n3\n4\n", "expected 3 rows below the header, got more"),
        (b"1\n2\n3\n", "expected the header y, got 1"),
        (b"Y\n1\n2\n3\n", "expected the header y, got Y"),
        (b"y,z\n1,1\n2,2\n3,3\n", "expected the header y, got y,z"),
        (b"y\n1\n2,2\n3\n", "row 2: expected 1 cells, got 2"),
        (b"y\n1\nnan\n3\n", "row 2, column 'y': expected a finite number, got 'nan'"),
        (b"y\n1\n2\ninf\n", "row 3, column 'y': expected a finite number, got 'inf'"),
        (b"y\n1\n2\n1e999\n", "expected a finite number, got '1e999'"),
        (b"y\n1\n2\nthree\n", "expected a finite number, got 'three'"),
        (b'y\n1\n2\n""\n', "expected a finite number, got ''"),
        (b"y\n1\n2\n0x10\n", "expected a finite number, got '0x10'"),
        (b"\xff\xfe\x00", "expected UTF-8 text, got bytes that are not (at byte 0)"),
        (b'y\n"1\n2\n3\n', "not a CSV file"),
        (b"y\n1\n2\n" + b"1" * 200_000 + b"\n", "row 3, column 'y': expected a finite number, got '111"),
        (b"y\n1\n2\n1_0\n", "expected a finite number, got '1_0'"),
        ("y\n1\n2\n\uff11\uff12\n".encode(), "expected a finite number, got '\uff11\uff12'"),
        ("y\n1\n2\n\u0663\n".encode(), "expected a finite number, got '\u0663'"),
        (b"\x1f\x8b\x08binary", "UTF-8"),
    ],
)
def test_tables_that_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadSubmission) as caught:
        read(data)
    assert said in str(caught.value)
    assert str(caught.value).startswith("p.csv")
    assert len(str(caught.value)) < 300


def test_texts_of_their_own() -> None:
    """Where most rows have a label that no other has, any text is an answer; those that are wrong are all alike."""
    names = frozenset(f"name {number}" for number in range(60))
    answers = ["name 3", "other", "x" * 200_000, *["name 5"] * 97]
    data = ("kind\n" + "\n".join(answers) + "\n").encode()
    found = read_table(data, LABEL, 100, "label", names)
    assert found[0] == "name 3"
    assert found[1] == found[2]
    assert found[1] not in names
    assert found.nbytes < 10_000
    with pytest.raises(BadSubmission, match="expected one of"):
        read_table(data, LABEL, 100, "label", frozenset(list(names)[:50]))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"kind\na\nb\nz\n", "row 3, column 'kind': expected one of a, b, c d; got 'z'"),
        (b"kind\na\nb\n" + b"z" * 5000 + b"\n", "got 'zzz"),
    ],
)
def test_labels_that_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadSubmission, match=said):
        read(data, LABEL, kind="label")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"p_a,p_b\n0.2,0.8\n1,0.1\n0,1\n", "row 2: expected probabilities that sum to 1, got 1.1"),
        (b"p_a,p_b\n0.2,0.8\n-0.1,1.1\n0,1\n", "row 2: expected probabilities, got -0.1"),
        (b"p_b,p_a\n0.2,0.8\n0,1\n0,1\n", "expected the header p_a,p_b, got p_b,p_a"),
        (b"p_a,p_b\n0.2,0.8\n0\n0,1\n", "row 2: expected 2 cells, got 1"),
    ],
)
def test_probabilities_that_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadSubmission, match=said):
        read(data, PROBABILITY, kind="probability")


def test_whatever_the_bytes_the_answer_is_a_table_or_a_refusal() -> None:
    draw = random.Random(0)
    pieces = [
        b"y",
        b"\n",
        b"1",
        b"\r",
        b'"',
        b",",
        b"\0",
        b"\xff",
        b"e",
        b"nan",
        b" ",
        "é".encode(),
        b"-",
        b"_",
        b"\x1c",
    ]
    for _ in range(5000):
        data = (b"y\n" if draw.random() < 0.7 else b"") + b"".join(draw.choices(pieces, k=draw.randrange(12)))
        try:
            assert len(read(data, rows=1)) == 1
        except BadSubmission:
            continue


def test_a_large_table_of_too_many_rows_costs_little() -> None:
    data = b"y\n" + b"12\n" * 3_000_000
    tracemalloc.start()
    with pytest.raises(BadSubmission, match="got more"):
        read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(data)


def labels(folder: Path, text: str) -> FileGrader:
    challenge = challenges.table_spec()
    (folder / "labels.csv").write_text(text)
    return FileGrader(challenge, Prepared("some hash", folder, folder, folder))


def test_one_long_label_costs_no_room_in_every_row() -> None:
    long = "x" * 200_000
    data = csv_text([["kind"], [long], *[["a"]] * 2999]).encode()
    with pytest.raises(
        BadSubmission, match="expected labels of at most 22369 characters for 3000 rows, got one of 200000"
    ):
        read_table(data, LABEL, 3000, "label", frozenset({"a", long}))


def test_the_two_halves_are_apart_and_make_the_whole(tmp_path: Path) -> None:
    grader = labels(tmp_path, "y\n" + "".join(f"{n}\n" for n in range(301)))
    first, second = (set(grader.halves[phase].tolist()) for phase in ("validate", "final"))
    assert first | second == set(range(301))
    assert not first & second
    assert {len(first), len(second)} == {150, 151}
    wrong = np.arange(301.0)
    wrong[sorted(second)] = 0
    table = ("y\n" + "".join(f"{value}\n" for value in wrong)).encode()
    assert grader.grade(table, "validate").value == 0
    assert grader.grade(table, "final").value > 100


def test_labels_with_characters_that_end_lines_elsewhere(tmp_path: Path) -> None:
    names = ["low\u2028est", "mid\x0bdle", "two\nlines", "a\rb", 'say "x"', "x\x85y", "NA"]
    cells = [names[n % len(names)] for n in range(301)]
    table = csv_text([["y"], *([cell] for cell in cells)])
    metric = Metric(name="accuracy", direction="higher")
    challenge = challenges.table_spec().model_copy(update={"metric": metric})
    (tmp_path / "labels.csv").write_text(table, encoding="utf-8", newline="")
    grader = FileGrader(challenge, Prepared("some hash", tmp_path, tmp_path, tmp_path))
    assert (grader.rows, grader.classes) == (301, frozenset(names))
    assert grader.grade(table.encode(), "final").value == 1
    wrong = csv_text([["y"], *([names[(n + 1) % len(names)]] for n in range(301))])
    assert grader.grade(wrong.encode(), "final").value == 0


@pytest.mark.parametrize(
    ("metric", "columns", "values", "said"),
    [
        ("roc_auc", ["y"], ["1", "2"], "row 2, column 'y': expected 0 or 1 for roc_auc, got 2"),
        ("roc_auc", ["y"], ["-1", "1"], "row 1, column 'y': expected 0 or 1 for roc_auc, got -1"),
        ("average_precision", ["y"], ["0", "1", "2", "3"], "row 3, column 'y': expected 0 or 1 for average_prec"),
        ("average_precision", ["y"], ["0", "0.6"], "row 2, column 'y': expected 0 or 1 for average_precision, got 0.6"),
        ("log_loss", ["a", "b"], ["1,0", "0.25,0.75"], "row 2, column 'a': expected 0 or 1 for log_loss, got 0.25"),
        ("brier", ["a", "b"], ["1,0", "0.25,0.75"], "row 2, column 'a': expected 0 or 1 for brier, got 0.25"),
    ],
)
def test_labels_that_say_neither_yes_nor_no(
    tmp_path: Path, metric: str, columns: list[str], values: list[str], said: str
) -> None:
    challenge = challenges.table_spec()
    challenge.metric.name, challenge.submission.columns = metric, columns
    rows = "".join(f"{values[n % len(values)]}\n" for n in range(300))
    (tmp_path / "labels.csv").write_text(f"{','.join(columns)}\n{rows}")
    with pytest.raises(GraderError, match=said):
        FileGrader(challenge, Prepared("some hash", tmp_path, tmp_path, tmp_path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y\n" + "1\n" * 199, "at least 200 rows"),
        ("z\n" + "1\n" * 300, "not a perfect submission"),
        ("", "at least 200"),
    ],
)
def test_labels_that_are_no_labels(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(GraderError, match=said):
        labels(tmp_path, text)
