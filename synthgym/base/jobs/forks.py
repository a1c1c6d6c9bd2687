"""What a forked process cannot have from its parent: threads, and locks that one of them may have held."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

Owner = TypeVar("Owner")

_renewals: weakref.WeakKeyDictionary[Any, Callable[[Any], None]] = weakref.WeakKeyDictionary()


def renew_in_forks(owner: Owner, renew: Callable[[Owner], None]) -> None:
    """Has `renew` called with `owner` in each process that is forked from this one, as long as there is an `owner`.

    Args:
        owner: Whose threads or locks they are.
        renew: Makes them anew; a function of the class, such as ``Turns._renew``, for a bound one would keep its owner.
    """
    _renewals[owner] = renew


def _renew_all() -> None:
    for owner, renew in list(_renewals.items()):
        renew(owner)


os.register_at_fork(after_in_child=_renew_all)
