"""What isolates a workspace. `open_sandbox` makes one by name; each backend is a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from synthgym.base.errors import MissingDependencyError, UnknownNameError
from synthgym.envs.sandboxes import bubblewrap, engine
from synthgym.envs.sandboxes.base import Sandbox, Setup


def _docker(setup: Setup, image: str) -> Sandbox:
    from synthgym.envs.sandboxes.docker import DockerSandbox

    return DockerSandbox(replace(setup, image=image) if image else setup)


def _swerex(setup: Setup, config: str) -> Sandbox:
    from synthgym.envs.sandboxes.swerex import SwerexSandbox

    return SwerexSandbox(setup, Path(config))


def _bubblewrap(setup: Setup, _: str) -> Sandbox:
    return bubblewrap.BubblewrapSandbox(setup)


def _local(setup: Setup, _: str) -> Sandbox:
    from synthgym.envs.sandboxes.local import LocalSandbox

    return LocalSandbox(setup)


BACKENDS: dict[str, Callable[[Setup, str], Sandbox]] = {
    "docker": _docker,
    "bubblewrap": _bubblewrap,
    "swerex": _swerex,
    "local": _local,
}
"""Backend by name, made of a setup and of what follows the name after a colon."""

WITH_ARGUMENT = {"docker": "IMAGE", "swerex": "CONFIG.yaml"}
"""Backends whose name may go on after a colon, and with what; swerex's has to."""


def resolve_sandbox(name: str) -> str:
    """The backend that `name` stands for: itself, or for ``auto`` the best that works here, never ``local``.

    Raises:
        UnknownNameError: No such backend.
        MissingDependencyError: ``auto``, and no isolating backend works here; says how to get one.
    """
    if name == "auto":
        return choose()[0]
    backend, colon, argument = name.partition(":")
    shapes = [f"{each}:{WITH_ARGUMENT[each]}" if each == "swerex" else each for each in BACKENDS]
    if backend not in BACKENDS or (colon and backend not in WITH_ARGUMENT) or (backend == "swerex" and not argument):
        raise UnknownNameError("sandbox", name, [*shapes, "auto"])
    if backend == "swerex":  # from here on, wherever a process may work
        return f"swerex:{Path(argument).absolute()}"
    return name


def choose() -> tuple[str, str]:
    """What ``auto`` takes here, and why.

    Docker where an engine answers and has the image; else bubblewrap.

    Raises:
        MissingDependencyError: Neither works; says how to get one.
    """
    no_engine = engine.unavailable()
    if no_engine is None:
        from synthgym.envs.sandboxes import images

        if images.present("cpu"):
            return "docker", "an engine answers, and has the image"
        no_engine = "the engine has no image for workspaces yet; build it with: synthgym images build"
    no_bubblewrap = bubblewrap.unavailable()
    if no_bubblewrap is None:
        return "bubblewrap", no_engine
    raise MissingDependencyError(
        f"no sandbox works on this machine. docker: {no_engine}. bubblewrap: {no_bubblewrap}. To run without any "
        "isolation, which is for code you trust only, spell it out: sandbox='local'"
    )


def open_sandbox(name: str, setup: Setup) -> Sandbox:
    """A sandbox that is not yet started."""
    backend, _, argument = resolve_sandbox(name).partition(":")
    return BACKENDS[backend](setup, argument)
