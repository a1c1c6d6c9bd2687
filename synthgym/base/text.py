"""Text of strangers as a terminal, a log or an agent may be shown it: nothing steers a terminal or is there unseen."""

from __future__ import annotations

import re

# What a terminal takes for a command: ECMA-48's control sequences (CSI), strings to the terminal (OSC, DCS, SOS, PM,
# APC) up to their end, and the two-character escapes; each also begun with its single C1 character. A string ends where
# another begins: were it looked through for its end, many that have none would each be read to the end of the text.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Controls but tab and newline; marks that turn the order of what follows round; halves of surrogate pairs, which no
# stream can encode.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# What nobody sees, and a model reads: blanks of no width, fillers, tags. Unicode's "default ignorable" characters.
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Others have a use beside scripts that join or run from right to left, and in emoji, one or two at a time.
_JOINER = "[\u200c-\u200f\ufe00-\ufe0f]"
_USER = "[\xa9\xae\u0590-\u1fff\u203c\u2049\u20d0-\ufdff\ufe10-\uffef\U00010000-\U000dffff]"
_USELESS = re.compile(f"(?<!{_USER})(?<!{_JOINER}){_JOINER}+(?!{_USER})(?!{_JOINER})|{_JOINER}{{3,}}")
_ANY_UNSEEN = re.compile(f"{_UNSEEN.pattern}|{_JOINER}|{_CONTROLS.pattern}")
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
MARK = "�"
_SPACE = re.compile(r"[\t\n]+")


def printable(text: str) -> str:
    """The text without terminal escapes, control characters and what has no width; newlines and tabs stay.

    Every kind of newline becomes the same. Joiners and marks of direction stay where a script or an emoji needs them.

    >>> printable("\\x1b[31mred\\x1b[0m\\r\\nand more")
    'red\\nand more'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub("", _ESCAPES.sub("", _NEWLINES.sub("\n", text)))
    return text if text.isascii() else _USELESS.sub("", _UNSEEN.sub("", text))


def marked(text: str) -> str:
    """The text with a � for each character that `printable` would take away, and as long as it was.

    For what somebody printed, of whom it is to be seen that there was something. Terminal escapes lose their first
    character only.

    >>> marked("a\\u202eb\\u200bc")
    'a�b�c'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub(MARK, text.replace("\u2028", "\n").replace("\u2029", "\n"))
    return text if text.isascii() else _USELESS.sub(lambda found: MARK * len(found[0]), _UNSEEN.sub(MARK, text))


def one_line(text: str) -> str:
    """The same, newlines and tabs becoming blanks: for a title or a name, which can then begin no line of its own."""
    return _SPACE.sub(" ", printable(text))


def clipped(text: str, most: int) -> str:
    """The same with at most so many characters, and a sign where it goes on."""
    text = " ".join(one_line(text).split())
    return text if len(text) <= most else f"{text[: most - 2].rstrip()} …"


def is_plain(text: str) -> bool:
    """Whether a text is one line that `printable` leaves as it is: what a name has to be."""
    return (text.isascii() and text.isprintable()) or one_line(text) == text


def plain_json(text: str) -> str:
    """JSON with such characters written as ``\\\\u`` escapes, which leaves it the same JSON."""
    return _ANY_UNSEEN.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
