"""The whole loop, as small as it goes: every part is real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from cli_tools import command
from env_fixtures import needs

from synthgym.base.errors import OutputFolderError
from synthgym.quickstart import AUTO, BASE, STUDENT, TEACHER, Scale, quickstart, table
from synthgym.train.serving import find_vllm

pytest.importorskip("trl")

TINY = Scale(2, 1, copying_steps=10, reading_steps=5, train_steps=15, copies=1, held_out=2, episodes=1, tuning_steps=2)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A quickstart's folder and summary."""
    out = tmp_path_factory.mktemp("loop") / "quickstart"
    return out, quickstart(out, scale=TINY, say=lambda text: None)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_loop_runs_resumes_and_reports(finished: tuple[Path, dict[str, Any]]) -> None:
    out, summary = finished
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
    again = quickstart(out, scale=TINY, say=lambda text: None)
    assert again["solvers"] == summary["solvers"]
    assert (out / "benchmark" / "scores.jsonl").read_bytes() == before

    with pytest.raises(OutputFolderError, match="holds another run"):
        quickstart(out, scale=TINY, seed=1, say=lambda text: None)


def test_small_and_full_at_once_are_refused(tmp_path: Path) -> None:
    asked = command("quickstart", "--small", "--full", "--out", tmp_path / "out")
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--small and --full: expected one of them" in done.stderr
    assert not (tmp_path / "out").exists()


def test_without_vllm_the_student_is_one_from_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYNTHGYM_VLLM", raising=False)
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path))
    if find_vllm() is not None:
        pytest.skip("a vLLM is found where this synthgym is installed")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text("{}", encoding="utf-8")
    said: list[str] = []
    with pytest.raises(OutputFolderError):  # of the folder, which is looked at when the student is chosen
        quickstart(tmp_path / "out", scale=TINY, model=AUTO, say=said.append)
    assert said == ["vLLM is not installed (make vllm): the student is one from scratch, not smollm2-135m"]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_pretrained_model_goes_through_the_loop(tmp_path: Path) -> None:
    """SmolLM2 out of its wheel, two steps of fine-tuning, vLLM: what quickstart does where all of them are there."""
    needs("vllm")
    said: list[str] = []
    summary = quickstart(tmp_path / "out", scale=TINY, model=AUTO, say=said.append)
    assert not [line for line in said if "from scratch" in line], said
    assert summary["settings"]["model"] == "smollm2-135m"
    assert summary["training"]["steps"] == TINY.tuning_steps
    assert summary["training"]["base"]["model"] == "smollm2-135m"
    assert {summary["solvers"][name]["episodes"] for name in (BASE, STUDENT, TEACHER)} == {2}
    assert summary["solvers"][BASE]["share_solved"] == 0
    assert "smollm2-135m" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_seconds(each) for key, each in value.items() if key != "seconds"}
    return value


AGAIN = """
import json, sys
from pathlib import Path
from synthgym.quickstart import Scale, quickstart
if __name__ == "__main__":
    quickstart(Path(sys.argv[1]), scale=Scale(**json.loads(sys.argv[2])))
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_second_run_gives_the_same_summary_but_for_times(
    finished: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    _, first = finished
    (tmp_path / "again.py").write_text(AGAIN, encoding="utf-8")
    other = os.environ | {"PYTHONHASHSEED": "11", "OMP_NUM_THREADS": "2", "TZ": "Asia/Tokyo"}
    again = [sys.executable, str(tmp_path / "again.py"), str(tmp_path / "second"), json.dumps(asdict(TINY))]
    subprocess.run(again, env=other, check=True)
    second = json.loads((tmp_path / "second" / "summary.json").read_text(encoding="utf-8"))
    assert "seconds" in second
    assert without_seconds(second) == without_seconds(json.loads(json.dumps(first)))
