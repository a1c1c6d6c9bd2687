"""Files that a stranger made, or that were damaged: each reader tells what is wrong in words, or passes over it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from synthgym.agents.endpoint.complaints import error_bodies
from synthgym.agents.endpoint.replies import NoAnswer, read_reply
from synthgym.agents.plain_json import plain
from synthgym.agents.trajectories.layout import agent_of
from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.base.errors import SynthgymError
from synthgym.base.files.journal import Journal
from synthgym.base.files.run_folder import claim
from synthgym.envs.measuring.measured import note_of, recall
from synthgym.envs.mlgym.halves import read_halves
from synthgym.envs.workspace import Prepared
from synthgym.registry.collections.index import read_index
from synthgym.registry.mlgym.challenge import EVALUATION_FILE, read_evaluation
from synthgym.synthesis.ledger import Entry, read_ledger
from synthgym.train.checkpoints import last_checkpoint
from synthgym.train.conversations import read_conversations
from synthgym.train.evaluation.aup import read_solvers
from synthgym.train.evaluation.candidates import read_candidates
from synthgym.train.evaluation.report import write_report
from synthgym.train.evaluation.scores import load_benchmark
from synthgym.train.models.folder import model_and_adapter
from synthgym.train.models.source import ModelSource, shapes
from synthgym.train.rl.collecting.groups import Notes
from synthgym.train.rl.metrics import MetricsFile
from synthgym.train.sft.sources import is_conversations
from synthgym.train.sharing.record import read_trained

FIELDS = (
    *("run", "notes", "step", "index", "outcome", "id", "format", "tasks", "key", "value", "messages", "config"),
    *("text_config", "weight_map", "log_history", "challenges", "seen", "steps", "loss", "settings", "agents"),
)

DAMAGE: dict[str, bytes] = {
    "nothing": b"",
    "torn": b'{"a": [1',
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep in an object": b'{"run": ' + b"[" * 500 + b"]" * 500 + b"}",
    "a list": b"[1, 2]",
    "a number": b"7",
    "null": b"null",
    "not UTF-8": b'{"a": "\xff\xfe"}',
    "many digits": b'{"run": %s, "step": %s, "index": %s}' % ((b"9" * 400,) * 3),
    "more digits": b'{"step": %s}' % (b"9" * 5000),
    "infinite": b'{"step": 1e999, "seed": -Infinity, "loss": NaN}',
    "lists everywhere": json.dumps({name: [[1]] for name in FIELDS}).encode(),
    "texts everywhere": json.dumps(dict.fromkeys(FIELDS, "x")).encode(),
    "objects within": b'{"run": {"agent": [], "command": {}, "settings": 3}, "notes": {"agents": 3}, "tasks": [3]}',
    "wide": b"[" + b"[]," * 400_000 + b"0]",
}


def _metrics(path: Path) -> None:
    metrics = MetricsFile(path)
    list(metrics.read())
    metrics.rewind(3)


def _journal(path: Path) -> None:
    with closing(Journal(path)) as journal:
        list(journal.items("", list[Entry]))


def _safetensors(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(len(data).to_bytes(8, "little") + data)
    shapes(path.parent)


def _checkpoint(path: Path) -> None:
    assert last_checkpoint(path.parent.parent) is None


def _template(path: Path) -> str:
    return ModelSource("m", path.parent, "", "folder").chat_template


READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "a store's run.json": ("run.json", lambda path: Store(path.parent).claim({"seed": 1})),
    "whose store": ("run.json", lambda path: agent_of(path.parent)),
    "a store": ("episodes-0.jsonl", lambda path: list(Store(path.parent))),
    "what a store has": ("episodes-0.jsonl", lambda path: Store(path.parent).done()),
    "what is taken out": ("episodes-0.jsonl", lambda path: Store(path.parent).take_out({"a"})),
    "failures": ("failures.jsonl", lambda path: list(Store(path.parent).failures())),
    "episodes": ("x.jsonl", lambda path: list(read_episodes(path))),
    "packed episodes": ("x.jsonl.zst", lambda path: list(read_episodes(path))),
    "scores": ("scores.jsonl", lambda path: load_benchmark(path.parent)),
    "solvers": ("x.json", lambda path: read_solvers(path)),
    "solvers of a folder": ("a__b__c/results.json", lambda path: read_solvers(path.parent.parent)),
    "candidates": ("ledger.jsonl", lambda path: read_candidates(path.parent)),
    "a ledger": ("ledger.jsonl", lambda path: read_ledger(path.parent)),
    "a journal": ("journal", _journal),
    "metrics": ("metrics.jsonl", _metrics),
    "a run folder": ("rl.json", lambda path: claim(path.parent, "rl.json", {"a": 1}, lambda _: False)),
    "a note": ("000001.json", lambda path: Notes(path.parent).read(1)),
    "notes": ("000001.json", lambda path: list(Notes(path.parent))),
    "a training": ("sft.json", lambda path: read_trained(path.parent)),
    "a training's run": ("run.json", lambda path: read_trained(path.parent)),
    "a model": ("config.json", lambda path: ModelSource("m", path.parent, "", "folder").context),
    "a template": ("tokenizer_config.json", _template),
    "a template's file": (
        "chat_template.jinja",
        lambda path: ModelSource("m", path.parent, "", "folder").chat_template,
    ),
    "an adapter": ("adapter_config.json", lambda path: model_and_adapter(str(path.parent))),
    "weights": ("model.safetensors", _safetensors),
    "a checkpoint": ("checkpoint-1/trainer_state.json", _checkpoint),
    "conversations": ("x.jsonl", lambda path: read_conversations(path)),
    "what is one": ("x.jsonl", lambda path: is_conversations(path)),
    "an evaluation": (EVALUATION_FILE, lambda path: read_evaluation(path.parent)),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize(("name", "read"), READERS.values(), ids=READERS)
@pytest.mark.filterwarnings("ignore:left out")
def test_a_damaged_file(tmp_path: Path, name: str, read: Callable[[Path], Any], damage: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for data in (damage, damage + b"\n" + damage + b"\n"):
        path.write_bytes(data)
        with suppress(SynthgymError):
            read(path)


@pytest.mark.parametrize(("name", "read"), READERS.values(), ids=READERS)
@pytest.mark.timeout(20)
def test_a_pipe(tmp_path: Path, name: str, read: Callable[[Path], Any]) -> None:
    if name == "model.safetensors" or read is READERS["conversations"][1]:
        pytest.skip("is written before, or may be a pipe")
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    with suppress(SynthgymError):
        read(path)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_caches(tmp_path: Path, damage: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNTHGYM_CACHE", str(tmp_path / "cache"))
    note = note_of("a", "b")
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_bytes(damage)
    assert recall("a", "b") is None
    folder = tmp_path / "collection"
    folder.mkdir()
    (folder / "collection.yaml").write_text("namespace: a\ntitle: A\n")
    (folder / "index.json").write_bytes(damage)
    for _ in range(2):
        assert read_index(folder).entries == []
        for seen in (tmp_path / "cache").rglob("indexes/*.json"):
            seen.write_bytes(damage)
    (tmp_path / "halves").mkdir()
    (tmp_path / "halves" / "rows.json").write_bytes(damage)
    with pytest.raises(SynthgymError, match="halves"):
        read_halves(Prepared("", tmp_path, tmp_path, tmp_path, ""))


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_answers_of_endpoints(damage: bytes) -> None:
    text = damage.decode("utf-8", "replace")
    error_bodies.reason(text)
    error_bodies.words(text)
    error_bodies.code(text)
    for body in (text, f"data: {text}\n\n", json.dumps({"choices": [{"message": {"content": text}}], "usage": text})):
        with suppress(NoAnswer):
            read_reply(body, 10)


def test_what_an_agent_says_of_itself() -> None:
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(ValueError, match="levels"):
        plain(deep)


@pytest.mark.slow
@pytest.mark.parametrize("value", [1e308, -1e308, 5e-324, 10**39])
def test_a_report_of_extreme_scores(tmp_path: Path, value: float) -> None:
    one = {"challenge_hash": "h", "metric": "m", "direction": "higher", "baseline": 0.5, "exit_status": "submitted"}
    for field in ("baseline", "reference", "final", "improvement", "seconds"):
        lines = [
            {**one, "env_id": f"a/{env}-v0", "solver": solver, "seed": 0, "final": 0.7, field: value}
            for env in range(2)
            for solver in ("a", "b")
        ]
        (tmp_path / "scores.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        with suppress(SynthgymError):
            write_report(tmp_path, tmp_path / "page.html")
