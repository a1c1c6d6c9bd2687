"""`synthgym doctor`: what works on this machine, and whether a sandbox does all that it has to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.errors import UserError
from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json

if TYPE_CHECKING:
    from synthgym.envs.sandboxes.backend import Finding

_MARKS = {"works": "✓", "limited": "!", "missing": "–"}


def doctor(
    sandbox: Annotated[
        str | None,
        typer.Option("--sandbox", help="Checks what this sandbox does instead, one check a line; takes minutes."),
    ] = None,
    check: Annotated[
        str | None, typer.Option("--check", help="With --sandbox: only checks whose name holds this, such as 'reset'.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Says what works on this machine, what does not, what to do about it, and which sandbox `auto` takes.

    Exits with 1 where there is no sandbox to take. With --sandbox, a name as other commands take it, or that of a
    backend of your own: makes every check that sandboxes are held to, and exits with 1 where one fails.
    """
    if check is not None and sandbox is None:
        raise UserError("--check: expected --sandbox with it, whose checks they are")
    if sandbox is not None:
        from synthgym.envs.conformance.running import examine_sandbox

        findings = _told(examine_sandbox(sandbox, check or ""), as_json)
    else:
        from synthgym.envs.doctor import examine

        found = examine()
        findings = _told(found, as_json, max(len(finding.name) for finding in found))
    if findings[-1].state == "missing":
        raise typer.Exit(1)


def _told(findings: Iterable[Finding], as_json: bool, width: int = 0) -> list[Finding]:
    """Says each finding as it comes, names in a column of a width; as JSON, all of them at the end."""
    told = []
    for finding in findings:
        told.append(finding)
        if not as_json:
            say(f"{_MARKS[finding.state]} {finding.name:<{width}}  {finding.found}")
            if finding.advice:
                say(f"  {'':<{width}}  → {finding.advice}")
    if as_json:
        print_json([asdict(finding) for finding in told])
    return told
