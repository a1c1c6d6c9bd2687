"""What commands print, on any terminal: other encodings, narrow and dumb ones, readers that leave, none at all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cli_tools import Run, command

from synthgym.cli.shared.terminal import _nearest

PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii", **PLAIN},
        {"PYTHONIOENCODING": "latin-1", **PLAIN},
        {"LC_ALL": "C", **PLAIN},
        {"TERM": "dumb"},
        {"COLUMNS": "20"},
    ],
)
def test_doctor_prints_on_any_terminal(synthgym: Run, environment: dict[str, str]) -> None:
    shown = synthgym("doctor", **environment).stdout
    assert re.search(r"^[✓+] Python", shown, re.MULTILINE)
    assert "sandbox='auto'" in shown


def test_signs_that_an_encoding_lacks() -> None:
    assert "".join(map(_nearest, "✓ – → é ≤ 猫")) == "+ - -> e <= ?"


@pytest.mark.parametrize("arguments", [["doctor"], ["list"], ["list", "--json"], ["doctor", "--json"], ["--help"]])
def test_a_reader_that_leaves_early(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(command(*arguments), stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(writing)
    assert run.stderr == ""
    assert run.returncode in (1, 141)


def test_no_standard_output_at_all() -> None:
    line = " ".join(command("doctor")) + " >&-"
    run = subprocess.run(["bash", "-c", line], stderr=subprocess.PIPE, text=True, timeout=120)
    assert (run.returncode, run.stderr) == (0, "")


def test_help_in_a_narrow_terminal_cuts_no_word_off(synthgym: Run) -> None:
    shown = synthgym("rollout", "--help", COLUMNS="40").stdout
    assert "…" not in shown
    assert max(map(len, shown.splitlines())) <= 50
    assert "'synthgym/*'" in shown


def test_help_shows_all_of_a_form(synthgym: Run) -> None:
    assert "openai:MODEL@BASE_URL?temperature=1" in synthgym("synthesize", "--help", COLUMNS="200").stdout


def test_tables_of_figures_are_never_cut(synthgym: Run, collection: Path, tmp_path: Path) -> None:
    out = tmp_path / "bench"
    agents = ["toy_agents:solve", "toy_agents:hand_in_the_starter"]
    synthgym("benchmark", "--collection", collection, "--envs", "toys/*", "--out", out, "--agents", *agents)
    wide = synthgym("aup", out).stdout
    narrow = synthgym("aup", out, FORCE_COLOR="1", COLUMNS="30").stdout
    assert set(re.findall(r"\d+\.\d+", wide)) == set(re.findall(r"\d+\.\d+", re.sub(r"\x1b\[[0-9;]*m", "", narrow)))


def test_the_package_is_the_command_too() -> None:
    run = subprocess.run([sys.executable, "-m", "synthgym", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("synthgym 0.")


def test_without_a_home(tmp_path: Path) -> None:
    run = subprocess.run(command("list"), env={}, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert "synthgym/" in run.stdout
