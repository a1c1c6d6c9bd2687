"""`synthgym check`: whether specs and layout are what they should be. Nothing runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, print_json


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection, or a challenge's folder.")],
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
    from synthgym.registry.names import SPEC_FILE
    from synthgym.registry.sealing import is_sealed

    folders = [folder] if (folder / SPEC_FILE).is_file() else list(_folders(folder))
    left_out = [each for each in folders if is_sealed(each) and not (each / "grader" / "reference").is_dir()]
    if not left_out:
        return ""
    return f"; {len(left_out)} without their reference solutions, whose scores nobody can check here"


def _folders(collection: Path) -> Iterator[Path]:
    """The folders of a collection's challenges, of those in a pack that can be unpacked."""
    from synthgym.base.errors import SpecError
    from synthgym.registry.collections.info import challenge_ids
    from synthgym.registry.collections.pack import is_pack, read_pack
    from synthgym.registry.collections.unpack import challenge_folder

    if not is_pack(collection):
        yield from (collection / name for name in challenge_ids(collection))
        return
    with contextlib.suppress(SpecError):
        for name in read_pack(collection).entries:
            with contextlib.suppress(SpecError):
                yield challenge_folder(collection, name)
