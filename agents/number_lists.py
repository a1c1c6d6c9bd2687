"""Lists of numbers as short texts for JSON: so many signs a number, in which compressors still find repetitions.

JSON's own lists take twice the room, and base64 of packed bytes hides from a compressor that two prompts have a part in
common, as its signs do not begin where numbers do. Here every number begins at a sign of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
"""As in RFC 1924: JSON needs to escape none of them. Three hold any token of any vocabulary, five any float32."""
_BASE = len(_SIGNS)
_ASCII = np.frombuffer(_SIGNS.encode(), np.uint8)
_VALUES = np.full(256, -1, np.int64)
_VALUES[_ASCII] = np.arange(_BASE)
_WIDTHS = range(1, 6)


def write_ids(ids: Sequence[int]) -> str:
    """Whole numbers from 0 to below 2**32 as a text: first how many signs a number has, at least three, then these.

    Example:
        >>> write_ids([1, 84, 85])
        '300100~010'
    """
    numbers = np.asarray(ids, np.int64)
    least = next(width for width in _WIDTHS if width >= 3 and (not len(numbers) or numbers.max() < _BASE**width))
    return f"{least}{_digits(numbers, least)}"


def write_floats(floats: Sequence[float]) -> str:
    """Numbers as a text, each as the float32 next to it."""
    return f"5{_digits(np.asarray(floats, np.float32).view(np.uint32).astype(np.int64), 5)}"


def read_ids(text: str) -> list[int]:
    """What `write_ids` wrote.

    Raises:
        ValueError: It is nothing of the kind.
    """
    return [int(number) for number in _numbers(text)]


def read_floats(text: str) -> list[float]:
    """What `write_floats` wrote.

    Raises:
        ValueError: It is nothing of the kind.
    """
    return [float(number) for number in _numbers(text).astype(np.uint32).view(np.float32)]


def _digits(numbers: NDArray[np.int64], width: int) -> str:
    places = _BASE ** np.arange(width - 1, -1, -1)
    signs: bytes = _ASCII[numbers[:, None] // places % _BASE].tobytes()
    return signs.decode("ascii")


def _numbers(text: str) -> NDArray[np.int64]:
    width, signs = int(text[:1]) if text[:1].isdigit() else 0, text[1:]
    if width not in _WIDTHS or len(signs) % width or not signs.isascii():
        raise ValueError(f"expected numbers of as many signs as the first one says, got {text[:40]!r}")
    digits = _VALUES[np.frombuffer(signs.encode(), np.uint8)].reshape(-1, width)
    numbers: NDArray[np.int64] = digits @ _BASE ** np.arange(width - 1, -1, -1)
    if (digits < 0).any() or (numbers >= 2**32).any():
        raise ValueError(f"expected signs that stand for numbers below 2**32, got {text[:40]!r}")
    return numbers
