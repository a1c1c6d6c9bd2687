"""Sequences that begin alike, in one row: what stands where, and how little of it there is."""

from __future__ import annotations

import random

import pytest

from synthgym.train.kernels.attention import Run
from synthgym.train.rl.optimizing.prefix_tree import tree_of

BRIEFING = list(range(100, 140))


def test_what_is_alike_stands_once() -> None:
    tree = tree_of([[*BRIEFING, 7, 8, 9], [*BRIEFING, 7, 5], [*BRIEFING[:20], 3], [1, 2]])
    assert tree.ids == [1, 2, *BRIEFING[:20], 3, *BRIEFING[20:], 7, 5, 8, 9]
    assert tree.runs == [Run(0, 2), Run(2, 23), Run(23, 45, ((2, 22),)), Run(45, 47, ((2, 22), (23, 44)))]
    assert tree.positions[45:] == [41, 42]
    assert tree.places[3] == [0, 1]


def test_the_same_twice_and_a_beginning_of_another() -> None:
    tree = tree_of([BRIEFING, [*BRIEFING, 1], BRIEFING])
    assert tree.ids == [*BRIEFING, 1]
    assert tree.places == [list(range(40)), list(range(41)), list(range(40))]
    assert tree.runs == [Run(0, 40), Run(40, 41, ((0, 40),))]


def test_a_few_tokens_are_not_worth_it() -> None:
    assert tree_of([[1, 2, 3], [1, 2, 4]]).ids == [1, 2, 3, 1, 2, 4]


@pytest.mark.parametrize("seed", range(20))
def test_every_sequence_is_read_in_its_order(seed: int) -> None:
    rng = random.Random(seed)
    sequences: list[list[int]] = []
    for _ in range(30):
        begin = rng.choice(sequences)[: rng.randrange(1, 90)] if sequences and rng.random() < 0.8 else []
        sequences.append([*begin, *(rng.randrange(3) for _ in range(rng.randrange(1, 60)))])
    tree = tree_of(sequences)
    assert len(tree.ids) == len(tree.positions) < sum(map(len, sequences))
    seen = {}
    for run in tree.runs:
        past = [place for start, end in run.before for place in range(start, end)]
        for place in range(run.start, run.end):
            seen[place] = [*past, *range(run.start, place + 1)]
    for ids, places in zip(sequences, tree.places, strict=True):
        assert [tree.ids[place] for place in places] == ids
        assert [tree.positions[place] for place in places] == list(range(len(ids)))
        for at, place in enumerate(places):
            assert seen[place] == places[: at + 1]
