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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice


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

_LANGUAGES = (
    ("cp1252", "äöüß"),
    ("cp1252", "éèêëàâçîïôùûüœæÿ"),
    ("cp1252", "áéíóúñü"),
    ("cp1252", "ãõçáéíóúâêôà"),
    ("cp1252", "àèéìíîòóùú"),
    ("cp1252", "åäöéæø"),
    ("cp1252", "áðéíóúýþæö"),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýž"),
    ("cp1250", "áäčďéíĺľňóôŕšťúýž"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1250", "čćđšž"),
    ("cp1250", "ăâîşţ"),
    ("cp1254", "çğıİöşüâî"),
    ("cp1257", "āčēģīķļņšūž"),
    ("cp1257", "ąčęėįšųūž"),
    ("cp1257", "õäöüšž"),
    ("iso8859-2", "ąćęłńóśźż"),
    ("iso8859-2", "áčďéěíňóřšťúůýž"),
    ("mac_roman", "äöüßéèêëàâçîïôùûœæáíóúñãõåø"),
    ("cp850", "äöüßéèêëàâçîïôùûæáíóúñãõåø"),
)
"""Encoding → the letters beyond ASCII of a language; of two that are as likely, the first is taken."""

_SCRIPTS = (
    ("cp1251", "CYRILLIC", "оеаинтсрвл"),
    ("koi8-r", "CYRILLIC", "оеаинтсрвл"),
    ("cp866", "CYRILLIC", "оеаинтсрвл"),
    ("cp1253", "GREEK", "αοιετσνηυρά"),
    ("cp1255", "HEBREW", "יוהלארתבמש"),
    ("cp1256", "ARABIC", "اليمنتربوع"),
    ("cp874", "THAI", "านรอกเงมยล"),
)
"""Encoding → the script of its letters, and the commonest of them, by which encodings of one script are told apart."""

_WIDE = {
    "cp932": ((0x88, 0x97), True),
    "euc_jp": ((0xB0, 0xCF), True),
    "cp949": ((0xB0, 0xC8), False),
    "gb18030": ((0xB0, 0xD7), False),
    "big5": ((0xA4, 0xC6), False),
}
"""Encoding with two bytes a character → first bytes of the common ones; whether most texts have kana among them."""


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
    latin = {name: _places(text, True) for name, _ in _LANGUAGES if (text := _decoded(sample, name)) is not None}
    for name, letters in _LANGUAGES:
        if name in latin:
            yield latin[name].share(letters), name
    for name in ("cp1252", "cp1250"):
        if name in latin:
            several = frozenset("".join(letters for each, letters in _LANGUAGES if each == name))
            yield _OF_SEVERAL * latin[name].share(several), name
    for name, script, common in _SCRIPTS:
        if (text := _decoded(sample, name)) is not None:
            places = _places(text, False)
            own = [letter for letter in places.fitting if unicodedata.name(letter, "").startswith(script)]
            yield places.share(own) * (0.8 + 0.2 * min(1.0, 2 * places.share(common))), name
    for name, (leads, kana) in _WIDE.items():
        if (text := _decoded(sample, name)) is not None:
            yield _wide(text, name, leads, kana), name


@dataclass(frozen=True)
class _Places:
    """What is not ASCII in a text.

    Attributes:
        fitting: How often each letter, a small one for a capital, stands where such a letter may.
        seen: How many there are, but for signs beside words.
    """

    fitting: Counter[str]
    seen: int

    def share(self, letters: Iterable[str]) -> float:
        """That of some letters; where there is none at all, everything is as it should be."""
        return sum(self.fitting[letter] for letter in letters) / self.seen if self.seen else 1.0


def _places(text: str, latin: bool) -> _Places:
    """Where the characters of a text stand: no capital behind a small letter, no other script within a Latin word."""
    fitting: Counter[str] = Counter()
    seen = 0
    for found in islice(_NOT_ASCII.finditer(text), _MOST_LOOKED_AT):
        at, character = found.start(), found.group()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if character in _ANYWHERE or (character in _SIGNS and not (before.isalpha() and after.isalpha())):
            continue
        seen += 1
        beside = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        if not (character.isupper() and before.islower()) and (latin or not beside):
            fitting[character if character == "İ" else character.lower()] += 1
    return _Places(fitting, seen)


def _wide(text: str, name: str, leads: tuple[int, int], kana: bool) -> float:
    """The same for an encoding in which a common character's first byte is one of a range."""
    low, high = leads
    fits = seen = of_kana = 0
    for found in islice(_NOT_ASCII.finditer(text), _MOST_LOOKED_AT):
        character = found.group()
        if character in _SIGNS or character in _ANYWHERE:
            continue
        seen += 1
        if "\u3041" <= character <= "\u30fe":
            of_kana += 1
        else:
            code = character.encode(name)
            fits += len(code) == 2 and low <= code[0] <= high
    if not seen:
        return 0.0
    if kana:
        return (fits + of_kana) / seen * (1.0 if of_kana >= 0.1 * seen else 0.8)
    return fits / seen * (1.0 if name == "cp949" else 0.95)  # all of Korean is among what is common in Chinese
