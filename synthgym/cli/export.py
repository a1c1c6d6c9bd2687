"""`synthgym export`: trajectories as conversations to train on, packed into one file, or in the format of a suite."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthgym.agents.trajectories.formats import FORMATS, load_format
from synthgym.base.files.outputs import is_stream
from synthgym.base.messages import say
from synthgym.base.plugins import plugin_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from synthgym.agents.trajectories.trajectory import Trajectory

_OWN = ("messages", "trajectories")


def export(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR", help="Trajectory stores, packed files, benchmarks' folders.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write; for a suite, the new folder.")],
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="|".join([*_OWN, *plugin_names(FORMATS)]),
            help="messages: conversations for SFT, a JSON line each. trajectories: the episodes as they are, "
            "compressed if FILE ends in .zst. Others: results, as the scripts of a suite of that name read them.",
        ),
    ] = "messages",
    submitted: Annotated[
        bool | None,
        typer.Option(
            "--submitted/--all",
            help="Only episodes with a successful submission, or all. For a suite: always all.",
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
            "--prefix", help="For a suite: put before agents' names, for scripts that go by it.", show_default=False
        ),
    ] = "",
) -> None:
    """Writes what is worth learning from, and says how much was left out for what; or the results of all episodes."""
    from synthgym.agents.trajectories.export import export_messages
    from synthgym.agents.trajectories.filters import Filter, FilterSettings
    from synthgym.agents.trajectories.store import write_packed
    from synthgym.base.errors import UnknownNameError, UserError

    suites = plugin_names(FORMATS)
    if form in suites and form not in _OWN:
        if submitted or max_tokens is not None:
            raise UserError(
                f"--format {form}: expected neither --submitted nor --max-tokens; results are of all episodes"
            )
        _export_results(form, _episodes(folders), out, prefix, timings)
        return
    if form not in _OWN:
        raise UnknownNameError("format", form, sorted({*_OWN, *suites}))
    if prefix:
        raise UserError(f"--prefix {prefix}: only for --format {' or '.join(suites)}")
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


def _export_results(form: str, records: Iterator[Trajectory], out: Path, prefix: str, timings: bool) -> None:
    from synthgym.agents.trajectories.trajectory import without_timings

    done = load_format(form)(records if timings else map(without_timings, records), out, prefix)
    for warning in done.warnings:
        say(f"warning: {warning}", err=True)
    say(f"{out}: {done.what}")
