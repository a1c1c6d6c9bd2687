"""`synthgym check`: whether specs and layout are what they should be. Nothing runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection's or a challenge's folder.")],
    as_json: AsJson = False,
) -> None:
    """Checks specs and layout of a collection; runs nothing. Exit code 1 if there are problems."""
    from synthgym.registry.collections.check import check_collection

    problems = check_collection(folder)
    if as_json:
        found = [{"path": str(problem.path), "problem": problem.what} for problem in problems]
        print_json({"ok": not problems, "problems": found})
    else:
        for problem in problems:
            say(problem)
        say(f"{folder}: {'no problem' if not problems else f'{len(problems)} to put right'}{_unchecked(folder)}")
    if problems:
        raise typer.Exit(1)


def _unchecked(folder: Path) -> str:
    """How many reference scores have to be taken as they are stated: their solutions were left out."""
    from synthgym.registry.challenge import SPEC_FILE
    from synthgym.registry.collections.info import challenge_ids
    from synthgym.registry.sealing import is_sealed

    folders = [folder] if (folder / SPEC_FILE).is_file() else [folder / name for name in challenge_ids(folder)]
    left_out = [each for each in folders if is_sealed(each) and not (each / "grader" / "reference").is_dir()]
    if not left_out:
        return ""
    return f"; {len(left_out)} without their reference solutions, whose scores nobody can check here"
