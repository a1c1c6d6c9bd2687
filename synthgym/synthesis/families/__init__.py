"""Families of challenges that the procedural author can write, by name."""

from __future__ import annotations

import random
from collections.abc import Callable

from synthgym.synthesis.draft import Draft
from synthgym.synthesis.families.games import family as games
from synthgym.synthesis.families.tabular import family as tabular

Family = Callable[[str, random.Random, str], Draft]
"""``family(identity, rng, split) -> Draft``; `identity` is the unique end of the challenge's id."""

FAMILIES: dict[str, Family] = {
    "tabular": tabular.draft,
    "games": games.draft,
}
"""A new family goes to the end, and has its templates in a folder of its name below `templates/`: then no draft changes
but those that it takes; see `synthgym.synthesis.procedural.family_of`."""
