"""Sequences that begin alike, in one row in which every beginning stands once.

Episodes of a group have the same briefing, and often the same first steps; what the model makes of those is the same in
all of them, and so is the gradient but for a factor. A row as here is what a forward and backward pass has to go
through, where that is linear in tokens; attention is told what every part goes on from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthgym.train.kernels.attention import Run

_LEAST = 16
"""Tokens in common below which sequences share nothing: keys that are put together for them cost more."""


@dataclass(frozen=True)
class Tree:
    """A row for sequences.

    Attributes:
        ids: Tokens of the row.
        positions: Of each, in its sequence.
        runs: What attention is told of the row.
        places: For every sequence where in the row its tokens stand.
    """

    ids: list[int]
    positions: list[int]
    runs: list[Run]
    places: list[list[int]]


def tree_of(sequences: Sequence[Sequence[int]]) -> Tree:
    """Puts sequences into a row; in alphabetical order each shares its beginning with the one before, if with any."""
    tree = Tree([], [], [], [[] for _ in sequences])
    before: Sequence[int] = []
    places: list[int] = []
    for number in alphabetical(sequences):
        ids = sequences[number]
        alike = shared(before, ids)
        start = len(tree.ids)
        tree.ids.extend(ids[alike:])
        tree.positions.extend(range(alike, len(ids)))
        places = [*places[:alike], *range(start, len(tree.ids))]
        if len(tree.ids) > start:
            tree.runs.append(Run(start, len(tree.ids), _spans(places[:alike])))
        tree.places[number] = places
        before = ids
    return tree


def alphabetical(sequences: Sequence[Sequence[int]]) -> list[int]:
    """The order in which those that begin alike stand together, and a beginning before what goes on from it."""
    return sorted(range(len(sequences)), key=lambda number: list(sequences[number]))


def shared(before: Sequence[int], ids: Sequence[int]) -> int:
    """Tokens at the beginning that are the same; 0 where they are too few."""
    alike = 0
    for mine, theirs in zip(ids, before, strict=False):
        if mine != theirs:
            break
        alike += 1
    return alike if alike >= _LEAST else 0


def _spans(places: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Places that follow each other, as from and to."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return tuple(found)
