"""`synthgym rollout`: an agent's episodes, into a trajectory store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.base.progress import show_progress
from synthgym.cli.shared.options import (
    SPEC_HELP,
    AsJson,
    Collections,
    Envs,
    Fresh,
    HowMany,
    InSplit,
    Jobs,
    Preflight,
    Protocol,
    Retry,
    Sandbox,
    env_options,
    print_json,
    select_envs,
    serving,
)
from synthgym.cli.shared.rollouts import RolloutProgress, summary_text
from synthgym.cli.shared.terminal import output_kept


def rollout(
    envs: Envs,
    agent: Annotated[str, typer.Option("--agent", metavar="SPEC", help=SPEC_HELP)],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The store's folder.")],
    episodes: Annotated[int, typer.Option("--episodes", min=1, help="Episodes in each environment.")] = 1,
    jobs: Jobs = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the first episode; the others follow on.")] = 0,
    split: InSplit = None,
    challenges: HowMany = None,
    collection: Collections = None,
    sandbox: Sandbox = "auto",
    max_steps: Annotated[int | None, typer.Option("--max-steps", min=1, help="Instead of the budgets' steps.")] = None,
    protocol: Protocol = None,
    preflight: Preflight = True,
    retry: Retry = None,
    fresh: Fresh = False,
    as_json: AsJson = False,
) -> None:
    """Runs an agent and keeps the records of its episodes.

    The same command goes on where it was ended; what is in the store is not run again. If the agent's code is another
    than the one that an episode there was made with, that is told, and --fresh runs it anew.
    """
    from synthgym.agents.rollout import rollout as run
    from synthgym.envs.sandboxes import resolve_sandbox

    resolve_sandbox(sandbox)  # before there is a folder
    names = select_envs(envs, split, collection, challenges)
    with (
        output_kept(as_json),
        serving([agent]) as (spec,),
        show_progress("rollout", len(names) * episodes) as progress,
    ):
        summary = run(
            names,
            spec,
            out=out,
            episodes=episodes,
            jobs=jobs,
            seed=seed,
            sandbox=sandbox,
            env_options=env_options(names, protocol, max_steps),
            retry=[retry] if retry else [],
            preflight=preflight,
            fresh=fresh,
            progress=RolloutProgress(progress),
        )
    if as_json:
        print_json(summary.model_dump())
    else:
        say(f"{out}: {summary_text(summary, out)}")
    if summary.failed:
        raise typer.Exit(1)
