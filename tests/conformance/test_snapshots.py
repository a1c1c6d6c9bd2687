"""After hostile use and a reset a sandbox looks like a fresh one; the few exceptions are listed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

from env_fixtures import LIMITS

from synthgym.envs.sandboxes.base import Sandbox
from synthgym.envs.sandboxes.docker.pool import idle
from synthgym.envs.sandboxes.supervised import SupervisedSandbox

MAY_DIFFER = {
    r"number of this process|/proc/sys/kernel/ns_last_pid": "a process namespace counts on; only a new one begins anew",
    r"st_ino .*": "so does a file system in memory, with the numbers of its inodes",
    r"/proc/sys/kernel/random/(uuid|entropy_avail)": "drawn anew at every look, or the whole machine's",
    r"(shell|command|supervisor) autogroup": "sessions are counted for the whole machine",
    r"/proc/sys/kernel/pty/nr": "the whole machine's",
    r"/proc/sys/fs/.*": "the whole machine's; where it is shown at all",
    r"/proc/net/(sockstat|protocols|softnet_stat)": "the whole machine's",
    r"/proc/net/netlink": "the engine's, while it looks after its containers: commands have no such sockets",
    r"/sys/fs/cgroup/.*": "a container's group counts what all of its sessions used",
    r"supervisor status (Threads|VmSwap|SigQ|HugetlbPages)": "the supervisor's own, and counts of the moment",
    r"(shell|command) status SigQ": "a count of the moment",
}
"""What may differ, and why. What an episode could choose among it is a number that it can make larger."""


def snapshot(box: Sandbox) -> dict[str, str]:
    """Name of everything that is seen → its value."""
    box.write("snapshot.py", (Path(__file__).parent / "snapshot.py").read_bytes())
    result = box.run("python -IS snapshot.py 2>&1", LIMITS_LARGE)
    assert result.returncode == 0, result.text[-2000:]
    return dict(json.loads(line) for line in result.text.splitlines())


LIMITS_LARGE = type(LIMITS)(cpu_seconds=60, wall_seconds=120, output_bytes=20_000_000)


def differences(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Where two snapshots are not the same."""
    names = sorted(one.keys() | other.keys())
    return {name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)}


def is_recent(name: str, value: str | None, since: float) -> bool:
    """Whether it is a time, and none that was chosen before."""
    return name.startswith(("st_atime", "st_mtime", "st_ctime")) and since <= float(value or 0) <= time.time() + 1


def test_a_reset_sandbox_looks_like_a_fresh_one(sealed: str, open_box: Callable[..., Sandbox]) -> None:
    idle.close()  # else a container may have served other tests
    box = open_box(sealed)
    assert isinstance(box, SupervisedSandbox)
    link = box._link
    fresh = snapshot(box)
    assert len(fresh) > 500
    box.write("hostile.sh", (Path(__file__).parent / "hostile.sh").read_bytes())
    box.run("source ./hostile.sh", LIMITS)
    dirty = differences(fresh, snapshot(box))
    for mark in ("stat /tmp", "xattr /tmp", "st_mtime /tmp", "stat /dev/shm/left-1/file", "processes", "sockets"):
        assert mark in dirty, f"hostile use left no mark on {mark}: this test would not see one"
    time.sleep(0.01)
    started = time.time()
    box.start()
    assert box._link is link, "this was no reset in place"
    left = differences(fresh, snapshot(box))
    for name, (_, after) in list(left.items()):
        if is_recent(name, after, started) or any(re.fullmatch(each, name) for each in MAY_DIFFER):
            del left[name]
    assert left == {}
