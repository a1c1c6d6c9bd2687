"""Text of any script as Gymnasium spaces: `gymnasium.spaces.Text` refuses spaces, newlines and most of Unicode."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from gymnasium import Space
from gymnasium.wrappers.utils import create_zero_array

_LETTERS = "abcdefghijklmnopqrstuvwxyz 0123456789éλ漢\n"


class Unicode(Space[str]):
    """All text of at most `max_length` characters, the empty one included."""

    def __init__(self, max_length: int, seed: int | np.random.Generator | None = None) -> None:
        self.max_length = max_length
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """Text is no array of numbers."""
        return False

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """Some short text."""
        length = int(self.np_random.integers(0, min(self.max_length, 40) + 1))
        return "".join(_LETTERS[int(i)] for i in self.np_random.integers(0, len(_LETTERS), size=length))

    def contains(self, x: Any) -> bool:
        """Whether `x` is text that is not too long."""
        return isinstance(x, str) and len(x) <= self.max_length

    def to_jsonable(self, sample_n: Iterable[str]) -> list[str]:
        """Text is what JSON holds anyway."""
        return list(sample_n)

    def from_jsonable(self, sample_n: list[Any]) -> list[str]:
        """See `to_jsonable`."""
        return [str(sample) for sample in sample_n]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Unicode) and self.max_length == other.max_length

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.max_length})"


@create_zero_array.register(Unicode)
def _no_text(space: Unicode) -> str:  # type: ignore[misc]  # it is declared for spaces of any one kind
    """What Gymnasium's wrappers show before there was an observation, such as one that stacks the last ones."""
    return ""


class Command(Unicode):
    """Commands for a shell. Samples only ever ``echo`` a few letters: random text could be a command that does harm."""

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A harmless command."""
        word = "".join("abcdefghijklmnopqrstuvwxyz"[int(i)] for i in self.np_random.integers(0, 26, size=8))
        return f"echo {word}"
