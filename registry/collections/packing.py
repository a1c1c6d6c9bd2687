"""Packs a collection into one file: the same bytes for the same collection, whenever and by whomever it is packed."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from synthgym.base.errors import OutputFolderError, SpecError, UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.files.plain_files import oddity
from synthgym.base.json_reading import parse_object, read_lines
from synthgym.registry.challenge import Challenge, load_challenge
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.entries import INDEX_FILE, index_text
from synthgym.registry.collections.index import read_index
from synthgym.registry.collections.info import COLLECTION_FILE
from synthgym.registry.collections.pack import (
    HEADER,
    MOST_BYTES,
    MOST_MEMBERS,
    PACK_FILE,
    PACK_FORMAT,
    is_beside,
    is_pack,
    member_name,
    read_pack,
)
from synthgym.registry.collections.unpack import MOST_FILES, collection_file, require_as_stated, unpack_into
from synthgym.registry.files import LEDGER_FILE, irregular_files, is_shared_path
from synthgym.registry.names import SPEC_FILE
from synthgym.registry.sealing import is_hashed, is_sealed

_LEVEL = 19
_FAST_LEVEL = 9
_LARGE = 32 << 20
"""Bytes of a challenge from which on the slower level is not worth its time."""

_OF_AN_ENTRY = {"index", "id", "outcome"}
_SHOWN = 5
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can state."""


def pack(collection: Path, out: Path, with_labels: bool = True, shared: bool = False) -> Path:
    """Packs a collection into the file `out`.

    Of a challenge its spec, workspace, grader and local data files go there, and of the files beside challenges the
    ledger, `synthesis.json` and trajectories: nothing hidden, and nothing that Python compiled.

    Args:
        collection: Its folder, or a pack.
        out: The file.
        with_labels: Whether reference solutions go there too. Without, challenges have to be sealed.
        shared: Whether trajectories and `synthesis.json` stay out: they are its maker's.

    Returns:
        `out`, absolute.

    Raises:
        SpecError: There is no collection, or a challenge is not what it says of itself.
        UserError: It holds what cannot be shared, or is too large; or references cannot be left out.
        OutputFolderError: The file cannot be written.
    """
    source = Collection.load(collection)
    _check_place(out)
    index = read_index(source.path, believe="nothing")
    if index.problems:
        told = "\n".join(index.problems[:_SHOWN])
        raise SpecError(
            f"{source.path}: {len(index.problems)} to put right before it is packed; see synthgym check:\n{told}"
        )
    if not with_labels:
        _check_left_out(source, [entry.id for entry in index.entries])
    with tempfile.TemporaryDirectory(prefix="synthgym-pack-") as work, whole_file(out, named=True) as file:
        members: list[tuple[str, Path, int]] = []  # name, file, size once unpacked
        for entry in index.entries:
            folder = source.folder(entry.id)
            for odd, what in irregular_files(folder):
                raise SpecError(f"{odd}: {what}")
            require_as_stated(folder, entry)
            packed = Path(work, f"{entry.id}.tar.zst")
            members.append((member_name(entry.id), packed, _pack_challenge(folder, with_labels, packed)))
        members += [(name, path, path.stat().st_size) for name, path in _beside(source, shared)]
        _check_size(source.path, members)
        listed = [[name, path.stat().st_size, _sha256(path), unpacked] for name, path, unpacked in members]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in listed)
        front = {
            COLLECTION_FILE: collection_file(source.path, COLLECTION_FILE).read_bytes(),
            INDEX_FILE: index_text(index).encode(),
            PACK_FILE: f'{{"format": {PACK_FORMAT}, "members": [\n{lines}\n]}}\n'.encode(),
        }
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in front.items():
                _add(archive, name, io.BytesIO(data), len(data))
            for name, path, _ in members:
                with path.open("rb") as member:
                    _add(archive, name, member, path.stat().st_size)
    return out.expanduser().absolute()


def _check_place(out: Path) -> None:
    """Refuses to write over what is no pack: a file of the user's, a device, a pipe."""
    out = out.expanduser()
    if not os.path.lexists(out) or out.is_dir():  # a folder is told where it is written
        return
    try:
        read_pack(out)
    except SpecError:
        raise OutputFolderError(f"{out}: is there, and is no pack of a collection; name another file") from None


@contextlib.contextmanager
def edited(collection: Path) -> Iterator[Path]:
    """A collection's folder to change things in: its own, or that of a pack, which is packed again in the end.

    Raises:
        SpecError: A challenge of the pack cannot be unpacked.
    """
    if not is_pack(collection):
        yield collection
        return
    found = read_pack(collection)
    with tempfile.TemporaryDirectory(prefix="synthgym-pack-") as work:
        folder = Path(work, found.info.namespace)
        folder.mkdir()
        left_out: list[str] = []
        unpack_into(found, folder, [*found.entries, *found.beside], left_out)
        if left_out or found.problems:
            raise SpecError("\n".join([*found.problems, *left_out][:_SHOWN]))
        yield folder
        pack(folder, found.path)


def challenge_files(folder: Path, challenge: Challenge, with_labels: bool) -> Iterator[tuple[str, Path]]:
    """The files of a challenge that are shared or packed, by their paths in its folder.

    Raises:
        UserError: The content hash covers one that cannot be.
    """
    parts = ["workspace", "grader", *([challenge.dataset.path] if challenge.dataset.source == "local" else [])]
    yield SPEC_FILE, folder / SPEC_FILE
    for part in parts:
        for file in sorted((folder / part).rglob("*")):
            inside = file.relative_to(folder).as_posix()
            left_out = inside.startswith("grader/reference/") and not with_labels
            if not file.is_file() or not is_hashed(file.relative_to(folder)) or left_out:
                continue
            if not is_shared_path(f"{challenge.id}/{inside}"):
                raise UserError(
                    f"{file}: hidden, or of a name that cannot be shared, while the challenge's content hash "
                    "covers it; remove or rename it, and verify the challenge again with: synthgym verify"
                )
            yield inside, file


def _pack_challenge(folder: Path, with_labels: bool, target: Path) -> int:
    """Writes a challenge's archive, and returns its size before it was compressed."""
    from zstandard import ZstdCompressor

    files = dict(challenge_files(folder, load_challenge(folder), with_labels))
    if len(files) > MOST_FILES:
        raise UserError(f"{folder}: expected at most {MOST_FILES:,} files, got {len(files):,}")
    large = sum(path.stat().st_size for path in files.values()) > _LARGE
    plain = target.with_suffix("")
    with tarfile.open(plain, "w", format=tarfile.GNU_FORMAT) as archive:
        for name, path in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = path.stat().st_size, 0o644
            with path.open("rb") as content:
                archive.addfile(member, content)
    size = plain.stat().st_size
    with plain.open("rb") as content, target.open("wb") as packed:
        ZstdCompressor(level=_FAST_LEVEL if large else _LEVEL).copy_stream(content, packed, size=size)
    plain.unlink()
    return size


def _beside(source: Collection, shared: bool) -> Iterator[tuple[str, Path]]:
    """The files beside the challenges that go into a pack."""
    if is_pack(source.path):
        names = read_pack(source.path).beside
    else:
        names = sorted(path.relative_to(source.path).as_posix() for path in _lying_beside(source.path))
    for name in names:
        if not is_beside(name) or (shared and name != LEDGER_FILE):
            continue
        file = collection_file(source.path, name)
        if odd := oddity(file):  # it may be anything of this machine's
            raise UserError(f"{file}: {odd}; only regular files are shared: remove it")
        if name == LEDGER_FILE:
            _check_ledger(file)
        yield name, file


def _lying_beside(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.iterdir() if not path.is_dir())
    trajectories = folder / "trajectories"
    if not trajectories.is_symlink():
        yield from (path for path in trajectories.rglob("*") if not path.is_dir())


def _check_ledger(path: Path) -> None:
    """What is called a ledger is one, and no other file under its name."""
    for number, line in read_lines(path, links=False):
        try:
            missing = _OF_AN_ENTRY - parse_object(line).keys()
        except ValueError as error:
            raise UserError(f"{path}: line {number}: expected an entry of a ledger: {error}") from error
        if missing:
            raise UserError(f"{path}: line {number}: expected an entry of a ledger, got one without {sorted(missing)}")


def _check_left_out(source: Collection, ids: Iterable[str]) -> None:
    """Every challenge stays what it is without its reference solution."""
    folders = {name: source.folder(name) for name in ids}
    bound = [
        name for name, folder in folders.items() if (folder / "grader/reference").is_dir() and not is_sealed(folder)
    ]
    if bound:
        told = ", ".join(bound[:_SHOWN]) + (", …" if len(bound) > _SHOWN else "")
        raise UserError(
            f"{source.path}: the content hashes of {len(bound)} challenges ({told}) cover their reference "
            "solutions, which cannot be left out then. Seal them first, with: synthgym verify --seal. Or publish them "
            "too, with: synthgym push --with-labels"
        )


def _check_size(path: Path, members: list[tuple[str, Path, int]]) -> None:
    packed = sum(HEADER.size + len(name) + file.stat().st_size for name, file, _ in members)
    size = max(packed, sum(unpacked for _, _, unpacked in members))
    if len(members) > MOST_MEMBERS or size > MOST_BYTES:
        raise UserError(
            f"{path}: a pack has at most {MOST_MEMBERS:,} challenges and {MOST_BYTES >> 20} MiB; this one has "
            f"{len(members):,} and {size / (1 << 20):.0f} MiB"
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(archive: zipfile.ZipFile, name: str, content: io.BufferedIOBase, size: int) -> None:
    member = zipfile.ZipInfo(name, _EARLIEST)
    member.create_system, member.external_attr, member.file_size = 3, 0o100644 << 16, size
    with archive.open(member, "w") as file:
        shutil.copyfileobj(content, file)
