"""Makes known challenges known to Gymnasium, and finds their collections when they are made.

A spec is pickled, written as JSON, sent to other processes and machines: it names the collection and holds no path.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import gymnasium as gym

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.messages import warn
from synthgym.registry.index import COLLECTIONS_VARIABLE, CollectionIndex, IndexEntry, known_collections

_ENTRY_POINT = "synthgym.envs.env:ChallengeEnv"
_MLGYM_ENTRY_POINT = "synthgym.envs.mlgym.env:MLGymEnv"
_VECTOR_ENTRY_POINT = "synthgym.envs.vector:challenge_vector"
_MLGYM_VECTOR_ENTRY_POINT = "synthgym.envs.mlgym.vector:mlgym_vector"

_homes: dict[tuple[str, str, str | None], CollectionIndex] = {}
"""Namespace, challenge and content, as specs name them → the collection, as it was when it was registered."""
_first: dict[str, tuple[CollectionIndex, IndexEntry]] = {}
"""Environment's id → who registered it first, and keeps it."""


def register_all() -> None:
    """Registers every challenge of every known collection, from their indexes: no spec is read."""
    for index in known_collections():
        try:
            register_collection(index)
        except UserError as error:  # an import must not fail over it
            warn(f"left out: {error}", stacklevel=2)


def register_collection(index: CollectionIndex) -> list[str]:
    """Registers a collection's challenges; those registered from it before are replaced.

    A challenge that another collection has registered already, by a spec of the same bytes, stays with that one: what a
    collection says of itself, its content hash included, takes nobody's place.

    Returns:
        The environments' ids, ``<namespace>/<challenge-id>-v<version>``.

    Raises:
        UserError: An id is taken by a challenge that another collection has described otherwise: whoever asks for it
            would get something else than before, or the same on another scale.
    """
    for entry in index.entries:
        name = f"{index.namespace}/{entry.id}-v{entry.version}"
        if name not in gym.registry or _is_gone(name):
            _first.pop(name, None)
            continue
        if name not in _first:
            _refuse(index, name, gym.registry[name].entry_point, "as something else")
        other, known = _first[name]
        if other.path == index.path or known.spec_hash == entry.spec_hash:
            continue
        same = known.content_hash and known.content_hash == entry.content_hash
        _refuse(index, name, other.path, "on another scale or by another title" if same else "with other content")
    ids = []
    for entry in index.entries:
        name = f"{index.namespace}/{entry.id}-v{entry.version}"
        other, _ = _first.setdefault(name, (index, entry))
        if other.path == index.path:
            _first[name] = (index, entry)
            _register(name, index, entry)
        ids.append(name)
    entries = {entry.id: entry for entry in index.entries}
    for alias, name in index.aliases.items():
        _register(f"{index.namespace}/{alias}-v{entries[name].version}", index, entries[name])
    return ids


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
        index = _homes.get((name, challenge, content_hash)) or _another(name, challenge)
        if index is not None:
            return index.path, index.table
    if any(namespace == name for namespace, _, _ in _homes):
        raise UnknownNameError("challenge", challenge, _challenges(name), f"(collection {name!r})")
    unknown = UnknownNameError("collection", name, {namespace for namespace, _, _ in _homes})
    here = f"; if the folder {name!r} is meant, write {f'./{name}'!r}" if Path(name).is_dir() else ""
    raise UserError(
        f"{unknown} (wanted for its challenge {challenge!r}). Have it known in this process too: name its folder in "
        f"the environment variable {COLLECTIONS_VARIABLE}, or call synthgym.register(folder){here}"
    )


def _another(namespace: str, challenge: str) -> CollectionIndex | None:
    """A collection that has the challenge with other content: what the environment then says is of use."""
    found = [index for (space, name, _), index in _homes.items() if (space, name) == (namespace, challenge)]
    return found[-1] if found else None


def _challenges(namespace: str) -> set[str]:
    return {name for space, name, _ in _homes if space == namespace}


def _register(name: str, index: CollectionIndex, entry: IndexEntry) -> None:
    content = entry.content_hash or None
    _homes[index.namespace, entry.id, content] = index
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
