"""Collections on the Hugging Face Hub: each is a dataset repository, pushed whole in one commit, pulled at one commit.

A stranger's repository is only copied: nothing in it is run or imported, no file outside of what a collection may hold
is fetched, and none can lie elsewhere than in the collection's folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from synthgym.base.errors import SpecError, UserError
from synthgym.base.files.paths import build_once, cache_dir, remove_tree
from synthgym.base.files.plain_files import oddity
from synthgym.base.json_reading import parse_object, read_lines
from synthgym.registry.challenge import SPEC_FILE, Challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.entries import INDEX_FILE, index_text
from synthgym.registry.collections.index import read_index
from synthgym.registry.collections.info import COLLECTION_FILE, load_info
from synthgym.registry.files import LEDGER_FILE, SHARED_FILES, build_new, irregular_files, is_shared_path
from synthgym.registry.hub.access import HubFile, call_hub, list_files, resolve_revision
from synthgym.registry.hub.card import make_card
from synthgym.registry.hub.push import commit_files, make_repository
from synthgym.registry.sealing import is_hashed, is_sealed

ADDRESS = "hf://"
"""How an address of a collection on the Hub begins: ``hf://user/name`` or ``hf://user/name@revision``."""

MOST_FILES = 50_000
MOST_BYTES = 2 << 30
"""What a collection may have; a repository that has more is not pulled."""

_DOWNLOADS = 8
_OF_AN_ENTRY = {"index", "id", "outcome"}
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

    What goes there: specs, workspaces, the graders' code, local data files, the index, the ledger, and a card. Hidden
    labels do not: graders make them when a challenge is first played. Trajectories, journals and hidden files beside
    the challenges do not either. Files of an earlier push that are no longer in the collection are removed.

    Args:
        folder: The collection's folder.
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
    found = dict(_files(collection, challenges, with_labels))
    _check_size(str(path), [file.stat().st_size for file in found.values()])
    files: dict[str, Path | bytes] = dict(found)
    files[INDEX_FILE] = index_text(read_index(path, believe="nothing")).encode()
    files |= make_card(collection.info, challenges, repo_id, with_labels)
    parent = make_repository(repo_id, "dataset", private)
    earlier = {file.path for file in _of_collection(list_files(repo_id, parent))}
    told = message or f"{collection.info.title}, version {collection.info.version}: {len(challenges)} challenges"
    return commit_files(repo_id, "dataset", files, earlier - set(files), told, parent)


def pull(repo_id: str, out: Path | str | None = None, revision: str | None = None) -> Path:
    """Copies a collection from the Hub.

    Args:
        repo_id: ``user/name``.
        out: A folder that is new or empty; without it, a place in the cache, one for each commit.
        revision: A commit, branch or tag; the newest of the main branch by default.

    Returns:
        The collection's folder.

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
        return build_once(target, partial(_download, repo_id, commit))
    return build_new(Path(out), partial(_download, repo_id, commit))


def resolve(address: str) -> Path:
    """The folder of a collection that is named by an address, ``hf://user/name`` or ``hf://user/name@revision``.

    A revision that is a whole commit hash is not asked for again once it is in the cache.

    Raises:
        UserError: It is no such address; else as `pull`.
    """
    found = re.fullmatch(rf"{ADDRESS}([\w.-]+/[\w.-]+)(?:@([^@\s]+))?", address)
    if found is None:
        raise UserError(f"expected {ADDRESS}user/name or {ADDRESS}user/name@revision, got {address!r}")
    return pull(found[1], revision=found[2])


# -- pushing ----------------------------------------------------------------------------------------------------------


def _files(collection: Collection, challenges: list[Challenge], with_labels: bool) -> Iterator[tuple[str, Path]]:
    """The files of a collection that are shared, by their paths in it."""
    if not with_labels:
        _check_left_out(collection, challenges)
    for name in SHARED_FILES:
        shared = collection.path / name
        if not os.path.lexists(shared):
            continue
        if odd := oddity(shared):  # it may be anything of this machine's
            raise UserError(f"{shared}: {odd}; only regular files are shared: remove it")
        if name == LEDGER_FILE:
            _check_ledger(shared)
        yield name, shared
    for challenge in challenges:
        folder = collection.path / challenge.id
        parts = ["workspace", "grader", *([challenge.dataset.path] if challenge.dataset.source == "local" else [])]
        yield f"{challenge.id}/{SPEC_FILE}", folder / SPEC_FILE
        for part in parts:
            for file in sorted((folder / part).rglob("*")):
                inside = file.relative_to(folder).as_posix()
                left_out = inside.startswith("grader/reference/") and not with_labels
                if not file.is_file() or not is_hashed(file.relative_to(folder)) or left_out:
                    continue
                path = f"{challenge.id}/{inside}"
                if not is_shared_path(path):
                    raise UserError(
                        f"{file}: hidden, or of a name that cannot be shared, while the challenge's content hash "
                        "covers it; remove or rename it, and verify the challenge again with: synthgym verify"
                    )
                yield path, file


def _check_ledger(path: Path) -> None:
    """What is called a ledger is one, and no other file under its name."""
    for number, line in read_lines(path, links=False):
        try:
            missing = _OF_AN_ENTRY - parse_object(line).keys()
        except ValueError as error:
            raise UserError(f"{path}: line {number}: expected an entry of a ledger: {error}") from error
        if missing:
            raise UserError(f"{path}: line {number}: expected an entry of a ledger, got one without {sorted(missing)}")


def _check_left_out(collection: Collection, challenges: list[Challenge]) -> None:
    """Every challenge stays what it is without its reference solution."""
    bound = [
        challenge.id
        for challenge in challenges
        if (collection.path / challenge.id / "grader" / "reference").is_dir()
        and not is_sealed(collection.path / challenge.id)
    ]
    if bound:
        told = ", ".join(bound[:_SHOWN]) + (", …" if len(bound) > _SHOWN else "")
        raise UserError(
            f"{collection.path}: the content hashes of {len(bound)} challenges ({told}) cover their reference "
            "solutions, which cannot be left out then. Seal them first, with: synthgym verify --seal. Or publish them "
            "too, with: synthgym push --with-labels"
        )


# -- pulling ----------------------------------------------------------------------------------------------------------


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
    try:
        load_info(building)
    except SpecError as error:
        raise SpecError(str(error).replace(str(building), f"{ADDRESS}{repo_id}@{commit}")) from None


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
