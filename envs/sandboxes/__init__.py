"""What isolates a workspace. `open_sandbox` makes one by name; each backend is a file of its own."""

from __future__ import annotations

from collections.abc import Callable

from synthgym.base.errors import MissingDependencyError, UnknownNameError
from synthgym.envs.sandboxes import bubblewrap
from synthgym.envs.sandboxes.base import Sandbox, Setup
from synthgym.envs.sandboxes.bubblewrap import BubblewrapSandbox
from synthgym.envs.sandboxes.local import LocalSandbox

BACKENDS: dict[str, Callable[[Setup], Sandbox]] = {"bubblewrap": BubblewrapSandbox, "local": LocalSandbox}
"""Backend by name."""


def resolve_sandbox(name: str) -> str:
    """The backend that `name` stands for: itself, or for ``auto`` the best that works here, never ``local``.

    Raises:
        UnknownNameError: No such backend.
        MissingDependencyError: ``auto``, and no isolating backend works here; says how to get one.
    """
    if name == "auto":
        reason = bubblewrap.unavailable()
        if reason is None:
            return "bubblewrap"
        raise MissingDependencyError(
            f"no sandbox works on this machine: {reason}. To run without any isolation, which is for code you trust "
            "only, spell it out: sandbox='local'"
        )
    if name not in BACKENDS:
        raise UnknownNameError("sandbox", name, [*BACKENDS, "auto"])
    return name


def open_sandbox(name: str, setup: Setup) -> Sandbox:
    """A sandbox that is not yet started."""
    return BACKENDS[resolve_sandbox(name)](setup)
