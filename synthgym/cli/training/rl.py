"""`synthgym train rl`: makes a model better by its own episodes."""

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
from synthgym.cli.training.options import Changes, ModelOrAdapter, Out, recipe_option


def train_rl(
    context: typer.Context,
    envs: Envs,
    model: ModelOrAdapter,
    out: Out,
    recipe: Annotated[str, recipe_option("rl")] = "small-cpu",
    changes: Changes = None,
    adapter: Annotated[
        Path | None, typer.Option("--adapter", metavar="DIR", help="An adapter of the model to go on with.")
    ] = None,
    split: InSplit = "train",
    collection: Collections = None,
    sandbox: Sandbox = "auto",
    protocol: Protocol = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Says what would be done, and does nothing.")] = False,
    push_to_hub: PushToHub = None,
    private: Private = False,
    scores: Scores = None,
    as_json: AsJson = False,
) -> None:
    """Trains a model by reinforcement (GRPO) on its own episodes.

    The same command goes on where it was ended, whatever ended it. See docs/guides/rl.md for settings and rules.
    """
    from synthgym.envs.sandboxes import resolve_sandbox
    from synthgym.train.extras import needs_train
    from synthgym.train.recipes.loading import load_recipe
    from synthgym.train.rl.settings import RLSettings

    needs_train()
    settings = load_recipe("rl", recipe, changes or [], RLSettings)
    names = select_envs(envs, split, collection)
    if dry_run:
        from synthgym.train.rl.plan import plan

        planned = plan(names, model, settings, adapter)
        print_json(planned.model_dump(mode="json")) if as_json else say(planned.as_text())
        return
    shared = sharing(context, out)
    resolve_sandbox(sandbox)
    from synthgym.train.rl.run import train_rl as run

    with output_kept(as_json), show_progress("rl", settings.steps) as progress:
        report = run(
            names,
            model,
            out,
            settings,
            adapter=adapter,
            sandbox=sandbox,
            env_options=env_options(names, protocol),
            progress=progress,
        )
    pushed = shared.push(out) if shared else None
    if as_json:
        print_json(report.model_dump(mode="json") | ({"pushed": pushed.__dict__} if pushed else {}))
    else:
        say(
            f"{report.steps} steps, {report.trained} of them with something to learn; {report.episodes} episodes in "
            f"{report.groups} groups, {report.used} used; mean improvement {report.first:.3f} at first, "
            f"{report.last:.3f} in the end; saved in {report.student}"
        )
