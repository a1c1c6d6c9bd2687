"""Two halves of a split of a data set of the Hub: one for what is told, one for what counts.

The split itself is read in sandboxes only. `prepare.py` left it in two halves, and which rows are in which; here the
table that was handed in is cut to the same rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from synthgym.base.errors import BadSubmission, FileError, GraderError
from synthgym.base.json_reading import read_object
from synthgym.envs.grading.scoring import Phase
from synthgym.envs.mlgym.answers import LEAST_ROWS, parse_table, table_text
from synthgym.envs.workspace import Prepared


@dataclass(frozen=True)
class SplitHalves:
    """See the module.

    Attributes:
        folder: Holds the files of each half.
        rows: The rows of each, of those of the whole.
    """

    folder: Path
    rows: dict[Phase, list[int]]

    def data(self, phase: Phase) -> dict[str, bytes]:
        """One half of the split, by its files' names in the evaluator's workspace."""
        return {f"data/{path.name}": path.read_bytes() for path in sorted((self.folder / phase).iterdir())}

    def cut(self, submission: bytes, phase: Phase, path: str) -> bytes:
        """The rows of one half, of a table that has one for each row of the split, in their order.

        Raises:
            BadSubmission: It is no table, or has not as many rows.
        """
        count = sum(map(len, self.rows.values()))
        header, rows = parse_table(submission, path, count)
        if len(rows) != count:
            raise BadSubmission(f"{path}: expected {count} rows, got {len(rows)}")
        return table_text(header, [rows[index] for index in self.rows[phase]])


def read_halves(prepared: Prepared) -> SplitHalves | None:
    """The halves that `prepare.py` made; None if it made none, or smaller ones than say anything.

    Raises:
        GraderError: They are no two halves.
    """
    folder = prepared.private / "halves"
    if not folder.is_dir():
        return None
    try:
        given = read_object(folder / "rows.json")
        rows: dict[Phase, list[int]] = {phase: list(given[phase]) for phase in get_args(Phase)}
        everything = sorted(index for half in rows.values() for index in half)
        whole = everything == list(range(len(everything))) and all((folder / phase).is_dir() for phase in rows)
    except (OSError, FileError, KeyError, TypeError) as error:
        raise GraderError(f"{folder}: cannot be read: {error}") from error
    if not whole:
        raise GraderError(f"{folder}: expected two halves of the rows, each row in one of them")
    return SplitHalves(folder, rows) if min(map(len, rows.values())) >= LEAST_ROWS else None
