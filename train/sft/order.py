"""In which order samples are trained on: laid down before the first step, by the seed and the samples' lengths alone.

A run that goes on after a kill takes up the same order where it was.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

_CHUNK = 50
"""Batches among which samples of like length are brought together: less padding, and still a new mix in every pass."""


def training_order(
    samples: int, *, batch: int, epochs: float, max_steps: int | None, seed: int, lengths: Sequence[int] | None = None
) -> list[int]:
    """Indices of the samples in the order in which they are trained on, pass after pass.

    Args:
        samples: How many there are.
        batch: Samples a step.
        epochs: Passes over them.
        max_steps: Ends the training after so many steps, whatever `epochs` says.
        seed: Decides the order.
        lengths: Of the samples, where samples of like length are to be in one batch.
    """
    rng = random.Random(seed)
    wanted = max_steps * batch if max_steps else max(1, int(samples * epochs))
    order: list[int] = []
    while len(order) < wanted:
        order += _one_pass(samples, batch, rng, lengths)
    return order[:wanted]


def _one_pass(samples: int, batch: int, rng: random.Random, lengths: Sequence[int] | None) -> list[int]:
    shuffled = list(range(samples))
    rng.shuffle(shuffled)
    if lengths is None:
        return shuffled
    batches: list[list[int]] = []
    for start in range(0, samples, _CHUNK * batch):
        chunk = sorted(shuffled[start : start + _CHUNK * batch], key=lengths.__getitem__)
        batches += [chunk[at : at + batch] for at in range(0, len(chunk), batch)]
    rng.shuffle(batches)
    return [sample for each in batches for sample in each]
