"""Hidden labels one after the other, in the forms in which a file may hold them: as text, numbers or bits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.leaks.cells import as_numbers
from synthgym.synthesis.leaks.chance import BITS, chosen, longest_repetition

_RUN = 24
PLACE_BITS = 37.0
"""Bits that it takes to name a place in a workspace of 256 MB, and one of the forms that are looked for there."""
_MORE = 15  # rows that it takes to have whole bytes, wherever the first one begins


def runs_of(cells: list[str]) -> list[bytes]:
    """Labels one after the other in the forms in which a file may hold them: so many that nobody meets them by chance.

    They would be met in a file that has nothing to do with them with a chance of 2 to the minus their bits, were each
    drawn by itself. Labels that repeat themselves (blank pixels, a rare class) are met sooner: a run is twice as long
    as the longest that is met twice in the labels themselves, or all of them.
    """
    counts, need = Counter(cells), BITS + PLACE_BITS
    length = max(_RUN, 2 * longest_repetition(cells))
    bits = np.cumsum([-math.log2(counts[cell] / len(cells)) for cell in cells])
    length = min(max(length, int(np.searchsorted(bits, need)) + 1), len(cells))
    changes = sum(one != other for one, other in pairwise(cells[:length]))
    # Where labels hardly change, what a run says is where they do.
    if min(bits[length - 1], chosen(length, changes) + changes * math.log2(len(counts))) < need:
        return []
    place = {cell: number for number, cell in enumerate(sorted(counts))}
    runs: list[bytes] = []
    for start in {0, (len(cells) - length) // 2}:
        for run in (cells[start : start + length], cells[start : start + length][::-1]):
            runs += _texts(run)
            numbers = as_numbers(run)
            if numbers is None:  # names of classes, or the columns of several: their numbers
                runs += _texts([str(place[cell]) for cell in run])
                numbers = np.array([place[cell] for cell in run], dtype=np.float64)
            runs += _bytes(numbers)
        if len(counts) == 2:
            first = sorted(counts)[0]
            runs += _packed([cell != first for cell in cells[start : start + length + _MORE]], length)
    return list(dict.fromkeys(runs))


def _bytes(numbers: NDArray[np.float64]) -> list[bytes]:
    """Numbers as arrays hold them."""
    kinds = ["<f8", ">f8", "<f4", ">f4"]
    if np.all(numbers == np.round(numbers)) and np.all(np.abs(numbers) < 100):
        kinds += ["<i8", ">i8", "<i4", ">i4", "<i2", ">i2", "i1", "<f2"]
    return [numbers.astype(kind).tobytes() for kind in kinds]


def _packed(marks: list[bool], length: int) -> Iterator[bytes]:
    """Two classes as bits, eight in a byte, of so many rows at least, or all. Any of the first eight may begin one."""
    for given in (marks, marks[::-1]):
        for begin in range(8):
            many = min(-(-length // 8), (len(given) - begin) // 8)
            if 8 * many < min(length, len(marks) - _MORE):
                continue
            bits = np.array(given[begin : begin + 8 * many])
            for each in (bits, ~bits):
                yield np.packbits(each).tobytes()
                yield np.packbits(each, bitorder="little").tobytes()


def _texts(cells: list[str]) -> list[bytes]:
    """Labels as lines, as a row, as a list in JSON or in a program; letter by letter where each is one."""
    separators = ["\n", "\r\n", ",", ", ", " ", "\t", '", "', "', '", '","', "\\n"]
    if max(map(len, cells)) == 1:
        separators.append("")
    return [separator.join(cells).encode() for separator in separators]
