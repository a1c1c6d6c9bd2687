"""Removes what processes that died left behind on this machine: the last line, behind the watchdogs inside."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from synthgym.base.files.paths import cache_dir, remove_tree, sweep
from synthgym.envs.sandboxes import cgroups
from synthgym.envs.sandboxes.docker import engine, images
from synthgym.envs.sandboxes.local import FOLDER_PREFIX
from synthgym.envs.sandboxes.owner import Owner
from synthgym.envs.sandboxes.wire import WIRE_PREFIX


def cleanup() -> dict[str, int]:
    """Removes what belongs to nobody alive: containers, images, control groups, temporary folders, half-made caches.

    Returns:
        How many of each were removed.

    Raises:
        SandboxError: The engine answers, and refuses to remove a container.
    """
    return {
        "containers": _containers(),
        "images": images.prune() if engine.unavailable() is None else 0,
        "control groups": cgroups.sweep(),
        "temporary folders": _folders(FOLDER_PREFIX) + _folders(WIRE_PREFIX),
        "half-made cache folders": _caches(),
    }


def _containers() -> int:
    if engine.unavailable() is not None:
        return 0
    from synthgym.envs.sandboxes.docker.sandbox import remove

    removed = 0
    with engine.answering():
        found = engine.engine().api.containers(all=True, filters={"label": engine.LABEL})
    for container in found:
        owner = Owner.parse(container["Labels"][engine.LABEL])
        if owner and owner.is_gone():
            remove(container["Id"])
            removed += 1
    return removed


def _folders(prefix: str) -> int:
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        pid, _, rest = folder.name.removeprefix(prefix).partition("-")
        owner = Owner(Owner.me().machine, int(pid), rest.partition("-")[0]) if pid.isdigit() else None
        if owner and owner.is_gone() and folder.stat().st_uid == os.geteuid():
            remove_tree(folder)
            removed += 1
    return removed


def _caches() -> int:
    root = cache_dir()
    parents = [folder for folder in root.iterdir() if folder.is_dir()]

    def unfinished() -> int:
        return sum(1 for parent in parents for _ in parent.glob(".*.building"))

    before = unfinished()
    for parent in parents:
        sweep(parent)
    return before - unfinished()
