"""`synthgym check`: whether specs and layout are what they should be. Nothing runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.cli.options import AsJson, print_json


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection's or a challenge's folder.")],
    as_json: AsJson = False,
) -> None:
    """Checks specs and layout of a collection; runs nothing. Exit code 1 if there are problems."""
    from synthgym.registry.check import check_collection

    problems = check_collection(folder)
    if as_json:
        found = [{"path": str(problem.path), "problem": problem.what} for problem in problems]
        print_json({"ok": not problems, "problems": found})
    else:
        for problem in problems:
            print(problem)
        print(f"{folder}: {'no problem' if not problems else f'{len(problems)} to put right'}")
    if problems:
        raise typer.Exit(1)
