"""A collection in one file, a pack: its format, and what it says of itself, read without unpacking anything.

A pack is a zip whose members are stored as they are, so that any program for archives opens it::

    collection.yaml            of the collection
    index.json                 its index
    pack.json                  of every member that follows, in their order: name, size, SHA-256, size once unpacked
    challenges/<id>.tar.zst    a challenge's files
    ledger.jsonl, …            other files of the collection, as they are

Here the first three are read, and the places of all others follow from their sizes. The zip's own directory at the end
is for other programs: what a stranger writes there is not looked at. A member is read only if its bytes have the stated
hash, and a challenge is used only if it is what the index says of it; see `synthgym.registry.collections.unpack`.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from synthgym.base.errors import FileError, SpecError
from synthgym.base.json_reading import open_regular, parse_object
from synthgym.base.text import clipped
from synthgym.registry.collections.entries import INDEX_FILE, MOST_INDEX, IndexEntry, parse_entries
from synthgym.registry.collections.info import COLLECTION_FILE, CollectionInfo, parse_info
from synthgym.registry.files import LEDGER_FILE, is_shared_path
from synthgym.registry.yaml_reading import MOST_BYTES as MOST_YAML
from synthgym.registry.yaml_reading import parse_yaml

SUFFIX = ".synthgym.zip"
PACK_FILE = "pack.json"
PACK_FORMAT = 1
FRONT = {COLLECTION_FILE: MOST_YAML, INDEX_FILE: MOST_INDEX, PACK_FILE: MOST_INDEX}
"""The first members, and how large each may be."""

MOST_MEMBERS = 50_000
MOST_BYTES = 2 << 30
"""What the members of a pack may be together, packed and unpacked."""

HEADER = struct.Struct("<4s5H3I2H")
"""Of a member: signature, version, flags, method, time, date, checksum, both sizes, lengths of name and of more."""

_SIGNATURE = b"PK\x03\x04"
_NAME_IN_UTF8 = 0x800
_KINDS = (str, int, str, int)
_MOST_VALUES = 8 * MOST_MEMBERS
_TICK = 2_000_000_000  # ns


class Member(NamedTuple):
    """A member of a pack: where its bytes begin, how many they are, and as `pack.json` states them."""

    at: int
    size: int
    sha256: str
    unpacked: int


@dataclass(frozen=True)
class Pack:
    """What a pack says of itself.

    Attributes:
        path: The file, absolute.
        info: What its `collection.yaml` says.
        entries: Its challenges by their ids, as its index states them.
        members: All members, by name.
        problems: What else is in it, or missing.
    """

    path: Path
    info: CollectionInfo
    entries: dict[str, IndexEntry]
    members: dict[str, Member]
    problems: list[str] = field(default_factory=list)

    @property
    def beside(self) -> list[str]:
        """Names of the collection's files that are no challenge's."""
        return [name for name in self.members if is_beside(name)]


def member_name(challenge_id: str) -> str:
    """What a challenge's member is called."""
    return f"challenges/{challenge_id}.tar.zst"


def is_beside(name: str) -> bool:
    """Whether a file of this name can lie in a pack beside the challenges."""
    first, _, rest = name.partition("/")
    return name in (LEDGER_FILE, "synthesis.json") or (first == "trajectories" and bool(rest) and is_shared_path(name))


def is_pack(path: Path) -> bool:
    """Whether a collection is a pack: a file, where others are folders."""
    return path.is_file()


def read_pack(path: Path) -> Pack:
    """What the pack in the file `path` says of itself. Kept for this process, as long as it is the same file.

    Raises:
        SpecError: It is none, is cut short, or says of itself what cannot be.
    """
    path = path.expanduser().absolute()
    try:
        found = path.stat()
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    settled = found.st_mtime_ns < time.time_ns() - _TICK  # else it may change again, and its time may not
    read = _read if settled else _read.__wrapped__
    return read(path, (found.st_ino, found.st_size, found.st_mtime_ns))


@lru_cache(maxsize=16)
def _read(path: Path, stamp: tuple[int, int, int]) -> Pack:
    members: dict[str, Member] = {}
    try:
        with open_regular(path) as file:
            front = {name: _front_member(file, name, most, members) for name, most in FRONT.items()}
            members |= _located(front[PACK_FILE], file.tell(), os.fstat(file.fileno()).st_size)
        info = parse_info(parse_yaml(front[COLLECTION_FILE]), f"{path}: {COLLECTION_FILE}")
        entries = parse_entries(front[INDEX_FILE])
    except (OSError, FileError, ValueError) as error:
        what = str(error).removeprefix(f"{path}: ")
        raise SpecError(f"{path}: no pack of a collection: {what}; one is made with: synthgym pack") from None
    there = {entry.id: entry for entry in entries.values() if member_name(entry.id) in members}
    named = {member_name(name) for name in there}
    problems = [f"{path}: holds no challenge {name!r}, which its index lists" for name in entries if name not in there]
    problems += [
        f"{path}: holds {clipped(repr(name), 200)}, of which its index says nothing that a challenge could be"
        for name in members
        if name not in named and name not in FRONT and not is_beside(name)
    ]
    return Pack(path, info, dict(sorted(there.items())), members, problems)


def _front_member(file: BinaryIO, name: str, most: int, members: dict[str, Member]) -> bytes:
    """One of the first members, which has to come next."""
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        raise ValueError(f"expected {name}, got its end")
    signature, _, flags, method, _, _, _, size, full, length, more = HEADER.unpack(header)
    stored = signature == _SIGNATURE and flags in (0, _NAME_IN_UTF8) and method == 0 and size == full and more == 0
    if not stored or length != len(name) or file.read(length) != name.encode():
        raise ValueError(f"expected {name} at byte {file.tell()}, as it is, got something else")
    if size > most:
        raise ValueError(f"{name}: expected at most {most:,} bytes, got {size:,}")
    at = file.tell()
    data = file.read(size)
    members[name] = Member(at, size, hashlib.sha256(data).hexdigest(), size)
    return data


def _located(data: bytes, at: int, end: int) -> dict[str, Member]:
    """The members that follow, by name, as `pack.json` states them.

    Args:
        data: The bytes of `pack.json`.
        at: Where in the file they begin.
        end: Where the file ends.
    """
    said = parse_object(data, MOST_INDEX, _MOST_VALUES)
    rows = said.get("members")
    if said.get("format") != PACK_FORMAT or not isinstance(rows, list):
        raise ValueError(f"{PACK_FILE}: expected format {PACK_FORMAT}, got {clipped(repr(said.get('format')), 40)}")
    if len(rows) > MOST_MEMBERS:
        raise ValueError(f"{PACK_FILE}: expected at most {MOST_MEMBERS:,} members, got {len(rows):,}")
    found: dict[str, Member] = {}
    together = 0
    for row in rows:
        if type(row) is not list or tuple(map(type, row)) != _KINDS or row[1] < 0 or row[3] < 0:
            raise ValueError(f"{PACK_FILE}: expected name, size, SHA-256, size, got {clipped(repr(row), 100)}")
        name, size, sha256, unpacked = row
        if name in found or name in FRONT:
            raise ValueError(f"{PACK_FILE}: names {clipped(repr(name), 100)} twice")
        at += HEADER.size + len(name.encode("utf-8", "surrogatepass"))
        found[name] = Member(at, size, sha256, unpacked)
        at += size
        together += unpacked
    if max(at, together) > MOST_BYTES:
        raise ValueError(f"expected at most {MOST_BYTES >> 20} MiB, got {max(at, together) >> 20:,}")
    if at > end:
        raise ValueError(f"it ends at byte {end:,} of {at:,} or more: it was cut short")
    return found
