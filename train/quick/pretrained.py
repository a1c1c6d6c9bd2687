"""Trajectories in, a fine-tuned pretrained model out: what `small` does for the student from scratch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from synthgym.base.errors import InfrastructureError, UserError
from synthgym.base.progress import show_progress
from synthgym.train.models.resolve import resolve
from synthgym.train.models.source import ModelSource
from synthgym.train.recipes.loading import load_recipe

SMOLLM2 = "smollm2-135m"


def resolve_if_available(name: str, say: Callable[[str], None] = print) -> ModelSource | None:
    """A model, where it is on this machine or can be downloaded; None, and why, where it can not."""
    try:
        return resolve(name, say=say)
    except (UserError, InfrastructureError) as error:
        say(f"{name} cannot be had here: {error}")
        return None


def fine_tune(
    source: ModelSource,
    recipe: str,
    data: Sequence[Path],
    out: Path,
    *,
    steps: int,
    seed: int,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Fine-tunes a model into ``out/student``; what an earlier call of the same arguments has finished is kept.

    Args:
        source: The model.
        recipe: Of `synthgym train sft`.
        data: Trajectory stores or packed files.
        out: Folder.
        steps: Of the optimizer.
        seed: Decides everything random.
        say: Told, line by line, what happens.

    Returns:
        Figures under the names that `train_student` gives them.

    Raises:
        UserError: No trajectory passes the filter, or `out` holds another training.
    """
    from synthgym.train.sft.run import sft
    from synthgym.train.sft.settings import SFTSettings

    changes = [f"max_steps={steps}", f"seed={seed}", "report_to=[]", "held_out=0"]
    settings = load_recipe("sft", recipe, changes, SFTSettings)
    with show_progress("fine-tuning", steps) as progress:
        trained = sft(source.folder, data, out / "student", settings, progress, revision=source.revision)
    say(f"student: {trained.steps} steps, {trained.accuracy:.1%} of the teacher's tokens right")
    return {
        "trajectories": {Path(name).name: found for name, found in trained.sources.items()},
        "base": {"model": source.name, "revision": source.revision, "origin": source.origin},
        **trained.figures(),
    }
