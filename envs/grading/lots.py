"""What a grading draws by lot: in which order a submission meets its opponents or instances, its own seed, and more.

The order and the seed do not come from the scorer: what it draws may follow from a short seed that is written in the
challenge, and whoever knows how it draws could try all of them against the first number that they are given, and then
know what comes. And in one order for all gradings a call's index would say who plays: what one validation tells could
be used in the next. A scorer is given a long seed of its own, as `prepare.py` is.
"""

from __future__ import annotations

import hashlib
import random

from synthgym.base.errors import GraderError

_MOST_PLAYERS = 1_000_000


def secret_of(*parts: bytes | str) -> str:
    """A long seed, for programs that draw what agents must not know: 64 hexadecimal digits.

    It is the same wherever the parts are, and unknown to whoever does not know all of them. So at least one of them is
    a program or data that agents never see.
    """
    return _digest(*parts).hexdigest()


def _digest(*parts: bytes | str) -> hashlib._Hash:
    digest = hashlib.sha256()
    for part in parts:
        part = part.encode() if isinstance(part, str) else part
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest


class Lots:
    """Of one grading.

    Args:
        key: What the grading is of. The same key draws the same; who does not know all of it cannot tell what.
    """

    def __init__(self, *key: bytes | str) -> None:
        self._random = random.Random(_digest(*key).digest())

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
