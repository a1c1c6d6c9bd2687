"""Makes known challenges known to Gymnasium."""

from __future__ import annotations

import gymnasium as gym

from synthgym.registry.index import CollectionIndex, known_collections

_ENTRY_POINT = "synthgym.envs.env:ChallengeEnv"
_VECTOR_ENTRY_POINT = "synthgym.envs.vector:ThreadVectorEnv"


def register_all() -> None:
    """Registers every challenge of every known collection, from their indexes: no spec is read."""
    for index in known_collections():
        register_collection(index)


def register_collection(index: CollectionIndex) -> list[str]:
    """Registers a collection's challenges; those registered before are replaced.

    Returns:
        The environments' ids, ``<namespace>/<challenge-id>-v<version>``.
    """
    ids = []
    for entry in index.entries:
        name = f"{index.namespace}/{entry.id}-v{entry.version}"
        spec = gym.envs.registration.EnvSpec(
            id=name,
            entry_point=_ENTRY_POINT,
            vector_entry_point=_VECTOR_ENTRY_POINT,
            nondeterministic=True,  # `info` tells elapsed times
            kwargs={
                "collection": str(index.path),
                "challenge": entry.id,
                "content_hash": entry.content_hash or None,
            },
        )
        # Not `gym.register`: it parses and checks each id against all others, which takes seconds for 10,000.
        gym.registry[name] = spec
        ids.append(name)
    return ids
