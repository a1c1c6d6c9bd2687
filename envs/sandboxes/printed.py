"""What a command printed as somebody is to read it: as a terminal would leave it, cut once, with the true count."""

from __future__ import annotations

import codecs
import re

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, moves of the cursor
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # titles, links
    r"|\x1b[ -/]*[0-~]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Text as a terminal shows it: colours are gone, and what a backspace took back; other control characters are �."""
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    if "\b" in text:
        text = "\n".join(map(_backspaced, text.split("\n")))
    text = text.replace("\r\n", "\n").rstrip("\r")
    return _CONTROL.sub("�", text.replace("\r", "\n").replace("\v", "\n").replace("\f", "\n"))


def _backspaced(line: str) -> str:
    shown: list[str] = []
    for piece in re.split("(\b)", line):
        if piece != "\b":
            shown.extend(piece)
        elif shown:
            shown.pop()
    return "".join(shown)


def halves(output: bytes, head: int, dropped: int, characters: int) -> tuple[str, str, int]:
    """Both ends of an output that lost its middle after `head` bytes, as text, and how many characters are missing.

    Args:
        output: What is left of it.
        head: Length of its first part.
        dropped: Bytes that were lost.
        characters: How many characters began in those.
    """
    if not dropped:
        return output.decode("utf-8", "replace"), "", 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    first = decoder.decode(output[:head])
    torn = bool(decoder.getstate()[0])  # a character that began before the cut
    last = output[head:]
    inside = next((i for i, byte in enumerate(last[:4]) if byte & 0xC0 != 0x80), 0)  # one that ends after it
    return first, last[inside:].decode("utf-8", "replace"), characters + torn


def cut(first: str, last: str = "", missing: int = 0, most: int | None = None) -> str:
    """Text of at most `most` characters: the middle is left out where it has more, and the mark says how many.

    Args:
        first: The beginning, or the whole text.
        last: The end, where the middle is missing already.
        missing: Characters missing between the two.
        most: No limit if None.
    """
    total = len(first) + len(last) + missing
    if not missing and (most is None or total <= most):
        return first + last
    room = len(first) + len(last) if most is None else max(most - len(_mark(total)), 0)
    if not missing:
        first = last = first + last
    begin = min(len(first), room - min(len(last), room // 2))
    end = min(len(last), room - begin)
    return (first[:begin] + _mark(total - begin - end) + last[len(last) - end :])[:most]


def _mark(count: int) -> str:
    return f"\n[… {count} characters left out …]\n"
