"""What isolates a workspace. `open_sandbox` makes one by name; each backend is a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from synthgym.base.errors import MissingDependencyError, UnknownNameError, UserError
from synthgym.envs.sandboxes.base import MODULE, Limits, Sandbox, Setup
from synthgym.envs.sandboxes.bubblewrap import sandbox as bubblewrap
from synthgym.envs.sandboxes.docker import engine
from synthgym.registry.images import how_to_get, is_reference, why_not_installed


def _docker(setup: Setup, image: str) -> Sandbox:
    from synthgym.envs.sandboxes.docker.sandbox import DockerSandbox

    return DockerSandbox(replace(setup, image=image) if image else setup)


def _swerex(setup: Setup, config: str) -> Sandbox:
    from synthgym.envs.sandboxes.swerex.sandbox import SwerexSandbox

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


def resolve_sandbox(name: str, image: str = "cpu") -> str:
    """The backend that `name` stands for: itself, or for ``auto`` the best that has `image` here, never ``local``.

    Raises:
        UnknownNameError: No such backend.
        MissingDependencyError: ``auto``, and no isolating backend works here; says how to get one.
        UserError: It is no name at all.
    """
    shapes = [f"{each}:{WITH_ARGUMENT[each]}" if each == "swerex" else each for each in BACKENDS]
    if not isinstance(name, str):
        raise UserError(
            f"sandbox: expected one of {', '.join([*shapes, 'auto'])}, got {name!r} ({type(name).__name__})"
        )
    if name == "auto":
        return choose(image)[0]
    backend, colon, argument = name.partition(":")
    if backend not in BACKENDS or (colon and backend not in WITH_ARGUMENT) or (backend == "swerex" and not argument):
        raise UnknownNameError("sandbox", name, [*shapes, "auto"])
    if backend == "docker" and argument and not is_reference(argument):
        raise UserError(f"sandbox: expected docker:IMAGE with the name of an image, got {name!r:.200}")
    if backend == "swerex":  # from here on, wherever a process may work
        return f"swerex:{Path(argument).absolute()}"
    return name


def choose(image: str = "cpu") -> tuple[str, str]:
    """What ``auto`` takes here for an image, and why.

    Docker where an engine answers and has the image; else bubblewrap, where its packages are installed.

    Raises:
        MissingDependencyError: Neither works; says how to get one.
    """
    no_engine = _why_not_in_engine(image)
    if no_engine is None:
        return "docker", "an engine answers, and has the image"
    not_installed = why_not_installed(image)
    no_bubblewrap = bubblewrap.unavailable() or not_installed
    if no_bubblewrap is None:
        return "bubblewrap", no_engine
    for_image = "" if image == "cpu" else f" for the image {image!r}"
    without = "To run without any isolation, which is for code you trust only, spell it out: sandbox='local'"
    raise MissingDependencyError(
        f"no sandbox{for_image} works on this machine. docker: {no_engine}. bubblewrap: {no_bubblewrap}."
        + (f" {without}" if not_installed is None else "")
    )


def has_backend(name: object) -> bool:
    """Whether the backend that `name` stands for is here, whatever images it has: then one may lack another's.

    Not where the name says which image, or which machine: what is missing then, every challenge lacks.
    """
    docker = name in ("auto", "docker") and engine.unavailable() is None
    return docker or (name in ("auto", "bubblewrap") and bubblewrap.unavailable() is None)


def lacks_image(image: str) -> str | None:
    """Why this machine has no image by that name, and both ways to get one; None if it has.

    An engine is only asked where the packages installed beside synthgym do not make up the image.
    """
    not_installed = why_not_installed(image)
    if not_installed is None or _why_not_in_engine(image) is None:
        return None
    return f"{not_installed}; for containers, get it with: {how_to_get(image)}"


def _why_not_in_engine(image: str) -> str | None:
    no_engine = engine.unavailable()
    if no_engine is None:
        from synthgym.envs.sandboxes.docker import images

        if not images.present(image):
            no_engine = f"the engine does not have the image {image!r}; get it with: {how_to_get(image)}"
    return no_engine


def open_sandbox(name: str, setup: Setup) -> Sandbox:
    """A sandbox that is not yet started."""
    backend, _, argument = resolve_sandbox(name, setup.image).partition(":")
    return BACKENDS[backend](setup, argument)


def require_working(name: str) -> None:
    """Starts an empty sandbox and runs a command in it: whether one that died died of what was done in it.

    Raises:
        SandboxError: No sandbox works here now.
        MissingDependencyError: The same.
    """
    box = open_sandbox(name, Setup(MODULE))
    try:
        box.start()
        box.run("true", Limits(cpu_seconds=10, wall_seconds=60))
    finally:
        box.close()
