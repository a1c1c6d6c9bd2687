"""`synthgym report`: a benchmark as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A benchmark's folder.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")] = Path("report.html"),
    collection: Annotated[
        Path | None,
        typer.Option(
            "--collection",
            metavar="COLLECTION",
            help="Shows where the candidates of this collection went, by its ledger.",
        ),
    ] = None,
    solver_set: Annotated[
        Path | None,
        typer.Option(
            "--solver-set",
            metavar="FILE",
            help="Places the solvers among others, as in `synthgym aup`: a suite's published results, or a saved set.",
        ),
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="SOLVER...", help="Leaves solvers of --solver-set out.")
    ] = None,
    samples: Annotated[int, typer.Option("--samples", min=0, help="Challenges to show an episode of, per agent.")] = 2,
) -> None:
    """Writes a page that needs no network: scores, performance profile, AUP, intervals, sample trajectories."""
    from synthgym.base.errors import UserError
    from synthgym.base.files.outputs import check_file
    from synthgym.train.evaluation.aup import read_solvers
    from synthgym.train.evaluation.report import write_report
    from synthgym.train.evaluation.samples import sample_episodes

    if without and not solver_set:
        raise UserError(f"--without {' '.join(without)}: leaves solvers of --solver-set out, which is not given")
    check_file(out)
    others = read_solvers(solver_set, None, without or ()) if solver_set else None
    write_report(folder, out, sample_episodes(folder, samples), collection, others)
    say(out)
