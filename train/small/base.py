"""The base model: a tokenizer of what is to be read, and a blank model that learns to copy and then reads it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from synthgym.base.progress import show_progress
from synthgym.train.conversations import read_conversations, with_copies
from synthgym.train.reproducible import reproducible

MAKING_FILE = "making.json"
"""What is known of how it was made."""
_WORD_COPIES = 900
"""Conversations, renamed copies of the given ones, that the tokenizer is trained on."""


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
    (folder / MAKING_FILE).write_text(json.dumps(report, allow_nan=False) + "\n", encoding="utf-8")
