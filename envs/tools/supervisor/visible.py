"""What a terminal shows of what was printed: the one place that says which characters are seen, and counts them."""

from __future__ import annotations

import codecs
import re

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, moves of the cursor
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # titles, links
    r"|\x1b[ -/]*[0-~]"
)
_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\n]*\x1b?|[ -/]*)\Z")  # and may go on
_RETURNS = re.compile(r"\r+\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_MOST_BEGUN = 4096


def plain(text: str) -> str:
    """Text as a terminal shows it: colours are gone, and what a backspace took back; other control characters are �."""
    return _CONTROL.sub("�", _laid_out(text).replace("\v", "\n").replace("\f", "\n"))


def _laid_out(text: str) -> str:
    """What `plain` leaves, before it looks at single characters: that takes long, and changes no count."""
    if "\x1b" in text:
        text = _ESCAPE.sub("", text)
    if "\b" in text:
        text = "\n".join(map(_backspaced, text.split("\n")))
    return _RETURNS.sub("\n", text.rstrip("\r")) if "\r" in text else text


def _backspaced(line: str) -> str:
    shown: list[str] = []
    for piece in re.split("(\b)", line):
        if piece != "\b":
            shown.extend(piece)
        elif shown:
            shown.pop()
    return "".join(shown)


def _complete(text: str) -> int:
    """How much of a text means the same whatever comes next."""
    end = len(text.rstrip("\r"))
    if end < len(text):
        return end
    begun = _BEGUN.search(text, text.rfind("\n") + 1)
    return begun.start() if begun else end


class Count:
    """Characters of an output that comes in pieces: all of them, and those that `plain` leaves of it."""

    def __init__(self) -> None:
        self.characters = self.visible = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.begun = ""  # an escape or a carriage return, the rest of which is still to come

    def take(self, data: bytes, last: bool = False) -> None:
        """Counts what was printed next."""
        text = self.decoder.decode(data, last)
        self.characters += len(text)
        text = self.begun + text
        end = len(text) if last else _complete(text)
        self.begun = text[end:]
        self.visible += len(_laid_out(text[:end]))
        if len(self.begun) > _MOST_BEGUN:  # a text to the terminal, as long as a stream: none of it is seen
            self.begun = self.begun[:2] + ("\x1b" if self.begun.endswith("\x1b") else "")
