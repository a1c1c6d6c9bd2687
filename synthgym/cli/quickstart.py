"""`synthgym quickstart`: the whole loop in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.cli.options import Jobs, Sandbox, Seed


def quickstart(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where everything goes.")] = Path("runs/quickstart"),
    full: Annotated[bool, typer.Option("--full", help="More of everything: up to an hour on 2 cores.")] = False,
    seed: Seed = 0,
    jobs: Jobs = 2,
    sandbox: Sandbox = "auto",
) -> None:
    """Challenges, trajectories, a student, and base, student and teacher compared on held-out challenges.

    At most ten minutes on 2 cores. The same command goes on where it was ended.
    """
    from rich.console import Console
    from rich.table import Table

    from synthgym.quickstart import quickstart as run
    from synthgym.quickstart import table

    console = Console()
    summary = run(
        out, full=full, seed=seed, jobs=jobs, sandbox=sandbox, say=lambda text: console.print(text, markup=False)
    )
    head, *rows = table(summary)
    shown = Table(title=f"On {summary['solvers']['challenges']} held-out challenges")
    for column in head:
        shown.add_column(column, justify="right" if column else "left")
    for row in rows:
        shown.add_row(*row)
    console.print(shown)
    for name in ("summary.json", "report.html", "profile.png"):
        print(out / name)
