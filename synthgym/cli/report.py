"""`synthgym report`: a benchmark as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
    samples: Annotated[int, typer.Option("--samples", min=0, help="Challenges to show an episode of, per agent.")] = 2,
) -> None:
    """Writes a page that needs no network: scores, performance profile, AUP, intervals, sample trajectories."""
    from synthgym.train.report import write_report
    from synthgym.train.samples import sample_episodes

    write_report(folder, out, sample_episodes(folder, samples), collection)
    print(out)
