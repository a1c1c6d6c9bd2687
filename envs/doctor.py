"""What works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from synthgym.base.errors import InfrastructureError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.envs.sandboxes import cgroups, choose
from synthgym.envs.sandboxes.bubblewrap import sandbox as bubblewrap
from synthgym.envs.sandboxes.docker import engine
from synthgym.registry.images import IMAGES, why_not_installed

State = Literal["works", "missing", "limited"]

_KEYS = {
    "OPENAI_API_KEY": "models behind OpenAI's own endpoint",
    "HF_TOKEN": "gated data sets of the Hugging Face Hub, and uploads",
}
_LITTLE_GB = 5.0
_GVISOR = "runsc"
_USERNS = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What.
        state: ``works``; ``limited``: works, with something to know; ``missing``: does not work, or is not there.
        found: What was found.
        advice: What to do; empty where there is nothing to be done.
    """

    name: str
    state: State
    found: str
    advice: str = ""


def examine() -> list[Finding]:
    """Looks at everything; starts nothing but short probes. The last finding is the sandbox that ``auto`` takes."""
    return [*_findings(), _chosen()]


def _findings() -> Iterator[Finding]:
    version = platform.python_version()
    yield Finding("Python", "works", f"{version} at {sys.executable}")
    yield from _engines()
    yield _bubblewrap()
    yield _installed_images()
    yield _namespaces()
    yield _cgroups()
    yield _swerex()
    yield _gpus()
    for name, purpose in _KEYS.items():
        if os.environ.get(name):
            yield Finding(name, "works", "set")  # never its value
        else:
            yield Finding(name, "missing", "not set", f"needed for {purpose}")
    yield _disk()


def _engines() -> Iterator[Finding]:
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
    from synthgym.envs.sandboxes.docker import images

    there = [name for name in IMAGES if images.present(name)]
    advice = "" if there else "build it with: synthgym images build"
    yield Finding("workspace images", "works" if there else "missing", ", ".join(there) or "none", advice)


def _gvisor(runtimes: list[str]) -> Finding:
    """Whether containers can have a kernel of their own: see docs/guides/sandboxes.md on what they share without."""
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


def _bubblewrap() -> Finding:
    reason = bubblewrap.unavailable()
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


def _swerex() -> Finding:
    if find_spec("swerex"):
        return Finding("swe-rex", "works", "installed")
    return Finding("swe-rex", "missing", "not installed", "for its deployments: pip install 'synthgym[swerex]'")


def _gpus() -> Finding:
    program = shutil.which("nvidia-smi")
    if program is None:
        return Finding("GPUs", "missing", "no nvidia-smi", "challenges that need none run without")
    try:
        said = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return Finding("GPUs", "missing", "nvidia-smi does not answer")
    names = re.findall(r"^GPU \d+: (.+?) \(", said.stdout, re.MULTILINE)
    if not names:
        return Finding("GPUs", "missing", (said.stdout + said.stderr).strip()[:200] or "none")
    if engine.unavailable() is None and not any("nvidia" in name for name in engine.describe()["runtimes"]):
        advice = "for containers, install NVIDIA's container toolkit and restart the engine"
        return Finding("GPUs", "limited", ", ".join(names), advice)
    return Finding("GPUs", "works", ", ".join(names))


def _disk() -> Finding:
    try:
        folder = cache_dir()
    except UserError as error:
        return Finding("cache", "missing", str(error))
    free = shutil.disk_usage(folder).free / 1e9
    found = f"{free:.0f} GB free in {folder}"
    if free < _LITTLE_GB:
        return Finding("cache", "limited", found, "make room, or name another folder: export SYNTHGYM_CACHE=…")
    return Finding("cache", "works", found)


def _chosen() -> Finding:
    try:
        name, reason = choose()
    except (UserError, InfrastructureError) as error:
        return Finding("sandbox='auto'", "missing", "none", str(error))
    why = reason if name == "docker" else f"because: {reason}"
    return Finding("sandbox='auto'", "works", f"takes {name}", why)
