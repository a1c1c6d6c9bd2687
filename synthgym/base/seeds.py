"""Seeds that depend on names, not on order: the same parts give the same seed on every machine, in every process."""

from __future__ import annotations

import hashlib
import json
import random

MOST_SEED = 10**18 - 1
"""The largest that a user can give. Specs keep it, and numbers in them have no more digits."""


def derive_seed(*parts: str | int) -> int:
    """A seed from 0 to 2**32 − 1, which numpy, scikit-learn and Gymnasium all take.

    Example:
        >>> derive_seed("episode", "synthgym/wine-v0", 3) == derive_seed("episode", "synthgym/wine-v0", 3)
        True
        >>> derive_seed("a", 1) == derive_seed("a", "1")
        False
    """
    return int.from_bytes(hashlib.sha256(json.dumps(parts).encode()).digest()[:4], "big")


def rng(*parts: str | int) -> random.Random:
    """A random generator of its own for a purpose; for numpy use ``numpy.random.default_rng(derive_seed(...))``."""
    return random.Random(hashlib.sha256(json.dumps(parts).encode()).digest())


def secret_of(*parts: bytes | str) -> str:
    """A long seed, for programs that draw what agents must not know: 64 hexadecimal digits.

    It is the same wherever the parts are, and unknown to whoever does not know all of them. So at least one of them is
    a program or data that agents never see.
    """
    return secret_digest(*parts).hex()


def secret_digest(*parts: bytes | str) -> bytes:
    """The same as 32 bytes."""
    digest = hashlib.sha256()
    for part in parts:
        part = part.encode() if isinstance(part, str) else part
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
