"""What pydantic finds wrong with something that was read, in one wording: «field 'x.y': what was expected; got …»."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from synthgym.base.errors import FileError
from synthgym.base.text import clipped

if TYPE_CHECKING:
    from pydantic import ValidationError

Value = TypeVar("Value")

_MOST_LINES = 20
_MOST_FIELD = 100


def validated(
    validate: Callable[[Any], Value],
    data: object,
    where: str,
    raises: type[Exception] = FileError,
    unknown: str = "no such field",
) -> Value:
    """What was read, checked by pydantic.

    Args:
        validate: Such as a model's `model_validate`, or an adapter's `validate_python`.
        data: What was read.
        where: Where it was read, for the error.
        raises: The error for what is wrong with it; for its text see `explain`.
        unknown: What is said of a field that there is not.
    """
    from pydantic import ValidationError  # here: most of those who import this only quote values

    try:
        return validate(data)
    except ValidationError as error:
        raise raises(explain(error, where, unknown)) from error


def explain(error: ValidationError, where: str, unknown: str = "no such field") -> str:
    """All that is wrong, a line each, behind where it was read."""
    lines = [f"{where}: {problem}" for problem in problems(error, unknown=unknown)]
    if (more := error.error_count() - len(lines)) > 0:
        lines.append(f"{where}: and {more} more of that kind")
    return "\n".join(lines)


def first_problem(error: ValidationError, kind: str = "field") -> str:
    """The first thing that is wrong, in a sentence."""
    return problems(error, kind)[0]


def problems(error: ValidationError, kind: str = "field", unknown: str = "no such field") -> list[str]:
    """The first things that are wrong, a sentence each; what is wrong with a thing as a whole names no field.

    Args:
        error: The error.
        kind: What a field is called, such as a setting.
        unknown: What is said of a field that there is not.
    """
    found = []
    for item in error.errors(include_url=False)[:_MOST_LINES]:
        message = item["msg"].removeprefix("Value error, ")
        text = message[:1].lower() + message[1:]
        if item["type"] == "missing":
            text = "required, but missing"
        elif item["type"] == "extra_forbidden":
            text = unknown
        elif item["loc"] or not isinstance(item["input"], Mapping):  # else all of it came, which says nothing
            text += f"; got {short_repr(item['input'])}"
        field = clipped(".".join(str(part) for part in item["loc"]), _MOST_FIELD)
        found.append(f"{kind} '{field}': {text}" if field else text)
    return found


def short_repr(value: object) -> str:
    """A value of a stranger's as errors quote it: 80 characters at most, whatever it unfolds into."""
    shortener = reprlib.Repr()
    shortener.maxstring = shortener.maxother = shortener.maxlong = 80
    try:
        text = shortener.repr(value)
    except ValueError:  # a number of more digits than Python writes out
        text = f"{type(value).__name__} of too many digits"
    return text if len(text) <= 80 else text[:77] + "…"
