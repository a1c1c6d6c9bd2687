"""What pydantic has against something, told in the words of the thing that was read."""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING

from synthgym.base.text import clipped

if TYPE_CHECKING:
    from pydantic import ValidationError

_MOST_LINES = 20
_MOST_FIELD = 100
WHOLE = "(whole)"
"""The field of what is wrong with a thing as a whole."""


def explain(error: ValidationError, where: str, unknown: str = "no such field") -> str:
    """All of it, as lines of «file: field 'x.y': what was expected, what came».

    Args:
        error: The error.
        where: What was read.
        unknown: What is said of a field that there is not.
    """
    lines = []
    found = error.errors()
    for item in found[:_MOST_LINES]:
        field = clipped(".".join(str(part) for part in item["loc"]), _MOST_FIELD) or WHOLE
        if item["type"] == "missing":
            lines.append(f"{where}: field '{field}': required, but missing")
        elif item["type"] == "extra_forbidden":
            lines.append(f"{where}: field '{field}': {unknown}")
        else:
            came = short_repr(item["input"])
            message = item["msg"].removeprefix("Value error, ")
            lines.append(f"{where}: field '{field}': {message[:1].lower()}{message[1:]}; got {came}")
    if len(found) > _MOST_LINES:
        lines.append(f"{where}: and {len(found) - _MOST_LINES} more of that kind")
    return "\n".join(lines)


def first_problem(error: ValidationError, kind: str = "setting") -> str:
    """The first of it, in a sentence: «setting 'x.y': what was expected; got what came»."""
    first = error.errors()[0]
    field = clipped(".".join(str(part) for part in first["loc"]), _MOST_FIELD)
    return f"{kind} '{field}': {first['msg']}; got {short_repr(first['input'])}" if field else first["msg"]


def short_repr(value: object) -> str:
    """A value of a stranger's as errors quote it: 80 characters at most, whatever it unfolds into."""
    shortener = reprlib.Repr()
    shortener.maxstring = shortener.maxother = shortener.maxlong = 80
    try:
        text = shortener.repr(value)
    except ValueError:  # a number of more digits than Python writes out
        text = f"{type(value).__name__} of too many digits"
    return text if len(text) <= 80 else text[:77] + "…"
