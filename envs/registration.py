"""Makes known challenges known to Gymnasium, and finds their collections when they are made.

A spec is pickled, written as JSON, sent to other processes and machines: it names the collection and holds no path.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import gymnasium as gym

from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.base.messages import warn
from synthgym.base.text import clipped
from synthgym.registry.challenge import Challenge
from synthgym.registry.collections.index import Believed, CollectionIndex, IndexEntry
from synthgym.registry.collections.known import COLLECTIONS_VARIABLE, known_collections

_ENTRY_POINT = "synthgym.envs.env:ChallengeEnv"
_MLGYM_ENTRY_POINT = "synthgym.envs.mlgym.env:MLGymEnv"
_VECTOR_ENTRY_POINT = "synthgym.envs.vector.vector:challenge_vector"
_MLGYM_VECTOR_ENTRY_POINT = "synthgym.envs.mlgym.vector:mlgym_vector"

_homes: dict[tuple[str, str, str | None], tuple[CollectionIndex, str]] = {}
"""Namespace, challenge and content, as specs name them → the collection, as it was when it was registered, and as what.
"""
_first: dict[str, tuple[CollectionIndex, IndexEntry]] = {}
"""Environment's id → who registered it first, and keeps it."""


_SHOWN = 3
"""Challenges of a collection that a warning tells each of; of more, how many."""


def register_all(believe: Believed = "index") -> None:
    """Registers every challenge of every known collection, by default from their indexes: no spec is read.

    One whose id is taken is left out with a warning, and so is whatever else is wrong with one: an import must not fail
    over it. The rest of its collection is registered.
    """
    for index in known_collections(believe):
        left_out: list[str] = []
        try:
            register_collection(index, left_out)
        except Exception as error:
            left_out.append(f"{index.path}: {clipped(f'{type(error).__name__}: {error}', 1000)}")
        for what in left_out[:_SHOWN]:
            warn(f"left out: {what}", stacklevel=2)
        if len(left_out) > _SHOWN:
            warn(f"left out: {len(left_out) - _SHOWN} more challenges of {index.path}", stacklevel=2)


def register_collection(index: CollectionIndex, left_out: list[str] | None = None) -> list[str]:
    """Registers a collection's challenges; those registered from it before are replaced.

    A challenge that another collection has registered already, by a spec of the same bytes, stays with that one: what a
    collection says of itself, its content hash included, takes nobody's place. Only a task of a checkout of MLGym's
    takes the place of whatever else has its id.

    Args:
        index: The collection.
        left_out: Where given, a challenge whose id is taken is left out, and told here. Without it, it is an error, and
            nothing is registered.

    Returns:
        The environments' ids, ``<namespace>/<challenge-id>-v<version>``.

    Raises:
        UserError: An id is taken by a challenge that another collection has described otherwise: whoever asks for it
            would get something else than before, or the same on another scale.
    """
    entries = []
    for entry in index.entries:
        try:
            _require_free(index, entry)
        except UserError as error:
            if left_out is None:
                raise
            left_out.append(str(error))
            continue
        entries.append(entry)
    ids = []
    for entry in entries:
        name = f"{index.namespace}/{entry.id}-v{entry.version}"
        other, _ = _first.setdefault(name, (index, entry))
        if other.path == index.path:
            _first[name] = (index, entry)
            _register(name, index, entry)
        ids.append(name)
    registered = {entry.id: entry for entry in entries}
    for alias, name in index.aliases.items():
        if name in registered:
            _register(f"{index.namespace}/{alias}-v{registered[name].version}", index, registered[name])
    return ids


def _require_free(index: CollectionIndex, entry: IndexEntry) -> None:
    """Raises `UserError` where a challenge's id is another's; lets go of one whose challenge is gone."""
    name = f"{index.namespace}/{entry.id}-v{entry.version}"
    if name not in gym.registry or _is_gone(name):
        _first.pop(name, None)
        home, known_as = _homes.get((index.namespace, entry.id, entry.content_hash or None), (index, name))
        if home.path != index.path and known_as in gym.registry and not _is_gone(known_as) and not index.mlgym:
            _refuse(index, name, home.path, f"as {known_as}, which is another version of the same content")
        return
    if name not in _first:
        _refuse(index, name, gym.registry[name].entry_point, "as something else")
    other, known = _first[name]
    if other.path == index.path or known.spec_hash == entry.spec_hash:
        return
    if index.mlgym and not other.mlgym:
        _first.pop(name)
        return
    same = known.content_hash and known.content_hash == entry.content_hash
    _refuse(index, name, other.path, "on another scale or by another title" if same else "with other content")


def _is_gone(name: str) -> bool:
    """Whether the challenge that has this id is not on disk any more."""
    return name in _first and not (_first[name][0].path / _first[name][1].id).is_dir()


def _refuse(index: CollectionIndex, name: str, other: object, how: str) -> NoReturn:
    raise UserError(
        f"{index.path}: {name} is known already, from {other}, {how}; give one of the two another namespace in its "
        "collection.yaml"
    )


def find_collection(
    collection: str | Path, challenge: str, content_hash: str | None = None
) -> tuple[Path, Path | None]:
    """Where a collection is: a folder's path is taken as it is, and a bare name is the namespace of a known collection.

    Args:
        collection: ``toys``; or ``./toys``, ``/data/toys``, ``Path("toys")``.
        challenge: The challenge that is looked for: several collections may share a namespace.
        content_hash: Its content, where that is known.

    Returns:
        The collection's folder; and, of a checkout of MLGym's, the file of what counts in its tasks, if there is one.

    Raises:
        UserError: No collection of that name is known in this process. Not its `UnknownNameError`, which does not
            survive the way back from a worker process, where this is met.
        UnknownNameError: It has no such challenge.
    """
    name = str(collection)
    if isinstance(collection, Path) or os.sep in name or name in (os.curdir, os.pardir):
        return Path(collection), None
    for again in (False, True):
        if again:  # `SYNTHGYM_COLLECTIONS` may have been set since
            register_all()
        found = _homes.get((name, challenge, content_hash)) or _another(name, challenge)
        if found is not None:
            return found[0].path, found[0].table
    if any(namespace == name for namespace, _, _ in _homes):
        raise UnknownNameError("challenge", challenge, _challenges(name), f"(collection {name!r})")
    unknown = UnknownNameError("collection", name, {namespace for namespace, _, _ in _homes})
    here = f"; if the folder {name!r} is meant, write {f'./{name}'!r}" if Path(name).is_dir() else ""
    raise UserError(
        f"{unknown} (wanted for its challenge {challenge!r}). Have it known in this process too: name its folder in "
        f"the environment variable {COLLECTIONS_VARIABLE}, or call synthgym.register(folder){here}"
    )


def require_version(name: str, challenge: Challenge) -> None:
    """That an environment's id states the version of the challenge that it was made of.

    Raises:
        SpecError: It does not: the collection's index said otherwise than the spec.
    """
    base, _, version = name.rpartition("-v")
    if base.rpartition("/")[2] == challenge.id and version.isdecimal() and int(version) != challenge.version:
        raise SpecError(
            f"{name}: expected version {version}, as the collection's index.json states, but the spec is of version "
            f"{challenge.version}; have what the specs say registered with: synthgym.register(folder)"
        )


def _another(namespace: str, challenge: str) -> tuple[CollectionIndex, str] | None:
    """A collection that has the challenge with other content: what the environment then says is of use."""
    found = [home for (space, name, _), home in _homes.items() if (space, name) == (namespace, challenge)]
    return found[0] if found else None


def _challenges(namespace: str) -> set[str]:
    return {name for space, name, _ in _homes if space == namespace}


def _register(name: str, index: CollectionIndex, entry: IndexEntry) -> None:
    content = entry.content_hash or None
    _homes[index.namespace, entry.id, content] = (index, name)
    # Not `gym.register`: it parses and checks each id against all others, which takes seconds for 10,000.
    gym.registry[name] = gym.envs.registration.EnvSpec(
        id=name,
        entry_point=_MLGYM_ENTRY_POINT if index.mlgym else _ENTRY_POINT,
        vector_entry_point=_MLGYM_VECTOR_ENTRY_POINT if index.mlgym else _VECTOR_ENTRY_POINT,
        nondeterministic=True,  # `info` tells elapsed times
        # Gymnasium's checker raises from the first steps after a first reset that failed; `check_env` checks the same.
        disable_env_checker=True,
        kwargs={"collection": index.namespace, "challenge": entry.id, "content_hash": content},
    )
