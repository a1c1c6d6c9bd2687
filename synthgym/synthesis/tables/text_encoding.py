"""Which encoding a text file is in, told from its bytes alone: the same bytes always give the same answer.

Runs on the host and in a sandbox: standard library only. UTF-8, and what begins with a byte-order mark, is known for
certain. An older encoding is a guess: the one in which what is not ASCII reads most like a language that it was made
for.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from synthgym.synthesis.tables.text_languages import AT_ENDS, LATIN, SCRIPTS, VOWELS, WESTERN, WIDE


class NotText(Exception):
    """Bytes that are no text, or in no encoding that is known here; says why."""


@dataclass(frozen=True)
class Encoding:
    """An encoding.

    Attributes:
        name: As Python's codecs call it.
        guessed: It may be another one.
        broken: Places that are not in it, each read as U+FFFD.
    """

    name: str
    guessed: bool = False
    broken: int = 0


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1b\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 1 << 18
_MOST_LOOKED_AT = 4000
_MOST_BROKEN = 0.1
"""Of the characters beyond ASCII in a file that is UTF-8 for the most part."""
_LEAST_LIKENESS = 0.6
_OF_SEVERAL = 0.9
"""What letters of several languages together count: more of them fit anything."""

_SIGNS = frozenset("°€–—…‘‚“”„«»‹›§©®™²³¹±µ×÷•†‰№¢¼½¾£¥ºª¿¡、。，：；！？（）「」『』・ー《》【】〜～％\u3000")
"""What stands beside words; in the middle of one it is a sign of another encoding."""
_ANYWHERE = frozenset("’·\xa0\xad")

_STUCK = frozenset("†‡‰™®¼½¾¢¥³²¹")
"""Signs that no word begins with."""
_LATE = frozenset("ςךםןףץ")
"""Letters that stand at the end of words only."""
_NEVER_FIRST = frozenset("ьъы")
_NASAL = frozenset("ãõ")
"""Vowels between vowels: avião."""
_GRAVE = frozenset("èìòù")
"""Vowels that no vowel follows."""

_WEST = (("cp1252", 1.0), ("cp850", 0.99), ("mac_roman", 0.98))
"""Encodings of the languages in the west of Europe; of two in which a text reads alike, the former is taken."""
_OTHERS = 0.75
"""What a letter counts that a language has, but few of its texts."""
_LONGEST_RUN = 2
_LONGEST_RUN_OF = {"cp1254": 5, "cp1250": 3, "iso8859-2": 3}
"""Letters beyond ASCII in a row that a Latin word may well have; Polish and Turkish have more: żółty, ışığı."""
_ALL_CAPITALS = 0.97
_ACCENTS = frozenset("άέήίόύώ")
_NO_ACCENT = 0.9
"""What a Greek text in small letters counts that has none of these."""


def encoding_of(data: bytes) -> Encoding:
    """The encoding of a file, given all its bytes.

    Raises:
        NotText: It is no text, or its encoding cannot be told.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name)
    if len(data) % 2 == 0 and (name := _without_mark(data[:_SAMPLE])):
        return Encoding(name)
    if found := _NOT_IN_TEXT.search(data):
        raise NotText(f"holds the byte 0x{data[found.start()]:02x} (at {found.start()}), which no text does")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _other(data)
    return Encoding("utf-8")


def _without_mark(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of what is ASCII in it is zero."""
    for name, zeros, others in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if zeros.count(0) > len(zeros) // 2 and not others.count(0):
            return name
    return ""


def _other(data: bytes) -> Encoding:
    """The encoding of what is not, or not everywhere, UTF-8."""
    text = data.decode("utf-8", "replace")
    broken, beyond = text.count("\ufffd"), sum(1 for _ in _NOT_ASCII.finditer(text))
    if broken <= _MOST_BROKEN * beyond:
        return Encoding("utf-8", broken=broken)
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    for likeness, name in sorted(_likenesses(sample), key=lambda each: -each[0]):
        if likeness < _LEAST_LIKENESS:
            break
        if _decoded(data, name) is not None:
            return Encoding(name, guessed=True)
    raise NotText("is in no encoding that is known here; save it as UTF-8")


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _likenesses(sample: bytes) -> Iterator[tuple[float, str]]:
    """How much the text reads like one of a language, for each encoding: from 0 to 1."""
    names = dict.fromkeys((*(name for name, _ in _WEST), *(name for name, _, _ in LATIN)))
    latin = {name: _latin_places(text, name) for name in names if (text := _decoded(sample, name)) is not None}
    for name, trust in _WEST:
        if name in latin:
            yield from ((trust * latin[name].share(*letters), name) for letters in WESTERN)
            yield trust * latin[name].share_at_ends(AT_ENDS), name
            yield _OF_SEVERAL * trust * latin[name].share({*"".join(map("".join, WESTERN))}), name
    for name, *letters in LATIN:
        if name in latin:
            yield latin[name].share(*letters), name
    if "cp1250" in latin:
        several = {*"".join(own for name, own, _ in LATIN if name == "cp1250")}
        yield _OF_SEVERAL * latin["cp1250"].share(several), "cp1250"
    for name, script, order in SCRIPTS:
        if (text := _decoded(sample, name)) is not None:
            yield _of_script(text, script, order), name
    for name, (leads, common) in WIDE.items():
        if (text := _decoded(sample, name)) is not None:
            yield _wide(text, name, leads, common), name


@dataclass(frozen=True)
class _Places:
    """What is not ASCII in a text.

    Attributes:
        fitting: How often each letter, a small one for a capital, stands where such a letter may.
        ending: The same at the end of words.
        seen: How many there are, but for signs beside words.
        capitals: How many of them are.
    """

    fitting: Counter[str]
    ending: Counter[str]
    seen: int
    capitals: int

    def share(self, letters: Iterable[str], others: Iterable[str] = "") -> float:
        """That of some letters; where there is none at all, everything is as it should be."""
        fits = sum(self.fitting[letter] for letter in letters)
        return (fits + _OTHERS * sum(self.fitting[letter] for letter in others)) / self.seen if self.seen else 1.0

    def share_at_ends(self, letters: Iterable[str]) -> float:
        """That of some letters at the end of words."""
        return sum(self.ending[letter] for letter in letters) / self.seen if self.seen else 1.0


def _latin_places(text: str, name: str) -> _Places:
    """Where what is not ASCII stands in a text of Latin letters."""
    longest = _LONGEST_RUN_OF.get(name, _LONGEST_RUN)

    def fits(at: int, before: str, letter: str, after: str) -> bool:
        start = end = at
        while start and at - start <= longest and _is_beyond(text[start - 1]):
            start -= 1
        while end + 1 < len(text) and end - at <= longest and _is_beyond(text[end + 1]):
            end += 1
        if end - start >= longest:
            return False
        if letter in _GRAVE and after.isalpha() and _is_vowel(after):
            return False
        if not (before.isalpha() and after.isalpha()) or letter in _NASAL:
            return True
        return len({_is_vowel(each) for each in (before, letter, after)}) > 1

    return _places(text, fits)


def _of_script(text: str, script: str, letters: str) -> float:
    """How much a text reads like one in another script than the Latin one, of which these are the commonest letters."""

    def fits(at: int, before: str, letter: str, after: str) -> bool:
        if (letter in _LATE and after.isalpha()) or (letter in _NEVER_FIRST and not before.isalpha()):
            return False
        return not any(each.isascii() and each.isalpha() for each in (before, after))

    places = _places(text, fits)
    own = {letter: count for letter, count in places.fitting.items() if unicodedata.name(letter, "").startswith(script)}
    common = sum(
        count * (1 - letters.find(letter) / len(letters)) for letter, count in own.items() if letter in letters
    )
    usual = min(1.0, common / (0.75 * max(1, sum(own.values()))))
    likeness = places.share(own) * (0.6 + 0.4 * usual)
    if 2 * places.capitals > places.seen:
        return likeness * _ALL_CAPITALS
    return likeness * (_NO_ACCENT if script == "GREEK" and _ACCENTS.isdisjoint(own) else 1.0)


def _places(text: str, fits: Callable[[int, str, str, str], bool]) -> _Places:
    """Where the characters of a text stand: capitals in front of words or where all are, and where they fit."""
    fitting: Counter[str] = Counter()
    ending: Counter[str] = Counter()
    seen = capitals = 0
    for found in islice(_NOT_ASCII.finditer(text), _MOST_LOOKED_AT):
        at, character = found.start(), found.group()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        within = before.isalpha() and after.isalpha()
        if character in _SIGNS and not within and not (character in _STUCK and after.isalpha()):
            continue
        if character in _ANYWHERE and not (character == "·" and within and before + after != "ll"):
            continue
        seen += 1
        capitals += character.isupper()
        small = character if character == "İ" else character.lower()
        if _is_cased(before, character, after) and fits(at, before, small, after):
            fitting[small] += 1
            ending[small] += not after.isalpha()
    return _Places(fitting, ending, seen, capitals)


def _is_cased(before: str, character: str, after: str) -> bool:
    """No capital within a word of small letters, no small letter between capitals."""
    if character.isupper():
        return not (before.islower() or (before.isalpha() and after.islower()))
    return not (character.islower() and before.isupper() and after.isupper())


def _is_beyond(character: str) -> bool:
    return not character.isascii() and character.isalpha()


def _is_vowel(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter.lower())[0] in VOWELS


def _wide(text: str, name: str, leads: tuple[int, int], common: str) -> float:
    """The same for an encoding with two bytes a character, in which those in use have a first byte of a range."""
    low, high = leads
    fits = seen = usual = 0
    for found in islice(_NOT_ASCII.finditer(text), _MOST_LOOKED_AT):
        character, at = found.group(), found.start()
        if character in _SIGNS or character in _ANYWHERE:
            continue
        seen += 1
        if all(each.isascii() and each.isalpha() for each in (text[at - 1 : at], text[at + 1 : at + 2])):
            continue  # a letter within a Latin word, and the one behind it
        if "\u3041" <= character <= "\u30fe":
            fits += 1
            usual += 1
        else:
            code = character.encode(name)
            fits += len(code) == 2 and low <= code[0] <= high
            usual += character in common
    return fits / seen * (0.7 + 0.3 * min(1.0, 2 * usual / seen)) if seen else 0.0
