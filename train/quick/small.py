"""Trajectories in, a servable student out: filter, export, tokenizer, base model, fine-tuning."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from synthgym.agents.trajectories.export import export_messages
from synthgym.agents.trajectories.filters import Filter, FilterSettings
from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.files.paths import build_once
from synthgym.base.json_reading import read_object
from synthgym.base.progress import show_progress
from synthgym.train.extra import needs_train
from synthgym.train.reproducible import reproducible

BASE, STUDENT = "base", "student"
_MESSAGES, _BASE_REPORT, _REPORT = "messages.jsonl", "making.json", "training.json"

_WORD_COPIES = 900
"""Conversations, renamed copies of the given ones, that the tokenizer is trained on."""


def train_student(
    sources: Sequence[Path],
    out: Path,
    *,
    steps: int,
    copying_steps: int = 400,
    reading_steps: int = 240,
    copies: int = 8,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Trains the small student on the trajectories of stores and packed files; see `synthgym.train.small.student`.

    Writes ``out/messages.jsonl``, the warmed-up model ``out/base``, the trained one ``out/student`` and
    ``out/training.json``. What an earlier call of the same arguments has finished is kept. The same trajectories and
    arguments give the same student, bit for bit on one machine; what varies is the time it takes.

    Args:
        sources: Trajectory stores or packed files. Kept are episodes with a successful submission that fit the context.
        out: Folder.
        steps: Of the fine-tuning, of four conversations each.
        copying_steps: Of the base model's warm-up; see `synthgym.train.small.warmup`.
        reading_steps: Of its reading; see `synthgym.train.small.pretraining`.
        copies: Further copies of each conversation, with other names.
        seed: Decides everything random.
        say: Told, line by line, what happens.

    Returns:
        What `training.json` holds: yields of the filter by source, tokens, steps, loss.

    Raises:
        UserError: A source is missing, no trajectory passes the filter, or `out` holds another training.
        MissingDependencyError: The extra `train` is not installed.
    """
    needs_train()
    from synthgym.train.sft.run import SFTSettings, sft

    settings = {"steps": steps, "copying_steps": copying_steps, "reading_steps": reading_steps, "copies": copies}
    Store(out).claim({"command": "train", **settings, "seed": seed}, {"sources": [str(source) for source in sources]})
    report_file = out / _REPORT
    if report_file.exists():
        report = read_object(report_file, finite=False)
        say("trained already")
        return report
    kept, yields = _filtered(sources)
    export_messages(kept, out / _MESSAGES)
    say(f"{len(kept)} trajectories of {sum(found['seen'] for found in yields.values())} to learn from")
    base = build_once(
        out / BASE, lambda folder: make_base(out / _MESSAGES, folder, copying_steps, reading_steps, copies, seed, say)
    )
    with show_progress("fine-tuning", steps) as progress:
        fine = SFTSettings(max_steps=steps, copies=copies, seed=seed)
        trained = sft(base, out / _MESSAGES, out / STUDENT, fine, progress)
    say(f"student: {trained.steps} steps, {trained.accuracy:.1%} of the teacher's tokens right")
    report = {
        "trajectories": yields,
        "base": read_object(base / _BASE_REPORT, finite=False),
        **trained.figures(),
    }
    with whole_file(report_file) as file:
        file.write(json.dumps(report, indent=1, allow_nan=False).encode() + b"\n")
    return report


def make_base(
    messages: Path,
    folder: Path,
    copying_steps: int,
    reading_steps: int,
    copies: int,
    seed: int,
    say: Callable[[str], None],
) -> None:
    """Tokenizer and base model: a blank one that learns to copy, then reads what environments show."""
    from synthgym.train.models.saving import save_model
    from synthgym.train.sft.data import read_conversations, with_copies
    from synthgym.train.small.pretraining import read
    from synthgym.train.small.student import StudentConfig, new_student
    from synthgym.train.small.tokenizer import FIRST_WORD, pieces_of_names, train_tokenizer
    from synthgym.train.small.warmup import warm_up

    conversations = read_conversations(messages)
    known = len(conversations)
    # Copies only: what names are made of must not depend on which names the originals happen to have.
    renamed = with_copies(conversations, max(1, _WORD_COPIES // known), seed)[known:]
    tokenizer = train_tokenizer(renamed)
    with reproducible():
        model = new_student(StudentConfig(), tokenizer, seed)
    with show_progress("base model: copying", copying_steps) as progress:
        warmed = warm_up(model, steps=copying_steps, first_token=FIRST_WORD, seed=seed, progress=progress)
    with show_progress("base model: reading", reading_steps) as progress:
        readable = with_copies(conversations, min(copies, 4), seed, pieces_of_names(tokenizer))
        seen = read(model, tokenizer, readable, steps=reading_steps, seed=seed, progress=progress)
    save_model(model, tokenizer, folder)
    say(
        f"base model: {model.num_parameters():,} parameters, copies {warmed.accuracy:.0%} of random spans, "
        f"has read {seen.tokens:,} tokens of what environments show"
    )
    report = {
        "parameters": model.num_parameters(),
        "vocabulary": len(tokenizer),
        "copying": {"seconds": warmed.seconds, "steps": warmed.steps, "accuracy": warmed.accuracy},
        "reading": {"seconds": seen.seconds, "steps": seen.steps, "tokens": seen.tokens, "loss": seen.loss},
    }
    (folder / _BASE_REPORT).write_text(json.dumps(report, allow_nan=False) + "\n", encoding="utf-8")


def _filtered(sources: Sequence[Path]) -> tuple[list[Trajectory], dict[str, Any]]:
    """What is worth learning from, and for each source how much of it was and why the rest was not."""
    kept: list[Trajectory] = []
    yields: dict[str, Any] = {}
    for source in sources:
        keep = Filter(FilterSettings(submitted=True, min_improvement=0.0))
        # In one order, whichever worker finished first: of two alike the filter keeps the first.
        kept += keep(sorted(read_episodes(source), key=lambda record: record.episode_id))
        yields[source.name] = keep.report.model_dump(exclude={"environments"})
    if not kept:
        raise UserError(f"no trajectory in {', '.join(map(str, sources))} has a successful submission")
    return kept, yields
