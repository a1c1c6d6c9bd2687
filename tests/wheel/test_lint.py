"""What lint finds depends on our files only, not on folders that commands leave in a checkout."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUFF = ROOT / ".venv" / "bin" / "ruff"


@pytest.mark.skipif(not RUFF.exists(), reason="ruff is where `make install` puts it")
def test_folders_that_commands_make_do_not_change_what_is_found(tmp_path: Path) -> None:
    shutil.copy2(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for helper in (ROOT / "tests").rglob("*.py"):
        if not helper.stem.startswith("test_"):
            (tmp_path / helper.stem).mkdir(exist_ok=True)
    challenge = tmp_path / "runs" / "quickstart" / "challenges" / "one"
    challenge.mkdir(parents=True)
    (challenge / "fit.py").write_text("import numpy as np\nimport json\n", encoding="utf-8")
    command = [str(RUFF), "check", "--no-cache", "--output-format", "concise", "."]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.stdout == "All checks passed!\n"
