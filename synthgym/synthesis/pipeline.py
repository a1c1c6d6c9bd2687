"""From an author's drafts to a collection of verified challenges; can be ended at any time and taken up again."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.paths import remove_tree
from synthgym.base.pools import run_jobs
from synthgym.base.progress import Progress, Silent
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.challenge import load_challenge
from synthgym.registry.collection import Collection
from synthgym.synthesis.checks import Report
from synthgym.synthesis.ledger import Entry, read_ledger, write_ledger
from synthgym.synthesis.procedural import draft
from synthgym.synthesis.verify import verify

_RUN_FILE = "synthesis.json"
_JOURNAL = ".journal.jsonl"
_STAGING = ".staging"


@dataclass(frozen=True)
class Recipe:
    """What decides a collection. Two runs with equal recipes make equal challenges.

    Attributes:
        author: ``procedural``.
        seed: Decides everything random.
        namespace: Of the collection.
        split: ``train``, ``heldout``, or None for both, by the author's choice.
        families: Names of the author's families; empty for all.
    """

    seed: int
    namespace: str
    author: str = "procedural"
    split: str | None = None
    families: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of a synthesis.

    Attributes:
        folder: The collection.
        entries: One for each candidate.
        resumed: How many of these an earlier run had done.
        seconds: Wall-clock time of this run.
    """

    folder: Path
    entries: tuple[Entry, ...]
    resumed: int
    seconds: float

    @property
    def accepted(self) -> list[Entry]:
        """The candidates that became challenges."""
        return [entry for entry in self.entries if entry.outcome == "accepted"]


@dataclass(frozen=True)
class _Candidate:
    index: int
    recipe: Recipe
    folder: Path
    sandbox: str


def synthesize(
    recipe: Recipe,
    n: int,
    out: Path,
    jobs: int = 1,
    sandbox: str = "auto",
    progress: Progress | None = None,
    title: str | None = None,
) -> Result:
    """Makes and verifies `n` candidates; those that pass become the challenges of the collection `out`.

    A run that was ended is taken up where it stopped, and a finished one can be made longer with a larger `n`.

    Raises:
        OutputFolderError: `out` holds something else.
        MissingDependencyError: No sandbox works here.
    """
    started = time.monotonic()
    progress = progress or Silent()
    if n < 1:
        raise UserError(f"n: expected at least 1 candidate, got {n}")
    if recipe.author != "procedural":
        raise UserError(f"author: expected 'procedural', got {recipe.author!r}")
    sandbox = resolve_sandbox(sandbox)
    _claim(out, recipe, title)
    known = [*read_ledger(out), *_read_journal(out / _JOURNAL)]
    done = {entry.index: entry for entry in known if entry.index < n}
    resumed = len(done)
    progress.advance(resumed)
    work = [_Candidate(index, recipe, out, sandbox) for index in range(n) if index not in done]
    with (out / _JOURNAL).open("a", encoding="utf-8") as journal:
        for outcome in run_jobs(_make, work, workers=jobs):
            entry = outcome.unwrap()
            done[entry.index] = entry
            journal.write(json.dumps(asdict(entry)) + "\n")
            journal.flush()
            accepted = sum(entry.outcome == "accepted" for entry in done.values())
            progress.advance(1, f"{accepted} verified")
    entries = _without_twins(out, [done[index] for index in sorted(done)])
    write_ledger(out, entries)
    (out / _JOURNAL).unlink()
    remove_tree(out / _STAGING)
    Collection.load(out).reindex()
    return Result(out, tuple(entries), resumed, time.monotonic() - started)


def _claim(out: Path, recipe: Recipe, title: str | None) -> None:
    """Takes the output folder: a new one, an empty one, or one of the same recipe."""
    marker = out / _RUN_FILE
    settings = json.loads(json.dumps(asdict(recipe)))
    if marker.exists():
        found = json.loads(marker.read_text(encoding="utf-8"))
        different = [key for key in settings if found.get(key) != settings[key]]
        if different:
            told = ", ".join(f"{key}: {found.get(key)!r} there, {settings[key]!r} asked for" for key in different)
            raise OutputFolderError(f"{out} holds another synthesis ({told}); use another folder")
        return
    if out.exists() and any(out.iterdir()):
        raise OutputFolderError(f"{out} is not empty and holds no synthesis; use another folder")
    Collection.create(out, namespace=recipe.namespace, title=title or f"Made by {recipe.author}, seed {recipe.seed}")
    marker.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def _read_journal(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    if lines[-1]:  # torn by a kill: that candidate is done again
        path.write_bytes(b"\n".join(lines[:-1]) + (b"\n" if len(lines) > 1 else b""))
    return [Entry(**json.loads(line)) for line in lines[:-1]]


def _make(candidate: _Candidate) -> Entry:
    """Drafts and verifies one candidate, in a worker."""
    recipe = candidate.recipe
    made = draft(candidate.index, recipe.seed, split=recipe.split, families=recipe.families or None)
    name = made.challenge.id
    staging = candidate.folder / _STAGING / name
    target = candidate.folder / name
    for leftover in (staging, target):  # of a run that was killed before it could note this candidate
        remove_tree(leftover)
    made.write(staging)
    report = verify(staging, candidate.sandbox)
    if report.ok:
        os.rename(staging, target)
        digest = load_challenge(target).provenance.content_hash
        return _entry(candidate, name, report, content_hash=digest)
    shutil.rmtree(staging)
    return _entry(candidate, name, report)


def _entry(candidate: _Candidate, name: str, report: Report, content_hash: str | None = None) -> Entry:
    return Entry(
        index=candidate.index,
        id=name,
        outcome="accepted" if report.ok else "rejected",
        check=report.failed,
        reason=report.reason,
        baseline=report.measured.get("baseline"),
        sd=report.measured.get("sd"),
        noise=report.measured.get("noise"),
        reference=report.measured.get("reference"),
        content_hash=content_hash,
    )


def _without_twins(out: Path, entries: list[Entry]) -> list[Entry]:
    """Keeps the first of challenges with the same content."""
    seen: dict[str, str] = {}
    kept = []
    for entry in entries:
        if entry.outcome == "accepted" and entry.content_hash:
            twin = seen.setdefault(entry.content_hash, entry.id)
            if twin != entry.id:
                remove_tree(out / entry.id)
                entry = Entry(entry.index, entry.id, "rejected", "duplicate", f"the same content as {twin}")
        kept.append(entry)
    return kept
