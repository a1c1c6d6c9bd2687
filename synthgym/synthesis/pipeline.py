"""From an author's candidates to a collection of verified challenges; can be ended at any time and taken up again."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.files.journal import Journal
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import reported, write_whole
from synthgym.base.files.paths import remove_tree
from synthgym.base.files.plain_files import require_plain
from synthgym.base.json_reading import parse_object, read_object
from synthgym.base.progress import Progress, Silent
from synthgym.base.seeds import MOST_SEED
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.info import COLLECTION_FILE, challenge_ids
from synthgym.synthesis.authors import Author, make_author
from synthgym.synthesis.bench import Bench
from synthgym.synthesis.candidate_threads import Crew
from synthgym.synthesis.cross_checks import clear, settle
from synthgym.synthesis.engines import open_engine
from synthgym.synthesis.ledger import JOURNAL_FILE, Entry, read_ledger, write_ledger

if TYPE_CHECKING:
    from synthgym.agents.endpoint.endpoint import Endpoint
    from synthgym.synthesis.language.endpoint import AuthorSettings

_RUN_FILE = "synthesis.json"
_LOCK = ".lock"
_DONE = "candidate/"
_CANDIDATE = re.compile(r"candidate/[0-9]{1,12}")


@dataclass(frozen=True)
class Recipe:
    """What decides a collection. Two runs with equal recipes make equal challenges, a model's answers being equal.

    Attributes:
        author: ``procedural``, or ``openai:MODEL``; see `synthgym.synthesis.authors`.
        seed: Decides everything random, up to `synthgym.base.seeds.MOST_SEED`. What the procedural author hides is
            known to whoever knows it, and a short one can be guessed.
        namespace: Of the collection.
        split: ``train``, ``heldout``, or None for both, by the author's choice.
        families: Names of the procedural author's families; empty for all.
        settings: Of an author that is a model; see `synthgym.synthesis.language.settings`.
    """

    seed: int
    namespace: str
    author: str = "procedural"
    split: str | None = None
    families: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """How a run goes about it, which decides nothing of what comes of it.

    Attributes:
        jobs: Verifications at once.
        candidates: Candidates under way at once; None: one for each job, or four where a model has to be waited for.
        engine: Where verifications run: ``processes``, or ``ray``.
        sandbox: Backend for all that is run.
        endpoint: The model, for an author that is one; None: as the recipe's `author` names it.
        most_cost: US dollars after which no more calls of a model are made; all that was spent on the folder counts.
        most_tokens: The same in tokens.
    """

    jobs: int = 1
    candidates: int | None = None
    engine: str = "processes"
    sandbox: str = "auto"
    endpoint: Endpoint[AuthorSettings] | None = None
    most_cost: float | None = None
    most_tokens: int | None = None


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
    author = make_author(recipe, running)
    sandbox = resolve_sandbox(running.sandbox)
    with reported(out):
        _claim(out, recipe, title)
    with file_lock(out / _LOCK, wait=False) as held:
        if not held:
            raise OutputFolderError(f"{out}: another synthgym process is writing here")
        with closing(Journal(out / JOURNAL_FILE)) as journal:
            done = _done(out, journal, n)
            resumed = len(done)
            progress.advance(resumed)
            unfinished: dict[int, str] = {}
            with open_engine(running.engine, running.jobs) as engine:
                ends = {index: lines[-1] for index, lines in done.items()}
                before = {index: end.id if end.outcome == "accepted" else None for index, end in ends.items()}
                bench = Bench(out, journal, engine, sandbox, progress.say, before)
                crew = Crew(author.make, running.candidates or author.at_once(running.jobs))
                for index, entries, error in crew.work(bench, _todo(author, bench, n, done)):
                    if error is not None:
                        unfinished[index] = error
                        progress.say(f"candidate {index}: {error}")
                        continue
                    done[index] = _entries(journal.once(_key(index), partial(_lines, entries), list[Entry]))
                    progress.advance(1, f"{sum(lines[-1].outcome == 'accepted' for lines in done.values())} verified")
            if bench.paused:
                unfinished |= {index: bench.paused for index in range(n) if index not in {*done, *unfinished}}
            entries = settle(out, [line for index in sorted(done) for line in done[index]])
            write_ledger(out, entries)
            clear(out, entries)
            only_candidates = all(key.startswith(_DONE) for key, _ in journal.items())
        if not unfinished:
            if only_candidates:  # all of it is in the ledger
                (out / JOURNAL_FILE).unlink()
            remove_tree(out / Bench.STAGING)
        Collection.load(out).reindex()
    return Result(out, tuple(entries), resumed, time.monotonic() - started, unfinished)


def seed_of(out: Path) -> int:
    """The seed of the synthesis in a folder; where there is none, one that nobody can guess."""
    marker = out / _RUN_FILE
    if not marker.exists():
        return secrets.randbelow(MOST_SEED + 1)
    found = read_object(marker, links=False).get("seed")
    if not isinstance(found, int):
        raise OutputFolderError(f"{marker}: seed: expected a number, got {found!r:.40}")
    return found


def _key(index: int) -> str:
    return f"{_DONE}{index}"


def _lines(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [asdict(entry) for entry in entries]


def _entries(lines: list[dict[str, Any]]) -> list[Entry]:
    return [Entry(**line) for line in lines]


def _of_candidates(journal: Journal) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    return ((key, lines) for key, lines in journal.items(_DONE, list[Entry]) if _CANDIDATE.fullmatch(key) and lines)


def _done(out: Path, journal: Journal, n: int) -> dict[int, list[Entry]]:
    """The lines of the candidates that earlier runs had done."""
    done = {int(key[len(_DONE) :]): _entries(lines) for key, lines in _of_candidates(journal)}
    settled: dict[int, list[Entry]] = {}
    for entry in read_ledger(out):
        settled.setdefault(entry.index, []).append(entry)
    done |= settled  # the ledger knows more: what had to go again
    return {index: lines for index, lines in done.items() if index < n}


def _todo(author: Author, bench: Bench, n: int, done: dict[int, list[Entry]]) -> Iterator[tuple[int, Any]]:
    for index, idea in zip(range(n), author.ideas(bench), strict=False):
        if index not in done:
            yield index, idea


def _claim(out: Path, recipe: Recipe, title: str | None) -> None:
    """Takes the output folder: a new one, an empty one, one of the same recipe, or one in which nothing was begun."""
    require_plain(out)
    marker = out / _RUN_FILE
    settings = parse_object(json.dumps(asdict(recipe)))
    if not settings["settings"]:
        del settings["settings"]
    if marker.exists():
        found = read_object(marker, links=False)
        flat, asked = ({**each, **each.get("settings", {})} for each in (found, settings))
        different = [key for key in {**asked, **flat} if key != "settings" and flat.get(key) != asked.get(key)]
        if not different:
            return
        if not _free(out):
            told = ", ".join(f"{key}: {flat.get(key)!r} there, {asked.get(key)!r} asked for" for key in different)
            raise OutputFolderError(f"{out} holds another synthesis ({told}); use another folder")
        (out / COLLECTION_FILE).unlink(missing_ok=True)
    elif out.exists() and any(out.iterdir()):
        raise OutputFolderError(f"{out} is not empty and holds no synthesis; use another folder")
    Collection.create(out, namespace=recipe.namespace, title=title or f"Made by {recipe.author}, seed {recipe.seed}")
    write_whole(marker, json.dumps(settings, indent=1) + "\n")


def _free(out: Path) -> bool:
    """Whether a folder of another recipe can be taken: nothing was begun in it, and nobody is at it."""
    from synthgym.synthesis.language.calls import hand_over

    with file_lock(out / _LOCK, wait=False) as held:
        if not held or read_ledger(out) or challenge_ids(out):
            return False
        with closing(Journal(out / JOURNAL_FILE)) as journal:
            done = any(journal.items(_DONE))
        return not done and hand_over(out / JOURNAL_FILE)
