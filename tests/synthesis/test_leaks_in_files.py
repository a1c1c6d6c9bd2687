"""Labels in a file of the workspace are found, whatever characters are in them and however the file is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from synthgym.registry.csv_table import csv_text
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.leaks import check_leaks
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.tables.tables import read_tables

NAMES = ["low\u2028est", "mid\x0bdle", "two\nlines"]
ROWS = 300


def check(workspace: Path, cells: list[str], hidden: HiddenLabels) -> None:
    labels = csv_text([["y"], *([cell] for cell in cells)]).encode()
    check_leaks(Report("a challenge"), workspace, read_tables(workspace, ROWS), labels, hidden, ["y"])


def test_labels_with_characters_that_end_lines_elsewhere(tmp_path: Path) -> None:
    codes = np.random.default_rng(0).integers(len(NAMES), size=ROWS)
    cells, hidden = [NAMES[code] for code in codes], HiddenLabels(classes=codes, names=tuple(NAMES))
    (tmp_path / "notes.bin").write_bytes(b"nothing")
    check(tmp_path, cells, hidden)
    (tmp_path / "notes.bin").write_bytes(", ".join(cells).encode())
    with pytest.raises(CheckFailed, match=r"notes\.bin holds the hidden labels"):
        check(tmp_path, cells, hidden)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_column_as_it_is_written_elsewhere(tmp_path: Path, encoding: str) -> None:
    """Decimal commas, semicolons and another encoding hide nothing."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=ROWS)
    cells = [f"{value:.6f}" for value in values]
    for column, leaks in ((rng.normal(size=ROWS), False), (3 * values + 1, True)):
        lines = [f"{value:.5f}".replace(".", ",") + f";{number}" for number, value in enumerate(column)]
        (tmp_path / "test.csv").write_bytes("\n".join(["größe (m);zeile", *lines]).encode(encoding))
        if leaks:
            with pytest.raises(CheckFailed, match=r"column 'größe \(m\)' of test.csv"):
                check(tmp_path, cells, HiddenLabels(values=values))
        else:
            check(tmp_path, cells, HiddenLabels(values=values))
