"""What strangers write never steers a terminal: an escape is planted wherever they can, and all commands are run."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import re
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
import pytest
import yaml
from challenges import table_spec, write_table
from cli_tools import command
from typer.main import get_command

import synthgym
from synthgym.agents.trajectories.trajectory import Outcome, Reset, Step, Trajectory
from synthgym.base.errors import SpecError, SynthgymError
from synthgym.base.messages import logger, say, warn
from synthgym.base.progress import show_progress
from synthgym.cli.main import app
from synthgym.registry.collections.collection import Collection

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b31m\u202e\u2066\r\x08\x00[bold]b[/bold][link=http://e]l[/link]"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BESIDE = Path(os.fsdecode(re.sub("[/\0:]", "", ESCAPE).encode()))
"""As the name of a file."""

WORD = ESCAPE.replace("\0", "")
"""As an argument."""
Shown = Callable[..., str]


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """Runs a command, and gives all that it printed once nothing in that steers a terminal."""

    def run(*arguments: object, stdin: str = "", **environment: str) -> str:
        done = subprocess.run(
            command(*arguments),
            cwd=tmp_path,
            input=stdin.encode(),
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        text = done.stdout.decode("utf-8")
        assert "Traceback" not in text, text
        assert "Usage:" not in text, text
        assert done.returncode in (0, 1, 2), text
        assert not RAW.search(text), repr(text)
        return text

    return run


def planted(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with an escape in one place of it, for every place; and where that is."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ((f"{name}.{place}", {**value, name: each}) for place, each in planted(inner))
        yield "key", {**value, ESCAPE: 1}
    elif isinstance(value, list):
        for at, inner in enumerate(value[:1]):
            yield from ((f"{at}.{place}", [*value[:at], each, *value[at + 1 :]]) for place, each in planted(inner))
    else:
        yield "value", ESCAPE
        yield "part", f"{value}{ESCAPE}"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection with a challenge for each field of a spec."""
    path = Collection.create(tmp_path_factory.mktemp("hostile") / BESIDE, namespace="hostile", title="Hostile").path
    good = write_table(path, "good")
    spec = yaml.safe_load((good / "challenge.yaml").read_text())
    for number, (_, data) in enumerate(planted(spec)):
        folder = path / f"bad-{number:03}"
        (folder / "grader").mkdir(parents=True)
        text = json.dumps({**data, "id": data["id"] if data["id"] != "good" else folder.name})
        (folder / "challenge.yaml").write_text(text)
    (path / "no-yaml").mkdir()
    (path / "no-yaml" / "challenge.yaml").write_bytes(f"{{{ESCAPE}: [".encode())
    odd = write_table(path, "odd-files")
    for folder in (odd, odd / "workspace", odd / "grader", path):
        (folder / BESIDE.name).mkdir()
        (folder / f"{BESIDE.name}.py").write_text(f"# {ESCAPE}")
    entry = {"id": "good", "version": 1, "split": "train", "kind": "file", "metric": ESCAPE, "title": ESCAPE}
    entry |= {"content_hash": "", "verified": True, "spec_hash": ESCAPE}
    (path / "index.json").write_text(json.dumps({"format": 1, "challenges": [entry, {ESCAPE: ESCAPE}]}))
    return path


@pytest.mark.slow
def test_a_collection(shown: Shown, hostile: Path) -> None:
    said = shown("check", hostile)
    assert "[bold]" in said
    for arguments in (
        ["check", hostile, "--json"],
        ["list", "--collection", hostile],
        ["list", WORD],
        ["verify", hostile, "--sandbox", "local"],
        ["push", hostile, "someone/hostile"],
        ["export-mlgym", hostile, "mlgym", "--sandbox", "local"],
        ["pack", hostile, "--out", "packed.zip"],
        ["unpack", hostile, "--out", "out"],
        ["pull", f"someone/{WORD}"],
    ):
        assert "[bold]" in shown(*arguments, HF_HUB_OFFLINE="1"), arguments
    for arguments in (
        ["list", "hostile/*"],
        ["list", "hostile/*", "--json"],
        ["play", "hostile/bad-001-v0", "--sandbox", "local"],
        ["rollout", "--envs", "hostile/*", "--agent", "scripted", "--out", "o", "--sandbox", "local"],
        ["benchmark", "--envs", "hostile/*", "--out", "b", "--agents", "scripted", "--sandbox", "local"],
    ):
        assert "left out" in shown(*arguments, SYNTHGYM_COLLECTIONS=str(hostile)), arguments
    info = {"namespace": "n", "title": "t", "authors": ["a"], "licence": "MIT", "description": "d"}
    for number, (_, data) in enumerate(planted(info)):
        folder = hostile.parent / f"info-{number}"
        folder.mkdir()
        (folder / "collection.yaml").write_text(json.dumps(data))
        if number % 6 == 0:
            assert shown("check", folder)


def record(**fields: Any) -> Trajectory:
    texts = dict.fromkeys(("env_id", "challenge_hash", "agent", "agent_hash", "metric", "direction"), ESCAPE)
    return Trajectory(
        episode_id=f"e{ESCAPE}",
        seed=0,
        reset=Reset(observation=ESCAPE),
        steps=[Step(content=ESCAPE, action=ESCAPE, observation=ESCAPE, reward=1.0, returncode=0, validations=[0.5])],
        messages=[{"role": "user", "content": ESCAPE}, {"role": "assistant", "content": ESCAPE}],
        outcome=Outcome(exit_status="submitted", error=ESCAPE, score=1.0, improvement=0.5, accepted_submission=True),
        versions={ESCAPE: ESCAPE},
        **{**texts, **fields},
    )


def scores() -> list[dict[str, Any]]:
    one = {"challenge_hash": ESCAPE, "metric": ESCAPE, "direction": "higher", "baseline": 0.1, "reference": 0.9}
    one |= {"scores": [0.3], "final": 0.4, "improvement": 0.5, "exit_status": ESCAPE, "steps": 3}
    names = [
        ("a" + ESCAPE, "one" + ESCAPE),
        ("a" + ESCAPE, "two"),
        ("b" + ESCAPE, "one" + ESCAPE),
        ("b" + ESCAPE, "two"),
    ]
    return [{**one, "env_id": env_id, "solver": solver, "seed": seed} for env_id, solver in names for seed in range(2)]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A benchmark's folder, hostile in all that it holds."""
    folder = tmp_path / BESIDE
    store = folder / "episodes" / "agent"
    store.mkdir(parents=True)
    (folder / "scores.jsonl").write_text("".join(json.dumps(line) + "\n" for line in scores()))
    settings = {"run": {"command": "benchmark", ESCAPE: ESCAPE}, "notes": {"agents": [ESCAPE], ESCAPE: ESCAPE}}
    (folder / "run.json").write_text(json.dumps(settings))
    (folder / "summary.json").write_text(json.dumps({ESCAPE: {ESCAPE: [ESCAPE]}}))
    entry = {"index": 0, "id": ESCAPE, "outcome": "rejected", "check": ESCAPE, "reason": ESCAPE, "stage": ESCAPE}
    later = {**entry, "index": 1, "stage": f"later{ESCAPE}", "outcome": ESCAPE, "topic": ESCAPE}
    (folder / "ledger.jsonl").write_text("".join(json.dumps(each) + "\n" for each in (entry, later)))
    (store / "run.json").write_text(json.dumps({"run": {"agent": ESCAPE}}))
    lines = [record(env_id=each["env_id"], agent=each["solver"]).to_line() for each in scores()[:1]]
    (store / "episodes-0.jsonl").write_text(
        "".join(line + "\n" for line in [*lines, f'{{"{ESCAPE[:4]}', '{"\\u001b[2J": 1}'])
    )
    (folder / "failures.jsonl").write_text(json.dumps({"error": ESCAPE, "env_id": ESCAPE}) + "\n")
    return folder


@pytest.mark.slow
def test_results(shown: Shown, results: Path, tmp_path: Path) -> None:
    said = shown("report", results, "--out", "page.html")
    assert "left out, as it cannot be read" in said
    page = (tmp_path / "page.html").read_text("utf-8")
    assert not RAW.search(page), repr(RAW.search(page))
    assert "[bold]b[/bold]" in page
    for arguments in (
        ["aup", results],
        ["aup", results, "--json"],
        ["aup", results, "--robust"],
        ["ledger", results],
        ["ledger", results, "--json"],
        ["export", results, "--out", "messages.jsonl"],
        ["export", results, "--out", "runs", "--format", "mlgym"],
        ["train", "sft", results, "--model", results, "--out", "sft"],
        ["train", "sft", results, "--model", "small", "--out", results],
        ["train", "rl", "--model", results, "--out", "rl", "--envs", WORD],
        ["train", "iterate", "--model", results, "--out", "iterate", "--envs", "synthgym/digits*"],
        ["serve", results],
        ["benchmark", "--envs", "synthgym/digits-*", "--out", results, "--agents", "scripted"],
        ["rollout", "--envs", "synthgym/digits-*", "--out", results, "--agent", "scripted"],
        ["synthesize", "--out", results, "--n", "1"],
        ["quickstart", "--small", "--out", results],
    ):
        assert "[bold]" in shown(*arguments), arguments


@pytest.mark.slow
@pytest.mark.parametrize("name", ["scores.jsonl", "ledger.jsonl", "run.json", "summary.json"])
def test_damaged_results(shown: Shown, results: Path, tmp_path: Path, name: str) -> None:
    good = (results / name).read_text().split("\n")[0]
    for number, (_, data) in enumerate(planted(json.loads(good))):
        (results / name).write_text(json.dumps(data) + (f"\n{ESCAPE}\n" if number % 2 else "\n"))
        if number % 8 in (0, 5):
            assert shown("report", results, "--out", "page.html")
            assert not (tmp_path / "page.html").exists() or not RAW.search((tmp_path / "page.html").read_text())
            (tmp_path / "page.html").unlink(missing_ok=True)
            if name == "ledger.jsonl":
                assert shown("ledger", results)


AGENTS = r"""
import shlex

NAME = shlex.quote("n" + ESCAPE[:20].replace("/", ""))
COMMAND = f"touch {NAME}; ls; printf %s {shlex.quote(ESCAPE)}; cat {NAME}.none"

def raises(observation, info):
    raise ValueError(ESCAPE)

def writes(observation, info):
    return "submit" if info["steps_left"] < 11 else COMMAND
"""


@pytest.mark.slow
def test_a_run_of_an_agent(shown: Shown, tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "toys", namespace="toys", title="Toys").path
    write_table(collection, "line")
    (tmp_path / "odd_agents.py").write_text(f"ESCAPE = {WORD!r}\n{AGENTS}")
    for number, agent in enumerate(("odd_agents:raises", "odd_agents:writes")):
        options = ["--collection", collection, "--sandbox", "local", "--episodes", "1", "--jobs", "1"]
        assert shown("rollout", "--envs", "toys/line-v0", "--out", f"o{number}", "--agent", agent, *options)
        assert shown("benchmark", "--envs", "toys/line-v0", "--out", f"b{number}", "--agents", agent, *options)
    stdin = f"printf '{ESCAPE.replace(chr(0), '')}'\nquit\n"
    shown("play", "toys/line-v0", "--collection", collection, "--sandbox", "local", stdin=stdin)


def test_on_a_terminal(results: Path, tmp_path: Path) -> None:
    """A terminal gets colours and rules of ours, and nothing else's."""
    for arguments in (["aup", results], ["ledger", results], ["list"]):
        said = _on_a_terminal(tmp_path, *arguments)
        assert not re.search("\x1b\\]|\x1b\\[2J|[\x80-\x9f\u202a-\u202e\u2066-\u2069\x00\x08]", said), repr(said)
        if arguments[0] != "list":
            assert "[bold]b[/bold]" in said.replace("\r\n", ""), said


def _on_a_terminal(cwd: Path, *arguments: object) -> str:
    ours, theirs = pty.openpty()
    os.set_blocking(ours, True)
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "400", "LINES": "50"}
    run = subprocess.Popen(command(*arguments), cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    found = b""
    try:
        while data := os.read(ours, 1 << 16):
            found += data
    except OSError:  # it has ended
        pass
    os.close(ours)
    assert run.wait(60) == 0, found
    return found.decode("utf-8")


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "400")
    with show_progress(f"title{ESCAPE}", 2, screen := _Screen()) as progress:
        progress.advance(1, f"status{ESCAPE}")
        progress.say(f"said{ESCAPE}")
    said = screen.getvalue()
    for word in ("title", "status", "said"):
        assert re.search(rf"{word}\s*\[bold\]b\[/bold\]", said), said
    assert not re.search("\x1b\\]|\x1b\\[2J\x1b\\[31|[\x80-\x9f\u202e\u2066\x00\x08]", said), repr(said)


def test_warnings_logs_and_errors(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warn(f"a {ESCAPE}")
    assert caught[0].filename == __file__
    with caplog.at_level(logging.INFO):
        logger("synthgym.tests").info("b %s", ESCAPE)
    say(f"c {ESCAPE}")
    say(f"d {ESCAPE}", err=True)
    printed = capsys.readouterr()
    for text in (str(caught[0].message), caplog.messages[0], printed.out, printed.err, str(SynthgymError(ESCAPE))):
        assert "[bold]b[/bold]" in text
        assert not RAW.search(text)


def test_what_an_agent_is_shown(tmp_path: Path) -> None:
    collection = Collection.create(tmp_path / "shown", namespace="shown", title="Shown").path
    folder = write_table(collection, "line")
    (folder / "workspace" / BESIDE.name).write_text("x")
    spec = table_spec("line")
    spec.save(folder)
    with warnings.catch_warnings():
        synthgym.register(collection)
        with pytest.raises(SpecError, match="a name of more than plain text") as caught:
            gymnasium.make("shown/line-v0", sandbox="local")
        assert not RAW.search(str(caught.value))
        (folder / "workspace" / BESIDE.name).unlink()
        env = gymnasium.make("shown/line-v0", sandbox="local")
        observation, info = env.reset(seed=0)
        texts = [observation, repr(info)]
        for action in (
            "ls",
            f"printf '{ESCAPE.replace(chr(0), '')}'",
            f"printf '{ESCAPE.replace(chr(0), '')}' > predictions.csv; validate",
            "submit",
        ):
            observation, _, _, _, info = env.step(action)
            texts += [observation, json.dumps(info, default=str, ensure_ascii=False)]
        env.close()
    for text in texts:
        assert not RAW.search(text), repr(text)


def test_every_command_is_run_here(shown: Shown) -> None:
    for arguments in (["doctor"], ["cleanup"], ["images", "list"]):
        assert shown(*arguments)
    source = Path(__file__).read_text("utf-8")
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if f'"{name}"' not in source] == []
