"""What a command printed as somebody is to read it: as a terminal would leave it, cut once, with the true count."""

from __future__ import annotations

import codecs

from synthgym.base.text import marked
from synthgym.envs.tools.supervisor.visible import plain


def halves(output: bytes, head: int, dropped: int) -> tuple[str, str]:
    """Both ends of an output that lost its middle after `head` bytes, as text, without a character that was torn.

    Args:
        output: What is left of it.
        head: Length of its first part.
        dropped: Bytes that were lost.
    """
    if not dropped:
        return output.decode("utf-8", "replace"), ""
    first = codecs.getincrementaldecoder("utf-8")("replace").decode(output[:head])
    last = output[head:]
    inside = next((i for i, byte in enumerate(last[:4]) if byte & 0xC0 != 0x80), 0)  # one that ends after it
    return first, last[inside:].decode("utf-8", "replace")


def seen(text: str) -> str:
    """Text as a terminal shows it, with a � for what nobody would see there, or that turns the order of the rest round.

    Whoever prints could else write to a model what no reader of its record sees.
    """
    text = plain(text)  # which leaves no control character: of ASCII there is nothing more to look for
    return text if text.isascii() else marked(text)


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
