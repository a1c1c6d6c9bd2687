"""Families of challenges that the procedural author can write, by name."""

from __future__ import annotations

import random
from collections.abc import Callable

from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families import games, tabular

Family = Callable[[str, random.Random, str], Draft]
"""``family(identity, rng, split) -> Draft``; `identity` is the unique end of the challenge's id."""

FAMILIES: dict[str, Family] = {"tabular": tabular.draft, "games": games.draft}
