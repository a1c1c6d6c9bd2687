"""Texts of strangers that keep whoever reads them busy for far longer than they are long."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from growth import growth

from synthgym.agents.chat.actions import parse_reply
from synthgym.agents.chat.fences import split
from synthgym.agents.chat.thoughts import strip_thoughts
from synthgym.envs.edit_action import edit_action

MOST = 8
"""Times longer for four times the text: 4 if the work is linear, 16 if it is quadratic."""


@pytest.mark.parametrize(
    ("before", "mark"),
    [(" ", "<<end_of_edit"), ("\t", "<<end_of_edit"), ("1", "<<end_of_edit"), ("1:", "<<end_of_edit;edit ")],
)
@pytest.mark.parametrize("command", ["", "edit ", "insert 1"])
def test_an_action(command: str, before: str, mark: str) -> None:
    assert growth(lambda n: command + before * (10 * n) + mark * n, edit_action, 2000) < MOST


@pytest.mark.parametrize(
    "shape", ["```sh{}x", "{}```sh x", "```sh x{}", "```sh x{}```x", "```sh x```{}x", "```sh{}```"]
)
@pytest.mark.parametrize("unit", [" ", "\t", "a", "`", " a", "~"])
def test_a_line_that_could_be_a_block(shape: str, unit: str) -> None:
    assert growth(lambda n: shape.format(unit * n), split, 4000) < MOST
    assert growth(lambda n: shape.format(unit * n), parse_reply, 4000) < MOST


@pytest.mark.parametrize(
    "reply",
    [
        lambda n: f"<|channel|>{'a' * n}<",
        lambda n: "<details " + "type='reasoning'" * (n // 16),
        lambda n: "<think>\nx</reason>\n" * (n // 20),
        lambda n: "".join(f"<a{number}_think>\nx</reason>\n" for number in range(n // 25)),
        lambda n: f"a {'<think>' * (n // 7)} </think>\nb",
        lambda n: f"a{'</s>' * (n // 4)}",
        lambda n: "<|channel|>final<|message|>```\n<|end|>\n" * (n // 40),
    ],
    ids=["channel", "details", "another's end", "names", "spoken of", "end marks", "final channels"],
)
def test_thoughts(reply: Callable[[int], str]) -> None:
    assert growth(reply, strip_thoughts, 20_000) < MOST


def test_a_collection_that_is_looked_at_when_synthgym_is_imported(tmp_path: Path) -> None:
    """Directives of YAML, which its parser compares with each other: half a minute of them."""
    (tmp_path / "collection.yaml").write_text("namespace: slow-tests\ntitle: Tests\nversion: 0.1.0\n")
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        text = "".join(f"%TAG !{number:x}! x\n" for number in range(70_000))
        (tmp_path / name / "challenge.yaml").write_text(f"{text}--- a")
    run = subprocess.run(
        [sys.executable, "-c", "import synthgym, time; print(time.process_time())"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "SYNTHGYM_COLLECTIONS": str(tmp_path), "SYNTHGYM_CACHE": str(tmp_path / "cache")},
    )
    assert float(run.stdout) < 8
    assert run.stderr.count("directives are not read") == 3
