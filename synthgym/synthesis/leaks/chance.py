"""How much evidence a coincidence is, in bits: one of `b` bits happens by chance once in 2**b tries.

The hypothesis is always that labels stand in the rows as if they had been dealt out at random. Where honest data is
not like that (a series in time, the pixels of an image, groups of rows), its own repetitions say what is usual.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BITS = 20.0
"""Evidence that a check needs beyond the number of things it tries: it is wrong by chance once in a million checks."""


def needed(tests: int) -> float:
    """Bits that one of so many tests has to show, for a false alarm of any to be as rare as `BITS` says."""
    return BITS + math.log2(max(tests, 1))


def arrangements(labels: NDArray[np.generic]) -> float:
    """Bits that it takes to say in which order these labels stand, if one knows how many there are of each."""
    counts = np.unique(labels, return_counts=True)[1]
    within = sum(math.lgamma(count + 1) for count in counts[counts > 1].tolist())
    return (math.lgamma(len(labels) + 1) - within) / math.log(2)


def chosen(of: int, many: int) -> float:
    """Bits that it takes to say which `many` of `of` things are meant."""
    if not 0 <= many <= of:
        return 0.0
    return (math.lgamma(of + 1) - math.lgamma(many + 1) - math.lgamma(of - many + 1)) / math.log(2)


def excess(found: int, among: int, usual: int, others: int) -> float:
    """Evidence that something is met too often among some rows: `found` of `among`, and `usual` of `others` elsewhere.

    The hypergeometric tail: how often a random part of all the rows holds at least so many.
    """
    marked, rows = found + usual, among + others
    if not rows or found * rows <= marked * among:
        return 0.0
    whole = chosen(rows, among)
    terms = [
        chosen(marked, many) + chosen(rows - marked, among - many) - whole
        for many in range(found, min(marked, among) + 1)
        if among - many <= rows - marked
    ]
    return max(0.0, -float(np.logaddexp2.reduce(terms)))


def fewer(seen: int, expected: float) -> float:
    """Evidence that something happened too rarely, where `expected` times are usual (a Poisson tail)."""
    if seen >= expected:
        return 0.0
    terms = [(many * math.log(expected) - expected - math.lgamma(many + 1)) / math.log(2) for many in range(seen + 1)]
    return max(0.0, -float(np.logaddexp2.reduce(terms)))


def longest_repetition(cells: Sequence[str], most: int = 50_000) -> int:
    """The length of the longest run of cells that is met twice, in the first `most` of them.

    Runs are compared by a polynomial hash modulo 2**64, of cells that are numbered at random.
    """
    place = {cell: number for number, cell in enumerate(dict.fromkeys(cells[:most]))}
    drawn = np.random.default_rng(0).integers(1 << 62, size=len(place), dtype=np.uint64)
    numbers = drawn[[place[cell] for cell in cells[:most]]]
    n, base = len(numbers), np.uint64(0x9E3779B97F4A7C15)
    powers = np.ones(n + 1, dtype=np.uint64)
    powers[1:] = np.multiply.accumulate(np.full(n, base, dtype=np.uint64))
    # The hash of a run: prefix sums of cell × base**place, brought to one place by multiplying.
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(numbers * powers[:n], dtype=np.uint64)])
    low, high = 0, n - 1
    while low < high:
        length = (low + high + 1) // 2
        hashes = (sums[length:] - sums[:-length]) * powers[: n - length + 1][::-1]
        low, high = (length, high) if len(np.unique(hashes)) < len(hashes) else (low, length - 1)
    return low
