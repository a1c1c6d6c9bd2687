"""`synthgym train sft`: trains a model on what agents did."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from synthgym.base.messages import say
from synthgym.base.progress import show_progress
from synthgym.cli.shared.options import AsJson, print_json
from synthgym.cli.shared.push_option import Private, PushToHub, Scores, sharing
from synthgym.cli.shared.terminal import output_kept
from synthgym.cli.training.options import Changes, ModelOrSmall, Out, recipe_option


def train_sft(
    context: typer.Context,
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="STORE...", help="Folders of rollouts, packed trajectories, exported conversations."),
    ],
    model: ModelOrSmall,
    out: Out,
    recipe: Annotated[str, recipe_option("sft")] = "small-cpu",
    changes: Changes = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Says how many tokens and steps, and tries two steps; keeps nothing.")
    ] = False,
    push_to_hub: PushToHub = None,
    private: Private = False,
    scores: Scores = None,
    as_json: AsJson = False,
) -> None:
    """Trains a model on trajectories, on what the agent wrote in them.

    The same command goes on where it was ended, and gives the same weights. Settings: docs/guides/training.md.
    """
    from synthgym.train.extras import needs_train
    from synthgym.train.recipes.loading import load_recipe
    from synthgym.train.sft.run import sft
    from synthgym.train.sft.settings import SFTSettings
    from synthgym.train.sft.start import Start, start_from

    needs_train()
    settings = load_recipe("sft", recipe, changes or [], SFTSettings)
    shared = sharing(context, out)

    def start(beside: Path) -> Start:
        return start_from(model, sources, beside, settings, lambda text: say(text, err=True))

    if dry_run:
        from synthgym.train.sft.plan import plan

        with tempfile.TemporaryDirectory() as nowhere:  # for the small student, which is made
            planned = plan(start(Path(nowhere) / out.name).folder, sources, settings)
        print_json(planned.model_dump()) if as_json else say(planned.as_text())
        return
    begin = start(out)
    with output_kept(as_json), show_progress("sft") as progress:
        report = sft(begin.folder, sources, out, settings, progress, revision=begin.revision)
    pushed = shared.push(out) if shared else None
    if as_json:
        print_json(report.__dict__ | ({"pushed": pushed.__dict__} if pushed else {}))
        return
    kept = f"{report.samples} samples of {report.conversations} conversations"
    held_out = f", {report.held_out_loss:.3f} on what was held out" if report.held_out_loss is not None else ""
    say(
        f"{out}: {report.steps} steps over {kept}, {report.trained_tokens:,} tokens; loss {report.loss:.3f}{held_out}; "
        f"{report.accuracy:.1%} of the learned tokens right ({report.seconds:.0f} s)"
    )
    if report.too_long:
        say(f"left out: {report.too_long} longer than max_length {settings.max_length}")
