"""Sequences in text of any kind: what stands in one place of each line, behind one word, and everything in turn.

A list in a program, a log, a sparse matrix, a document with marks around its cells: none of them is a table, and all of
them may hold a column. A text is cut into tokens, numbers and words, and every way to pick some of them that a format
may have is a sequence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from synthgym.synthesis.leaks.cells import codes_of, decimals
from synthgym.synthesis.tables.text_encoding import NotText, encoding_of

MOST_TEXT = 4 << 20
"""A longer text is not cut into tokens."""

MAY_LACK = 3
"""Rows that may be missing in one place, or tokens that may stand between two rows there."""

_NUMBER = r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w)"
_ESCAPED = re.compile(r"\\n|\\r|\\u([0-9a-fA-F]{4})")
_MOST_NAMES = 1000
_FROM_FRONT, _FROM_END = 32, 4
_MOST_WORDS = 64
_LAST = 8  # characters before a token that tell its kind


@dataclass(frozen=True)
class TokenSequence:
    """A sequence of tokens.

    Attributes:
        codes: The number of each one's text; numbers of the same value have the same one.
        texts: What the codes stand for.
        numbers: Each one as a number, nan for a word.
        places: How many decimals it is written with.
    """

    codes: NDArray[np.intp]
    texts: tuple[str, ...]
    numbers: NDArray[np.float64]
    places: NDArray[np.intp]

    @classmethod
    def of(cls, tokens: Sequence[str]) -> TokenSequence:
        """These tokens."""
        seen = list(dict.fromkeys(tokens))
        place = {token: number for number, token in enumerate(seen)}
        written = np.fromiter((place[token] for token in tokens), np.intp, len(tokens))
        values = np.array([_value(token) for token in seen])
        plain = [canonical(token) for token in seen]
        texts = {text: number for number, text in enumerate(dict.fromkeys(plain))}
        same = np.array([texts[text] for text in plain], dtype=np.intp)
        places = np.array([decimals(token) if "." in token else 0 for token in seen], dtype=np.intp)
        return cls(same[written], tuple(texts), values[written], places[written])

    def __len__(self) -> int:
        """How many tokens there are."""
        return len(self.codes)

    def at(self, picked: NDArray[np.intp]) -> TokenSequence:
        """Some of them."""
        return TokenSequence(self.codes[picked], self.texts, self.numbers[picked], self.places[picked])


def canonical(token: str) -> str:
    """A number in one way of writing it; a word as it is."""
    value = _value(token)
    return repr(value) if math.isfinite(value) else token


def _value(token: str) -> float:
    """The number that a token is; nan for a word."""
    try:
        return float(token) if token[-1:].isdecimal() or token[-1:] == "." else math.nan
    except ValueError:
        return math.nan


def text_of(data: bytes) -> str | None:
    """A file as text, with escaped ends of lines and letters as what they stand for; None where it is none."""
    if len(data) > MOST_TEXT:
        return None
    try:
        text = data.decode(encoding_of(data).name, "replace")
    except (NotText, UnicodeDecodeError):
        return None
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "\n", text)


def token_sequences(text: str, least: int, names: Sequence[str] = ()) -> Iterator[TokenSequence]:
    """Sequences of at least so many tokens.

    Args:
        text: The text.
        least: The fewest tokens that are of use.
        names: Texts that are one token each, whatever is in them.
    """
    own = sorted((name for name in names if not re.fullmatch(r"\w+", name) and name.strip()), key=len, reverse=True)
    own = own[:_MOST_NAMES]
    absent = (name for name in own if name not in text)
    if next(islice(absent, MAY_LACK, None), None) is not None:  # what lists all of them is not here
        own = []
    words = rf"(?<!\w)(?:{'|'.join(map(re.escape, own))})(?!\w)" if own else ""
    found = list(re.finditer("|".join(filter(None, (words, _NUMBER, r"\w+"))), text))
    if len(found) < least:
        return
    every = TokenSequence.of([token.group() for token in found])
    yield every
    lines = np.cumsum([0, *("\n" in text[a.end() : b.start()] for a, b in pairwise(found))])
    for picked in (*_by_place(lines), *_by_word(text, found, every)):
        if least <= len(picked) < len(found):
            yield every.at(picked)


def _by_place(lines: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """The first token of each line, the second, …; the last, the one before it, …."""
    tokens = np.arange(len(lines))
    for limit, from_side in (
        (_FROM_FRONT, tokens - np.searchsorted(lines, lines, "left")),
        (_FROM_END, np.searchsorted(lines, lines, "right") - 1 - tokens),
    ):
        for place in range(min(limit, int(from_side.max()) + 1)):
            yield np.flatnonzero(from_side == place)


def _by_word(text: str, found: list[re.Match[str]], every: TokenSequence) -> Iterator[NDArray[np.intp]]:
    """The tokens behind one word, or behind any number, with the same between them."""
    before = ["", *(every.texts[code] for code in every.codes[:-1].tolist())]
    number = [False, *np.isfinite(every.numbers[:-1]).tolist()]
    ends = [0, *(token.end() for token in found)]
    keys = [
        ("#" if is_number else word) + text[max(end, token.start() - _LAST) : token.start()]
        for word, is_number, end, token in zip(before, number, ends, found, strict=False)
    ]
    codes, many = codes_of(keys)
    sizes = np.bincount(codes, minlength=many)
    for code in np.argsort(-sizes, kind="stable")[:_MOST_WORDS]:
        yield np.flatnonzero(codes == code)
