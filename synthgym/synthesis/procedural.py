"""The procedural author: a seed gives challenges, byte for byte the same, with no model and no network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from synthgym.base.errors import UnknownNameError
from synthgym.base.seeds import derive_seed, rng
from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import FAMILIES

SPLITS = ("train", "heldout")

HELDOUT_EVERY = 4
"""Of as many drafts in a row, one is held out, unless a split is asked for."""


def _identity(index: int, seed: int) -> str:
    """At least four hexadecimal digits that no other index of this seed has."""
    digits = 4
    while index >= 16**digits:
        digits += 1
    return f"{(index * 40503 + derive_seed('identity', seed)) % 16**digits:0{digits}x}"


def draft(index: int, seed: int, *, families: Sequence[str] | None = None, split: str | None = None) -> Draft:
    """The draft of that index: a pure function of its arguments, whatever was drafted before.

    Args:
        index: Which draft of the seed, from 0.
        seed: Decides everything random.
        families: Families to take from, by name; drafts go round them. None: all.
        split: The split to make it for; None: one draft in four is held out.

    Raises:
        UnknownNameError: There is no such family or split.
    """
    families = families or tuple(FAMILIES)
    for name in families:
        if name not in FAMILIES:
            raise UnknownNameError("family", name, FAMILIES)
    if split is not None and split not in SPLITS:
        raise UnknownNameError("split", split, SPLITS)
    chosen = split or ("heldout" if index % HELDOUT_EVERY == HELDOUT_EVERY - 1 else "train")
    family = families[(index // HELDOUT_EVERY + index % HELDOUT_EVERY) % len(families)]
    made = FAMILIES[family](_identity(index, seed), rng("procedural", seed, index, family, chosen), chosen)
    made.challenge.provenance.seed = seed
    return made


def author(n: int, seed: int, families: Sequence[str] | None = None, split: str | None = None) -> Iterator[Draft]:
    """The first `n` drafts of a seed; see `draft`."""
    for index in range(n):
        yield draft(index, seed, families=families, split=split)
