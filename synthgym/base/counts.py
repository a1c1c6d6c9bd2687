"""A count that a caller gave: a whole number of at least one, and not what merely converts to it."""

from __future__ import annotations

import operator
from typing import Any

from synthgym.base.errors import UserError


def count(name: str, value: Any, wrong: type[UserError] = UserError) -> int:
    """The count, as an int; numpy's whole numbers are as good.

    Raises:
        UserError: Or the kind of it that `wrong` names: it is no whole number, such as 1.5, True or "3", or it is less
            than 1; says which of the caller's.
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        raise wrong(f"{name}: expected a whole number, got {value!r:.80} ({type(value).__name__})")
    if number < 1:
        raise wrong(f"{name}: expected at least 1, got {number}")
    return number
