"""In which order samples are trained on: laid down before the first step, by the seed and the samples' lengths alone.

A run that goes on after a kill takes up the same order where it was.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

_CHUNK = 50
"""Batches among which samples of like length are brought together: less padding, and still a new mix in every pass."""


def training_order(
    samples: int,
    *,
    batch: int,
    epochs: float,
    max_steps: int | None,
    seed: int,
    max_tokens: int | None = None,
    lengths: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
) -> list[int]:
    """Indices of the samples in the order in which they are trained on, pass after pass.

    Args:
        samples: How many there are.
        batch: Samples a step.
        epochs: Passes over them.
        max_steps: Ends the training after so many steps, whatever `epochs` says.
        seed: Decides the order.
        max_tokens: Ends it with the sample that makes it so many tokens; needs `lengths`.
        lengths: Of the samples, where samples of like length are to be in one batch.
        weights: How often each is trained on in a pass, on average over passes; 1 by default.
    """
    order = itertools.chain.from_iterable(_passes(samples, batch, seed, lengths, weights))
    if max_tokens and lengths is not None:
        return _until(order, lengths, max_tokens)
    return list(itertools.islice(order, max_steps * batch if max_steps else max(1, int(samples * epochs))))


def _until(order: Iterator[int], lengths: Sequence[int], max_tokens: int) -> list[int]:
    taken, tokens = [], 0
    for at in order:
        taken.append(at)
        tokens += lengths[at]
        if tokens >= max_tokens:
            break
    return taken


def _passes(
    samples: int, batch: int, seed: int, lengths: Sequence[int] | None, weights: Sequence[float] | None
) -> Iterator[list[int]]:
    rng = random.Random(seed)
    starts = [rng.random() for _ in range(samples)] if weights is not None else []
    for number in itertools.count():
        if weights is None:
            drawn = list(range(samples))
        else:
            # A sample of weight 0.4 comes in two passes of five, one of weight 2 twice in each: its own start, then
            # evenly.
            drawn = [
                at
                for at, (start, weight) in enumerate(zip(starts, weights, strict=True))
                for _ in range(int(start + (number + 1) * weight) - int(start + number * weight))
            ]
        yield _one_pass(drawn, batch, rng, lengths)


def _one_pass(drawn: list[int], batch: int, rng: random.Random, lengths: Sequence[int] | None) -> list[int]:
    rng.shuffle(drawn)
    if lengths is None:
        return drawn
    batches: list[list[int]] = []
    for start in range(0, len(drawn), _CHUNK * batch):
        chunk = sorted(drawn[start : start + _CHUNK * batch], key=lengths.__getitem__)
        batches += [chunk[at : at + batch] for at in range(0, len(chunk), batch)]
    rng.shuffle(batches)
    return [sample for each in batches for sample in each]
