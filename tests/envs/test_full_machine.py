"""Sandboxes until there is no room for another: an error that says so, never a hang, and room again thereafter."""

from __future__ import annotations

import subprocess
import sys

from env_fixtures import needs

UNTIL_FULL = """
import resource, sys, time
from synthgym.base.errors import SandboxError
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Setup
from synthgym.envs.sandboxes.docker.pool import idle
setup = Setup(Profile("agent", memory_mb=256, pids=32, disk_mb=16))
first = open_sandbox(sys.argv[1], setup)
first.start()
resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
boxes, slowest = [first], 0.0
for _ in range(60):
    started = time.monotonic()
    try:
        box = open_sandbox(sys.argv[1], setup)
        boxes.append(box)
        box.start()
    except SandboxError as error:
        print("error:", error)
        break
    finally:
        slowest = max(slowest, time.monotonic() - started)
print("opened", len(boxes) > 3, "quick", slowest < 20)
print("others", {box.run("echo alive", Limits()).text for box in boxes[:-1]})
for box in boxes:
    box.close()
idle.close()
first.start()
print("again", first.run("echo alive", Limits()).text)
first.close()
"""


def test_no_descriptor_is_left(sealed: str) -> None:
    needs(sealed)
    done = subprocess.run(
        [sys.executable, "-c", UNTIL_FULL, sealed], capture_output=True, text=True, timeout=200, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    error, *rest = done.stdout.splitlines()
    assert error.startswith(f"error: {sealed}: ")
    assert "Too many open files" in error
    assert rest == ["opened True quick True", r"others {'alive\n'}", "again alive", ""]
