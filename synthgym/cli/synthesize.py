"""`synthgym synthesize`: makes a collection of verified challenges."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.errors import UnknownNameError
from synthgym.base.progress import show_progress
from synthgym.cli.options import AsJson, Jobs, Sandbox, Seed, Split, print_json


def synthesize(
    n: Annotated[int, typer.Option("--n", min=1, help="How many candidates to make.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The collection's folder.")],
    namespace: Annotated[str, typer.Option("--namespace", help="First part of the environments' ids.")],
    author: Annotated[str, typer.Option("--author", help="Who writes them: procedural.")] = "procedural",
    seed: Seed = 0,
    jobs: Jobs = 1,
    split: Annotated[
        Split | None, typer.Option("--split", help="Make all for this split; else one in four is held out.")
    ] = None,
    family: Annotated[
        list[str] | None, typer.Option("--family", help="Only this family of the procedural author. Repeatable.")
    ] = None,
    sandbox: Sandbox = "auto",
    title: Annotated[str | None, typer.Option("--title", help="The collection's title.")] = None,
    as_json: AsJson = False,
) -> None:
    """Writes challenges, verifies them in sandboxes, and keeps those that pass.

    The rest is in DIR/ledger.jsonl with reasons. A seed gives the same challenges byte for byte. The same command goes
    on where it was ended.
    """
    from synthgym.synthesis.families import FAMILIES
    from synthgym.synthesis.ledger import funnel
    from synthgym.synthesis.pipeline import Recipe
    from synthgym.synthesis.pipeline import synthesize as run

    for name in family or []:
        if name not in FAMILIES:
            raise UnknownNameError("family", name, FAMILIES)
    recipe = Recipe(seed=seed, namespace=namespace, author=author, split=split, families=tuple(family or ()))
    with show_progress("synthesize", n) as progress:
        result = run(recipe, n, out, jobs=jobs, sandbox=sandbox, progress=progress, title=title)
    counts = funnel(result.entries)
    if as_json:
        entries = [asdict(entry) for entry in result.entries]
        print_json({"folder": str(out), "seconds": round(result.seconds, 3), **counts, "entries": entries})
        return
    rejected = "".join(f", {count} {reason}" for reason, count in counts.items() if reason.startswith("rejected"))
    print(f"{out}: {counts['accepted']} of {counts['candidates']} verified{rejected} ({result.seconds:.1f} s)")
