"""How alike two short texts are, without a model: by the stems of their words."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMON_WORDS = """
a an and are as at based be between by can different for from given has have how in into is it its likely of on or over
per predict predicted predicting prediction that the their them they this to use used using was what when where whether
which who whose will with
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_STEM = 5
ALIKE = 0.6
"""From this likeness on, two topics are the same one in other words."""


def stems(text: str) -> frozenset[str]:
    """The first letters of the words that say something."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset(word[:_STEM] for word in words if word not in _COMMON)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of stems that two texts have in common, of all that either has; from 0 to 1."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


class Distinct:
    """Texts that are not alike.

    Args:
        taken: Texts to keep away from.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = [stems(text) for text in taken]

    def add(self, text: str) -> bool:
        """Adds a text, unless it is like one that is there; whether it was added."""
        new = stems(text)
        if not new or any(likeness(new, other) >= ALIKE for other in self._taken):
            return False
        self._taken.append(new)
        return True
