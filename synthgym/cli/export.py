"""`synthgym export`: trajectories as conversations to train on, or packed into one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer


def export(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Trajectory stores, or packed files.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")],
    form: Annotated[
        Literal["messages", "trajectories"],
        typer.Option("--format", help="messages: conversations for SFT, a JSON line each. trajectories: .jsonl.zst."),
    ] = "messages",
    submitted: Annotated[
        bool, typer.Option("--submitted/--all", help="Only episodes with a successful submission, or all.")
    ] = True,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=1, help="Leave out longer conversations; a token is 4 characters.")
    ] = None,
    timings: Annotated[
        bool, typer.Option("--timings/--no-timings", help="Keep clocks and versions, which differ between equal runs.")
    ] = True,
) -> None:
    """Writes what is worth learning from, and says how much was left out for what."""
    from synthgym.agents.export import export_messages
    from synthgym.agents.filters import Filter, FilterSettings
    from synthgym.agents.store import read_episodes, write_packed

    settings = FilterSettings(
        scored=submitted, submitted=submitted, max_tokens=max_tokens, distinct=submitted, agent_errors=not submitted
    )
    keep = Filter(settings)
    records = keep(record for folder in folders for record in read_episodes(folder))
    if form == "messages":
        export_messages(records, out)
    else:
        write_packed(records, out, timings=timings)
    dropped = "".join(f", {count} {reason.replace('_', ' ')}" for reason, count in keep.report.dropped.items())
    print(f"{out}: {keep.report.kept} of {keep.report.seen} episodes{dropped}")
