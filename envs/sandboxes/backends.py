"""Which backends there are: entry points of one group, ours and strangers' alike, imported when they are asked."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import metadata

from synthgym.base.errors import MissingDependencyError, UserError
from synthgym.base.plugins import plugins
from synthgym.envs.sandboxes.base import Sandbox

GROUP = "synthgym.sandboxes"
"""Entry points of this group give a backend's name and its class, a `Sandbox`."""

_OWN = "synthgym"


def names() -> list[str]:
    """The names of all backends that are registered. None is imported.

    Raises:
        MissingDependencyError: Not even ours are: what is installed is older than the code that runs.
    """
    return sorted(_points())


@cache
def backend(name: str) -> type[Sandbox]:
    """The class of a backend that is registered.

    Raises:
        UserError: It cannot be used: its module fails, it is no class of sandboxes, or two packages claim its name.
    """
    points = _points()[name]
    if len(points) > 1:
        packages = " and ".join(sorted(_package(point) for point in points))
        raise UserError(f"sandbox {name!r}: {packages} each register one; uninstall all but one of them")
    (point,) = points
    where = f"sandbox {name!r}: {point.value} of {_package(point)}"
    try:
        found = point.load()
    except Exception as error:  # a stranger's module, imported
        raise UserError(f"{where} cannot be imported: {type(error).__name__}: {error}") from error
    if not (inspect.isclass(found) and issubclass(found, Sandbox)):
        raise UserError(f"{where}: expected a class made of synthgym.envs.sandboxes.base.Sandbox, got {found!r:.200}")
    if absent := sorted(found.__abstractmethods__):
        raise UserError(f"{where}: its methods {', '.join(absent)} are missing")
    if getattr(found, "name", None) != name:
        raise UserError(f"{where}: expected a class that says name = {name!r}, got {getattr(found, 'name', None)!r}")
    return found


@cache
def backends() -> tuple[dict[str, type[Sandbox]], dict[str, str]]:
    """All backends, those that ``auto`` asks first and in their order; and of those that cannot be used, why."""
    found, broken = {}, {}
    for name in names():
        try:
            found[name] = backend(name)
        except UserError as error:
            broken[name] = str(error)
    order = sorted(found.values(), key=lambda each: (each.auto is None, each.auto or 0, each.name))
    return {each.name: each for each in order}, broken


@cache
def _points() -> dict[str, list[metadata.EntryPoint]]:
    found: dict[str, list[metadata.EntryPoint]] = {}
    for point in plugins(GROUP):
        found.setdefault(point.name, []).append(point)
    if not any(_package(point) == _OWN for points in found.values() for point in points):
        raise MissingDependencyError(
            "what is installed of synthgym is older than its code, and names no sandboxes; install it again: in a "
            "checkout by scripts/install, else by pip install --force-reinstall synthgym"
        )
    return found


def _package(point: metadata.EntryPoint) -> str:
    return point.dist.name if point.dist else "a package without a name"
