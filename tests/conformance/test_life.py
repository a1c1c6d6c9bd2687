"""Starting, ending, files, the channel, and death."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from conformance_parts import PARTS, attempts, make
from env_fixtures import AGENT, LIMITS

from synthgym.base.errors import BadSubmission, SandboxError
from synthgym.envs.conformance import files
from synthgym.envs.conformance.checks import Attempt
from synthgym.envs.conformance.running import FILES
from synthgym.envs.mlgym.player import lay_over
from synthgym.envs.sandboxes.base import Sandbox


@pytest.mark.sample(13)
@attempts("life")
def test_life(backend: str, attempt: Attempt, sandbox_name: Callable[[str], str]) -> None:
    make(attempt, backend, sandbox_name)


def test_every_check_that_is_shipped_is_a_test() -> None:
    assert sorted(file.__name__ for part in PARTS.values() for file in part) == sorted(file.__name__ for file in FILES)
    assert {path.name for path in Path(__file__).parent.glob("test_*.py")} == {f"test_{part}.py" for part in PARTS}


@pytest.mark.parametrize(("make", "path"), files.a_path_in_whose_way_something_stands.cases)
def test_a_submission_in_whose_way_something_stands(box: Sandbox, make: str, path: str) -> None:
    """A file that was handed in may be called so on purpose: that costs its submission, and not the sandbox."""
    box.run(make, LIMITS)
    with pytest.raises(BadSubmission, match="cannot be laid over the starter's files"):
        lay_over(box, path, b"1")
    assert box.run("echo alive", LIMITS).text == "alive\n"


def test_files_too_big_for_the_workspace(open_box: Callable[..., Sandbox], shown_folder: Path) -> None:
    (shown_folder / "big").write_bytes(b"x" * ((AGENT.disk_mb + 1) << 20))
    with pytest.raises(SandboxError, match="do not fit"):
        open_box("bubblewrap", files=shown_folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's sandboxes run as another user")
def test_a_closed_folder_is_said_before_anything_starts(open_box: Callable[..., Sandbox], shown_folder: Path) -> None:
    shown_folder.chmod(0o700)
    with pytest.raises(SandboxError, match="closed to other users"):
        open_box("bubblewrap", mounts={"/opt/source": shown_folder})
