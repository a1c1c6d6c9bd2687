"""The shipped collection as tests need it: its challenges' folders, its teacher's trajectories, all of it unpacked."""

from __future__ import annotations

from pathlib import Path

from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import SHIPPED
from synthgym.registry.collections.unpack import challenge_folder, collection_file, unpack

IDS = Collection.load(SHIPPED).ids()
TEACHER = collection_file(SHIPPED, "trajectories/teacher.jsonl.zst")


def shipped(challenge_id: str) -> Path:
    """The folder of a challenge. It is everybody's: copy what is to be changed."""
    return challenge_folder(SHIPPED, challenge_id)


def unpacked(folder: Path) -> Path:
    """All of it, in a new folder."""
    assert unpack(SHIPPED, folder) == []
    return folder
