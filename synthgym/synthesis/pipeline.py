"""From an author's candidates to a collection of verified challenges; can be ended at any time and taken up again."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from synthgym.base.errors import UserError
from synthgym.base.files.journal import Journal
from synthgym.base.files.outputs import reported
from synthgym.base.files.paths import remove_tree
from synthgym.base.files.run_folder import one_writer
from synthgym.base.progress import Progress, Silent
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.collections.collection import Collection
from synthgym.synthesis.authors import Author, author_for
from synthgym.synthesis.candidate_threads import CandidateThreads
from synthgym.synthesis.cross_checks import reject_clashing, remove_rejected
from synthgym.synthesis.engines import open_engine
from synthgym.synthesis.ledger import JOURNAL_FILE, Entry, read_ledger, write_ledger
from synthgym.synthesis.output_folder import CANDIDATE_KEY, claim
from synthgym.synthesis.recipe import Recipe, Running
from synthgym.synthesis.run import SynthesisRun
from synthgym.synthesis.verification.contamination import known_tasks

_CANDIDATE = re.compile(rf"{CANDIDATE_KEY}[0-9]{{1,12}}")


@dataclass(frozen=True)
class Result:
    """What came of a synthesis.

    Attributes:
        folder: The collection.
        entries: The ledger's lines.
        resumed: How many candidates an earlier run had done.
        seconds: Wall-clock time of this run.
        unfinished: Candidates that were begun or not even that, and why; the same call goes on with them.
    """

    folder: Path
    entries: tuple[Entry, ...]
    resumed: int
    seconds: float
    unfinished: dict[int, str] = field(default_factory=dict)

    @property
    def accepted(self) -> list[Entry]:
        """The candidates that became challenges."""
        return [entry for entry in self.entries if entry.outcome == "accepted"]


def synthesize(
    recipe: Recipe,
    n: int,
    out: Path,
    running: Running | None = None,
    progress: Progress | None = None,
    title: str | None = None,
) -> Result:
    """Makes and verifies `n` candidates; those that pass become the challenges of the collection `out`.

    A run that was ended is taken up where it stopped, and a finished one can be made longer with a larger `n`.
    Infrastructure that failed (a sandbox, a model's endpoint, the Hub) leaves its candidate for the next run; it is
    never the reason for a rejection.

    Raises:
        OutputFolderError: `out` holds something else, or another run is writing there.
        UserError: The author cannot work like this: an unknown name, a wrong key.
        MissingDependencyError: No sandbox works here.
    """
    started = time.monotonic()
    running, progress = running or Running(), progress or Silent()
    if n < 1:
        raise UserError(f"n: expected at least 1 candidate, got {n}")
    open_author = author_for(recipe, running)
    sandbox = resolve_sandbox(running.sandbox)
    known_tasks()  # where nothing says what challenges must not overlap with, nothing is begun
    with reported(out):
        claim(out, recipe, running, title)
    with one_writer(out):
        with closing(Journal(out / JOURNAL_FILE)) as journal:
            done = _done(out, journal, n)
            resumed = len(done)
            progress.advance(resumed)
            unfinished: dict[int, str] = {}
            with open_engine(running.engine, running.jobs) as engine:
                ends = {index: lines[-1] for index, lines in done.items()}
                before = {index: end.id if end.outcome == "accepted" else None for index, end in ends.items()}
                run = SynthesisRun(out, journal, engine, sandbox, progress.say, before)
                author = open_author(run)
                threads = CandidateThreads(author.make, run, running.candidates or author.at_once(running.jobs))
                for index, entries, error in threads.work(_todo(author, n, done)):
                    if error is not None:
                        unfinished[index] = error
                        progress.say(f"candidate {index}: {error}")
                        continue
                    done[index] = _entries(journal.once(_key(index), partial(_lines, entries), list[Entry]))
                    progress.advance(1, f"{sum(lines[-1].outcome == 'accepted' for lines in done.values())} verified")
            if run.paused:
                unfinished |= {index: run.paused for index in range(n) if index not in {*done, *unfinished}}
            entries = reject_clashing(out, [line for index in sorted(done) for line in done[index]])
            write_ledger(out, entries)
            remove_rejected(out, entries)
            only_candidates = all(key.startswith(CANDIDATE_KEY) for key, _ in journal.items())
        if not unfinished:
            if only_candidates:  # all of it is in the ledger
                (out / JOURNAL_FILE).unlink()
            remove_tree(out / SynthesisRun.STAGING)
        Collection.load(out).reindex()
    return Result(out, tuple(entries), resumed, time.monotonic() - started, unfinished)


def _key(index: int) -> str:
    return f"{CANDIDATE_KEY}{index}"


def _lines(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [asdict(entry) for entry in entries]


def _entries(lines: list[dict[str, Any]]) -> list[Entry]:
    return [Entry(**line) for line in lines]


def _of_candidates(journal: Journal) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    return (
        (key, lines) for key, lines in journal.items(CANDIDATE_KEY, list[Entry]) if _CANDIDATE.fullmatch(key) and lines
    )


def _done(out: Path, journal: Journal, n: int) -> dict[int, list[Entry]]:
    """The lines of the candidates that earlier runs had done."""
    done = {int(key[len(CANDIDATE_KEY) :]): _entries(lines) for key, lines in _of_candidates(journal)}
    settled: dict[int, list[Entry]] = {}
    for entry in read_ledger(out):
        settled.setdefault(entry.index, []).append(entry)
    done |= settled  # the ledger knows more: what had to go again
    return {index: lines for index, lines in done.items() if index < n}


def _todo(author: Author, n: int, done: dict[int, list[Entry]]) -> Iterator[tuple[int, Any]]:
    for index, idea in zip(range(n), author.ideas(), strict=False):
        if index not in done:
            yield index, idea
