"""Which container engine is here, with which images and runtimes, and what to do where there is none."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from synthgym.envs.sandboxes.backend import Finding
from synthgym.envs.sandboxes.docker import engine, images
from synthgym.registry.images import IMAGES

_GVISOR = "runsc"


def findings() -> Iterator[Finding]:
    """What `synthgym doctor` tells of them."""
    reason = engine.unavailable()
    if reason:
        yield Finding("container engine", "missing", "none answers", reason)
    else:
        about = engine.describe()
        rootless = ", rootless" if about["rootless"] else ""
        found = (
            f"{about['name']} {about['version']}, API {about['api']}, {about['storage']}, cgroups {about['cgroups']}"
        )
        yield Finding("container engine", "works", found + rootless)
        yield from _images()
        yield _gvisor(about["runtimes"])
    if not os.environ.get("DOCKER_HOST"):
        yield _podman()


def _images() -> Iterator[Finding]:
    there = [name for name in IMAGES if images.present(name)]
    advice = "" if there else "build it with: synthgym images build"
    yield Finding("workspace images", "works" if there else "missing", ", ".join(there) or "none", advice)


def _gvisor(runtimes: list[str]) -> Finding:
    """Whether containers can have a kernel of their own: see docs/sandboxes.md on what they share without."""
    chosen = os.environ.get(engine.RUNTIME_VARIABLE)
    if chosen and chosen not in runtimes:
        advice = f"{engine.RUNTIME_VARIABLE} asks for it; the engine has {', '.join(runtimes)}"
        return Finding("container runtime", "missing", chosen, advice)
    if chosen:
        return Finding("container runtime", "works", f"{chosen}, as {engine.RUNTIME_VARIABLE} asks")
    if _GVISOR in runtimes:
        advice = f"to give each container a kernel of its own: export {engine.RUNTIME_VARIABLE}={_GVISOR}"
        return Finding("gVisor", "works", f"the engine has the runtime {_GVISOR}, which is not asked for", advice)
    if program := shutil.which(_GVISOR):
        entry = {_GVISOR: {"path": program, "runtimeArgs": ["--network=none"]}}
        advice = f'add "runtimes": {json.dumps(entry)} to its daemon.json, and restart it'
        return Finding("gVisor", "limited", "installed, not known to the engine", advice)
    advice = "for containers with a kernel of their own (Debian, Ubuntu: sudo apt-get install runsc); not needed else"
    return Finding("gVisor", "missing", "not installed", advice)


def _podman() -> Finding:
    places = [Path("/run/podman/podman.sock"), Path(f"/run/user/{os.getuid()}/podman/podman.sock")]
    there = [place for place in places if place.exists()]
    if there:
        return Finding("podman", "works", str(there[0]), f"to use it: export DOCKER_HOST=unix://{there[0]}")
    if shutil.which("podman"):
        return Finding("podman", "limited", "installed, no socket", "to use it: systemctl --user start podman.socket")
    return Finding("podman", "missing", "not installed", "not needed where Docker or bubblewrap works")
