"""The answers that an evaluator reads from a table, in two halves: one for what is told, one for what counts."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synthgym.base.errors import BadSubmission
from synthgym.envs.grading.halves import stratified_halves
from synthgym.envs.grading.scoring import Phase
from synthgym.envs.workspace import Prepared
from synthgym.registry.csv_table import csv_rows, csv_text, number_in

LEAST_ROWS = 100
"""Rows that each half must have: with fewer, a score says little."""

Rows = list[list[str]]


@dataclass(frozen=True)
class Answers:
    """A table of answers.

    Attributes:
        name: Its path in the evaluator's workspace.
        header: Its columns.
        rows: Its rows.
        key: The first column names the row: no two are the same.
        halves: Rows by phase.
    """

    name: str
    header: list[str]
    rows: Rows
    key: bool
    halves: dict[Phase, NDArray[np.intp]]

    def half(self, submission: bytes, phase: Phase, path: str) -> tuple[bytes, dict[str, bytes]]:
        """One half of a submission, and the answers to it; rows that are named are found by their names.

        Raises:
            BadSubmission: It is no table, or has not one row for each of the answers.
        """
        header, rows = self.checked(submission, path)
        picked = self.halves[phase]
        own = table_text(self.header, [self.rows[index] for index in picked])
        return table_text(header, [rows[index] for index in picked]), {self.name: own}

    def checked(self, submission: bytes, path: str) -> tuple[list[str], Rows]:
        """Header and rows of a submission, in the order of the answers where its rows are named.

        An evaluator that finds answers by the names of their rows counts one as often as it is named.

        Raises:
            BadSubmission: It is no table, or has not one row for each of the answers.
        """
        header, rows = parse_table(submission, path, len(self.rows))
        if len(rows) != len(self.rows):
            raise BadSubmission(f"{path}: expected {len(self.rows)} rows, got {len(rows)}")
        if len(set(header)) != len(header):
            raise BadSubmission(f"{path}: expected each column once, got {','.join(header)}")
        if not self.key or self.header[0] not in header:
            return header, rows
        key = self.header[0]
        if header[0] != key:
            raise BadSubmission(f"{path}: expected {key} as the first column, got {','.join(header)}")
        place = {_name(row[0]): row for row in rows}
        wanted = [_name(row[0]) for row in self.rows]
        absent = [name for name in wanted if name not in place]
        if absent:  # with as many rows as there are answers, one is missing where another is named twice
            raise BadSubmission(f"{path}: expected one row for each {key}, found none for {absent[0]}")
        return header, [place[name] for name in wanted]


def read_answers(prepared: Prepared, hidden: list[str]) -> Answers | None:
    """The answers of a challenge, where they are one table with rows enough for two halves; else None."""
    if len(hidden) != 1 or not hidden[0].endswith(".csv"):
        return None
    try:
        header, rows = parse_table((prepared.private / hidden[0]).read_bytes(), hidden[0])
    except BadSubmission:
        return None
    if len(rows) < 2 * LEAST_ROWS:
        return None
    key = len({_name(row[0]) for row in rows}) == len(rows) and len(header) > 1
    own = [row[key:] for row in rows]
    codes = np.column_stack([_order(column) for column in zip(*own, strict=True)])
    halves = stratified_halves(codes, table_text(header[key:], own))
    return Answers(f"data/{hidden[0]}", header, rows, key, halves)


def parse_table(data: bytes, path: str, most: int | None = None) -> tuple[list[str], Rows]:
    """A CSV file's header and rows.

    Args:
        data: The file.
        path: Its name, for errors.
        most: Rows that are expected; no more are read than it takes to see that there are too many.

    Raises:
        BadSubmission: It is none.
    """
    try:
        header, *rows = itertools.islice(csv_rows(data), None if most is None else most + 2)
    except ValueError as error:  # no CSV file, or an empty one
        raise BadSubmission(f"{path}: expected a CSV file with a header: {error}") from error
    if any(len(row) != len(header) for row in rows):
        raise BadSubmission(f"{path}: expected {len(header)} cells in each row, as in the header")
    return header, rows


def _name(cell: str) -> str:
    """What a row is called: a number is the same however it is written, as it is for pandas."""
    try:
        return repr(number_in(cell))
    except ValueError:
        return cell.strip()


def _order(column: Sequence[str]) -> NDArray[np.intp]:
    """The places of a column's values in their order: numbers by size, text by its letters."""
    try:
        values = np.array([number_in(cell) for cell in column])
    except ValueError:
        values = np.array(column)
    places: NDArray[np.intp] = np.unique(values, return_inverse=True)[1]
    return places


def table_text(header: list[str], rows: Rows) -> bytes:
    """The CSV file of a header and rows."""
    return csv_text([header, *rows]).encode()
