"""What isolates a workspace. `open_sandbox` makes one by name; each backend is a class that is registered."""

from __future__ import annotations

from synthgym.base.errors import MissingDependencyError, UnknownNameError, UserError
from synthgym.envs.sandboxes.backends import backend, backends, names
from synthgym.envs.sandboxes.base import MODULE, Limits, Sandbox, Setup
from synthgym.registry.images import why_not_installed


def resolve_sandbox(name: str, image: str = "cpu") -> str:
    """The backend that `name` stands for: itself, or for ``auto`` the best that has `image` here and isolates.

    Raises:
        UnknownNameError: No such backend.
        MissingDependencyError: ``auto``, and no isolating backend works here; says how to get one.
        UserError: It is no name at all, or the backend cannot be used.
    """
    if not isinstance(name, str):
        raise UserError(f"sandbox: expected one of {', '.join(_shapes())}, got {name!r} ({type(name).__name__})")
    if name == "auto":
        return choose(image)[0]
    first, colon, argument = name.partition(":")
    if first not in names():
        raise UnknownNameError("sandbox", name, _shapes())
    kind = backend(first)
    if (colon and kind.argument is None) or (kind.needs_argument and not argument):
        raise UnknownNameError("sandbox", name, _shapes())
    return f"{first}:{kind.check_argument(argument)}" if argument else name


def _shapes() -> list[str]:
    found, broken = backends()
    shapes = [f"{kind.name}:{kind.argument}" if kind.needs_argument else kind.name for kind in found.values()]
    return [*shapes, *broken, "auto"]


def backend_of(name: str) -> type[Sandbox]:
    """The class of sandboxes that a resolved name stands for."""
    return backend(name.partition(":")[0])


def brings_image(name: object) -> bool:
    """Whether what is installed in the sandboxes that `name` stands for is their own affair, and not a challenge's."""
    first, _, argument = str(name).partition(":")
    return first in names() and backend(first).brings_image(argument)


def choose(image: str = "cpu") -> tuple[str, dict[str, str]]:
    """What ``auto`` takes here for an image; and of the backends that it would have taken first, why they do not do.

    Raises:
        MissingDependencyError: None works; says how to get one.
    """
    reasons: dict[str, str] = {}
    for name, kind in _isolating().items():
        reason = kind.unavailable() or kind.lacks_image(image)
        if reason is None:
            return name, reasons
        reasons[name] = reason
    for_image = "" if image == "cpu" else f" for the image {image!r}"
    said = "".join(f" {name}: {reason}." for name, reason in reasons.items())
    open_ones = [
        f"sandbox={name!r}"
        for name, kind in backends()[0].items()
        if not (kind.isolates or kind.brings_image("")) and not (kind.unavailable() or kind.lacks_image(image))
    ]
    without = " To run without any isolation, which is for code you trust only, spell it out: " + " or ".join(open_ones)
    raise MissingDependencyError(f"no sandbox{for_image} works on this machine.{said}" + (without if open_ones else ""))


def _isolating() -> dict[str, type[Sandbox]]:
    """Backends that ``auto`` may take, best first: never one that does not isolate, or that needs to be told more."""
    return {
        name: kind
        for name, kind in backends()[0].items()
        if kind.isolates and kind.auto is not None and not kind.needs_argument
    }


def has_backend(name: object) -> bool:
    """Whether the backend that `name` stands for is here, whatever images it has: then one may lack another's.

    Not where the name says which image, or which machine: what is missing then, every challenge lacks.
    """
    kinds = _isolating().values() if name == "auto" else [backends()[0].get(str(name))]
    return any(kind and not kind.brings_image("") and kind.unavailable() is None for kind in kinds)


def lacks_image(image: str) -> str | None:
    """Why this machine has no image by that name, and all ways to get one; None if it has.

    An engine is only asked where the packages installed beside synthgym do not make up the image.
    """
    not_installed = why_not_installed(image)
    kinds = list(_isolating().values()) if not_installed else []
    if not_installed is None or any(kind.lacks_image(image) is None for kind in kinds):
        return None
    return "; ".join([not_installed, *filter(None, (kind.how_to_get(image) for kind in kinds))])


def open_sandbox(name: str, setup: Setup) -> Sandbox:
    """A sandbox that is not yet started."""
    resolved = resolve_sandbox(name, setup.image)
    return backend_of(resolved)(setup, resolved.partition(":")[2])


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
