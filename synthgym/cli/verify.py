"""`synthgym verify`: runs every check that a challenge must pass before anybody is scored on it."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.errors import SpecError
from synthgym.base.progress import show_progress
from synthgym.cli.options import AsJson, Jobs, Sandbox, print_json

if TYPE_CHECKING:
    from synthgym.agents.specs import AgentSpec
    from synthgym.synthesis.checks import Report
    from synthgym.synthesis.contamination import Suite


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection's or a challenge's folder.")],
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

    Measured scores are written into challenges that have none yet, or that changed since. With --attempts, how hard
    each proves to be is measured too and written. Exit code 1 if any fails. A challenge that is sealed becomes another
    one: its content hash changes, and it is measured anew.
    """
    from synthgym.agents.specs import parse_spec
    from synthgym.base.pools import run_jobs
    from synthgym.envs.sandboxes import resolve_sandbox
    from synthgym.registry.challenge import SPEC_FILE
    from synthgym.registry.collection import COLLECTION_FILE, Collection
    from synthgym.synthesis.contamination import Suite

    folder = folder.expanduser().absolute()
    collection = None
    if (folder / SPEC_FILE).is_file() and not (folder / COLLECTION_FILE).exists():
        folders = [folder]
    else:
        collection = Collection.load(folder)
        folders = [folder / name for name in collection.ids()]
    if not folders:
        raise SpecError(f"{folder}: holds no challenge: no folder with a {SPEC_FILE}")
    resolved = resolve_sandbox(sandbox)
    job = partial(
        _verify,
        sandbox=sandbox if sandbox == "auto" else resolved,  # `auto` may differ with a challenge's image
        seal=seal,
        attempts=attempts,
        agent=parse_spec(agent),
        suite=_suite(folders) if collection else Suite.default(),
    )
    reports = []
    with show_progress("verify", len(folders)) as progress:
        for outcome in run_jobs(job, folders, jobs):
            report = outcome.unwrap()
            reports.append(report)
            if not report.ok:
                progress.say(f"{report.id}: {report.failed}: {report.reason}")
            failed = sum(not each.ok for each in reports)
            progress.advance(status=f"{failed} failed" if failed else None)
    reports.sort(key=lambda report: report.id)
    if collection and (folder / "index.json").exists() and all(report.ok for report in reports):
        collection.reindex()
    failed = sum(not report.ok for report in reports)
    if as_json:
        print_json({"ok": not failed, "challenges": [{"ok": each.ok, **asdict(each)} for each in reports]})
    else:
        print(f"{folder}: {len(reports) - failed} of {len(reports)} verified")
    if failed:
        raise typer.Exit(1)


def _suite(folders: list[Path]) -> Suite:
    """What agents are evaluated on: MLGym's tasks, and what the collection itself holds out."""
    from synthgym.registry.challenge import load_challenge
    from synthgym.synthesis.contamination import Suite

    challenges = []
    for folder in folders:
        with contextlib.suppress(SpecError):  # verification says what is wrong with it
            challenges.append(load_challenge(folder))
    return Suite.default(challenges)


def _verify(folder: Path, sandbox: str, seal: bool, attempts: int, agent: AgentSpec, suite: Suite) -> Report:
    """Verifies one challenge, in a worker. What was verified as it stands is measured again, but not written again."""
    from synthgym.registry import sealing
    from synthgym.registry.challenge import Calibration, content_hash, load_challenge
    from synthgym.synthesis.verify import verify as run

    if seal and not sealing.is_sealed(folder):
        sealing.seal(folder)
    try:
        challenge = load_challenge(folder)
        known = challenge.verified and challenge.provenance.content_hash == content_hash(challenge, folder)
    except SpecError:
        known = True  # it will say so itself
    report = run(folder, sandbox, write=not known, attempts=attempts, agent=agent, suite=suite)
    if known and report.ok and report.calibration:
        calibration = Calibration.model_validate(report.calibration)
        challenge.model_copy(update={"calibration": calibration}).save(folder)
    return report
