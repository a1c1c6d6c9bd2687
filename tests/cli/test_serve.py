"""`synthgym serve`, and agents that are models to be served."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import openai
import pytest
from cli_tools import command
from env_fixtures import needs
from tiny_models import TALK, save_adapter, save_tiny


def run(here: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs a command for as long as it takes: a server is slow to start on a busy machine."""
    return subprocess.run(command(*arguments), cwd=here, capture_output=True, text=True)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    save_tiny(folder / "tiny")
    save_adapter(folder / "tiny", folder / "tuned", target_modules="all-linear")
    return folder


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("model", ["tiny", "tuned"])
def test_it_prints_what_a_client_needs_and_ends_with_an_interrupt(models: Path, here: Path, model: str) -> None:
    """Also where the folder of an adapter is named: its model is served, with it."""
    arguments = ["serve", models / model, "--engine", "transformers"]
    arguments += ["--adapter", f"tuned={models / 'tuned'}"] if model == "tiny" else []
    with subprocess.Popen(command(*arguments), cwd=here, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        told = {}
        for line in running.stdout:
            if line.startswith("Ctrl-C"):
                break
            name, _, value = line.partition("  ")
            told[name] = value.strip()
        client = openai.OpenAI(base_url=told["base URL"], api_key=told["key"], max_retries=0)
        names = told["models"].split(", ")
        assert told["agent"].startswith(f"chat:{names[0] if model == 'tiny' else 'tuned'}@")
        assert [re.sub("@.*", "", name) for name in names] == ["tiny", "tiny", "tuned"]
        for name in names:
            answer = client.chat.completions.create(model=name, messages=TALK[:2], max_tokens=3)  # type: ignore[call-overload]
            assert answer.usage.completion_tokens <= 3
        running.send_signal(signal.SIGINT)
        assert running.stdout.read().strip() == "ended"
    assert running.returncode == 0
    with pytest.raises(openai.APIConnectionError):
        client.models.list()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_benchmark_serves_models_and_calls_them_by_their_names(models: Path, here: Path) -> None:
    needs("bubblewrap")
    model = f"serve:{models / 'tiny'}?engine=transformers&max_tokens=5&format_tries=1"
    done = run(
        here,
        *(
            "benchmark",
            "--envs",
            "synthgym/battery-mae-24ff-v0",
            "--agents",
            model,
            f"{model}&adapter={models / 'tuned'}",
        ),
        *("--out", "scores", "--no-preflight"),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("starting a server") == 1
    records = [json.loads(line) for line in (here / "scores" / "scores.jsonl").read_text().splitlines()]
    assert {record["solver"] for record in records} == {"tiny", "tiny+tuned"}
    assert not _anybody_works_for(models / "tiny")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_pretrained_model_is_served_by_vllm_for_an_episode(here: Path) -> None:
    """SmolLM2 out of its wheel, a chat agent, a shipped challenge, a sandbox: all of it real."""
    needs("bubblewrap")
    needs("vllm")
    agent = "serve:smollm2-135m?engine=vllm&temperature=0&max_tokens=60&format_tries=2&context=2048&timeout=1200"
    done = run(
        here,
        *("rollout", "--envs", "synthgym/battery-mae-24ff-v0", "--agent", agent, "--out", "episodes"),
        *("--max-steps", "2", "--json"),
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["finished"], summary["failed"]) == (1, 0)
    said = (here / "episodes").glob("episodes-*")
    assert all(path.stat().st_size for path in said)
    assert not _anybody_works_for(Path("smollm2-135m"))


def test_what_is_wrong_is_told_in_a_sentence(here: Path, models: Path) -> None:
    for arguments, said in (
        (["serve", here], "expected the folder of a saved model"),
        (["serve", "small"], "trained from nothing on conversations"),
        (["serve", "smollm2-135m", "--adapter", "tuned"], "--adapter tuned: expected NAME=DIR"),
        (["serve", models / "tuned", "--adapter", f"tuned={here}"], "is an adapter of that name"),
        (
            ["rollout", "--envs", "synthgym/*", "--agent", "serve:x?temprature=0", "--out", "o"],
            "did you mean 'temperature'",
        ),
    ):
        done = run(here, *arguments)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
        assert "Traceback" not in done.stderr


def _anybody_works_for(model: Path) -> bool:
    """Whether a process has the model on its command line, and is a server or the keeper of one."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(model).encode() in line and b"keeper.py" in line and int(folder.name) != os.getpid():
            return True
    return False
