"""Names of columns made of names of classes: letters and digits alone, and no two the same."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable

_SIGNS = {
    "<=": "at most",
    "≤": "at most",
    ">=": "at least",
    "≥": "at least",
    "<": "below",
    ">": "above",
    "=": "equals",
    "+": "plus",
    "-": "minus",
    "−": "minus",
    "%": "percent",
    "&": "and",
    "/": "slash",
    "*": "star",
    ".": "dot",
    ",": "comma",
    "#": "hash",
    "?": "unknown",
    "!": "not",
}
_PIECE = re.compile("<=|>=|.", re.DOTALL)


def plain_name(text: str) -> str:
    """A name that no program trips over: each run of other characters is one underscore, those at the ends none."""
    return re.sub(r"\W+", "_", text).strip("_")


def class_columns(target: str, classes: Iterable[str], others: Collection[str] = ()) -> tuple[str, ...]:
    """A column's name for each class: the target's name, and the class's.

    Where names of several classes are the same but for signs, the signs are spelled out: ``<=50K`` and ``>50K`` give
    ``income_at_most_50K`` and ``income_above_50K``, ``-1`` and ``1`` give ``y_minus_1`` and ``y_1``. What is the same
    even so is numbered. Names that are different as they are stay so, whatever other classes there are.

    Args:
        target: The column that the classes stand in, or ``p``.
        classes: Their names.
        others: Names of other columns: where one is among the new ones, these begin with ``p_``.
    """
    known = list(classes)
    prefix = plain_name(target) or "target"
    names = _distinct(prefix, known)
    return names if not set(names) & set(others) else _distinct(f"p_{prefix}", known, others)


def target_column(target: str, others: Collection[str] = ()) -> str:
    """The name of the column that the target is handed in as: another than those of the other columns."""
    name = plain_name(target) or "target"
    return name if name not in others else _free(f"{name}_target", others)


def _distinct(prefix: str, classes: list[str], taken: Collection[str] = ()) -> tuple[str, ...]:
    names = [f"{prefix}_{plain_name(each)}" for each in classes]
    count = Counter(names)
    found = {at: name for at, name in enumerate(names) if count[name] == 1 and name not in taken}
    for at, each in enumerate(classes):
        if at not in found:
            found[at] = _free(f"{prefix}_{plain_name(_spelled(each))}", {*found.values(), *taken})
    return tuple(found[at] for at in range(len(classes)))


def _free(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if there is one like it."""
    numbered = (f"{name}_{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([name], numbered) if each not in taken)


def _spelled(text: str) -> str:
    """Text with its signs in words."""
    return "".join(piece if re.fullmatch(r"\w|\s", piece) else f" {_word(piece)} " for piece in _PIECE.findall(text))


def _word(sign: str) -> str:
    return _SIGNS.get(sign) or unicodedata.name(sign, f"u{ord(sign):04x}").lower()
