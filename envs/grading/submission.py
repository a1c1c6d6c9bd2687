"""Reading a submitted table: strict, and with errors an agent can act on."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from synthgym.base.errors import BadSubmission
from synthgym.registry.challenge import Submission
from synthgym.registry.csv_table import NotCsv, csv_rows, number_in

_SUM_TOLERANCE = 1e-3
_MOST_CLASSES = 50
_MOST_CHARACTERS = 64 << 20
"""Of all labels together, each taken as long as the longest: four bytes each, as numpy keeps them."""
_NONE = "\N{SYMBOL FOR NULL}"
"""A text that is no label."""


def read_table(
    data: bytes, submission: Submission, rows: int, kind: str, classes: frozenset[str]
) -> NDArray[np.generic]:
    """The predictions in a submitted CSV file.

    Args:
        data: The file.
        submission: Its header.
        rows: How many rows are expected.
        kind: The metric's: ``label``, ``value`` or ``probability``.
        classes: The labels there are, for ``label``; see `are_texts`.

    Returns:
        For ``label`` text, for ``value`` floats, of shape (rows,), or (rows, columns) where there are several; for
        ``probability`` floats of shape (rows, columns), each row summing to 1 where there is more than one column.

    Raises:
        BadSubmission: Anything else than the table asked for; says where, what was expected, what came.
    """
    name = submission.path
    try:
        # No further than it takes to see that there are too many: the rows of a file of 10 MB can fill 1 GB.
        table = list(itertools.islice(csv_rows(data), rows + 2))
    except NotCsv as error:
        raise BadSubmission(f"{name}: {error}") from None
    if not table:
        raise BadSubmission(f"{name} is empty; expected the header {','.join(submission.columns)} and {rows} rows")
    header = [cell.strip() for cell in table[0]]
    if header != submission.columns:
        raise BadSubmission(
            f"{name}: expected the header {','.join(submission.columns)}, got {_short(','.join(header))}"
        )
    body = table[1:]
    if len(body) != rows:
        got = "more" if len(body) > rows else str(len(body))
        raise BadSubmission(f"{name}: expected {rows} rows below the header, got {got}")
    width = len(header)
    for number, row in enumerate(body, 1):
        if len(row) != width:
            raise BadSubmission(f"{name}: row {number}: expected {width} cells, got {len(row)}")
    if kind == "label":
        labels = _labels(body, name, header, classes)
        return labels if width > 1 else labels[:, 0]
    numbers = _numbers(body, name, header)
    if kind == "value":
        return numbers if width > 1 else numbers[:, 0]
    return _probabilities(numbers, name) if width > 1 else numbers


def are_texts(classes: frozenset[str], rows: int) -> bool:
    """Whether labels are texts, most rows having one of their own, and not classes of which an answer names one.

    Then any text may be answered; naming those that there are would be to tell the answers.
    """
    return len(classes) > max(rows / 2, _MOST_CLASSES)


def _labels(body: list[list[str]], name: str, header: list[str], classes: frozenset[str]) -> NDArray[np.str_]:
    cells = [[cell.strip() for cell in row] for row in body]
    for number, row in enumerate(cells, 1):
        for column, cell in zip(header, row, strict=True):
            if cell not in classes and not are_texts(classes, len(body)):
                known = ", ".join(sorted(classes)[:12])
                raise BadSubmission(
                    f"{name}: row {number}, column {column!r}: expected one of {known}; got {_short(cell)!r}"
                )
    # All other texts are one, for an array of text has room for the longest in every row.
    known_cells = [[cell if cell in classes else _NONE for cell in row] for row in cells]
    longest = max((len(cell) for row in known_cells for cell in row), default=0)
    if longest * len(cells) * len(header) > _MOST_CHARACTERS:
        raise BadSubmission(
            f"{name}: expected labels of at most {_MOST_CHARACTERS // (len(cells) * len(header))} characters for "
            f"{len(cells)} rows, got one of {longest}"
        )
    return np.array(known_cells)


def _numbers(body: list[list[str]], name: str, header: list[str]) -> NDArray[np.float64]:
    numbers = np.empty((len(body), len(header)))
    for index, row in enumerate(body):
        for column, cell in enumerate(row):
            try:
                numbers[index, column] = number_in(cell)
            except ValueError:
                numbers[index, column] = np.nan
    wrong = np.argwhere(~np.isfinite(numbers))
    if len(wrong):
        index, column = wrong[0]
        raise BadSubmission(
            f"{name}: row {index + 1}, column {header[column]!r}: expected a finite number, "
            f"got {_short(body[index][column])!r}"
        )
    return numbers


def _probabilities(numbers: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    outside = np.argwhere((numbers < 0) | (numbers > 1))
    if len(outside):
        index, column = outside[0]
        raise BadSubmission(f"{name}: row {index + 1}: expected probabilities, got {numbers[index, column]:g}")
    sums = numbers.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > _SUM_TOLERANCE)
    if len(wrong):
        raise BadSubmission(f"{name}: row {wrong[0] + 1}: expected probabilities that sum to 1, got {sums[wrong[0]]:g}")
    normalised: NDArray[np.float64] = numbers / sums[:, None]
    return normalised


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else text[:most] + "…"
