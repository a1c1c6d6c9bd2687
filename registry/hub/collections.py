"""Collections on the Hugging Face Hub: each is a dataset repository, pushed whole in one commit, pulled at one commit.

It is pushed as a pack, one file; a repository that holds a collection's files each by itself is pulled as well. A
stranger's repository is only copied: nothing in it is run or imported, no file outside of what a collection may hold
is fetched, and none can lie elsewhere than in the collection's folder.
"""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from synthgym.base.errors import SpecError, UserError
from synthgym.base.files.paths import build_once, cache_dir, remove_tree
from synthgym.base.messages import warn
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.info import COLLECTION_FILE, load_info
from synthgym.registry.collections.pack import MOST_BYTES, SUFFIX, read_pack
from synthgym.registry.collections.packing import pack
from synthgym.registry.collections.unpack import unpack_into
from synthgym.registry.files import SHARED_FILES, build_new, irregular_files, is_shared_path
from synthgym.registry.hub.access import HubFile, call_hub, list_files, resolve_revision
from synthgym.registry.hub.card import make_card
from synthgym.registry.hub.push import commit_files, make_repository
from synthgym.registry.names import SPEC_FILE

ADDRESS = "hf://"
"""How an address of a collection on the Hub begins: ``hf://user/name`` or ``hf://user/name@revision``."""

HUB_PACK = f"collection{SUFFIX}"
"""The file of a repository that holds its collection."""

MOST_FILES = 50_000
"""Files that a collection may have, and `MOST_BYTES`; a repository that has more is not pulled."""

_DOWNLOADS = 8
_SHOWN = 5


def push(
    folder: Path | str,
    repo_id: str,
    *,
    private: bool = False,
    with_labels: bool = False,
    message: str | None = None,
) -> str:
    """Shares a collection as a dataset repository of the Hub, in one commit.

    What goes there is a pack and a card. In the pack are specs, workspaces, the graders' code, local data files, the
    index and the ledger. Hidden labels are not: graders make them when a challenge is first played. Trajectories,
    journals and hidden files beside the challenges are not either. Files of an earlier push that are no longer in the
    collection are removed.

    Args:
        folder: The collection's folder, or a pack.
        repo_id: ``user/name``; made if it does not exist.
        private: Whether to make a private repository.
        with_labels: Whether to publish the reference solutions as well, from which labels can be learned. Without it,
            they are left out, which a challenge outlives only if it is sealed (see `synthgym.registry.sealing`).
        message: Of the commit.

    Returns:
        The commit's hash.

    Raises:
        SpecError: The collection has problems.
        UserError: It holds what cannot be shared; or references cannot be left out.
        HubRefused: The Hub refuses, such as a key without the right to write.
        HubError: The Hub failed.
    """
    path = Path(folder).expanduser().absolute()
    problems = check_collection(path)
    if problems:
        told = "\n".join(str(problem) for problem in problems[:_SHOWN])
        raise SpecError(f"{path}: {len(problems)} to put right before it is shared; see synthgym check:\n{told}")
    collection = Collection.load(path)
    challenges = list(collection)
    with tempfile.TemporaryDirectory(prefix="synthgym-push-") as work:
        packed = pack(path, Path(work, HUB_PACK), with_labels, shared=True)
        files: dict[str, Path | bytes] = {HUB_PACK: packed}
        files |= make_card(collection.info, challenges, repo_id, with_labels)
        parent = make_repository(repo_id, "dataset", private)
        earlier = {file.path for file in _of_collection(list_files(repo_id, parent))}
        told = message or f"{collection.info.title}, version {collection.info.version}: {len(challenges)} challenges"
        return commit_files(repo_id, "dataset", files, earlier - set(files), told, parent)


def pull(repo_id: str, out: Path | str | None = None, revision: str | None = None) -> Path:
    """Copies a collection from the Hub.

    Args:
        repo_id: ``user/name``.
        out: A folder that is new or empty, into which a pack is unpacked; without it, a place in the cache, one for
            each commit.
        revision: A commit, branch or tag; the newest of the main branch by default.

    Returns:
        The collection: its folder, or in the cache its pack.

    Raises:
        OutputFolderError: `out` holds something.
        SpecError: What is there is no collection.
        UserError: It is larger than a collection may be.
        HubRefused: The Hub refuses: no such repository or revision, private, gated.
        HubError: The Hub failed.
    """
    commit = resolve_revision(repo_id, revision)
    if out is None:
        target = cache_dir("hub", repo_id.replace("/", "--")) / commit
        build_once(target, partial(_download, repo_id, commit))
        return target / HUB_PACK if (target / HUB_PACK).is_file() else target
    return build_new(Path(out), partial(_download_unpacked, repo_id, commit))


def resolve(address: str) -> Path:
    """The folder or the pack of a collection that is named by an address, ``hf://user/name`` or ``hf://user/name@revision``.

    A revision that is a whole commit hash is not asked for again once it is in the cache.

    Raises:
        UserError: It is no such address; else as `pull`.
    """
    found = re.fullmatch(rf"{ADDRESS}([\w.-]+/[\w.-]+)(?:@([^@\s]+))?", address)
    if found is None:
        raise UserError(f"expected {ADDRESS}user/name or {ADDRESS}user/name@revision, got {address!r}")
    return pull(found[1], revision=found[2])


def _download(repo_id: str, commit: str, building: Path) -> None:
    """Fetches what belongs to the collection into an empty folder."""
    wanted = _wanted(repo_id, commit)
    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        try:
            for _ in pool.map(partial(_download_file, repo_id, commit, building), wanted):
                pass
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    remove_tree(building / ".cache")  # the client's own notes
    for path, what in irregular_files(building):
        raise SpecError(
            f"{repo_id}: {path.relative_to(building)}: {what}; a collection holds folders and regular files"
        )
    packed = building / HUB_PACK
    try:
        if packed.is_file():
            read_pack(packed)
        else:
            load_info(building)
    except SpecError as error:
        raise SpecError(str(error).replace(str(building), f"{ADDRESS}{repo_id}@{commit}")) from None


def _download_unpacked(repo_id: str, commit: str, building: Path) -> None:
    """The same, into a folder of challenges."""
    _download(repo_id, commit, building)
    packed = building / HUB_PACK
    if packed.is_file():
        found = read_pack(packed)
        left_out: list[str] = []
        unpack_into(found, building, [*found.entries, *found.beside], left_out)
        packed.unlink()
        for what in left_out:
            warn(f"left out: {what.replace(str(packed), f'{ADDRESS}{repo_id}@{commit}')}", stacklevel=2)


def _download_file(repo_id: str, commit: str, building: Path, file: HubFile) -> None:
    call_hub(
        f"file {file.path!r}",
        repo_id,
        lambda api: api.hf_hub_download(repo_id, file.path, revision=commit, repo_type="dataset", local_dir=building),
        file_bytes=file.size,
    )


def _wanted(repo_id: str, commit: str) -> list[HubFile]:
    """The collection's files: of all that the repository lists, those that a collection may hold."""
    listed = list_files(repo_id, commit)
    if packed := [file for file in listed if file.path == HUB_PACK]:
        _check_size(repo_id, [file.size for file in packed])
        return packed
    if COLLECTION_FILE not in {file.path for file in listed}:
        raise SpecError(f"{repo_id}: holds no collection: no {COLLECTION_FILE} at revision {commit}")
    kept = _of_collection(listed)
    _check_size(repo_id, [file.size for file in kept])
    return kept


def _check_size(what: str, sizes: list[int]) -> None:
    if len(sizes) > MOST_FILES or sum(sizes) > MOST_BYTES:
        raise UserError(
            f"{what}: a collection on the Hub has at most {MOST_FILES:,} files and {MOST_BYTES >> 20} MiB; this one "
            f"has {len(sizes):,} and {sum(sizes) / (1 << 20):.0f} MiB"
        )


def _of_collection(listed: list[HubFile]) -> list[HubFile]:
    """Those of a repository's files that are part of a collection: beside its challenges, and in their folders."""
    paths = {file.path for file in listed}
    return [
        file
        for file in listed
        if is_shared_path(file.path)
        and (file.path in SHARED_FILES or f"{file.path.split('/')[0]}/{SPEC_FILE}" in paths)
    ]
