from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from cli_tools import Run, command
from typer.testing import CliRunner

from synthgym.agents.rollout import Summary
from synthgym.agents.trajectories.store import Store
from synthgym.cli.main import app
from synthgym.cli.shared.rollouts import summary_text


def test_version_and_help(synthgym: Run) -> None:
    assert synthgym("--version").stdout.startswith("synthgym 0.")
    shown = synthgym("--help").stdout
    for name in ("list", "check", "synthesize", "verify", "play", "rollout", "benchmark", "aup", "report"):
        assert f" {name} " in shown
        helped = CliRunner().invoke(app, [name, "--help"])
        assert helped.exit_code == 0
        assert f"synthgym {name} [OPTIONS]" in helped.stdout


def test_the_console_script_is_the_same_command() -> None:
    script = Path(sys.executable).with_name("synthgym")
    run = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("synthgym 0.")


def test_wrong_usage(synthgym: Run) -> None:
    assert "No such command" in synthgym("nothing", code=2).stderr
    assert "--n" in synthgym("synthesize", code=2).stderr
    assert "No such option" not in synthgym("synthesize", "--count", 1, code=2).stderr
    assert "--split" in synthgym("list", "--split", "test", code=2).stderr


def test_commands_start_light() -> None:
    code = (
        "import sys, synthgym.cli.main\n"
        "print([m for m in ('torch', 'transformers', 'openai', 'sklearn', 'pandas', 'scipy', 'matplotlib', 'jinja2')"
        " if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_broken_collection_is_a_warning_in_a_line(synthgym: Run, tmp_path: Path) -> None:
    run = synthgym("list", SYNTHGYM_COLLECTIONS=str(tmp_path / "nowhere"))
    assert run.stderr.count("\n") <= 2
    assert f"{tmp_path / 'nowhere'}: no such folder" in run.stderr


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupts_leave_nothing_behind(
    here: Path, collection: Path, tmp_path: Path, number: signal.Signals, code: int, jobs: int
) -> None:
    options = ["--envs", "toys/*", "--agent", "toy_agents:sleep", "--collection", collection, "--out", tmp_path / "out"]
    with subprocess.Popen(
        command("rollout", *options, "--jobs", jobs),
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(jobs):
            assert process.stdout.readline() == "asleep\n"
        family = psutil.Process(process.pid).children(recursive=True)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in errors
    assert ("interrupted" in errors) == (code == 130)
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    assert not Store(tmp_path / "out").done(), "nobody's error, so nothing is recorded: the same command goes on"


def test_a_long_reason_is_cut_in_a_summary(tmp_path: Path) -> None:
    summary = Summary(planned=1, finished=1, agent_errors=1, agent_error="KeyError: " + "a very long name " * 50)
    assert len(summary_text(summary, tmp_path)) < 450
