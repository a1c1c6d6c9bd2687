"""README and docs are true: blocks run, commands parse, links lead somewhere, the floor plan is whole."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tiny_model
import typer.main

from synthgym.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    """All fenced blocks of one language, with the page they stand on."""
    return [
        (page.name, body)
        for page in PAGES
        for found, body in BLOCK.findall(page.read_text(encoding="utf-8"))
        if found == language
    ]


@pytest.mark.parametrize(("page", "code"), blocks("python"))
def test_python_blocks_run(page: str, code: str, tmp_path: Path) -> None:
    if "GRPOTrainer" in code:  # by its name a tiny model is found, in place of the Hub's
        tiny_model.write(tmp_path / "Qwen" / "Qwen3-0.6B")
        code = re.sub(r"max_steps=\d+", "max_steps=2, use_cpu=True", code)
    environment = {**os.environ, "SECRET": "0" * 64}  # as `prepare.py` has it
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{page}:\n{code}\n{done.stderr}"


def commands() -> list[tuple[str, str]]:
    """Every `$ synthgym …` line of the console blocks."""
    return [
        (page, line[2:])
        for page, body in blocks("console")
        for line in body.replace("\\\n", " ").splitlines()
        if line.startswith("$ synthgym ")
    ]


@pytest.mark.parametrize(("page", "line"), commands())
def test_commands_parse(page: str, line: str) -> None:
    known: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    name, *arguments = shlex.split(line)[1:]
    assert name in known, f"{page}: no command {name!r}"
    known[name].make_context(name, arguments)  # raises a usage error on an option that does not exist


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_floor_plan_is_true() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "floor_plan.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_table_of_attacks_is_true() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "attack_table.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_tables_of_metrics_and_checks_are_true() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "challenge_tables.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tests_that_are_named_are_there(page: Path) -> None:
    """With their folder, or as one of the attacks."""
    for name in re.findall(r"`((?:tests/[\w/]+/)?test_\w+\.py)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists() or (ROOT / "tests" / "attacks" / name).exists(), f"{page.name}: {name}"


def test_readme_example_prints_what_it_says(tmp_path: Path) -> None:
    """The block after the ten-line example is its output, to the letter."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^```python\n(.*?)^```\n+```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, "README.md: no example followed by its output"
    code, printed = found.groups()
    assert len(code.strip().splitlines()) <= 10
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.stdout == printed, done.stderr
