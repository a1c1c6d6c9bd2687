"""Text of strangers as a terminal, a log or an agent may be shown it: without what would steer a terminal."""

from __future__ import annotations

import re

# What a terminal takes for a command: ECMA-48's control sequences (CSI), strings to the terminal (OSC, DCS, SOS, PM,
# APC) up to their end, and the two-character escapes; each also begun with its single C1 character.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Controls but tab and newline; marks that turn the order of what follows round; halves of surrogate pairs, which no
# stream can encode.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile(r"[\t\n]+")


def printable(text: str) -> str:
    """The text without terminal escapes and control characters; newlines and tabs stay, every kind of newline as one.

    >>> printable("\\x1b[31mred\\x1b[0m\\r\\nand more")
    'red\\nand more'
    """
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub("", _ESCAPES.sub("", _NEWLINES.sub("\n", text)))


def one_line(text: str) -> str:
    """The same, newlines and tabs becoming blanks: for a title or a name, which can then begin no line of its own."""
    return _SPACE.sub(" ", printable(text))


def is_plain(text: str) -> bool:
    """Whether a text is one line that `printable` leaves as it is: what a name has to be."""
    return one_line(text) == text


def plain_json(text: str) -> str:
    """JSON with such characters written as ``\\\\u`` escapes, which leaves it the same JSON."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
