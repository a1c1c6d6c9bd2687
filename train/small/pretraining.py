"""The second part of the base model's making: next-token prediction on what environments show.

A pretrained model has read programs, tables of settings and error messages before it meets a task; the small student
reads those of its training challenges. Replies stand in their places but are not learned: the base model knows what the
world answers and not what to say in it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthgym.base.errors import UserError
from synthgym.base.progress import Progress, Silent
from synthgym.train.conversations import IGNORED, Conversation, Sample, encode
from synthgym.train.extras import needs_train
from synthgym.train.reproducible import reproducible

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase, Qwen3ForCausalLM

_BATCH = 4


@dataclass(frozen=True)
class ReadingReport:
    """What was read, and the mean loss of the last steps, in nats a token."""

    seconds: float
    steps: int
    tokens: int
    loss: float


def read(
    model: Qwen3ForCausalLM,
    tokenizer: PreTrainedTokenizerBase,
    conversations: Sequence[Conversation],
    *,
    steps: int = 240,
    learning_rate: float = 1e-3,
    seed: int = 0,
    progress: Progress | None = None,
) -> ReadingReport:
    """Trains a student, in place, on everything in conversations but the replies.

    Args:
        model: The student.
        tokenizer: Its tokenizer.
        conversations: As exported; those longer than the model's context are left out.
        steps: How many, of four conversations each; the learning rate has fallen to 0 by the last.
        learning_rate: At its highest.
        seed: Of the order.
        progress: Moves on by one with every step.

    Raises:
        UserError: No conversation fits.
    """
    needs_train()
    import torch

    from synthgym.train.batches import padded

    progress, rng = progress or Silent(), random.Random(seed)
    encoded = (encode(tokenizer, messages) for messages in conversations)
    shown = [
        _with_inverted_labels(sample)
        for sample in encoded
        if len(sample.input_ids) <= model.config.max_position_embeddings
    ]
    if not shown:
        raise UserError(f"none of {len(conversations)} conversations fits into the model's context")
    shown.sort(key=lambda sample: len(sample.input_ids))
    starts = range(0, max(1, len(shown) - _BATCH + 1))
    collate = padded(tokenizer.pad_token_id)
    started, tokens, smooth = time.monotonic(), 0, 0.0
    with reproducible():
        optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, betas=(0.9, 0.98), weight_decay=0.0)
        model.train()
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * min(1.0, (step + 1) / 50, (1 - step / steps) / 0.3)
            at = rng.choice(starts)
            batch = collate([vars(sample) for sample in shown[at : at + _BATCH]])
            hidden = model.model(input_ids=batch["input_ids"], use_cache=False).last_hidden_state[:, :-1]
            counted = batch["labels"][:, 1:] != IGNORED
            loss = torch.nn.functional.cross_entropy(model.lm_head(hidden[counted]), batch["labels"][:, 1:][counted])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            tokens += batch["input_ids"].numel()
            smooth = 0.95 * smooth + 0.05 * loss.item() if step else loss.item()
            progress.advance(1, f"loss {smooth:.2f}")
    return ReadingReport(round(time.monotonic() - started, 1), steps, tokens, round(smooth, 3))


def _with_inverted_labels(sample: Sample) -> Sample:
    """The same conversation, where what counts is what no reply says."""
    pairs = zip(sample.input_ids, sample.labels, strict=True)
    return Sample(sample.input_ids, [token if label == IGNORED else IGNORED for token, label in pairs])
