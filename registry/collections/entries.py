"""What an index says of challenges: its entries, its text, and which entries could be a challenge's."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from synthgym.base.errors import FileError
from synthgym.base.json_reading import parse_object, read_bytes
from synthgym.base.text import clipped, is_plain
from synthgym.registry.collections.info import CollectionInfo
from synthgym.registry.names import ID_PATTERN, KINDS, MOST_ID, MOST_NAME, MOST_TITLE, MOST_VERSION

if TYPE_CHECKING:
    from synthgym.registry.challenge import Challenge

INDEX_FILE = "index.json"
INDEX_FORMAT = 1

MOST_INDEX, _MOST_VALUES = 16 << 20, 500_000
"""Bytes and values of an index: tens of thousands of challenges."""


class IndexEntry(NamedTuple):
    """What an index knows of a challenge.

    Attributes:
        id: The challenge's id, the name of its folder.
        version: Its version.
        split: ``train`` or ``heldout``.
        kind: Of its submission.
        metric: Name of its metric.
        content_hash: As its provenance states it; empty before verification.
        verified: Whether an episode can be scored.
        title: For people.
        spec_hash: SHA-256 of the bytes of its `challenge.yaml`.
    """

    id: str
    version: int
    split: str
    kind: str
    metric: str
    content_hash: str
    verified: bool
    title: str
    spec_hash: str


@dataclass(frozen=True)
class CollectionIndex:
    """A collection as its index shows it.

    Attributes:
        path: Its folder, absolute.
        info: What its `collection.yaml` says.
        entries: Its challenges, in the order of their ids.
        problems: Why other challenges could not be read.
        source: Whose challenges are made when they are used, of what is in the folder; empty for a collection's. See
            `synthgym.registry.collections.sources`.
        options: What the source was given with the folder.
        reasons: Why a challenge cannot be run on this machine, by its id.
        images: Image that a challenge asks for, by its id, where the packages installed here do not make it up: it can
            be run if a container engine has it.
        aliases: Other names of challenges → their ids.
    """

    path: Path
    info: CollectionInfo
    entries: list[IndexEntry]
    problems: list[str] = field(default_factory=list)
    source: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    @property
    def namespace(self) -> str:
        """First part of the environments' ids."""
        return self.info.namespace


_KINDS = (str, int, str, str, str, str, bool, str, str)
"""Of an entry's values."""
_ID = re.compile(ID_PATTERN)
_HASH = re.compile("[0-9a-f]{0,64}")
_FIELDS = frozenset(IndexEntry._fields)
_values = itemgetter(*IndexEntry._fields)


def index_text(index: CollectionIndex) -> str:
    """What `index.json` says of the challenges that are in an index."""
    lines = ",\n".join(json.dumps(entry._asdict(), ensure_ascii=False) for entry in index.entries)
    return f'{{"format": {INDEX_FORMAT}, "challenges": [\n{lines}\n]}}\n'


def entry_of(challenge: Challenge, spec_hash: str) -> IndexEntry:
    """What an index says of a challenge whose spec's bytes have that hash."""
    return IndexEntry(
        id=challenge.id,
        version=challenge.version,
        split=challenge.split,
        kind=challenge.submission.kind,
        metric=challenge.metric.name,
        content_hash=challenge.provenance.content_hash,
        verified=challenge.verified,
        title=challenge.title,
        spec_hash=spec_hash,
    )


def read_entries(file: Path) -> dict[str, IndexEntry]:
    """The entries of an `index.json` that specs could have, be they true or not.

    None where it is missing, damaged, or of another format.
    """
    try:
        return parse_entries(read_bytes(file, MOST_INDEX, links=False))
    except (OSError, FileError, ValueError):
        return {}


def parse_entries(data: bytes) -> dict[str, IndexEntry]:
    """The entries of an index that specs could have, by the ids of their challenges.

    Raises:
        ValueError: It is no index of this format.
    """
    found = parse_object(data, MOST_INDEX, _MOST_VALUES)
    listed = found.get("challenges")
    if found.get("format") != INDEX_FORMAT or not isinstance(listed, list):
        raise ValueError(f"expected an index of format {INDEX_FORMAT}, got {clipped(repr(found.get('format')), 40)}")
    entries = (_entry(item) for item in listed if type(item) is dict and item.keys() == _FIELDS)
    return {entry.id: entry for entry in entries if is_well_formed(entry)}


def _entry(item: dict[str, Any]) -> IndexEntry:
    return IndexEntry._make(_values(item))


def is_well_formed(entry: IndexEntry) -> bool:
    """Whether an entry that came with a collection is one that we could have made: whoever shares it writes it."""
    return (
        tuple(map(type, entry)) == _KINDS
        and len(entry.id) <= MOST_ID
        and _ID.fullmatch(entry.id) is not None
        and 0 <= entry.version <= MOST_VERSION
        and entry.split in ("train", "heldout")
        and entry.kind in KINDS
        and len(entry.metric) <= MOST_NAME
        and is_plain(entry.metric)
        and len(entry.title) <= MOST_TITLE
        and is_plain(entry.title)
        and entry.title.strip() != ""
        and _HASH.fullmatch(entry.content_hash) is not None
        and _HASH.fullmatch(entry.spec_hash) is not None
    )
