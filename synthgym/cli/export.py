"""`synthgym export`: trajectories as conversations to train on, packed into one file, or as results for MLGym."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from synthgym.base.files.outputs import is_stream
from synthgym.base.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synthgym.agents.trajectories.trajectory import Trajectory


def export(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR", help="Trajectory stores, packed files, benchmarks' folders.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write; for mlgym, the new folder.")],
    form: Annotated[
        Literal["messages", "trajectories", "mlgym"],
        typer.Option(
            "--format",
            help="messages: conversations for SFT, a JSON line each. trajectories: the episodes as they are, "
            "compressed if FILE ends in .zst. mlgym: a folder of runs, scores and steps, that MLGym's scripts read.",
        ),
    ] = "messages",
    submitted: Annotated[
        bool | None,
        typer.Option(
            "--submitted/--all",
            help="Only episodes with a successful submission, or all. mlgym: always all.",
            show_default="submitted",
        ),
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="Leave out longer conversations; a token is 4 characters.")
    ] = None,
    timings: Annotated[
        bool, typer.Option("--timings/--no-timings", help="Keep clocks and versions, which differ between equal runs.")
    ] = True,
    prefix: Annotated[
        str,
        typer.Option(
            "--prefix", help="mlgym: put before agents' names. Some of its scripts want metagen-.", show_default=False
        ),
    ] = "",
) -> None:
    """Writes what is worth learning from, and says how much was left out for what; or the results of all episodes."""
    from synthgym.agents.trajectories.export import export_messages
    from synthgym.agents.trajectories.filters import Filter, FilterSettings
    from synthgym.agents.trajectories.store import write_packed
    from synthgym.base.errors import UserError

    if form == "mlgym":
        if submitted or max_tokens is not None:
            raise UserError(
                "--format mlgym: expected neither --submitted nor --max-tokens; results are of all episodes"
            )
        _export_results(_episodes(folders), out, prefix, timings)
        return
    if prefix:
        raise UserError(f"--prefix {prefix}: only for --format mlgym")
    submitted = submitted is not False
    settings = FilterSettings(
        scored=submitted, submitted=submitted, max_tokens=max_tokens, distinct=submitted, agent_errors=not submitted
    )
    keep = Filter(settings)
    records = keep(_episodes(folders))
    if form == "messages":
        export_messages(records, out)
    else:
        write_packed(records, out, timings=timings, named=True)
    dropped = "".join(f", {count} {reason.replace('_', ' ')}" for reason, count in keep.report.dropped.items())
    # Where standard output is what was written, it holds nothing else.
    say(f"{out}: {keep.report.kept} of {keep.report.seen} episodes{dropped}", err=is_stream(out))


def _episodes(folders: list[Path]) -> Iterator[Trajectory]:
    from synthgym.agents.trajectories.store import read_episodes

    for folder in folders:
        yield from read_episodes(folder)


def _export_results(records: Iterator[Trajectory], out: Path, prefix: str, timings: bool) -> None:
    from synthgym.agents.trajectories.mlgym_results import export_results
    from synthgym.agents.trajectories.trajectory import without_timings

    done = export_results(records if timings else map(without_timings, records), out, prefix)
    for one, other in done.confusable:
        say(
            f"warning: MLGym's scripts take runs of {other} for runs of {one} too, whose name is in it; "
            "export the two to folders of their own",
            err=True,
        )
    say(f"{out}: {done.runs} runs (agents: {len(done.solvers)}, tasks: {len(done.tasks)})")
