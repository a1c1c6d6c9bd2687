"""What installed packages add to synthgym: entry points, found by group and name, imported when they are asked for."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, cast

from synthgym.base.errors import UnknownNameError, UserError


def plugins(group: str) -> EntryPoints:
    """The entry points of a group. Nothing of theirs is imported."""
    return _all(tuple((path, _changed(path)) for path in sys.path)).select(group=group)


def plugin_names(group: str) -> list[str]:
    """Their names, each once, sorted."""
    return sorted(plugins(group).names)


def load_plugin(group: str, name: str, what: str) -> Any:
    """What the entry point of that name stands for.

    Args:
        group: Such as ``synthgym.sources``.
        name: One of `plugin_names`.
        what: What these are, for errors: ``source of challenges``.

    Raises:
        UnknownNameError: No installed package has it.
        UserError: Several packages have it, or what it names cannot be imported.
    """
    found = {point.value: point for point in plugins(group) if point.name == name}
    if not found:
        raise UnknownNameError(what, name, plugin_names(group), f"(entry points of the group {group})")
    if len(found) > 1:
        raise UserError(f"{what} {name!r}: several installed packages have one: {', '.join(sorted(found))}")
    (point,) = found.values()
    return _loaded(point, what)


def _loaded(point: EntryPoint, what: str) -> Any:
    try:
        return point.load()
    except (Exception, SystemExit) as error:  # a stranger's program
        reason = f"{type(error).__name__}: {error}"
        raise UserError(f"{what} {point.name!r}: cannot be imported: {point.value}: {reason}") from error


def _changed(path: str) -> int:
    """When something was last installed in a folder."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=4)  # reading what hundreds of packages say of themselves takes tens of milliseconds
def _all(path: tuple[tuple[str, int], ...]) -> EntryPoints:
    """All entry points of the packages on a path, as it was at a time."""
    return cast(EntryPoints, entry_points())  # of Python 3.11 something older, which can `select` too
