"""Trajectories in, a servable student out: filter, export, tokenizer, base model, fine-tuning."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from synthgym.agents.export import export_messages
from synthgym.agents.filters import Filter, FilterSettings
from synthgym.agents.store import read_episodes
from synthgym.agents.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.base.progress import show_progress
from synthgym.train.extra import needs_train

BASE, STUDENT = "base", "student"
_MESSAGES, _BASE_REPORT, _REPORT = "messages.jsonl", "base.json", "training.json"

_EPOCHS = 1000
"""More than there is time for: the clock ends the training."""
_WORD_COPIES = 900
"""Conversations, renamed copies of the given ones, that the tokenizer is trained on."""


def train_student(
    sources: Sequence[Path],
    out: Path,
    *,
    seconds: float,
    warmup_seconds: float = 40.0,
    reading_seconds: float = 60.0,
    copies: int = 8,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Trains the small student on the trajectories of stores and packed files; see `synthgym.train.student`.

    Writes ``out/messages.jsonl``, the warmed-up model ``out/base``, the trained one ``out/student`` and
    ``out/training.json``. What an earlier call of the same arguments has finished is kept.

    Args:
        sources: Trajectory stores or packed files. Kept are episodes with a successful submission that fit the context.
        out: Folder.
        seconds: Wall clock of the fine-tuning.
        warmup_seconds: Wall clock of the base model's warm-up; see `synthgym.train.warmup`.
        reading_seconds: Wall clock of its reading; see `synthgym.train.reading`.
        copies: Further copies of each conversation, with other names.
        seed: Decides everything random. Wall-clock budgets make two runs alike, not identical.
        say: Told, line by line, what happens.

    Returns:
        What `training.json` holds: yields of the filter by source, tokens, steps, loss.

    Raises:
        UserError: A source is missing, or no trajectory passes the filter.
        MissingDependencyError: The extra `train` is not installed.
    """
    needs_train()
    from synthgym.train.sft import SFTSettings, sft

    report_file = out / _REPORT
    if report_file.exists():
        report: dict[str, Any] = json.loads(report_file.read_text(encoding="utf-8"))
        say("trained already")
        return report
    out.mkdir(parents=True, exist_ok=True)
    kept, yields = _filtered(sources)
    export_messages(kept, out / _MESSAGES)
    say(f"{len(kept)} trajectories of {sum(found['seen'] for found in yields.values())} to learn from")
    base = out / BASE
    if not (base / "config.json").exists():
        made = _make_base(out / _MESSAGES, base, warmup_seconds, reading_seconds, copies, seed, say)
        (out / _BASE_REPORT).write_text(json.dumps(made) + "\n", encoding="utf-8")
    with show_progress("fine-tuning") as progress:
        settings = SFTSettings(max_seconds=seconds, epochs=_EPOCHS, copies=copies, seed=seed)
        trained = sft(base, out / _MESSAGES, out / STUDENT, settings, progress)
    say(f"student: {trained.steps} steps, {trained.accuracy:.1%} of the teacher's tokens right")
    report = {
        "trajectories": yields,
        "base": json.loads((out / _BASE_REPORT).read_text(encoding="utf-8")),
        "conversations": trained.conversations,
        "samples": trained.samples,
        "too_long": trained.too_long,
        "tokens": trained.tokens,
        "steps": trained.steps,
        "epochs": trained.epochs,
        "loss": _number(trained.loss),
        "token_accuracy": _number(trained.accuracy),
        "seconds": trained.seconds,
    }
    temporary = out / f".{_REPORT}.new"
    temporary.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    temporary.replace(report_file)
    return report


def _make_base(
    messages: Path,
    folder: Path,
    warmup_seconds: float,
    reading_seconds: float,
    copies: int,
    seed: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Tokenizer and base model: a blank one that learns to copy, then reads what environments show."""
    from synthgym.train.data import read_conversations, with_copies
    from synthgym.train.reading import read
    from synthgym.train.student import StudentConfig, new_student, save_student
    from synthgym.train.tokenizer import FIRST_WORD, pieces_of_names, train_tokenizer
    from synthgym.train.warmup import warm_up

    conversations = read_conversations(messages)
    known = len(conversations)
    # Copies only: what names are made of must not depend on which names the originals happen to have.
    renamed = with_copies(conversations, max(1, _WORD_COPIES // known), seed)[known:]
    tokenizer = train_tokenizer(renamed)
    model = new_student(StudentConfig(), tokenizer, seed)
    with show_progress("base model: copying", int(warmup_seconds)) as progress:
        warmed = warm_up(model, seconds=warmup_seconds, first_token=FIRST_WORD, seed=seed, progress=progress)
    with show_progress("base model: reading", int(reading_seconds)) as progress:
        readable = with_copies(conversations, min(copies, 12), seed, pieces_of_names(tokenizer))
        seen = read(model, tokenizer, readable, seconds=reading_seconds, seed=seed, progress=progress)
    save_student(model, tokenizer, folder)
    say(
        f"base model: {model.num_parameters():,} parameters, copies {warmed.accuracy:.0%} of random spans, "
        f"has read {seen.tokens:,} tokens of what environments show"
    )
    return {
        "parameters": model.num_parameters(),
        "vocabulary": len(tokenizer),
        "copying": {"seconds": warmed.seconds, "accuracy": warmed.accuracy},
        "reading": {"seconds": seen.seconds, "tokens": seen.tokens, "loss": seen.loss},
    }


def _number(value: float) -> float | None:
    """None for what a training too short to be measured leaves: JSON has no NaN."""
    return value if math.isfinite(value) else None


def _filtered(sources: Sequence[Path]) -> tuple[list[Trajectory], dict[str, Any]]:
    """What is worth learning from, and for each source how much of it was and why the rest was not."""
    kept: list[Trajectory] = []
    yields: dict[str, Any] = {}
    for source in sources:
        keep = Filter(FilterSettings(submitted=True, min_improvement=0.0))
        kept += keep(read_episodes(source))
        yields[source.name] = keep.report.model_dump(exclude={"environments"})
    if not kept:
        raise UserError(f"no trajectory in {', '.join(map(str, sources))} has a successful submission")
    return kept, yields
