"""`synthgym quickstart`: the whole loop in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from synthgym.base.errors import UserError
from synthgym.base.messages import say
from synthgym.base.text import one_line, printable
from synthgym.cli.shared.options import Jobs, Sandbox, Seed


def quickstart(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where everything goes.")] = Path("runs/quickstart"),
    small: Annotated[
        bool,
        typer.Option("--small", help="As little of everything as shows that it works; the student learns nothing."),
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="More of everything: about an hour on 2 cores.")] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="small: a student from scratch. smollm2-135m: a pretrained model. auto: the second where it can be "
            "had and vLLM is installed, else the first. With --small: small, else: auto.",
        ),
    ] = None,
    seed: Seed = 0,
    jobs: Jobs = 2,
    sandbox: Sandbox = "auto",
) -> None:
    """Challenges, trajectories, a student, and base, student and teacher compared on held-out challenges.

    At most ten minutes on 2 cores that have nothing else to do. The same command goes on where it was ended, and a
    second run in another folder gives the same figures with the student from scratch.
    """
    from rich.console import Console
    from rich.table import Table

    from synthgym.quickstart import AUTO, FULL, QUICK, SMALL, SMALL_STUDENT, table
    from synthgym.quickstart import quickstart as run

    if small and full:
        raise UserError("--small and --full: expected one of them")
    scale = SMALL if small else FULL if full else QUICK
    console = Console(markup=False, emoji=False, highlight=False)
    summary = run(
        out,
        scale=scale,
        seed=seed,
        jobs=jobs,
        sandbox=sandbox,
        model=model or (SMALL_STUDENT if small else AUTO),
        say=lambda text: console.print(printable(text)),
    )
    head, *rows = table(summary)
    solvers = summary["solvers"]
    shown = Table(
        title=f"On {solvers['challenges']} held-out challenges; the student is {one_line(_named(summary))}",
        caption=f"AUP: {solvers['aup_largest']:g} is the largest possible here",
    )
    for column in head:
        shown.add_column(one_line(column), justify="right" if column else "left")
    for row in rows:
        shown.add_row(*map(one_line, row))
    console.print(shown)
    for name in ("summary.json", "report.html", "profile.png"):
        say(out / name)


def _named(summary: dict[str, Any]) -> str:
    model = summary["settings"]["model"]
    return "one from scratch" if model == "small" else model
