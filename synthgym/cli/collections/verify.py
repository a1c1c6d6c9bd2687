"""`synthgym verify`: runs every check that a challenge must pass before anybody is scored on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.errors import InfrastructureError, ModelError, SpecError, UserError
from synthgym.base.messages import say
from synthgym.base.progress import Progress, show_progress
from synthgym.base.text import one_line
from synthgym.cli.shared.options import AsJson, Jobs, Sandbox, print_json

_MOST_SAID = 500
_TRACEBACK = "Traceback (most recent call last): "

if TYPE_CHECKING:
    from synthgym.agents.specs import AgentSpec
    from synthgym.base.jobs.pools import Outcome
    from synthgym.registry.collections.collection import Collection
    from synthgym.synthesis.ledger import Entry
    from synthgym.synthesis.report import Report
    from synthgym.synthesis.verification.contamination import Suite
    from synthgym.synthesis.verification.whose_fault import unexpected


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection, or a challenge's folder.")],
    jobs: Jobs = 1,
    sandbox: Sandbox = "auto",
    seal: Annotated[
        bool,
        typer.Option("--seal", help="First seal reference solutions, so that `synthgym push` can leave them out."),
    ] = False,
    attempts: Annotated[
        int, typer.Option("--attempts", min=0, help="Episodes in which an agent then tries each challenge.")
    ] = 0,
    agent: Annotated[
        str, typer.Option("--agent", help="Who tries: scripted, chat:MODEL@BASE_URL, or module:attr.")
    ] = "scripted",
    as_json: AsJson = False,
) -> None:
    """Runs data preparation, baseline, reference and grader of challenges in sandboxes, and looks for leaks.

    Measured scores are written into challenges that have none yet, that changed since, or whose scores do not hold.
    With --attempts, how hard each proves to be is measured too and written. A collection's ledger says how each went,
    and its index is made anew. Of challenges that are twins the first stays, the scores of others are taken back. Exit
    code 1 if any fails, or could not be verified for want of infrastructure. A challenge that is sealed becomes another
    one: its content hash changes, and it is measured anew. A pack is packed again with what was measured.
    """
    from synthgym.registry.collections.packing import edited

    folder = folder.expanduser().absolute()
    with edited(folder) as path:
        reports, left, count = _verify_all(path, jobs, sandbox, seal, attempts, agent)
    failed = sum(not report.ok for report in reports)
    if as_json:
        print_json(
            {
                "ok": not failed and not left,
                "challenges": [{"ok": each.ok, **asdict(each)} for each in reports],
                "left": sorted(left),
            }
        )
    else:
        say(f"{folder}: {len(reports) - failed} of {count} verified")
    if failed or left:
        raise typer.Exit(1)


def _verify_all(
    folder: Path, jobs: int, sandbox: str, seal: bool, attempts: int, agent: str
) -> tuple[list[Report], list[str], int]:
    """Verifies the challenges in a folder: reports, names of those left for later, how many there are."""
    from synthgym.agents.specs import parse_spec
    from synthgym.envs.sandboxes import resolve_sandbox
    from synthgym.registry.collections.check import require_plain_top
    from synthgym.registry.collections.collection import Collection
    from synthgym.registry.collections.info import COLLECTION_FILE
    from synthgym.registry.names import SPEC_FILE
    from synthgym.synthesis.report import Report

    collection = None
    if (folder / SPEC_FILE).is_file() and not (folder / COLLECTION_FILE).exists():
        folder = folder.resolve()
        folders = [folder]
    else:
        collection = Collection.load(folder)
        require_plain_top(folder)
        folders = [folder / name for name in collection.ids()]
    if not folders:
        raise SpecError(f"{folder}: holds no challenge: no folder with a {SPEC_FILE}")
    resolved = resolve_sandbox(sandbox)
    run = partial(
        _verify,
        sandbox=sandbox if sandbox == "auto" else resolved,  # `auto` may differ with a challenge's image
        seal=seal,
        attempts=attempts,
        agent=parse_spec(agent),
    )
    reports: list[Report] = []
    left: list[str] = []
    with show_progress("verify", len(folders)) as progress:
        try:
            for outcome in _outcomes(run, folders, jobs):
                name, error = outcome.job.name, outcome.error
                if isinstance(error, ModelError) or (
                    isinstance(error, UserError | OSError) and not isinstance(error, InfrastructureError)
                ):
                    raise error  # it would befall all others too
                if isinstance(error, InfrastructureError):
                    left.append(name)
                    what = f"not verified, left for another run: {type(error).__name__}"
                    progress.say(_in_a_line(f"{name}: {what}: {error}"))
                else:
                    report = Report(name, failed="unexpected", reason=unexpected(error)) if error else outcome.unwrap()
                    reports.append(report)
                    if not report.ok:
                        progress.say(_in_a_line(f"{name}: {report.failed}: {report.reason}"))
                    if report.note:
                        progress.say(f"{name}: {report.note}")
                failed = sum(not each.ok for each in reports)
                told = {"failed": failed, "left": len(left)}
                progress.advance(status=", ".join(f"{n} {what}" for what, n in told.items() if n) or None)
        finally:
            if collection:
                _write_to_ledger(collection, reports, progress)
    return sorted(reports, key=lambda report: report.id), left, len(folders)


def _write_to_ledger(collection: Collection, reports: Iterable[Report], progress: Progress) -> None:
    """Writes what came of it into the collection's ledger, and its index anew."""
    from synthgym.registry.challenge import load_challenge
    from synthgym.synthesis.ledger import read_ledger, with_reports, write_ledger
    from synthgym.synthesis.twins import without_twins

    path = collection.path
    try:
        entries = read_ledger(path)
    except SpecError as error:
        progress.say(f"{error}; a new ledger is begun")
        entries = []
    done = [
        (report, load_challenge(path / report.id).provenance.content_hash if report.ok else None)
        for report in sorted(reports, key=lambda report: report.id)
    ]
    try:
        if done:
            found = sorted(with_reports(entries, done), key=lambda entry: entry.index)
            entries = without_twins(path, found, same_data=True)
            _warn_of_twins(entries, reports, progress)
            write_ledger(path, entries)
        collection.reindex()
    except OSError as error:
        progress.say(f"{path}: ledger and index cannot be written: {error.strerror}")


def _warn_of_twins(entries: Iterable[Entry], reports: Iterable[Report], progress: Progress) -> None:
    """Says which of these challenges are twins of others. What was measured of them stays true, and stays."""
    passed = {report.id: report for report in reports if report.ok}
    for entry in entries:
        if entry.outcome == "rejected" and (report := passed.get(entry.id)):
            report.failed, report.reason = entry.check, entry.reason
            progress.say(_in_a_line(f"{report.id}: {report.failed}: {report.reason}"))


def _in_a_line(text: str) -> str:
    """What failed: how it begins and how it ends, where errors say what they are. The ledger and --json have it all."""
    text = " ".join(one_line(text).split()).replace(_TRACEBACK, "")
    return text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID // 2]} … {text[-_MOST_SAID // 2 :]}"


def _outcomes(run: Callable[..., Report], folders: list[Path], jobs: int) -> Iterator[Outcome[Path, Report]]:
    """Verifies challenges: those that are held out first, as others must not overlap with those of them that passed.

    One that failed is nothing that anybody is evaluated on: what it says costs no other challenge anything.
    """
    from synthgym.base.jobs.pools import run_jobs
    from synthgym.registry.challenge import load_challenge
    from synthgym.synthesis.verification.contamination import Suite

    held_out = []
    for folder in folders:
        with contextlib.suppress(SpecError):  # verification says what is wrong with it
            if load_challenge(folder).split == "heldout":
                held_out.append(folder)
    passed = []
    for outcome in run_jobs(partial(run, suite=Suite.default()), held_out, jobs):
        if outcome.value is not None and outcome.value.ok:
            passed.append(outcome.job)
        yield outcome
    suite = Suite.default(load_challenge(folder) for folder in sorted(passed))
    others = [folder for folder in folders if folder not in held_out]
    yield from run_jobs(partial(run, suite=suite), others, jobs)


def _verify(folder: Path, sandbox: str, seal: bool, attempts: int, agent: AgentSpec, suite: Suite) -> Report:
    """Verifies one challenge, in a worker. What was verified and holds is measured again, but not written again."""
    from synthgym.registry import sealing
    from synthgym.registry.collections.check import check_challenge
    from synthgym.synthesis.verification.verify import verify as run

    if seal and not sealing.is_sealed(folder) and not check_challenge(folder, stated=False):
        sealing.seal(folder)
    return run(folder, sandbox, attempts=attempts, agent=agent, suite=suite, keep=True)
