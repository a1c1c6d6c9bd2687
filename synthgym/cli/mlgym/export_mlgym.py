"""`synthgym export-mlgym`: a collection as tasks that MLGym loads and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.base.progress import show_progress
from synthgym.base.text import one_line
from synthgym.cli.shared.options import AsJson, Jobs, Sandbox, print_json


def export_mlgym(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A collection's folder.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to make.")],
    challenges: Annotated[
        str | None,
        typer.Option("--challenges", metavar="PATTERN", help="Only challenges with such ids, as in 'wine-*'."),
    ] = None,
    jobs: Jobs = 1,
    sandbox: Sandbox = "auto",
    as_json: AsJson = False,
) -> None:
    """Writes verified challenges as tasks of MLGym's, for comparison with it.

    As with MLGym's own tasks, what scores lies where the agent can read it: an export is not sealed. Its folder
    `synthgym` is the collection itself, with the challenges that are tasks.
    """
    from synthgym.synthesis.mlgym.export import export_mlgym as run

    with show_progress("export") as progress:
        done = run(folder, out, challenges, jobs=jobs, sandbox=sandbox, progress=progress)
    if as_json:
        print_json({"folder": str(done.path), "tasks": done.tasks, "left_out": done.left_out})
        return
    for name, reason in done.left_out.items():
        say(one_line(f"{name}: left out: {reason}"))
    say(f"{done.path}: {len(done.tasks)} of {len(done.tasks) + len(done.left_out)} challenges are tasks")
