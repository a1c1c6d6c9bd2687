"""The whole loop, as small as it goes: every part is real."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synthgym.base.errors import OutputFolderError
from synthgym.quickstart import BASE, STUDENT, TEACHER, Scale, quickstart, table

pytest.importorskip("trl")

TINY = Scale(2, 1, warmup_seconds=2.0, reading_seconds=2.0, train_seconds=4.0, copies=1, held_out=2, episodes=1)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_loop_runs_resumes_and_reports(tmp_path: Path) -> None:
    out = tmp_path / "quickstart"
    said: list[str] = []
    summary = quickstart(out, scale=TINY, say=said.append)
    assert json.loads((out / "summary.json").read_text()) == summary
    assert (out / "profile.png").read_bytes().startswith(b"\x89PNG")
    page = (out / "report.html").read_text()
    for solver in (BASE, STUDENT, TEACHER):
        figures = summary["solvers"][solver]
        assert figures["episodes"] == 2
        assert {"mean_improvement", "mean_improvement_interval", "share_solved", "aup_best", "aup_last"} <= set(figures)
        assert solver in page
    assert summary["challenges"]["candidates"] == 2
    assert summary["trajectories"]["shipped"] > 0
    assert summary["trajectories"]["live"] == summary["challenges"]["accepted"]
    assert len(table(summary)) == 4

    before = (out / "benchmark" / "scores.jsonl").read_bytes()
    again = quickstart(out, scale=TINY, say=said.append)
    assert again["solvers"] == summary["solvers"]
    assert (out / "benchmark" / "scores.jsonl").read_bytes() == before

    with pytest.raises(OutputFolderError, match="holds another run"):
        quickstart(out, scale=TINY, seed=1)
