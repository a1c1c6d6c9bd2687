"""A collection: challenges under one namespace, in a folder or in a pack.

::

    <collection>/collection.yaml     namespace, title, version
    <collection>/index.json          what is in it, made from the specs; see `synthgym.registry.collections.index`
    <collection>/<challenge-id>/     a challenge; see `synthgym.registry.challenge`

Other folders and files (a ledger, trajectories) may lie beside them: a challenge is a folder with a `challenge.yaml`.
A pack is one file with all of that; see `synthgym.registry.collections.pack`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from synthgym.base.errors import OutputFolderError, UnknownNameError
from synthgym.base.files.outputs import write_whole
from synthgym.base.files.paths import build_once
from synthgym.registry.challenge import Challenge, load_challenge
from synthgym.registry.collections.index import write_index
from synthgym.registry.collections.info import (
    COLLECTION_FILE,
    CollectionInfo,
    challenge_ids,
    load_info,
    may_be_id,
    parse_info,
)
from synthgym.registry.collections.pack import is_pack, read_pack
from synthgym.registry.collections.unpack import challenge_folder
from synthgym.registry.names import SPEC_FILE


@dataclass(frozen=True)
class Collection:
    """A collection on disk.

    Attributes:
        path: Its folder or its pack, absolute.
        info: What its `collection.yaml` says.

    Example:
        >>> collection = Collection.load(Path("my_collection"))
        >>> [challenge.title for challenge in collection]
        ['Wine cultivars', 'Prices of houses']
    """

    path: Path
    info: CollectionInfo

    @classmethod
    def load(cls, path: Path | str) -> Collection:
        """Opens the collection in the folder, or in the pack, `path`.

        Raises:
            SpecError: There is none, or its `collection.yaml` is wrong.
        """
        path = Path(path).expanduser().absolute()
        return cls(path, read_pack(path).info if is_pack(path) else load_info(path))

    @classmethod
    def create(cls, path: Path | str, namespace: str, title: str, version: str = "0.1.0") -> Collection:
        """Starts an empty collection in a folder that holds none yet.

        Raises:
            OutputFolderError: The folder holds a collection already.
            SpecError: The namespace or the title cannot be one.
        """
        path = Path(path).expanduser().absolute()
        file = path / COLLECTION_FILE
        if os.path.lexists(file):
            raise OutputFolderError(f"{path}: holds a collection already; name a new folder")
        info = parse_info({"namespace": namespace, "title": title, "version": version}, str(file))
        path.mkdir(parents=True, exist_ok=True)
        write_whole(file, yaml.safe_dump(asdict(info), sort_keys=False, allow_unicode=True))
        return cls(path, info)

    @property
    def namespace(self) -> str:
        """First part of the environments' ids."""
        return self.info.namespace

    def ids(self) -> list[str]:
        """Ids of the challenges, sorted; no spec is read."""
        return list(read_pack(self.path).entries) if is_pack(self.path) else challenge_ids(self.path)

    def __len__(self) -> int:
        """How many challenges there are."""
        return len(self.ids())

    def __contains__(self, challenge_id: object) -> bool:
        """Whether a challenge of that id is there."""
        if is_pack(self.path):
            return challenge_id in read_pack(self.path).entries
        return (
            isinstance(challenge_id, str)
            and may_be_id(challenge_id)
            and (self.path / challenge_id / SPEC_FILE).is_file()
        )

    def __iter__(self) -> Iterator[Challenge]:
        """The challenges, read one by one, in the order of their ids."""
        return (load_challenge(challenge_folder(self.path, name)) for name in self.ids())

    def folder(self, challenge_id: str) -> Path:
        """The folder of a challenge; one in a pack is unpacked into the cache first.

        Raises:
            UnknownNameError: There is no such challenge; suggests the nearest.
            SpecError: It is not what the pack states of it.
        """
        if challenge_id not in self:
            raise UnknownNameError("challenge", challenge_id, self.ids(), f"(collection {self.path})")
        return challenge_folder(self.path, challenge_id)

    def get(self, challenge_id: str) -> Challenge:
        """Reads one challenge.

        Raises:
            UnknownNameError: There is no such challenge; suggests the nearest.
            SpecError: Its spec is wrong.
        """
        return load_challenge(self.folder(challenge_id))

    def add(self, folder: Path) -> Challenge:
        """Copies a challenge's folder into the collection, whole or not at all.

        Raises:
            SpecError: The folder's spec is wrong.
            OutputFolderError: The collection has a challenge of this id; another version replaces none. Or it is a
                pack.
        """
        self._require_folder()
        challenge = load_challenge(folder)
        target = self.path / challenge.id
        if target.exists():
            raise OutputFolderError(f"{target}: the collection has a challenge {challenge.id!r} already")

        def copy(new: Path) -> None:
            shutil.copytree(folder, new, symlinks=True, dirs_exist_ok=True)

        build_once(target, copy)
        return challenge

    def reindex(self) -> None:
        """Writes `index.json` anew. Nothing is wrong without it, but a first look at a large collection is slow.

        Raises:
            OutputFolderError: It is a pack.
        """
        self._require_folder()
        write_index(self.path)

    def _require_folder(self) -> None:
        if is_pack(self.path):
            raise OutputFolderError(f"{self.path}: a pack stays as it is; change its folder: synthgym unpack")
