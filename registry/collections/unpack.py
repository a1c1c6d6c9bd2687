"""Unpacks what is in a pack: a challenge or a file on its first use, into the cache, or all of it into a folder.

A pack may be a stranger's: no more of a member is read than the pack states of its size, its bytes have to have the
stated hash, and a challenge has to be what the index says of it. All of that names the place that it is unpacked to.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from synthgym.base.errors import FileError, SpecError, UnknownNameError
from synthgym.base.files.outputs import write_whole
from synthgym.base.files.paths import build_once, cache_dir, remove_tree
from synthgym.base.json_reading import open_regular
from synthgym.base.text import clipped
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.registry.collections.entries import INDEX_FILE, CollectionIndex, IndexEntry, entry_of, index_text
from synthgym.registry.collections.info import COLLECTION_FILE
from synthgym.registry.collections.pack import Member, Pack, is_pack, member_name, read_pack
from synthgym.registry.files import MOST_DEPTH, build_new, is_shared_path
from synthgym.registry.names import SPEC_FILE
from synthgym.registry.plain_tar import FILE, FOLDER, TarStream
from synthgym.registry.yaml_reading import read_file

MOST_FILES = 10_000
"""Of a challenge."""

_PIECE = 1 << 20
_MOST_WINDOW = 1 << 24
"""Bytes that whoever packed may have us keep while we unpack."""


def challenge_folder(collection: Path, challenge_id: str) -> Path:
    """The folder of a collection's challenge; one in a pack is unpacked into the cache, once and whole.

    Whether a folder has such a challenge is seen when it is read.

    Raises:
        SpecError: The pack is none, has no such challenge, or it is not what the pack's index says of it.
    """
    if not is_pack(collection):
        return collection / challenge_id
    pack = read_pack(collection)
    if challenge_id not in pack.entries:
        raise SpecError(f"{pack.path}: holds no challenge {clipped(repr(challenge_id), 200)}")
    entry = pack.entries[challenge_id]

    def build(place: Path) -> None:
        _unpack_challenge(pack, entry, place / entry.id)

    return build_once(_place(pack, member_name(entry.id), *entry), build) / entry.id


def collection_file(collection: Path, name: str) -> Path:
    """A file of a collection that is no challenge's, such as its ledger; one in a pack is copied into the cache, once.

    Raises:
        SpecError: The pack is none, has no such file, or it is not the one that it states.
    """
    if not is_pack(collection):
        return collection / name
    pack = read_pack(collection)
    if name not in (COLLECTION_FILE, INDEX_FILE, *pack.beside):
        raise SpecError(f"{pack.path}: holds no file {clipped(repr(name), 200)}")
    last = PurePosixPath(name).name
    return build_once(_place(pack, name), lambda place: _copy(pack, name, place / last)) / last


def damaged(pack: Pack) -> Iterator[tuple[str, str]]:
    """Members of a pack whose bytes are not those that it states, and what they are; the cache has no say in it."""
    with open_regular(pack.path) as file:
        for name, member in pack.members.items():
            try:
                _check_hash(file, member)
            except ValueError as error:
                yield name, str(error)


def has_folder(collection: Path, folder: Path) -> bool:
    """Whether a challenge's folder is one of the collection's: in its folder, or what its pack was unpacked to."""
    folder = folder.resolve()
    if not is_pack(collection):
        return folder.is_relative_to(collection.resolve())
    pack = read_pack(collection)
    entry = pack.entries.get(folder.name)
    return entry is not None and folder.parent == _place(pack, member_name(entry.id), *entry).resolve()


def unpack(pack: Path, out: Path, only: Iterable[str] = ()) -> list[str]:
    """Unpacks a pack into a new folder, which is a collection as well.

    Args:
        pack: The file.
        out: The folder; it appears whole or not at all.
        only: Patterns of the challenges, and of the files beside them, that are wanted; without any, all are.

    Returns:
        What had to be left out, and why: challenges that are not what the pack states of them.

    Raises:
        SpecError: The pack is none, or a file beside its challenges is not the one that it states.
        UnknownNameError: A pattern matches nothing.
        OutputFolderError: `out` holds something, or cannot be written.
    """
    found = read_pack(pack)
    wanted = _wanted(found, list(only))
    left_out: list[str] = []

    def build(folder: Path) -> None:
        unpack_into(found, folder, wanted, left_out)

    build_new(out, build)
    return left_out


def _wanted(pack: Pack, patterns: list[str]) -> set[str]:
    names = [*pack.entries, *pack.beside]
    for pattern in patterns:
        if not fnmatch.filter(names, pattern):
            raise UnknownNameError("challenge or file", pattern, names, f"(pack {pack.path})")
    return {name for pattern in patterns or ["*"] for name in fnmatch.filter(names, pattern)}


def unpack_into(pack: Pack, folder: Path, wanted: Iterable[str], left_out: list[str]) -> None:
    """The same into an empty folder, by the names of challenges and files; tells what was left out in `left_out`."""
    wanted = set(wanted)
    for name in (COLLECTION_FILE, *(name for name in pack.beside if name in wanted)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _copy(pack, name, folder / name)
    entries = []
    for entry in pack.entries.values():
        if entry.id not in wanted:
            continue
        try:
            _unpack_challenge(pack, entry, folder / entry.id)
            entries.append(entry)
        except SpecError as error:
            remove_tree(folder / entry.id)
            left_out.append(str(error))
    if len(entries) == len(pack.entries):
        _copy(pack, INDEX_FILE, folder / INDEX_FILE)
    else:
        write_whole(folder / INDEX_FILE, index_text(CollectionIndex(folder, pack.info, entries)))


def require_as_stated(folder: Path, entry: IndexEntry) -> None:
    """Holds a challenge's folder to what an index says of it.

    Raises:
        SpecError: It is another challenge, another version, or has other content.
    """
    challenge = load_challenge(folder)
    found = entry_of(challenge, hashlib.sha256(read_file(folder / SPEC_FILE)).hexdigest())
    if found != entry:
        pairs = zip(entry._fields, entry, found, strict=True)
        wrong = ", ".join(f"{name} {said!r} for {true!r}" for name, said, true in pairs if said != true)
        raise SpecError(f"{folder}: its index says what its spec does not: {wrong}")
    if entry.content_hash and (now := content_hash(challenge, folder)) != entry.content_hash:
        raise SpecError(
            f"{folder}: not the challenge that was verified: expected content hash {entry.content_hash}, got {now}"
        )


def _place(pack: Pack, name: str, *stated: object) -> Path:
    """Where in the cache a member is unpacked to: it follows from its bytes, and from what is stated of it."""
    key = json.dumps([name, pack.members[name].sha256, *stated])
    return cache_dir("packs") / hashlib.sha256(key.encode()).hexdigest()[:32]


def _copy(pack: Pack, name: str, target: Path) -> None:
    """A member as it is, as a new file."""
    try:
        with open_regular(pack.path) as file, target.open("xb") as copy:
            _check_hash(file, pack.members[name], copy)
        target.chmod(0o644)
    except (FileError, ValueError) as error:
        raise SpecError(f"{pack.path}: {name}: {error}") from error


def _unpack_challenge(pack: Pack, entry: IndexEntry, folder: Path) -> None:
    """A challenge as a new folder.

    Raises:
        SpecError: It is not what the pack states of it.
        OSError: It cannot be written.
    """
    from zstandard import ZstdDecompressor, ZstdError

    member = pack.members[member_name(entry.id)]
    try:
        with open_regular(pack.path) as file:
            _check_hash(file, member)
            file.seek(member.at)
            unpacked = ZstdDecompressor(max_window_size=_MOST_WINDOW).stream_reader(
                cast(BinaryIO, _Part(file, member.size))  # nothing but `read` is asked of it
            )
            _write_files(TarStream(_Part(unpacked, member.unpacked), pax=False), entry.id, folder)
        require_as_stated(folder, entry)
    except (FileError, SpecError, ValueError, FileExistsError, NotADirectoryError, ZstdError) as error:
        what = clipped(str(error).replace(f"{folder.parent}{os.sep}", ""), 500)
        raise SpecError(f"{pack.path}: challenge {entry.id!r} cannot be unpacked: {what}") from error


def _check_hash(file: BinaryIO, member: Member, copy: BinaryIO | None = None) -> None:
    """Reads a member's bytes, and writes them to `copy`.

    Raises:
        ValueError: They are not those that are stated.
    """
    digest = hashlib.sha256()
    file.seek(member.at)
    part = _Part(file, member.size)
    while piece := part.read(_PIECE):
        digest.update(piece)
        if copy:
            copy.write(piece)
    if digest.hexdigest() != member.sha256:
        raise ValueError(f"its bytes have the hash {digest.hexdigest()}, and {clipped(member.sha256, 64)} is stated")


class _Part:
    """The next bytes of a file, so many of them."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file, self.left = file, size

    def read(self, size: int = -1, /) -> bytes:
        """Fewer than asked for only where they end."""
        found = b""
        wanted = self.left if size < 0 else min(size, self.left)
        while wanted > len(found) and (piece := self.file.read(wanted - len(found))):
            found += piece
        self.left -= len(found)
        return found


def _write_files(archive: TarStream, name: str, folder: Path) -> None:
    """An archive's files and folders, below a new folder.

    Raises:
        ValueError: It holds something else, or too many; a name leads elsewhere.
    """
    _make_folder(folder)
    for count, (path, kind, size) in enumerate(archive, 1):
        parts = path.rstrip("/").split("/")
        if kind not in (FILE, FOLDER):
            raise ValueError(f"{clipped(repr(path), 200)}: neither a file nor a folder")
        if count > MOST_FILES or len(parts) >= MOST_DEPTH or not is_shared_path("/".join((name, *parts))):
            raise ValueError(f"{clipped(repr(path), 200)}: no name of a challenge's file, or too many")
        for depth in range(1, len(parts) + (kind == FOLDER)):
            _make_folder(folder.joinpath(*parts[:depth]))
        if kind == FOLDER:
            continue
        target = folder.joinpath(*parts)
        with target.open("xb") as file:
            for start in range(0, size, _PIECE):
                file.write(archive.read(min(_PIECE, size - start)))
        target.chmod(0o644)


def _make_folder(folder: Path) -> None:
    """A folder that everybody may enter, whatever the umask: sandboxes are another user's."""
    if not folder.is_dir():
        folder.mkdir()
        folder.chmod(0o755)
