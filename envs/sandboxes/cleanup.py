"""Removes what processes that died left behind on this machine: the last line, behind the watchdogs inside."""

from __future__ import annotations

from collections import Counter

from synthgym.base.files.paths import cache_dir, sweep
from synthgym.envs.sandboxes.backends import backends
from synthgym.envs.sandboxes.owner import remove_folders_of_the_dead
from synthgym.envs.sandboxes.wire import WIRE_PREFIX


def cleanup() -> dict[str, int]:
    """Removes what belongs to nobody alive: containers, images, control groups, temporary folders, half-made caches.

    Returns:
        How many of each were removed.

    Raises:
        SandboxError: The engine answers, and refuses to remove a container.
    """
    removed = Counter[str]()
    for kind in backends()[0].values():
        removed.update(kind.cleanup())
    removed.update({"temporary folders": remove_folders_of_the_dead(WIRE_PREFIX), "half-made cache folders": _caches()})
    return dict(removed)


def _caches() -> int:
    root = cache_dir()
    parents = [folder for folder in root.iterdir() if folder.is_dir()]

    def unfinished() -> int:
        return sum(1 for parent in parents for _ in parent.glob(".*.building"))

    before = unfinished()
    for parent in parents:
        sweep(parent)
    return before - unfinished()
