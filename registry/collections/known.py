"""The collections that are known: to this process, and to those that it starts.

Known are the shipped collection, those in the environment variable ``SYNTHGYM_COLLECTIONS``, those that installed
packages announce under the entry-point group ``synthgym.collections`` (a path, a module, or a function that returns a
path), and those given to `add_collection` in this process, or in the one that started it. So are the challenges of
suites that installed packages can read (`synthgym.registry.collections.sources`), in the checkouts that
``SYNTHGYM_<SUITE>_ROOT`` names, or that were given to `add_checkout`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from synthgym.base.errors import SpecError, UnknownNameError
from synthgym.base.json_reading import parse_object
from synthgym.base.messages import warn
from synthgym.base.plugins import plugin_names, plugins
from synthgym.base.text import clipped, one_line
from synthgym.registry.collections.entries import CollectionIndex
from synthgym.registry.collections.index import SHIPPED, Believed, read_index
from synthgym.registry.collections.pack import is_pack
from synthgym.registry.collections.sources import SOURCES, place_variable, read_source
from synthgym.registry.names import SPEC_FILE

COLLECTIONS_VARIABLE = "SYNTHGYM_COLLECTIONS"
ENTRY_POINT_GROUP = "synthgym.collections"
ADDED_VARIABLE = "SYNTHGYM_ADDED"
"""What was added in this process, as JSON, for those that it starts. Nobody else need set it."""


class _Checkout(NamedTuple):
    """A place that a source reads."""

    source: str
    path: Path


def _inherited() -> tuple[list[Path], dict[_Checkout, Mapping[str, str]]]:
    """What the process that started this one had added, where it is still there."""
    try:
        said = parse_object(os.environ.get(ADDED_VARIABLE) or "{}")
        collections = [Path(path) for path in said.get("collections", [])]
        checkouts = {
            _Checkout(source, Path(path)): dict(options) for source, path, options in said.get("checkouts", [])
        }
    except (AttributeError, TypeError, ValueError):
        return [], {}
    return [path for path in collections if path.exists()], {c: o for c, o in checkouts.items() if c.path.is_dir()}


_added, _added_checkouts = _inherited()


def _pass_on() -> None:
    os.environ[ADDED_VARIABLE] = json.dumps(
        {
            "collections": [str(path) for path in _added],
            "checkouts": [(each.source, str(each.path), {**given}) for each, given in _added_checkouts.items()],
        }
    )


def add_checkout(source: str, path: Path | str, **options: str) -> CollectionIndex:
    """Makes a suite's challenges known in this process, and in those that it starts from now on.

    Args:
        source: The suite, by the name of its source.
        path: A checkout of the suite, or whatever its source reads.
        options: For the source.

    Raises:
        UnknownNameError: No installed package has such a source.
        SpecError: There is no such suite there, or an option is wrong.
    """
    index = read_source(source, Path(path), options)
    _added_checkouts[_Checkout(source, index.path)] = index.options
    _pass_on()
    return index


def add_collection(path: Path | str) -> CollectionIndex:
    """Makes a collection known in this process, and in those that it starts from now on.

    Args:
        path: A folder, a pack, or ``hf://user/name@revision`` on the Hub.

    Raises:
        SpecError: It is no collection, or a spec in it is wrong, or a file that each challenge has is missing.
        HubRefused: The Hub does not give it.
        HubError: The Hub failed.
    """
    if isinstance(path, str) and path.startswith("hf://"):
        from synthgym.registry.hub.collections import resolve

        path = resolve(path)
    index = read_index(Path(path))
    problems = [*index.problems, *_incomplete(index)]
    if problems:
        raise SpecError("\n".join(problems))
    if index.path not in _added:
        _added.append(index.path)
        _pass_on()
    return index


def drop_collection(index: CollectionIndex) -> None:
    """Takes back `add_collection`."""
    if index.path in _added:
        _added.remove(index.path)
        _pass_on()


def _incomplete(index: CollectionIndex) -> Iterator[str]:
    """Challenges that lack what each has. The rest of `synthgym check` comes when one is made: it takes longer."""
    from synthgym.registry.metrics import get_metric
    from synthgym.registry.spec_check import missing_files

    for entry in index.entries:
        folder = index.path / entry.id
        if entry.kind == "file":
            try:
                get_metric(entry.metric)
            except UnknownNameError as error:
                yield f"{folder / SPEC_FILE}: field 'metric.name': {error}"
        if is_pack(index.path):
            continue
        if folder.is_symlink():
            yield one_line(f"{folder}: a link, to {os.readlink(folder)}")
        for path, what in missing_files(folder, entry.kind):
            yield f"{path}: {what}"


def known_collections(believe: Believed = "cache") -> list[CollectionIndex]:
    """The indexes of all known collections, the shipped one first; `believe` is as for `read_index`.

    One that is broken is left out with a warning that names the file: somebody's half-finished collection must not stop
    everything else.
    """
    found: dict[Path, CollectionIndex] = {}
    for origin, value in _sources():
        try:
            path = value.path.expanduser().absolute() if isinstance(value, _Checkout) else _located(value)
            if path.resolve() in found:
                continue
            if isinstance(value, _Checkout):
                place = value._replace(path=path)
                index = read_source(*place, _added_checkouts.get(place, {}))
            else:
                index = read_index(path, believe)
        except (Exception, SystemExit) as error:  # a stranger's program
            warn(f"{origin}: collection left out: {clipped(str(error), 1000)}", stacklevel=2)
            continue
        found[path.resolve()] = index
        for problem in index.problems:
            warn(f"{origin}: challenge left out: {problem}", stacklevel=2)
    return list(found.values())


def _sources() -> Iterator[tuple[str, object]]:
    """Who names a collection, and what they name it by."""
    if SHIPPED.is_file():
        yield "the shipped collection", SHIPPED
    # Before what strangers made: of two with one name, the first keeps it.
    for name in plugin_names(SOURCES):
        if checkout := os.environ.get(place_variable(name)):
            yield place_variable(name), _Checkout(name, Path(checkout))
    for added in _added_checkouts:
        yield "add_checkout", added
    for name in os.environ.get(COLLECTIONS_VARIABLE, "").split(os.pathsep):
        if name:
            yield COLLECTIONS_VARIABLE, name
    for point in plugins(ENTRY_POINT_GROUP):
        yield f"entry point {point.name!r}", point
    for path in _added:
        yield "add_collection", path


def _located(value: object) -> Path:
    if isinstance(value, EntryPoint):
        value = value.load()
    if isinstance(value, ModuleType):
        value = next(iter(value.__path__))
    elif callable(value):
        value = value()
    if not isinstance(value, str | os.PathLike):
        raise SpecError(f"expected a path, a package, or a function that returns a path; got {value!r}")
    return Path(value).expanduser().absolute()
