"""After hostile use and a reset a sandbox looks like a fresh one; the few exceptions are listed."""

from __future__ import annotations

import re
import time
from math import inf
from pathlib import Path

from synthgym.base.json_reading import parse_json
from synthgym.envs.conformance.checks import LIMITS, Opener, opening
from synthgym.envs.conformance.expectations import between, equal, true
from synthgym.envs.conformance.reset import started
from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.envs.sandboxes.docker.pool import idle

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

_INSIDE = Path(__file__).parent / "inside"
LIMITS_LARGE = Limits(cpu_seconds=60, wall_seconds=120, output_bytes=20_000_000)


def snapshot(box: Sandbox) -> dict[str, str]:
    """Name of everything that is seen → its value."""
    box.write("snapshot.py", (_INSIDE / "snapshot.py").read_bytes())
    result = box.run("python -IS snapshot.py 2>&1", LIMITS_LARGE)
    equal(result.returncode, 0, result.text[-500:])
    return dict(parse_json(line) for line in result.text.splitlines())


def differences(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Where two snapshots are not the same."""
    names = sorted(one.keys() | other.keys())
    return {name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)}


def is_recent(name: str, value: str | None, since: float) -> bool:
    """Whether it is a time, and none that was chosen before."""
    return name.startswith(("st_atime", "st_mtime", "st_ctime")) and since <= float(value or 0) <= time.time() + 1


@opening(isolated=True)
def a_reset_sandbox_looks_like_a_fresh_one(open_box: Opener) -> None:
    idle.close()  # else a container may have served other tests
    box = open_box()
    before = started(box)
    fresh = snapshot(box)
    between(501, len(fresh), inf, "things that are seen")
    box.write("hostile.sh", (_INSIDE / "hostile.sh").read_bytes())
    box.run("source ./hostile.sh", LIMITS)
    dirty = differences(fresh, snapshot(box))
    for mark in ("stat /tmp", "xattr /tmp", "st_mtime /tmp", "stat /dev/shm/left-1/file", "processes", "sockets"):
        true(mark in dirty, f"a mark of hostile use on {mark}: else this check would not see one")
    time.sleep(0.01)
    since = time.time()
    box.start()
    true(started(box) is before, "a reset in place")
    left = differences(fresh, snapshot(box))
    for name, (_, after) in list(left.items()):
        if is_recent(name, after, since) or any(re.fullmatch(each, name) for each in MAY_DIFFER):
            del left[name]
    equal(left, {})
