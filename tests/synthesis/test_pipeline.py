"""Synthesis: the same seed gives the same bytes, ended runs go on, other folders are refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import challenges
import pytest
from challenges import write_table

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.files.journal import Journal
from synthgym.synthesis.candidate_threads import CandidateThreads
from synthgym.synthesis.cross_checks import _without_copies, reject_clashing, remove_rejected
from synthgym.synthesis.engines import open_engine
from synthgym.synthesis.ledger import Entry, funnel, read_ledger
from synthgym.synthesis.pipeline import synthesize
from synthgym.synthesis.recipe import Recipe, Running
from synthgym.synthesis.run import SynthesisRun

N = 4
RECIPE = Recipe(seed=5, namespace="pipe")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("synthesis") / "collection"
    result = synthesize(RECIPE, N, out)
    assert len(result.entries) == N
    assert len(result.accepted) >= N - 1
    return out


def test_a_second_run_is_identical(made: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    synthesize(RECIPE, N, again, Running(jobs=2))
    assert snapshot(again) == snapshot(made)


def test_the_ledger_has_every_candidate(made: Path) -> None:
    entries = read_ledger(made)
    assert [entry.index for entry in entries] == list(range(N))
    accepted = {entry.id for entry in entries if entry.outcome == "accepted"}
    assert accepted == {path.parent.name for path in made.glob("*/challenge.yaml")}
    assert funnel(entries)["accepted"] == len(accepted)


def test_a_longer_run_keeps_what_is_there(made: Path, tmp_path: Path) -> None:
    short, long = tmp_path / "short", tmp_path / "long"
    synthesize(RECIPE, 2, short)
    result = synthesize(RECIPE, N, short)
    assert result.resumed == 2
    assert snapshot(short) == snapshot(made)
    assert not long.exists()


def test_killed_and_resumed_is_identical(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "killed"
    code = (
        "from pathlib import Path; from synthgym.synthesis.pipeline import synthesize;"
        "from synthgym.synthesis.recipe import Recipe;"
        f"synthesize(Recipe(seed=5, namespace='pipe'), {N}, Path({str(out)!r}))"
    )
    for count in (1, 2):
        process = subprocess.Popen([sys.executable, "-c", code])
        deadline = time.monotonic() + 120
        journal = out / ".journal.jsonl"
        while time.monotonic() < deadline and process.poll() is None:
            if journal.exists() and journal.read_bytes().count(b"\n") >= count:
                break
            time.sleep(0.02)
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    result = synthesize(RECIPE, N, out)
    assert result.resumed >= 1
    assert snapshot(out) == snapshot(made)


def test_other_folders_are_refused(made: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputFolderError, match="seed: 5 there, 6 asked for"):
        synthesize(Recipe(seed=6, namespace="pipe"), 1, made)
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputFolderError, match="not empty"):
        synthesize(RECIPE, 1, tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    with pytest.raises(UserError, match="at least 1"):
        synthesize(RECIPE, 0, tmp_path / "none")


def test_twins_are_kept_once() -> None:
    entries = [Entry(0, "a", "accepted", content_hash="x"), Entry(1, "b", "accepted", content_hash="x")]
    first, second = _without_copies(entries)
    assert (first.outcome, second.outcome, second.check) == ("accepted", "rejected", "duplicate")


def test_nothing_is_trained_on_that_is_held_out(tmp_path: Path) -> None:
    collection = tmp_path / "c"
    entries = []
    for index, (name, split, text) in enumerate(
        (("a", "train", WORDS), ("b", "heldout", WORDS), ("c", "heldout", WORDS), ("d", "train", "Another."))
    ):
        challenge = challenges.table_spec(name)
        challenge.split, challenge.description = split, text
        challenges.write(collection, challenge, {"workspace/train.py": name})
        entries.append(Entry(index, name, "accepted", content_hash=name))
    settled = reject_clashing(collection, entries)
    assert [entry.outcome for entry in settled] == ["rejected", "accepted", "accepted", "accepted"]
    assert (settled[0].check, settled[0].content_hash) == ("contaminated", None)
    assert "held-out challenge b" in str(settled[0].reason)
    remove_rejected(collection, settled)
    assert sorted(path.name for path in collection.iterdir()) == ["b", "c", "d"]
    assert reject_clashing(collection, settled) == settled


WORDS = "Predict how long a candle burns from its wax, wick and room, for a church that counts its candles every month."


def test_ledger_lines_are_plain_json(made: Path) -> None:
    for line in (made / "ledger.jsonl").read_text().splitlines():
        assert json.loads(line)["outcome"] in ("accepted", "rejected")


def test_a_fault_that_one_candidate_shows_costs_that_one(tmp_path: Path) -> None:
    def make(index: int, idea: str) -> list[Entry]:
        if index == 1:
            return [Entry(index, {}[idea], "accepted")]
        return [Entry(index, idea, "accepted")]

    with closing(Journal(tmp_path / "journal.jsonl")) as journal, open_engine("processes", 1) as engine:
        run = SynthesisRun(tmp_path, journal, engine, "local")
        results = {index: (lines, why) for index, lines, why in CandidateThreads(make, run, 2).work(enumerate("abc"))}
    assert run.paused is None
    assert [entry.id for index in (0, 2) for entry in results[index][0]] == ["a", "c"]
    lines, why = results[1]
    assert lines == []
    assert why is not None
    assert why.startswith("could not be dealt with: KeyError (test_pipeline.py, line ")


def test_what_was_changed_by_hand_stops_no_run_and_is_not_removed(tmp_path: Path) -> None:
    for name in ("broken", "failed", "twin", "sound"):
        write_table(tmp_path, name)
    (tmp_path / "broken" / "challenge.yaml").write_text("id: [")
    entries = [
        Entry(0, "broken", "accepted", content_hash="0"),
        Entry(1, "failed", "rejected", check="baseline", reason="by `synthgym verify`, later"),
        Entry(2, "twin", "accepted", content_hash="0"),
        Entry(3, "sound", "accepted", content_hash="1"),
    ]
    settled = reject_clashing(tmp_path, entries)
    assert [entry.outcome for entry in settled] == ["accepted", "rejected", "rejected", "accepted"]
    remove_rejected(tmp_path, settled)
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["broken", "failed", "sound"]
