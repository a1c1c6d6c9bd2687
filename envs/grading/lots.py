"""What a grading draws by lot: in which order a submission meets its opponents or instances, its own seed, and more.

The order and the seed do not come from the scorer: what it draws may follow from a short seed that is written in the
challenge, and whoever knows how it draws could try all of them against the first number that they are given, and then
know what comes. And in one order for all gradings a call's index would say who plays: what one validation tells could
be used in the next. A scorer is given a long seed of its own, as `prepare.py` is.
"""

from __future__ import annotations

import random

from synthgym.base.errors import GraderError
from synthgym.base.seeds import secret_digest

_MOST_PLAYERS = 1_000_000


class Lots:
    """Of one grading.

    Args:
        key: What the grading is of. The same key draws the same; who does not know all of it cannot tell what.
    """

    def __init__(self, *key: bytes | str) -> None:
        self._random = random.Random(secret_digest(*key))

    def seed(self) -> int:
        """A seed for the submission's own luck."""
        return self._random.getrandbits(31)

    def order(self, count: int) -> list[int]:
        """An order of so many players: the k-th that is asked is the one with the k-th of these indices.

        Raises:
            GraderError: The scorer asks for no number of players, or for more than a million.
        """
        if type(count) is not int or not 0 <= count <= _MOST_PLAYERS:
            raise GraderError(f"evaluate.py: expected a number of players up to {_MOST_PLAYERS}, got {count!r:.40}")
        return self._random.sample(range(count), count)
