"""Whether a sequence of values holds the hidden labels in the order of their rows, all of them but for one place.

Labels are compared by themselves, values as far as they are rounded, and classes under whatever names. Half of them is
looked for, and then the rest must follow: a feature that agrees with the labels for a while is no leak.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.leaks.chance import arrangements, chosen
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.leaking_columns import PURITY
from synthgym.synthesis.leaks.sequences import MAY_LACK, TokenSequence, canonical

_LEAST_ROWS = 100
_FEW = 16

_ERRORS = 1 - PURITY
_FINE = 10.0
"""How many steps of rounding the values' standard deviation is at least: fewer put no rows in the target's order."""

_DIGITS = 5e-6
"""What rounding to six digits changes in a number, as a share of it."""

Same = Callable[[Any, Any], NDArray[np.bool_]]
"""Whether labels, given by how far they are behind the first one, stand as far behind places of a sequence."""

Kind = Callable[[NDArray[Any], NDArray[Any]], tuple[NDArray[Any], Same]]
"""For labels and a sequence: what of each label is compared, and `Same`."""


def holds_labels_in_order(hidden: HiddenLabels, found: TokenSequence, least: float) -> bool:
    """Whether a sequence holds the labels in their order, forwards or backwards.

    Args:
        hidden: The labels.
        found: The sequence.
        least: Bits that the labels' order must say.
    """
    if not _LEAST_ROWS <= len(hidden) <= len(found) + MAY_LACK:
        return False
    for labels, sequence, kind in _forms(hidden, found, least):
        back, reverse = labels[::-1], sequence[::-1]
        # What is missing may be in either half: of labels and sequence turned round the last half is the first.
        for pair in ((labels, sequence), (back, reverse), (back, sequence), (labels, reverse)):
            if _goes_through(*pair, kind):
                return True
    return False


def labels_repeat_in(hidden: HiddenLabels, found: TokenSequence) -> bool:
    """Whether each half of the labels stands in a sequence more than once: labels that repeat themselves do."""
    rows = np.arange(len(hidden))
    return all(
        any(len(_places(*form)) > 1 for form in _forms(hidden.at(half), found, 0.0))
        for half in np.split(rows, [(len(rows) + 1) // 2])
    )


def order_bits(hidden: HiddenLabels) -> float:
    """Bits that the order of labels says to somebody who knows that labels last for some rows, or rise by steps."""
    series = hidden.series
    if hidden.classes is None:
        return min(hidden.bits, arrangements(np.round(np.diff(series), 9)))
    changes = int(np.count_nonzero(np.diff(series)))
    return min(hidden.bits, chosen(len(series), changes) + changes * math.log2(max(hidden.distinct, 2)))


def _forms(
    hidden: HiddenLabels, found: TokenSequence, least: float
) -> Iterator[tuple[NDArray[Any], NDArray[Any], Kind]]:
    """Labels and a sequence as they are compared, and how."""
    bits = order_bits(hidden)
    if bits < least:
        return
    if hidden.values is not None:
        step = 10.0**-found.places
        rounded = np.where(_FINE * step <= hidden.values.std(), 0.51 * step, 0.0)
        off = rounded + _DIGITS * np.abs(found.numbers)
        yield hidden.values, np.column_stack([found.numbers, off]), _near
        return
    assert hidden.classes is not None
    if bits - math.lgamma(hidden.distinct + 1) / math.log(2) >= least:  # any name of each class will do
        yield hidden.classes, found.codes, _renamed
    elif hidden.names:
        place = {canonical(name): code for code, name in enumerate(hidden.names)}
        codes = np.array([place.get(text, -1) for text in found.texts], dtype=np.intp)
        yield hidden.classes, codes[found.codes], _equal


def _equal(labels: NDArray[Any], sequence: NDArray[Any]) -> tuple[NDArray[Any], Same]:
    return labels, lambda behind, at: labels[behind] == sequence[at + behind]


def _near(labels: NDArray[Any], sequence: NDArray[Any]) -> tuple[NDArray[Any], Same]:
    """Values, and numbers with what they may be off by."""
    numbers, off = sequence.T
    return labels, lambda behind, at: np.abs(labels[behind] - numbers[at + behind]) <= off[at + behind]


def _renamed(labels: NDArray[Any], sequence: NDArray[Any]) -> tuple[NDArray[Any], Same]:
    """Classes, and tokens that may be names for them: each repeats what is as far back as the other does."""
    own, other = _repeated(labels), _repeated(sequence)

    def same(behind: Any, at: Any) -> NDArray[np.bool_]:
        there = other[at + behind]
        return np.asarray(own[behind] == np.where(there > behind, 0, there))

    return own, same


def _repeated(codes: NDArray[Any]) -> NDArray[np.intp]:
    """How far back the same code stands last; 0 where it is new."""
    order = np.argsort(codes, kind="stable")
    back = np.zeros(len(codes), dtype=np.intp)
    again = np.flatnonzero(np.diff(codes[order]) == 0) + 1
    back[order[again]] = order[again] - order[again - 1]
    return back


def _goes_through(labels: NDArray[Any], sequence: NDArray[Any], kind: Kind) -> bool:
    """Whether a sequence holds the first half of the labels, and behind it the others, but for one place."""
    for at in _places(labels[: (len(labels) + 1) // 2], sequence, kind):
        until = _agreeing(labels, sequence[at:], kind)
        for left_out in range(MAY_LACK + 1):
            rest = labels[until + left_out :]
            for between in range(MAY_LACK + 1):
                if left_out == between and left_out > _ERRORS * len(labels):  # these are errors, as features have them
                    continue
                if _agreeing(rest, sequence[at + until + between :], kind) == len(rest):
                    return True
    return False


def _places(labels: NDArray[Any], sequence: NDArray[Any], kind: Kind) -> list[int]:
    """Where in a sequence all of these labels stand. The rarest are compared first: they leave the fewest places."""
    if len(sequence) < len(labels):
        return []
    key, same = kind(labels, sequence)
    at = np.arange(len(sequence) - len(labels) + 1)
    _, which, counts = np.unique(key, return_inverse=True, return_counts=True)
    for behind in np.argsort(counts[which], kind="stable").tolist():
        at = at[same(behind, at)]
        if len(at) <= _FEW:
            break
    return [place for place in at.tolist() if _agreeing(labels, sequence[place:], kind) == len(labels)]


def _agreeing(labels: NDArray[Any], sequence: NDArray[Any], kind: Kind) -> int:
    """How many of the first labels are what a sequence begins with."""
    many = min(len(labels), len(sequence))
    if not many:
        return 0
    wrong = np.flatnonzero(~kind(labels[:many], sequence[:many])[1](np.arange(many), 0))
    return int(wrong[0]) if len(wrong) else many
