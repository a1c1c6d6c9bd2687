"""Finds known challenges by the ids of their environments, or by patterns of these."""

from __future__ import annotations

import fnmatch
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence

from synthgym.base.errors import UnknownNameError
from synthgym.registry.collections.entries import CollectionIndex, IndexEntry
from synthgym.registry.collections.known import known_collections

Found = tuple[str, CollectionIndex, IndexEntry]
"""An environment's id, and the challenge that it is of."""


def find_challenges(patterns: Iterable[str] | None, split: str | None = None) -> list[Found]:
    """Known challenges by the ids of their environments, sorted; all of them without patterns.

    Raises:
        UnknownNameError: A pattern matches none; suggests the nearest.
    """
    with warnings.catch_warnings():  # said already, when synthgym was imported
        warnings.simplefilter("ignore")
        indexes = known_collections()  # by their specs, whatever their indexes say
    known = _kept(indexes)
    other_names = {
        f"{index.namespace}/{alias}-v0": f"{index.namespace}/{name}-v0"
        for index in indexes
        for alias, name in index.aliases.items()
    }
    found = set(known) if patterns is None else set()
    for pattern in patterns or ():
        matching = fnmatch.filter(known, other_names.get(pattern, pattern))
        if not matching:
            raise UnknownNameError("environment", pattern, known, "See: synthgym list")
        found.update(matching)
    return [(name, *known[name]) for name in sorted(found) if split in (None, known[name][1].split)]


def _kept(indexes: Iterable[CollectionIndex]) -> dict[str, tuple[CollectionIndex, IndexEntry]]:
    """Challenges by their ids, as they are registered: the first of an id keeps it, in every version."""
    kept: dict[str, tuple[CollectionIndex, IndexEntry]] = {}
    owners: dict[tuple[str, str], CollectionIndex] = {}
    for index in indexes:
        for entry in index.entries:
            if owners.setdefault((index.namespace, entry.id), index) is index:
                kept[f"{index.namespace}/{entry.id}-v{entry.version}"] = (index, entry)
    return kept


def spread_over(found: Sequence[Found], count: int) -> list[Found]:
    """As many of these challenges, as many of each kind as there may be, evenly over their names.

    Nothing in it is random: the same challenges give the same choice.

    Args:
        found: As `find_challenges` gives them.
        count: How many; all, where there are no more.
    """
    kinds: dict[str, list[Found]] = defaultdict(list)
    for each in found:
        kinds[each[2].kind].append(each)
    chosen: list[Found] = []
    for turn, of_kind in enumerate(sorted(kinds.values(), key=len)):  # what a small kind has too few of, others make up
        share = min(len(of_kind), (count - len(chosen)) // (len(kinds) - turn))
        chosen += [of_kind[at * len(of_kind) // share] for at in range(share)]
    return sorted(chosen, key=lambda each: each[0])
