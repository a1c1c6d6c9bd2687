"""Makes known challenges known to Gymnasium."""

from __future__ import annotations

import warnings

import gymnasium as gym

from synthgym.base.errors import UserError
from synthgym.registry.index import CollectionIndex, IndexEntry, known_collections

_ENTRY_POINT = "synthgym.envs.env:ChallengeEnv"
_MLGYM_ENTRY_POINT = "synthgym.envs.mlgym.env:MLGymEnv"
_VECTOR_ENTRY_POINT = "synthgym.envs.vector:ThreadVectorEnv"
_MLGYM_VECTOR_ENTRY_POINT = "synthgym.envs.mlgym.vector:MLGymVectorEnv"


def register_all() -> None:
    """Registers every challenge of every known collection, from their indexes: no spec is read."""
    for index in known_collections():
        try:
            register_collection(index)
        except UserError as error:  # an import must not fail over it
            warnings.warn(f"left out: {error}", stacklevel=2)


def register_collection(index: CollectionIndex) -> list[str]:
    """Registers a collection's challenges; those registered from it before are replaced.

    Returns:
        The environments' ids, ``<namespace>/<challenge-id>-v<version>``.

    Raises:
        UserError: An id is taken by another collection's challenge, with other content: whoever asks for it would get
            something else than before.
    """
    for entry in index.entries:
        name = f"{index.namespace}/{entry.id}-v{entry.version}"
        known = gym.registry.get(name)
        if known is not None and known.kwargs.get("collection") != str(index.path):
            other, content = known.kwargs.get("collection"), known.kwargs.get("content_hash")
            if content != (entry.content_hash or None):
                raise UserError(
                    f"{index.path}: {name} is known already, from {other}, with other content; give one of the two "
                    "another namespace in its collection.yaml"
                )
    ids = []
    for entry in index.entries:
        name = f"{index.namespace}/{entry.id}-v{entry.version}"
        _register(name, index, entry)
        ids.append(name)
    entries = {entry.id: entry for entry in index.entries}
    for alias, name in index.aliases.items():
        _register(f"{index.namespace}/{alias}-v{entries[name].version}", index, entries[name])
    return ids


def _register(name: str, index: CollectionIndex, entry: IndexEntry) -> None:
    kwargs = {
        "collection": str(index.path),
        "challenge": entry.id,
        "content_hash": entry.content_hash or None,
    }
    if index.table:
        kwargs["table"] = str(index.table)
    # Not `gym.register`: it parses and checks each id against all others, which takes seconds for 10,000.
    gym.registry[name] = gym.envs.registration.EnvSpec(
        id=name,
        entry_point=_MLGYM_ENTRY_POINT if index.mlgym else _ENTRY_POINT,
        vector_entry_point=_MLGYM_VECTOR_ENTRY_POINT if index.mlgym else _VECTOR_ENTRY_POINT,
        nondeterministic=True,  # `info` tells elapsed times
        kwargs=kwargs,
    )
