"""A challenge is blamed for the end of a sandbox only where that is its doing: real sandboxes, killed from outside."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from synthgym.base.errors import MissingDependencyError, SandboxError
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import MODULE, Limits, Setup
from synthgym.envs.sandboxes.supervised import SupervisedSandbox
from synthgym.synthesis.report import CheckFailed
from synthgym.synthesis.verification.whose_fault import retried_if_sandbox_dies


def dying(deaths: int) -> Callable[[], str]:
    """Work whose sandbox is killed the first few times."""
    times = itertools.count(1)

    def work() -> str:
        box = open_sandbox("bubblewrap", Setup(MODULE))
        try:
            box.start()
            if next(times) <= deaths:
                assert isinstance(box, SupervisedSandbox)
                assert box._link is not None
                box._link.connection.kill()
            return box.run("echo done", Limits()).text
        finally:
            box.close()

    return work


@pytest.mark.parametrize("deaths", [0, 1])
def test_once_may_be_an_accident(deaths: int) -> None:
    assert retried_if_sandbox_dies(dying(deaths), "bubblewrap") == "done\n"


def test_twice_is_the_challenge() -> None:
    with pytest.raises(CheckFailed, match="the sandbox died") as caught:
        retried_if_sandbox_dies(dying(2), "bubblewrap")
    assert caught.value.check == "sandbox"


def test_where_no_sandbox_works_nobody_is_blamed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def work() -> None:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/gone.sock")
        raise SandboxError("died with its engine")

    with pytest.raises((SandboxError, MissingDependencyError), match=r"gone\.sock does not answer"):
        retried_if_sandbox_dies(work, "docker")
