"""What a terminal shows of what was printed: the one place that says which characters are seen, and counts them."""

from __future__ import annotations

import codecs
import re

_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, moves of the cursor
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # titles, links
    r"|\x1b[ -/]*[0-~]"
)
_BEGUN = re.compile(r"(?:\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\n]*\x1b?|[ -/]*)|\r+)\Z")  # and may go on
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_MOST_BEGUN = 4096


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


class Count:
    """Characters of an output that comes in pieces: all of them, and those that `plain` leaves of it."""

    def __init__(self) -> None:
        self.characters = self.visible = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.begun = ""  # an escape, the rest of which is still to come

    def take(self, data: bytes, last: bool = False) -> None:
        """Counts what was printed next."""
        text = self.decoder.decode(data, last)
        self.characters += len(text)
        text = self.begun + text
        begun = None if last else _BEGUN.search(text, text.rfind("\n") + 1)
        self.begun = text[begun.start() :] if begun else ""
        self.visible += len(plain(text[: len(text) - len(self.begun)]))
        if len(self.begun) > _MOST_BEGUN:  # a text to the terminal, as long as a stream: none of it is seen
            self.begun = self.begun[:2] + ("\x1b" if self.begun.endswith("\x1b") else "")
