"""What a training starts from: a model by its name, or the small student, which is made of what it is to learn from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from synthgym.base.files.outputs import whole_file
from synthgym.base.files.paths import build_once
from synthgym.train.models.resolve import resolve
from synthgym.train.sft.settings import SFTSettings
from synthgym.train.sft.sources import Reading, paths_of
from synthgym.train.small.base import make_base

SMALL = "small"


@dataclass(frozen=True)
class Start:
    """A model to start from.

    Attributes:
        name: As it was asked for.
        folder: Where it is.
        revision: Which state of it: a commit of the Hub, or a hash of what it was made of; see `ModelSource`.
    """

    name: str
    folder: Path
    revision: str


def start_from(
    model: str,
    sources: list[Path],
    out: Path,
    settings: SFTSettings,
    say: Callable[[str], None] = print,
    *,
    copying_steps: int = 400,
    reading_steps: int = 240,
) -> Start:
    """Finds a model, or makes it.

    Args:
        model: A folder, ``user/name`` of the Hub, ``smollm2-135m``; or ``small`` for the student from scratch, whose
            tokenizer and base model are made of the sources and kept beside `out`.
        sources: What is trained on.
        out: The training's folder.
        settings: Of the training.
        say: Told, line by line, what happens.
        copying_steps: Of the base model's warm-up, where the student is from scratch; see `train.small.warmup`.
        reading_steps: Of its reading; see `synthgym.train.small.pretraining`.

    Raises:
        UserError: There is no such model.
    """
    if model != SMALL:
        found = resolve(model, say=say)
        return Start(model, found.folder, found.revision)
    folder = out.with_name(f"{out.name}-base")

    def make(where: Path) -> None:
        reading = Reading(paths_of(sources), settings.filter)
        messages = where / "messages.jsonl"
        with whole_file(messages) as file:
            for line in sorted(json.dumps({"messages": each.messages}) for each in reading):
                file.write(line.encode() + b"\n")
        make_base(messages, where, copying_steps, reading_steps, settings.copies, settings.seed, say)

    return Start(model, build_once(folder, make), f"made from the conversations with seed {settings.seed}")
