"""How the work of a reader grows with what it reads: the CPU time of this process at one size, and at four times it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_AT_LEAST = 0.01
"""Seconds of CPU that the smaller size is taken to need: below, a clock tells nothing."""


def growth(make: Callable[[int], T], work: Callable[[T], object], size: int) -> float:
    """Times longer that `work` takes for what `make` gives of four times the size: 4 if it is linear, 16 if quadratic.

    The shortest of three tries counts: whatever else runs here only ever adds.
    """
    small, large = (min(_seconds(work, make(each)) for _ in range(3)) for each in (size, 4 * size))
    return large / max(small, _AT_LEAST)


def _seconds(work: Callable[[T], object], given: T) -> float:
    began = time.process_time()
    work(given)
    return time.process_time() - began
