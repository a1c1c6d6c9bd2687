"""What a check of sandboxes expects: where it is not so, what was expected and what came, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_MOST = 600  # characters of a value that are told


class Failed(Exception):
    """A sandbox does something else than it has to."""


class LeftOut(Exception):
    """A check that cannot be made here, and why."""


def equal(got: object, wanted: object, about: str = "") -> None:
    """Expects two values to be the same; `about` says of what they are."""
    if got != wanted:
        raise Failed(f"{about and about + ': '}expected {_shown(wanted)}, got {_shown(got)}")


def contains(whole: Any, part: Any) -> None:
    """Expects a part in something whole."""
    if part not in whole:
        raise Failed(f"expected {_shown(part)} in {_shown(whole)}")


def true(holds: object, expected: str, got: object = None) -> None:
    """Expects something that is said in words."""
    if not holds:
        raise Failed(f"expected {expected}" + (f", got {_shown(got)}" if got is not None else ""))


def between(low: float, value: float, high: float, what: str) -> None:
    """Expects a number that is at least `low` and below `high`."""
    if not low <= value < high:
        raise Failed(f"expected {what} from {low:g} to below {high:g}, got {value:.3f}")


@contextmanager
def raises(kind: type[Exception], words: str = "") -> Iterator[None]:
    """Expects an error of a kind; its text has to match a regular expression."""
    try:
        yield
    except kind as error:
        if not re.search(words, str(error)):
            raise Failed(f"expected {kind.__name__} that says {words!r}, got: {str(error)[:_MOST]}") from error
    else:
        raise Failed(f"expected {kind.__name__}{f' that says {words!r}' if words else ''}, and nothing was raised")


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _MOST else f"{shown[: _MOST // 2]} … {shown[-_MOST // 2 :]}"
