"""`synthgym doctor`: what works on this machine."""

from __future__ import annotations

from dataclasses import asdict

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json

_MARKS = {"works": "✓", "limited": "!", "missing": "–"}


def doctor(as_json: AsJson = False) -> None:
    """Says what works on this machine, what does not, what to do about it, and which sandbox `auto` takes.

    Exits with 1 where there is no sandbox to take.
    """
    from synthgym.envs.doctor import examine

    findings = examine()
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            say(f"{_MARKS[finding.state]} {finding.name:<{width}}  {finding.found}")
            if finding.advice:
                say(f"  {'':<{width}}  → {finding.advice}")
    if findings[-1].state == "missing":
        raise typer.Exit(1)
