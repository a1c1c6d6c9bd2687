"""`synthgym aup`: the area under the performance profile of every solver of a benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.cli.options import AsJson, print_json


def aup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A benchmark's folder.")],
    as_json: AsJson = False,
) -> None:
    """AUP of every solver and of the baseline, by MLGym's formula.

    "best": a run counts by its best score; "last": by its last. AUP depends on who takes part: compare it within one
    benchmark only.
    """
    from synthgym.train.aup import aup as run
    from synthgym.train.aup import from_records
    from synthgym.train.scores import load_benchmark

    standings = run(*from_records(load_benchmark(folder).records))
    for warning in standings.warnings:
        typer.echo(f"warning: {warning}", err=True)
    found = standings.to_dict()
    if as_json:
        print_json(found)
        return
    width = max(len(solver) for solver in found["best"])
    print(f"{'':<{width}}   best   last")
    for solver, value in found["best"].items():
        print(f"{solver:<{width}}  {value:.3f}  {found['last'][solver]:.3f}")
