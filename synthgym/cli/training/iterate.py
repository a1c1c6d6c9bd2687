"""`synthgym train iterate`: makes a model better by fine-tuning it on its own successes, round after round."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.base.progress import show_progress
from synthgym.cli.shared.options import (
    AsJson,
    Collections,
    Envs,
    InSplit,
    Protocol,
    Sandbox,
    env_options,
    print_json,
    select_envs,
)
from synthgym.cli.shared.push_option import Private, PushToHub, Scores, sharing
from synthgym.cli.shared.terminal import output_kept
from synthgym.cli.training.options import Changes, Model, Out, recipe_option


def train_iterate(
    context: typer.Context,
    envs: Envs,
    model: Model,
    out: Out,
    recipe: Annotated[str, recipe_option("iterate")] = "small-cpu",
    changes: Changes = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", metavar="STORE...", help="Trajectories that every round trains on beside its own."),
    ] = None,
    split: InSplit = "train",
    collection: Collections = None,
    sandbox: Sandbox = "auto",
    protocol: Protocol = None,
    push_to_hub: PushToHub = None,
    private: Private = False,
    scores: Scores = None,
    as_json: AsJson = False,
) -> None:
    """Expert iteration: the student's own successes join the data, and it is trained on them.

    The same command goes on where it was ended. See docs/guides/rl.md.
    """
    from synthgym.envs.sandboxes import resolve_sandbox
    from synthgym.train.extras import needs_train
    from synthgym.train.recipes.loading import load_recipe
    from synthgym.train.rl.iterate import train_iterate as run
    from synthgym.train.rl.settings import IterateSettings

    needs_train()
    settings = load_recipe("iterate", recipe, changes or [], IterateSettings)
    names = select_envs(envs, split, collection)
    shared = sharing(context, out)
    resolve_sandbox(sandbox)
    with output_kept(as_json), show_progress("iterate", settings.rounds) as progress:
        rounds = run(
            names,
            model,
            out,
            settings,
            data=data or [],
            sandbox=sandbox,
            env_options=env_options(names, protocol),
            progress=progress,
        )
    if shared:
        shared.push(out)
    if as_json:
        print_json([each.model_dump(mode="json") for each in rounds])
        return
    for each in rounds:
        say(
            f"round {each.step}: mean improvement {each.improvement:.3f}, {each.solved:.0%} solved; {each.fresh} new "
            f"successes, {each.kept} trained on; {each.student}"
        )
