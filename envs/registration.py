"""Makes known challenges known to Gymnasium, and finds their collections when they are made.

A spec is pickled, written as JSON, sent to other processes and machines: it names the collection and holds no path.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import gymnasium as gym

from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.base.messages import warn
from synthgym.base.text import clipped
from synthgym.registry.collections.entries import CollectionIndex, IndexEntry
from synthgym.registry.collections.index import Believed
from synthgym.registry.collections.known import COLLECTIONS_VARIABLE, known_collections
from synthgym.registry.collections.pack import is_pack

if TYPE_CHECKING:
    from synthgym.registry.challenge import Challenge

_ENTRY_POINT = "synthgym.envs.env:ChallengeEnv"
_VECTOR_ENTRY_POINT = "synthgym.envs.vector.vector:challenge_vector"


@dataclass
class _Owner:
    """Whose a challenge's id is, in all its versions.

    Attributes:
        index: The collection that registered it first, as it was when that registered it last.
        names: Ids of environments that it registered for it, the newest last, and of what.
    """

    index: CollectionIndex
    names: dict[str, IndexEntry] = field(default_factory=dict)

    def known(self) -> list[str]:
        """Those of its environments that are still registered."""
        return [name for name in self.names if name in gym.registry]

    def is_of(self, index: CollectionIndex) -> bool:
        """Whether it is that collection, in whatever way its folder was named."""
        return self.index.path == index.path or self.index.path.resolve() == index.path.resolve()

    def is_here(self, challenge: str) -> bool:
        """Whether what it registered is still on disk; a suite's checkout has no folder for each of its tasks."""
        path = self.index.path
        return (path if self.index.source or is_pack(path) else path / challenge).exists()


_owners: dict[tuple[str, str], _Owner] = {}
"""Namespace and challenge, as specs name them → whose they are.

What a stranger's collection says of itself, content hash and version included, must not lead to it: where no version is
asked for, `gymnasium.make` takes the highest.
"""


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

    A challenge's id belongs, in every version, to the collection that registered it first: what another one says of
    itself, its version and its content hash included, takes nobody's place. One by a spec of the same bytes is welcome,
    and stays with who was first. Only a task of a suite's checkout takes the place of whatever else has its id.

    Args:
        index: The collection.
        left_out: Where given, a challenge whose id is taken is left out, and told here. Without it, it is an error, and
            nothing is registered.

    Returns:
        The environments' ids, ``<namespace>/<challenge-id>-v<version>``.

    Raises:
        UserError: An id is taken by a challenge that another collection has described otherwise, or in another
            version: whoever asks for it would get something else than before, or the same on another scale.
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
        if _claim(index, entry.id):
            _register(name, index, entry.id, entry)
        ids.append(name)
    registered = {entry.id: entry for entry in entries}
    for alias, challenge in index.aliases.items():
        if challenge in registered and _claim(index, alias):
            entry = registered[challenge]
            _register(f"{index.namespace}/{alias}-v{entry.version}", index, alias, entry)
    return ids


def _require_free(index: CollectionIndex, entry: IndexEntry) -> None:
    """Raises `UserError` where a challenge's id is another's."""
    name = f"{index.namespace}/{entry.id}-v{entry.version}"
    owner = _owners.get((index.namespace, entry.id))
    if name in gym.registry and (owner is None or name not in owner.names):
        _refuse(index, name, gym.registry[name].entry_point, "as something else")
    if owner is None or not _is_held(owner, entry.id, index):
        return
    if name not in gym.registry:
        _refuse(index, name, owner.index.path, f"as {owner.known()[-1]}, which is another version of it")
    known = owner.names[name]
    if known.spec_hash != entry.spec_hash:
        same = known.content_hash and known.content_hash == entry.content_hash
        how = "on another scale or by another title" if same else "with other content"
        _refuse(index, name, owner.index.path, how)


def _is_held(owner: _Owner, challenge: str, index: CollectionIndex) -> bool:
    """Whether a collection's challenge is another's: it is let go once it is gone, or its environments are."""
    return not index.source and not owner.is_of(index) and bool(owner.known()) and owner.is_here(challenge)


def _claim(index: CollectionIndex, challenge: str) -> bool:
    """Makes an id a collection's own, unless it is another's; what others registered for it is forgotten."""
    owner = _owners.get((index.namespace, challenge))
    if owner is not None and _is_held(owner, challenge, index):
        return False
    if owner is not None and owner.is_of(index):
        owner.index = index
        return True
    for name in owner.known() if owner else ():
        del gym.registry[name]
    _owners[index.namespace, challenge] = _Owner(index)
    return True


def _refuse(index: CollectionIndex, name: str, other: object, how: str) -> NoReturn:
    raise UserError(
        f"{index.path}: {name} is known already, from {other}, {how}; give one of the two another namespace in its "
        "collection.yaml"
    )


def find_collection(collection: str | Path, challenge: str) -> tuple[Path, CollectionIndex | None]:
    """Where a collection is: a folder's path is taken as it is, and a bare name is the namespace of a known collection.

    Args:
        collection: ``toys``; or ``./toys``, ``/data/toys``, ``Path("toys")``.
        challenge: The challenge that is looked for: several collections may share a namespace.

    Returns:
        The collection's folder or pack; and its index, where it is a known collection's.

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
        if owner := _owners.get((name, challenge)):
            return owner.index.path, owner.index
    if challenges := {known for namespace, known in _owners if namespace == name}:
        raise UnknownNameError("challenge", challenge, challenges, f"(collection {name!r})")
    unknown = UnknownNameError("collection", name, {namespace for namespace, _ in _owners})
    here = f"; if the folder {name!r} is meant, write {f'./{name}'!r}" if Path(name).is_dir() else ""
    raise UserError(
        f"{unknown} (wanted for its challenge {challenge!r}). Have it known in this process too: name its folder in "
        f"the environment variable {COLLECTIONS_VARIABLE}, or call synthgym.register(folder){here}"
    )


def source_of(name: str) -> str:
    """Which suite a registered environment's challenge comes from; empty where it lies in a collection's folder."""
    namespace, _, challenge = name.rpartition("/")
    owner = _owners.get((namespace, re.sub(r"-v\d+$", "", challenge)))
    return owner.index.source if owner else ""


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


def _register(name: str, index: CollectionIndex, known_as: str, entry: IndexEntry) -> None:
    names = _owners[index.namespace, known_as].names
    names.pop(name, None)
    names[name] = entry
    # Not `gym.register`: it parses and checks each id against all others, which takes seconds for 10,000.
    gym.registry[name] = gym.envs.registration.EnvSpec(
        id=name,
        entry_point=_ENTRY_POINT,
        vector_entry_point=_VECTOR_ENTRY_POINT,
        nondeterministic=True,  # `info` tells elapsed times
        # Gymnasium's checker raises from the first steps after a first reset that failed; `check_env` checks the same.
        disable_env_checker=True,
        kwargs={"collection": index.namespace, "challenge": entry.id, "content_hash": entry.content_hash or None},
    )
