"""The first part of the base model's making: copying, learned on random tokens. No task, no text.

Two kinds of rows, both of tokens drawn at random: a span that comes again after a gap, and a walk that now and then
takes up an earlier span for a few tokens, from a small vocabulary, so that one token alone does not tell which span.
Only tokens that the row itself foretells count.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from synthgym.base.progress import Progress, Silent
from synthgym.train.extras import needs_train
from synthgym.train.reproducible import reproducible

if TYPE_CHECKING:
    from transformers import Qwen3ForCausalLM

IGNORED = -100
"""The label of a token that does not count."""

Rows = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Tokens and labels."""


@dataclass(frozen=True)
class WarmupReport:
    """What the warm-up did, and the share of foretold tokens that the model gets right in rows it has not seen."""

    seconds: float
    steps: int
    accuracy: float


@dataclass(frozen=True)
class _Stage:
    until: float
    length: int
    rows: int


_STAGES = (_Stage(0.6, 128, 8), _Stage(0.9, 512, 2), _Stage(1.0, 1024, 1))
"""Short rows first: copying is learned there, and long ones then only stretch it. Every step has 1,024 tokens."""


def warm_up(
    model: Qwen3ForCausalLM,
    *,
    steps: int = 400,
    learning_rate: float = 2e-3,
    first_token: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> WarmupReport:
    """Trains a new student to copy, in place.

    Args:
        model: The student.
        steps: How many; the learning rate has fallen to 0 by the last.
        learning_rate: At its highest.
        first_token: Tokens below this id (the special ones) are left out.
        seed: Of the rows.
        progress: Moves on by one with every step.
    """
    needs_train()
    import torch

    progress = progress or Silent()
    rng = np.random.default_rng(seed)
    start = time.monotonic()
    with reproducible():
        optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, betas=(0.9, 0.98), weight_decay=0.0)
        model.train()
        for step in range(steps):
            gone = step / steps
            stage = next(stage for stage in _STAGES if gone <= stage.until)
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * min(1.0, (step + 1) / 50, (1 - gone) / 0.3)
            make = repeats if rng.random() < 0.5 else random_walks
            loss, _ = _score(model, make(rng, stage.rows, stage.length, first_token, model.config.vocab_size))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            progress.advance(1, f"loss {loss.item():.2f}")
        accuracy = round(copying(model, first_token=first_token), 3)
    return WarmupReport(round(time.monotonic() - start, 1), steps, accuracy)


def copying(model: Qwen3ForCausalLM, *, length: int = 1024, first_token: int = 0, seed: int = 10**6) -> float:
    """The share of foretold tokens that the model gets right, over both kinds of rows."""
    import torch

    rng = np.random.default_rng(seed)
    model.eval()
    with torch.no_grad():
        shares = [
            _score(model, make(rng, 4, length, first_token, model.config.vocab_size))[1]
            for make in (repeats, random_walks)
        ]
    return math.fsum(shares) / len(shares)


def _score(model: Qwen3ForCausalLM, rows: Rows) -> tuple[torch.Tensor, float]:  # type: ignore[name-defined]  # noqa: F821
    """Mean loss over the labels, and the share of them that is the model's first choice."""
    import torch

    tokens, labels = (torch.from_numpy(part) for part in rows)
    hidden = model.model(input_ids=tokens, use_cache=False).last_hidden_state[:, :-1]
    counted = labels[:, 1:] != IGNORED
    logits, wanted = model.lm_head(hidden[counted]), labels[:, 1:][counted]
    right = (logits.argmax(-1) == wanted).float().mean().item()
    return torch.nn.functional.cross_entropy(logits, wanted), right


def repeats(rng: np.random.Generator, rows: int, length: int, low: int, high: int) -> Rows:
    """Random tokens in which one span comes twice; what counts is the second time, from its second token on."""
    tokens = rng.integers(low, high, (rows, length))
    labels = np.full((rows, length), IGNORED)
    for row in range(rows):
        span = int(rng.integers(length // 8, length // 2 + 1))
        gap = int(rng.integers(0, length - 2 * span + 1))
        first = int(rng.integers(0, length - 2 * span - gap + 1))
        second = first + span + gap
        tokens[row, second : second + span] = tokens[row, first : first + span]
        labels[row, second + 1 : second + span] = tokens[row, second + 1 : second + span]
    return tokens, labels


def random_walks(rng: np.random.Generator, rows: int, length: int, low: int, high: int) -> Rows:
    """Tokens of a small vocabulary, then spans from earlier on with something new between; a span's start is free."""
    tokens = np.zeros((rows, length), dtype=np.int64)
    labels = np.full((rows, length), IGNORED)
    for row in range(rows):
        size = int(np.exp(rng.uniform(np.log(24), np.log(high - low))))
        vocabulary = rng.permutation(np.arange(low, high))[:size]
        at = max(8, int(length * rng.uniform(0.15, 0.5)))
        tokens[row, :at] = rng.choice(vocabulary, at)
        while at < length:
            if rng.random() < 0.3:
                new = min(int(rng.integers(1, 6)), length - at)
                tokens[row, at : at + new] = rng.choice(vocabulary, new)
                at += new
            span = min(int(rng.integers(3, 14)), length - at)
            source = int(rng.integers(0, at - span + 1))
            copied = tokens[row, source : source + span].copy()
            cue = 1 if span and np.count_nonzero(tokens[row, :at] == copied[0]) == 1 else 2
            tokens[row, at : at + span] = copied
            labels[row, at + cue : at + span] = copied[cue:]
            at += span
    return tokens, labels
