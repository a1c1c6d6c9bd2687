"""`synthgym verify`: runs every check that a challenge must pass before anybody is scored on it."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.errors import SpecError
from synthgym.base.progress import show_progress
from synthgym.cli.options import AsJson, Jobs, Sandbox, print_json

if TYPE_CHECKING:
    from synthgym.synthesis.checks import Report


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection's or a challenge's folder.")],
    jobs: Jobs = 1,
    sandbox: Sandbox = "auto",
    seal: Annotated[
        bool,
        typer.Option("--seal", help="First seal reference solutions, so that `synthgym push` can leave them out."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Runs data preparation, baseline, reference and grader of challenges in sandboxes, and looks for leaks.

    Measured scores are written into challenges that have none yet, or that changed since. Exit code 1 if any fails.
    A challenge that is sealed becomes another one: its content hash changes, and it is measured anew.
    """
    from synthgym.base.pools import run_jobs
    from synthgym.envs.sandboxes import resolve_sandbox
    from synthgym.registry.challenge import SPEC_FILE
    from synthgym.registry.collection import COLLECTION_FILE, Collection

    folder = folder.expanduser().absolute()
    collection = None
    if (folder / SPEC_FILE).is_file() and not (folder / COLLECTION_FILE).exists():
        folders = [folder]
    else:
        collection = Collection.load(folder)
        folders = [folder / name for name in collection.ids()]
    if not folders:
        raise SpecError(f"{folder}: holds no challenge: no folder with a {SPEC_FILE}")
    reports = []
    with show_progress("verify", len(folders)) as progress:
        for outcome in run_jobs(partial(_verify, sandbox=resolve_sandbox(sandbox), seal=seal), folders, jobs):
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


def _verify(folder: Path, sandbox: str, seal: bool) -> Report:
    """Verifies one challenge, in a worker. What was verified as it stands is measured again, but not written again."""
    from synthgym.registry import sealing
    from synthgym.registry.challenge import content_hash, load_challenge
    from synthgym.synthesis.verify import verify as run

    if seal and not sealing.is_sealed(folder):
        sealing.seal(folder)
    try:
        challenge = load_challenge(folder)
        known = challenge.verified and challenge.provenance.content_hash == content_hash(challenge, folder)
    except SpecError:
        known = True  # it will say so itself
    return run(folder, sandbox, write=not known)
