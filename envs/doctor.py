"""What works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from synthgym.base.errors import InfrastructureError, UserError
from synthgym.base.files.paths import cache_dir
from synthgym.envs.sandboxes import choose
from synthgym.envs.sandboxes.backend import Finding
from synthgym.envs.sandboxes.backends import backends
from synthgym.envs.sandboxes.docker import engine

_KEYS = {
    "OPENAI_API_KEY": "models behind OpenAI's own endpoint",
    "HF_TOKEN": "gated data sets of the Hugging Face Hub, and uploads",
}
_LITTLE_GB = 5.0


def examine() -> list[Finding]:
    """Looks at everything; starts nothing but short probes. The last finding is the sandbox that ``auto`` takes."""
    return [*_findings(), _chosen()]


def _findings() -> Iterator[Finding]:
    version = platform.python_version()
    yield Finding("Python", "works", f"{version} at {sys.executable}")
    found, broken = backends()
    for kind in found.values():
        yield from kind.examine()
    for name, reason in broken.items():
        yield Finding(f"sandbox {name!r}", "missing", "cannot be used", reason)
    yield _gpus()
    for name, purpose in _KEYS.items():
        if os.environ.get(name):
            yield Finding(name, "works", "set")  # never its value
        else:
            yield Finding(name, "missing", "not set", f"needed for {purpose}")
    yield _disk()


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
        name, reasons = choose()
    except (UserError, InfrastructureError) as error:
        return Finding("sandbox='auto'", "missing", "none", str(error))
    because = "; ".join(reasons.values())
    return Finding("sandbox='auto'", "works", f"takes {name}", f"because: {because}" if because else "")
