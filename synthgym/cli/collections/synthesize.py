"""`synthgym synthesize`: makes a collection of verified challenges."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synthgym.base.errors import UserError
from synthgym.base.messages import say
from synthgym.base.progress import show_progress
from synthgym.base.seeds import MOST_SEED
from synthgym.cli.shared.options import AsJson, Jobs, Sandbox, Split, print_json
from synthgym.cli.shared.terminal import output_kept

if TYPE_CHECKING:
    from synthgym.synthesis.pipeline import Result

_MODEL = "For an author that is a model"


def synthesize(
    ctx: typer.Context,
    n: Annotated[int, typer.Option("--n", "--count", min=1, help="How many candidates to make.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The collection's folder.")],
    namespace: Annotated[
        str | None, typer.Option("--namespace", help="First part of the environments' ids; else the folder's name.")
    ] = None,
    author: Annotated[
        str, typer.Option("--author", help="Who writes them: procedural, or openai:MODEL@BASE_URL?temperature=1.")
    ] = "procedural",
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", min=0, max=MOST_SEED, help="Decides everything random. default: drawn, and kept in DIR."
        ),
    ] = None,
    jobs: Jobs = 1,
    split: Annotated[
        Split | None, typer.Option("--split", help="Make all for this split; else one in four is held out.")
    ] = None,
    family: Annotated[
        list[str] | None,
        typer.Option("--family", metavar="NAME...", help="Only these families of the procedural author."),
    ] = None,
    sandbox: Sandbox = "auto",
    title: Annotated[str | None, typer.Option("--title", help="The collection's title.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="Where verifications run: processes, or ray.")] = "processes",
    datasets: Annotated[
        list[str] | None,
        typer.Option(
            "--datasets",
            metavar="WHERE...",
            help="Where data may come from: hub, sklearn, generated (games and simulations), or a folder of "
            "tables. default: hub and generated.",
            rich_help_panel=_MODEL,
        ),
    ] = None,
    topics: Annotated[
        Path | None,
        typer.Option(
            "--topics",
            exists=True,
            dir_okay=False,
            help="File with a topic a line, instead of asking the model for some.",
            rich_help_panel=_MODEL,
        ),
    ] = None,
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", metavar="NAME...", help="Only these domains.", rich_help_panel=_MODEL),
    ] = None,
    avoid: Annotated[
        list[str] | None,
        typer.Option("--avoid", metavar="TOPIC...", help="Keep away from these topics.", rich_help_panel=_MODEL),
    ] = None,
    tries: Annotated[int, typer.Option("--tries", min=1, help="Proposals a topic.", rich_help_panel=_MODEL)] = 3,
    rounds: Annotated[
        int, typer.Option("--rounds", min=0, help="How often code that failed goes back.", rich_help_panel=_MODEL)
    ] = 4,
    p_debug: Annotated[
        float,
        typer.Option(
            "--p-debug",
            min=0,
            max=1,
            help="After so many rounds a candidate is dropped with this probability, else begun anew.",
            rich_help_panel=_MODEL,
        ),
    ] = 0.5,
    restarts: Annotated[
        int, typer.Option("--restarts", min=0, help="How often it may be begun anew.", rich_help_panel=_MODEL)
    ] = 1,
    attempts: Annotated[
        int,
        typer.Option("--attempts", min=0, help="Episodes of an agent on each challenge.", rich_help_panel=_MODEL),
    ] = 1,
    agent: Annotated[str, typer.Option("--agent", help="That agent.", rich_help_panel=_MODEL)] = "scripted",
    most_mb: Annotated[
        float, typer.Option("--max-mb", min=0, help="Megabytes of data a challenge may have.", rich_help_panel=_MODEL)
    ] = 100.0,
    licence: Annotated[
        list[str] | None,
        typer.Option("--licence", metavar="NAME...", help="Only data under these licences.", rich_help_panel=_MODEL),
    ] = None,
    candidates: Annotated[
        int | None,
        typer.Option("--candidates", min=1, help="Candidates under way at once.", rich_help_panel=_MODEL),
    ] = None,
    most_cost: Annotated[
        float | None,
        typer.Option("--max-cost", min=0, help="US dollars that may be spent on DIR.", rich_help_panel=_MODEL),
    ] = None,
    most_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=0, help="The same in tokens.", rich_help_panel=_MODEL)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Writes challenges, verifies them in sandboxes, and keeps those that pass.

    The rest is in DIR/ledger.jsonl with reasons; see `synthgym ledger`. The same command goes on where it was ended; no
    answer of a model is paid twice. The procedural author's seed gives the same challenges byte for byte: who knows it,
    or can guess it, can make the hidden labels.
    """
    from synthgym.synthesis.language.settings import Settings
    from synthgym.synthesis.output_folder import seed_of
    from synthgym.synthesis.pipeline import synthesize as run
    from synthgym.synthesis.recipe import Recipe, Running

    settings = endpoint = None
    if author == "procedural":
        if unused := _for_models(ctx):
            raise UserError(f"{', '.join(unused)}: only for an author that is a model; give one with --author")
    else:
        from synthgym.synthesis.language.endpoint import read_author

        if family:
            raise UserError("--family: the procedural author has families; a model has --domain and --topics")
        endpoint = read_author(author)
        author = f"openai:{endpoint.model}"
        given: dict[str, Any] = {
            "datasets": [str(_absolute(where)) for where in datasets or ()],
            "topics": _lines(topics) if topics else (),
            "domains": domain,
            "avoid": avoid,
            "licences": licence,
        }
        settings = Settings(
            **{name: tuple(value) for name, value in given.items() if value},
            tries=tries,
            rounds=rounds,
            p_debug=p_debug,
            restarts=restarts,
            most_mb=most_mb,
            attempts=attempts,
            agent=agent,
        )
    recipe = Recipe(
        seed=seed if seed is not None else seed_of(out),
        namespace=namespace or out.absolute().name,
        author=author,
        split=split,
        families=tuple(family or ()),
        settings=settings,
    )
    running = Running(
        jobs=jobs,
        candidates=candidates,
        engine=engine,
        sandbox=sandbox,
        endpoint=endpoint,
        most_cost=most_cost,
        most_tokens=most_tokens,
    )
    with output_kept(as_json), show_progress("synthesize", n) as progress:
        result = run(recipe, n, out, running, progress=progress, title=title)
    _print_result(result, as_json)
    if result.unfinished:
        raise typer.Exit(1)


def _print_result(result: Result, as_json: bool) -> None:
    from synthgym.synthesis.ledger import funnel

    counts = funnel(result.entries)
    cost = round(sum(entry.cost for entry in result.entries), 6)
    tokens = sum(entry.tokens for entry in result.entries)
    if as_json:
        print_json(
            {
                "folder": str(result.folder),
                "seconds": round(result.seconds, 3),
                **counts,
                "unfinished": len(result.unfinished),
                "tokens": tokens,
                "cost": cost,
                "entries": [asdict(entry) for entry in result.entries],
            }
        )
        return
    rejected = "".join(f", {count} {reason}" for reason, count in counts.items() if reason.startswith("rejected"))
    spent = f"; {tokens:,} tokens, ${cost:.2f}" if tokens else ""
    verified = f"{counts['accepted']} of {counts['candidates']} verified"
    say(f"{result.folder}: {verified}{rejected}{spent} ({result.seconds:.1f} s)")
    if result.unfinished:
        why = max(set(result.unfinished.values()), key=list(result.unfinished.values()).count)
        say(f"{len(result.unfinished)} candidates unfinished ({why}); the same command goes on with them")


def _for_models(ctx: typer.Context) -> list[str]:
    """The options on the command line that the procedural author has no use for."""
    given = [each for each in ctx.command.params if _source(ctx, each) == "COMMANDLINE"]
    return [each.opts[0] for each in given if getattr(each, "rich_help_panel", None) == _MODEL]


def _source(ctx: typer.Context, option: Any) -> str:
    found = ctx.get_parameter_source(option.name)
    return found.name if found else ""


def _absolute(where: str) -> str | Path:
    return where if where in ("hub", "sklearn", "generated") else Path(where).expanduser().absolute()


def _lines(path: Path) -> list[str]:
    found = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").split("\n")]
    found = [line for line in found if line and not line.startswith("#")]
    if not found:
        raise UserError(f"{path}: expected a topic a line, got none")
    return found
