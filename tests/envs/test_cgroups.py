"""Control groups: who sweeps away what dead owners left takes no living owner's group."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from synthgym.envs.sandboxes import cgroups

pytestmark = pytest.mark.skipif(not cgroups.usable(), reason="control groups cannot be made here")

_SWEEPING = """
import sys
from synthgym.envs.sandboxes import cgroups
print("sweeps", flush=True)
while True:
    cgroups.sweep()
"""


def test_sweepers_leave_a_group_that_is_just_being_made() -> None:
    sweepers = [subprocess.Popen([sys.executable, "-c", _SWEEPING], stdout=subprocess.PIPE) for _ in range(3)]
    try:
        for sweeper in sweepers:
            assert sweeper.stdout
            assert sweeper.stdout.readline() == b"sweeps\n"
        for _ in range(300):
            group = cgroups.Cgroup.create(memory_bytes=64 << 20, pids=8)
            assert group
            assert all(folder.is_dir() for folder in group.folders)
            group.remove()
    finally:
        for sweeper in sweepers:
            sweeper.kill()
            sweeper.communicate()


def test_what_a_dead_owner_left_is_swept() -> None:
    made = "from synthgym.envs.sandboxes.cgroups import Cgroup; g = Cgroup.create(1 << 26, 8); print(g.folders[0])"
    left = Path(subprocess.run([sys.executable, "-c", made], capture_output=True, text=True, check=True).stdout.strip())
    mine = cgroups.Cgroup.create(memory_bytes=64 << 20, pids=8)
    assert mine
    cgroups.sweep()
    assert not os.path.exists(left)
    assert mine.folders[0].is_dir()
    mine.remove()
