"""The order in which samples are trained on: by the seed, whole passes, like lengths together."""

from __future__ import annotations

from collections import Counter

import pytest

from synthgym.train.sft.sample_order import training_order

LENGTHS = [(7 * at) % 91 + 1 for at in range(400)]


def order(**options: int | float | None) -> list[int]:
    settings = {"batch": 4, "epochs": 1.0, "max_steps": None, "seed": 0} | options
    return training_order(len(LENGTHS), lengths=LENGTHS, **settings)  # type: ignore[arg-type]


def test_the_seed_decides_it_and_every_pass_has_every_sample() -> None:
    assert order() == order() != order(seed=1)
    assert sorted(order()) == list(range(400))
    passes = order(epochs=2.5)
    assert set(Counter(passes).values()) == {2, 3}
    assert passes[:400] == order()
    assert passes[400:800] != passes[:400]


def test_steps_end_it_and_a_longer_training_begins_alike() -> None:
    assert len(order(max_steps=30)) == 120
    assert order(max_steps=230)[:120] == order(max_steps=30)
    assert len(order(max_steps=1000)) == 4000


def test_batches_are_of_like_length_and_still_mixed() -> None:
    found = order()
    spreads = [
        max(LENGTHS[at] for at in found[start : start + 4]) - min(LENGTHS[at] for at in found[start : start + 4])
        for start in range(0, 400, 4)
    ]
    assert sum(spreads) / len(spreads) < 5
    means = [sum(LENGTHS[at] for at in found[start : start + 100]) / 100 for start in range(0, 400, 100)]
    assert max(means) - min(means) < 30  # not the short ones first


@pytest.mark.parametrize(("samples", "batch", "length"), [(1, 4, 1), (3, 2, 3), (5, 8, 5)])
def test_fewer_samples_than_a_batch(samples: int, batch: int, length: int) -> None:
    found = training_order(samples, batch=batch, epochs=1.0, max_steps=None, seed=0)
    assert sorted(found) == list(range(length))
    assert len(training_order(samples, batch=batch, epochs=1.0, max_steps=3, seed=0)) == 3 * batch
    assert training_order(samples, batch=batch, epochs=0.1, max_steps=None, seed=0) != []
