"""What a candidate's number decides, whoever writes it: its split, and the end of its challenge's id."""

from __future__ import annotations

from typing import Literal, get_args

from synthgym.base.seeds import derive_seed

Split = Literal["train", "heldout"]
SPLITS: tuple[Split, ...] = get_args(Split)

HELDOUT_EVERY = 4
"""Of as many candidates in a row, one is held out, unless a split is asked for."""


def identity(index: int, seed: int) -> str:
    """At least four hexadecimal digits that no other index of this seed has."""
    digits = 4
    while index >= 16**digits:
        digits += 1
    return f"{(index * 40503 + derive_seed('identity', seed)) % 16**digits:0{digits}x}"


def split_of(index: int) -> Split:
    """The split of a candidate, unless one is asked for."""
    return "heldout" if index % HELDOUT_EVERY == HELDOUT_EVERY - 1 else "train"
