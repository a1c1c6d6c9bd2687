"""Verifying a collection with challenges that are bad in every way: each costs itself, and is told in one line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from challenges import PREPARE_TABLE, write_game, write_table
from cli_tools import Run
from env_fixtures import needs

from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.collection import Collection
from synthgym.synthesis.ledger import Entry, read_ledger, write_ledger

Spoil = Callable[[Path], Any]


def spec(**fields: Any) -> Spoil:
    def spoil(folder: Path) -> None:
        data = yaml.safe_load((folder / "challenge.yaml").read_text())
        for name, value in fields.items():
            data[name] = {**data[name], **value} if isinstance(value, dict) else value
        (folder / "challenge.yaml").write_text(yaml.safe_dump(data))

    return spoil


def text(old: str, new: str) -> Spoil:
    """Changes what the spec's file says, which need not stay YAML."""

    def spoil(folder: Path) -> None:
        before = (folder / "challenge.yaml").read_text()
        assert old in before
        (folder / "challenge.yaml").write_text(before.replace(old, new))

    return spoil


def prepare(program: str, **budget: float) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / "grader" / "prepare.py").write_text(program)
        spec(budget=budget)(folder)

    return spoil


def moved_away(folder: Path) -> None:
    place = folder.parent.parent / "elsewhere"
    folder.rename(place)
    folder.symlink_to(place)


def fifo(folder: Path) -> None:
    (folder / "challenge.yaml").unlink()
    os.mkfifo(folder / "challenge.yaml")


BUDGET = "command_cpu_seconds: 5.0"
LAUGHS = "\n".join(f"b{n}: &b{n} [{', '.join(['*b' + str(n - 1)] * 9 if n else ['ha'] * 9)}]" for n in range(12))

BAD: dict[str, tuple[Spoil, str, str]] = {
    "infinite": (text(BUDGET, "command_cpu_seconds: .inf"), "spec", "budget.command_cpu_seconds"),
    "no-number": (text(BUDGET, "command_cpu_seconds: .nan"), "spec", "budget.command_cpu_seconds"),
    "large": (text(BUDGET, "command_cpu_seconds: 1.0e+12"), "spec", "budget.command_cpu_seconds"),
    "negative": (text(BUDGET, "command_cpu_seconds: -5"), "spec", "budget.command_cpu_seconds"),
    "digits": (text(BUDGET, f"command_cpu_seconds: {'9' * 400}"), "spec", "not valid YAML"),
    "more-digits": (text(BUDGET, f"command_cpu_seconds: {'9' * 6000}"), "spec", "not valid YAML"),
    "hexadecimal": (text(BUDGET, f"command_cpu_seconds: 0x{'f' * 9000}"), "spec", "at most 18 digits"),
    "laughs": (text("title:", f"{LAUGHS}\ntitle:"), "spec", "unfolds into more"),
    "nested": (text("title:", f"x: {'[' * 400_000}\ntitle:"), "spec", "nested more than"),
    "latin-1": (lambda f: (f / "challenge.yaml").write_bytes(b"id: caf\xe9"), "spec", "not UTF-8"),
    "empty": (lambda f: (f / "challenge.yaml").write_bytes(b""), "spec", "expected a mapping"),
    "fifo": (fifo, "spec", "expected a regular file"),
    "linked": (moved_away, "layout", "a link, to"),
    "no-prepare": (lambda f: (f / "grader" / "prepare.py").unlink(), "layout", "grader/prepare.py: missing"),
    "one-column": (spec(metric={"name": "log_loss"}), "spec", "expected one column for each class for log_loss"),
    "two-columns": (spec(submission={"columns": ["y", "z"]}), "spec", "expected one column for rmse"),
    "evaluator-kind": (spec(submission={"kind": "mlgym"}), "spec", "submission.kind"),
    "kills-parent": (prepare("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"), "prepare", "prepare.py"),
    "kills-all": (prepare("import os, signal\nos.kill(-1, signal.SIGKILL)\n"), "prepare", "prepare.py failed"),
    "fills-disk": (prepare("open('x', 'wb').write(bytes(100 << 20))"), "prepare", "No space left"),
    "forks": (
        prepare("import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", prepare_cpu_seconds=0.5),
        "prepare",
        "seconds by budget.prepare_cpu_seconds",
    ),
    "odd-name": (prepare(PREPARE_TABLE + "open(public + '/a\\x1b[2J', 'w')"), "prepare", "more than plain text"),
    "no-text-name": (prepare(PREPARE_TABLE + "open(public.encode() + b'/\\xff', 'w')"), "prepare", "more than plain"),
    "deep": (
        prepare(PREPARE_TABLE + "os.chdir(public)\nfor _ in range(2000): os.mkdir('d'); os.chdir('d')"),
        "prepare",
        "deep",
    ),
    "no-folder": (
        prepare(PREPARE_TABLE + "import shutil; shutil.rmtree(public); open(public, 'w')"),
        "prepare",
        "no folder public",
    ),
    "labels-no-text": (
        prepare(PREPARE_TABLE + "open(private + '/labels.csv', 'wb').write(b'\\xe9\\n' * 300)"),
        "prepare",
        "labels.csv",
    ),
    "escapes": (
        lambda f: (f / "workspace" / "train.py").write_text("raise SystemExit('\\x1b[2J\\x9b2J lost')"),
        "baseline",
        "lost",
    ),
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Collection.create(tmp_path_factory.mktemp("bad") / "bad", namespace="bad", title="Bad").path
    for name, (spoil, _, _) in BAD.items():
        spoil(write_table(folder, name, verified=False))
    write_table(folder, "sound", verified=False)
    write_game(folder, "sound-game", verified=False)
    return folder


@pytest.mark.slow
def test_each_costs_itself(synthgym: Run, bad: Path) -> None:
    needs("bubblewrap")
    run = synthgym("verify", bad, "--json", "--sandbox", "bubblewrap", "--jobs", 2, code=1)
    reports = {each["id"]: each for each in json.loads(run.stdout)["challenges"]}
    assert sorted(reports) == sorted([*BAD, "sound", "sound-game"])
    for name, (_, check, said) in BAD.items():
        assert (name, reports[name]["failed"]) == (name, check), reports[name]["reason"]
        assert said in reports[name]["reason"]
        assert str(bad) not in reports[name]["reason"], "a ledger, and a model, are told of places on this machine"
        (line,) = [line for line in run.stderr.splitlines() if line.startswith(f"{name}: ") and "has run" not in line]
        assert len(line) < 600
    assert reports["sound"]["ok"]
    assert reports["sound-game"]["ok"]
    assert not {"\x1b", "\x9b"} & set(run.stderr + run.stdout)
    assert {entry.id: entry.check for entry in read_ledger(bad)} == {name: r["failed"] for name, r in reports.items()}
    listed = {item["id"]: item["verified"] for item in json.loads((bad / "index.json").read_text())["challenges"]}
    assert listed["sound"]
    assert not {"infinite", "two-columns", "laughs"} & set(listed)


def test_the_ledger_keeps_what_was_spent(synthgym: Run, tmp_path: Path) -> None:
    folder = Collection.create(tmp_path / "made", namespace="made", title="Made").path
    write_table(folder, "line", verified=False)
    (folder / "line" / "workspace" / "train.py").write_text("raise SystemExit(4)")
    write_table(folder, "new", verified=False)
    (folder / "new" / "grader" / "prepare.py").unlink()
    entries = [
        Entry(0, "", "passed", stage="proposal", calls=2, tokens=50, cost=0.5, topic="lines"),
        Entry(0, "line", "accepted", calls=1, tokens=20, cost=0.25, content_hash="0123", baseline=1.0),
        Entry(1, "gone", "rejected", check="leaky", reason="told"),
    ]
    write_ledger(folder, entries)
    synthgym("verify", folder, code=1)
    first, line, gone, new = read_ledger(folder)
    assert (first, gone) == (entries[0], entries[2])
    assert (line.outcome, line.check, line.tokens, line.cost, line.content_hash) == (
        "rejected",
        "baseline",
        20,
        0.25,
        None,
    )
    assert "exit code 4" in (line.reason or "")
    assert (new.index, new.id, new.outcome, new.check) == (2, "new", "rejected", "layout")


def test_a_damaged_ledger_is_begun_anew(synthgym: Run, tmp_path: Path) -> None:
    folder = Collection.create(tmp_path / "made", namespace="made", title="Made").path
    write_table(folder, "line", verified=False)
    (folder / "line" / "grader" / "prepare.py").unlink()
    for body in ("[" * 100_000, '{"index": "0", "id": "line", "outcome": "accepted"}', '{"index": 0}', "\xff"):
        (folder / "ledger.jsonl").write_text(body)
        assert "a new ledger is begun" in synthgym("verify", folder, code=1).stderr
        assert [entry.id for entry in read_ledger(folder)] == ["line"]


def test_scores_that_do_not_hold_are_replaced(synthgym: Run, tmp_path: Path) -> None:
    folder = Collection.create(tmp_path / "theirs", namespace="theirs", title="Theirs").path
    write_table(folder, "line")
    challenge = load_challenge(folder / "line")
    challenge.baseline.mean, challenge.baseline.scores = 9.0, [9.0] * 5
    challenge.save(folder / "line")
    run = synthgym("verify", folder)
    assert "line: states a baseline of 9 with a noise of 0.02; its untouched starter scores" in run.stderr
    measured = load_challenge(folder / "line")
    assert measured.baseline.mean == pytest.approx(1.0, abs=0.2)
    assert "states" not in synthgym("verify", folder).stderr
    assert load_challenge(folder / "line") == measured


def test_nothing_steers_the_terminal(synthgym: Run, tmp_path: Path) -> None:
    folder = Collection.create(tmp_path / "theirs", namespace="theirs", title="\x1b[1mTheirs").path
    write_table(folder, "line")
    spec(title="\x1b]0;x\x07Lines\x9b2J", topic="Clear\x1b[2J the screen")(folder / "line")
    for arguments in (["list", "theirs/*", "--collection", folder], ["check", folder]):
        for json_too in ([], ["--json"]):
            run = synthgym(*arguments, *json_too)
            assert not {"\x1b", "\x9b", "\x07"} & set(run.stdout + run.stderr)
    assert "Lines" in synthgym("list", "theirs/*", "--collection", folder).stdout
    (folder / "line" / "workspace" / "\x1b[2Jx").write_text("")
    assert "\x1b" not in synthgym("check", folder, code=1).stdout
