"""The table of checks is whole: it has every name that is given to a failure, and each check gets what it asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from challenges import write_table

import synthgym.synthesis
from synthgym.registry.challenge import Challenge
from synthgym.synthesis.report import Report
from synthgym.synthesis.verification import checks
from synthgym.synthesis.verification.check import Check
from synthgym.synthesis.verification.checks import CHECKS, OF_NO_CHECK, checks_of
from synthgym.synthesis.verification.verify import verify

ROOT = Path(synthgym.synthesis.__file__).parent
NAMES = {name for check in CHECKS for name in check.names} | OF_NO_CHECK.keys()


def _failures() -> Iterator[tuple[str, str]]:
    """The names that stand in calls of `require` and of `CheckFailed`, and where."""
    for path in [*ROOT.glob("verification/*.py"), *ROOT.glob("leaks/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called in ("require", "CheckFailed", "_failed") and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value, f"{path.name}, line {node.lineno}"


def test_every_name_of_a_failure_is_in_the_table() -> None:
    found = dict(_failures())
    assert len(found) >= 15
    assert {name: where for name, where in found.items() if name not in NAMES} == {}


@pytest.mark.parametrize("kind", ["file", "module"])
def test_every_check_gets_what_it_asks_for(kind: str) -> None:
    known = {"report", "folder", "suite"}
    at = {
        "read": set[str](),
        "run": {"sandbox", "box"},
        "try": {"filled", "attempts", "agent", "sandbox"},
    }
    files = {"report", "challenge", "workspace", "private", "briefing"}
    files |= {"tables", "labels", "hidden", "answer"} if kind == "file" else set()
    for step, more in at.items():
        known |= more
        for check in checks_of(step, kind):  # type: ignore[arg-type]
            assert set(check.needs) <= (files if check.isolated else known), check.run
            known |= set(check.gives)


def test_a_row_more_is_a_check_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def check_title(report: Report, challenge: Challenge) -> None:
        report.require("loud", not challenge.title.isupper(), f"{challenge.title} is shouted")

    row = Check(check_title, {"loud": "its title is in capitals"}, step="read")
    monkeypatch.setattr(checks, "CHECKS", (*CHECKS[:3], row, *CHECKS[3:]))
    folder = write_table(tmp_path)
    spec = folder / "challenge.yaml"
    spec.write_text(spec.read_text().replace("title: ", "title: LOUD # ", 1))
    report = verify(folder, "local")
    assert (report.failed, report.reason) == ("loud", "LOUD is shouted")
    assert report.passed == ["spec", "metric", "contaminated"]
