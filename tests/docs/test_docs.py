"""What README and docs tell the reader to run does run; links lead somewhere; the tables that are written are whole."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_model
from doc_pages import PAGES, ROOT, blocks, commands, files, name_of


@pytest.mark.sample(2)
@pytest.mark.parametrize(("page", "code"), blocks("python"))
def test_python_blocks_run(page: str, code: str, tmp_path: Path) -> None:
    if "GRPOTrainer" in code:  # by its name a tiny model is found, in place of the Hub's
        tiny_model.write(tmp_path / "Qwen" / "Qwen3-0.6B")
        code = re.sub(r"max_steps=\d+", "max_steps=2, use_cpu=True", code)
    environment = {**os.environ, "SECRET": "0" * 64}  # as `prepare.py` has it
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{page}:\n{code}\n{done.stderr}"


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "getting-started").glob("*.md")), ids=name_of)
def test_getting_started_runs(page: Path, tmp_path: Path) -> None:
    """Who writes the files of the page and gives its commands, one after the other, gets through."""
    for name, text in files(page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "SYNTHGYM_TRUST"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for line in commands(page):
        done = subprocess.run(
            line, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """To a file. Those to the reference, which is made with the site, and anchors, are checked where that is built."""
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target and "docs/reference" not in os.path.normpath(page.parent / target):
            assert (page.parent / target).exists(), target


def test_floor_plan_is_true() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "floor_plan.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_table_of_attacks_is_true() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "attack_table.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_table_of_checks_is_true() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_table.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_readme_example_prints_what_it_says(tmp_path: Path) -> None:
    """The block after the ten-line example is its output, to the letter."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^```python\n(.*?)^```\n+```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, "README.md: no example followed by its output"
    code, printed = found.groups()
    assert len(code.strip().splitlines()) <= 10
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.stdout == printed, done.stderr
