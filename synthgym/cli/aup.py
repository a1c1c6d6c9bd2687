"""`synthgym aup`: the area under the performance profile of every solver of a benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.files.outputs import check_file
from synthgym.base.messages import say
from synthgym.cli.shared.options import AsJson, Seed, print_json
from synthgym.cli.shared.tables import print_table

if TYPE_CHECKING:
    from synthgym.train.evaluation.aup import Resampled, SolverSet

_FIGURES = (".svg", ".png", ".pdf")


def aup(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="A benchmark's folder; a folder or an archive of results that a suite publishes; or a file of "
            "--save-solvers.",
        ),
    ],
    as_json: AsJson = False,
    solver_set: Annotated[
        Path | None,
        typer.Option(
            "--solver-set",
            metavar="FILE",
            help="Places the solvers among those of FILE, which may be all that DIR may be.",
        ),
    ] = None,
    save_solvers: Annotated[
        Path | None,
        typer.Option("--save-solvers", metavar="FILE", help="Writes the solvers of DIR to a file for --solver-set."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without", metavar="SOLVER...", help="Leaves solvers of DIR out; those that are not there, of FILE."
        ),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            metavar="FILE",
            help="For results of a suite: what counts in further tasks, as lines of YAML: "
            "'task: {metric: accuracy, direction: higher}'.",
        ),
    ] = None,
    robust: Annotated[
        bool,
        typer.Option(
            "--robust",
            help="Other answers than the published ones for scores around 0, and for unequal numbers of runs.",
        ),
    ] = False,
    relative_to: Annotated[
        str | None,
        typer.Option("--relative-to", metavar="SOLVER", help="Adds by how much each AUP is above that of this one."),
    ] = None,
    resamples: Annotated[
        int, typer.Option("--resamples", min=0, help="For the intervals in the text; 0: none.")
    ] = 1000,
    seed: Seed = 0,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draws the performance profiles: .svg, .png or .pdf.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FILE.csv", help="Writes the performance profiles as a table.")
    ] = None,
) -> None:
    """AUP of every solver and of the baseline, by the formula of arXiv 2502.14499; below it every task's scores.

    "best": a run counts by its best score; "last": by its last. AUP depends on who takes part: compare it within one
    field only. Intervals are of resampled runs. --json prints AUP alone.
    """
    from synthgym.train.evaluation.aup import place_among, read_solvers, resample
    from synthgym.train.evaluation.aup import save_solvers as save
    from synthgym.train.evaluation.aup.tables import write_profiles

    if plot and plot.suffix not in _FIGURES:
        raise UserError(f"--plot {plot}: expected a name that ends in {', '.join(_FIGURES)}")
    for path in (plot, data, save_solvers):
        if path:
            check_file(path)
    unwanted = set(without or ())
    field = read_solvers(folder, table, unwanted)
    unwanted -= field.left_out
    if save_solvers:
        save(field, save_solvers)
    if solver_set:
        others = read_solvers(solver_set, table, unwanted)
        unwanted -= others.left_out
        field = place_among(field, others)
    if unwanted:
        raise UnknownNameError("solver", min(unwanted), field.results, "It cannot be left out.")
    if relative_to and relative_to not in (*field.results, "baseline"):
        raise UnknownNameError("solver", relative_to, [*field.results, "baseline"])

    found = resample(field.tasks, field.results, 0 if as_json else resamples, seed, robust=robust)
    for warning in [*field.warnings, *found.standings.warnings]:
        say(f"warning: {warning}", err=True)
    for note in found.standings.notes:
        say(f"note: {note}", err=True)
    if as_json:
        print_json(found.standings.to_dict())
    else:
        _print_standings(field, found, relative_to)
    if data:
        write_profiles(found.standings, data)
    if plot:
        from synthgym.train.evaluation.plots import profile_figure
        from synthgym.train.evaluation.plots import save as save_figure

        save_figure(profile_figure(found.standings), plot)


def _print_standings(field: SolverSet, found: Resampled, relative_to: str | None) -> None:
    import shutil
    import textwrap

    from synthgym.train.evaluation.aup.tables import (
        TASKS_TOLD,
        gains_table,
        largest,
        size,
        standings_table,
        task_tables,
    )

    tables = [standings_table(found)]
    if relative_to:
        tables.append(gains_table(found, relative_to))
    for each in tables:
        print_table(each.title, each.head, each.rows)
        say()
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    told = (f"{size(field)} {largest(found.standings)}", TASKS_TOLD)
    say("\n\n".join(textwrap.fill(text, width) for text in told))
    for each in task_tables(field):
        say()
        print_table(each.title, each.head, each.rows)
