"""Whether bubblewrap works here, with which images and limits, and what to do where it does not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from synthgym.envs.sandboxes import cgroups
from synthgym.envs.sandboxes.backend import Finding
from synthgym.registry.images import IMAGES, why_not_installed

_USERNS = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def findings(reason: str | None) -> Iterator[Finding]:
    """What `synthgym doctor` tells of it; `reason` is why it does not work, if it does not."""
    yield _program(reason)
    yield _installed_images()
    yield _namespaces()
    yield _cgroups()


def _program(reason: str | None) -> Finding:
    version = "bubblewrap"
    if program := shutil.which("bwrap"):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30).stdout
        version = said.strip() or version
    if reason is None:
        return Finding("bubblewrap", "works", version)
    return Finding("bubblewrap", "missing", version if program else "not installed", reason)


def _installed_images() -> Finding:
    """What bubblewrap can play: the packages of an image are those that are installed beside synthgym."""
    reasons = {name: why_not_installed(name) for name, image in IMAGES.items() if not image.containers_only}
    there = ", ".join(name for name, reason in reasons.items() if reason is None) or "none"
    advice = "; ".join(reason for reason in reasons.values() if reason)
    return Finding("bubblewrap's images", "limited" if advice else "works", there, advice)


def _namespaces() -> Finding:
    if os.geteuid() == 0:
        return Finding("user namespaces", "works", "not needed: this is root")
    for place, off in ((_USERNS, "1"), (Path("/proc/sys/kernel/unprivileged_userns_clone"), "0")):
        if place.exists() and place.read_text().strip() == off:
            name = str(place).removeprefix("/proc/sys/").replace("/", ".")
            on = "0" if off == "1" else "1"
            return Finding(
                "user namespaces",
                "limited",
                f"restricted ({name} = {off})",
                f"bubblewrap needs them, unless its package brings an AppArmor profile: sudo sysctl {name}={on}",
            )
    return Finding("user namespaces", "works", "not restricted")


def _cgroups() -> Finding:
    version = 2 if Path("/sys/fs/cgroup/cgroup.controllers").exists() else 1
    if os.geteuid() == 0 and cgroups.usable():
        return Finding("control groups", "works", f"version {version}; bubblewrap limits sandboxes as a whole")
    return Finding(
        "control groups",
        "limited",
        f"version {version}, not for this user",
        "bubblewrap limits memory process by process; Docker limits sandboxes as a whole",
    )
