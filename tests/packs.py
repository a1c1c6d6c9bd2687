"""Packs that nobody's `synthgym pack` made: an honest one, taken apart, changed and written again."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from synthgym.registry.collections.pack import HEADER

FRONT = ("collection.yaml", "index.json", "pack.json")


@dataclass
class Forged:
    """What is in a pack.

    Attributes:
        info: Bytes of its `collection.yaml`.
        index: Its `index.json`.
        members: Bytes of all others, by name.
        stated: What `pack.json` is to state of a member, where that is not the truth: size, hash, size once unpacked.
        unpacked: What the members were before they were packed, in bytes.
        end: What follows the members.
    """

    info: bytes
    index: dict[str, Any]
    members: dict[str, bytes]
    unpacked: dict[str, int]
    stated: dict[str, list[object]] = field(default_factory=dict)
    end: bytes = b""

    @classmethod
    def of(cls, pack: Path) -> Forged:
        """A pack taken apart."""
        with zipfile.ZipFile(pack) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        info, index, listed = (files.pop(name) for name in FRONT)
        unpacked = {row[0]: row[3] for row in json.loads(listed)["members"]}
        return cls(info, json.loads(index), files, unpacked)

    def entry(self, challenge_id: str) -> dict[str, Any]:
        """What the index says of a challenge, to change it."""
        return next(entry for entry in self.index["challenges"] if entry["id"] == challenge_id)

    def put(self, challenge_id: str, archive: bytes, unpacked: int | None = None) -> None:
        """Puts another archive in a challenge's place."""
        name = f"challenges/{challenge_id}.tar.zst"
        self.members[name] = zstandard.ZstdCompressor().compress(archive)
        self.unpacked[name] = len(archive) if unpacked is None else unpacked

    def archive(self, challenge_id: str) -> bytes:
        """A challenge's archive as it is."""
        return zstandard.ZstdDecompressor().decompress(self.members[f"challenges/{challenge_id}.tar.zst"])

    def rows(self) -> list[list[object]]:
        """What `pack.json` states."""
        return [
            [name, *self.stated.get(name, [len(data), hashlib.sha256(data).hexdigest(), self.unpacked[name]])]
            for name, data in self.members.items()
        ]

    def write(self, path: Path, rows: Iterable[object] | None = None) -> Path:
        """Writes it."""
        listed = {"format": 1, "members": list(self.rows() if rows is None else rows)}
        front = (self.info, json.dumps(self.index).encode(), json.dumps(listed).encode())
        files = [*zip(FRONT, front, strict=True), *self.members.items()]
        path.write_bytes(b"".join(stored(name, data) for name, data in files) + self.end)
        return path


def stored(name: str, data: bytes) -> bytes:
    """A member of a zip, as it is."""
    said = name.encode()
    header = HEADER.pack(b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(said), 0)
    return header + said + data


def tar(members: Iterable[tuple[tarfile.TarInfo | str, bytes]], before: bytes = b"") -> bytes:
    """An archive; a name alone is a file's. `before`: another one, to which these are added."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.GNU_FORMAT) as archive:
        if before:
            with tarfile.open(fileobj=io.BytesIO(before)) as old:
                for member in old:
                    archive.addfile(member, old.extractfile(member))
        for each, data in members:
            member = tarfile.TarInfo(each) if isinstance(each, str) else each
            if member.isreg():
                member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return written.getvalue()
