"""The reader of CSV: where rows end, whatever is in their cells; and that nobody reads CSV in another way."""

from __future__ import annotations

import ast
import csv
from pathlib import Path

import pytest

import synthgym
import synthgym.agents
import synthgym.envs
import synthgym.registry
import synthgym.train
from synthgym.registry.csv_table import NotCsv, csv_rows, csv_text, number_in

ODD = [
    "a\u2028b",
    "a\u2029b",
    "a\x0bb",
    "a\x0cb",
    "a\x1cb",
    "a\x85b",
    "a\nb",
    "a\r\nb",
    "a\rb",
    'a"b',
    "a,b",
    " a ",
    "",
    "NA",
]


@pytest.mark.parametrize("cell", ODD, ids=ascii)
def test_what_is_written_is_read(cell: str) -> None:
    for rows in ([["y"], [cell], ["z"]], [["y", "k"], [cell, cell], ["z", cell]]):
        text = csv_text(rows)
        assert list(csv_rows(text.encode())) == rows
        assert list(csv_rows(b"\xef\xbb\xbf" + text.encode())) == rows


def test_rows_end_at_either_character_and_blank_lines_are_none() -> None:
    assert list(csv_rows(b'a,b\r1,"2\r3"\r\n\n4,5')) == [["a", "b"], ["1", "2\r3"], ["4", "5"]]


def test_a_cell_may_be_as_long_as_its_file() -> None:
    before = csv.field_size_limit(131_072)  # as Python sets it
    assert list(csv_rows(b"y\n" + b"x" * 200_000)) == [["y"], ["x" * 200_000]]
    assert csv.field_size_limit() >= before


def test_numbers_in_cells() -> None:
    assert [number_in(cell) for cell in ("1", " -2.5e3 ", ".5", "1e400")] == [1, -2500, 0.5, float("inf")]
    for cell in ("", "1_0", "1_000.5", "\uff11\uff12", "\u0663", "1,5", "0x10", "1 2"):
        with pytest.raises(ValueError, match=r"number|float"):
            number_in(cell)


def test_what_is_no_csv() -> None:
    for data, said in {
        b'a\n"1': "not a CSV file: unexpected end",
        b'a\n"1"2\n': "not a CSV file",
        b"a\n" + b"x" * 9000 + b"\xff": r"UTF-8 text, got bytes that are not \(at byte 9002\)",
    }.items():
        with pytest.raises(NotCsv, match=said):
            list(csv_rows(data))
    assert list(csv_rows(b'a;b\n"1" ;2\n', ";", strict=False)) == [["a", "b"], ["1 ", "2"]]


def test_nobody_reads_csv_in_another_way() -> None:
    """Of the code that is ours: challenges' programs are their authors', and look at tables with pandas as those do."""
    readers = set()
    for room in (synthgym, synthgym.registry, synthgym.envs, synthgym.agents, synthgym.train):
        for path in Path(room.__path__[0]).rglob("*.py"):
            tree = ast.walk(ast.parse(path.read_text("utf-8")))
            named = {node.attr for node in tree if isinstance(node, ast.Attribute)}
            if {"DictReader", "read_csv", "reader"} & named and "examples" not in path.parts:
                readers.add(path.name)
    assert "csv_table.py" in readers
    assert readers <= {"csv_table.py", *LAYOUT}


LAYOUT = ("text_layout.py", "describe_tables.py")
"""Which tell how a stranger's table is to be read."""
