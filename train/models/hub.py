"""Models of the Hugging Face Hub: at a commit that is known before anything is downloaded, and no code among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from synthgym.base.errors import FileError, HubError, HubRefused, UserError
from synthgym.base.json_reading import read_object
from synthgym.registry.hub.access import HubFile, call_hub, check_name, is_commit, list_files
from synthgym.registry.hub.cache import cache_folder, cached, download_command
from synthgym.train.models.folder import check_files
from synthgym.train.models.source import ModelSource

_KINDS = (".safetensors", ".json", ".jinja", ".txt", ".model")
"""What is downloaded: weights, settings and tokenizers, of which none is a program."""

MOST_FILES = 1_000
MOST_BYTES = 200 << 30
"""What of a repository is downloaded at most: a model of 70 billion weights in 16 bits has 130 GiB."""

_DOWNLOADS = 8


def from_hub(repo_id: str, revision: str | None, say: Callable[[str], None]) -> ModelSource:
    """A model of the Hub, downloaded if it is not here.

    Args:
        repo_id: ``user/name``.
        revision: A commit, branch or tag; None for the main branch as it is now.
        say: Told what is downloaded.

    Raises:
        HubRefused: There is none, or access has to be asked for.
        HubError: The Hub cannot be reached, and the model is not on this machine.
        UserError: What is there is no model that can be loaded without running its code, or it is too large.
    """
    check_name(repo_id)
    name = f"{repo_id}@{revision}" if revision else repo_id
    if revision and is_commit(revision) and (here := cached_snapshot(repo_id, revision)):
        return ModelSource(name, here, revision, "hub")
    try:
        commit, files = _look_up(repo_id, revision)
    except (HubError, HubRefused) as error:
        if isinstance(error, HubRefused) and error.kind != "offline":
            raise
        found = cached(repo_id, "model") if revision is None else None
        if found and (here := cached_snapshot(repo_id, found.revision)):
            say(f"{repo_id}: the Hub cannot be asked; taken as it was downloaded last ({found.revision[:8]})")
            return ModelSource(name, here, found.revision, "hub")
        raise type(error)(*_with_advice(error, repo_id)) from None
    check_files(files, name)
    if here := cached_snapshot(repo_id, commit):
        return ModelSource(name, here, commit, "hub")
    parts = _parts(repo_id, commit)
    say(f"{repo_id}: downloading it from the Hub ({commit[:8]})")
    folder = _download(repo_id, commit, parts)
    if revision is None:  # as the client notes it, which is only told the commit
        refs = folder.parents[1] / "refs"
        refs.mkdir(exist_ok=True)
        (refs / "main").write_text(commit, encoding="utf-8")
    return ModelSource(name, folder, commit, "hub")


def cached_snapshot(repo_id: str, commit: str) -> Path | None:
    """The folder of a commit in the Hub's cache, if it was downloaded whole."""
    folder = cache_folder() / f"models--{repo_id.replace('/', '--')}" / "snapshots" / commit
    try:
        check_files((path.name for path in folder.iterdir() if path.is_file()), repo_id)
    except (OSError, UserError):
        return None
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        try:
            whole = all((folder / part).is_file() for part in set(read_object(index)["weight_map"].values()))
        except (OSError, FileError, KeyError, TypeError, AttributeError, ValueError):
            return None
        if not whole:
            return None
    return folder


def model_files(files: Iterable[str]) -> list[str]:
    """Of a repository's files the ones that make up the model: folders hold other forms of it."""
    return [name for name in files if "/" not in name and name.endswith(_KINDS)]


def _parts(repo_id: str, commit: str) -> list[HubFile]:
    """The files that make up the model, if they are not too many and not too large; asked before the first comes."""
    listed = list_files(repo_id, commit, "model")
    check_files((file.path for file in listed), repo_id)
    names = set(model_files(file.path for file in listed))
    parts = [file for file in listed if file.path in names]
    total = sum(max(0, file.size) for file in parts)
    if len(parts) > MOST_FILES or total > MOST_BYTES:
        raise UserError(
            f"{repo_id}: a model has at most {MOST_FILES:,} files and {MOST_BYTES >> 30} GiB; this one has "
            f"{len(parts):,} and {total / (1 << 30):,.1f} GiB; if it is what you want, run "
            f"`{download_command(repo_id, 'model')} --revision {commit}`"
        )
    return parts


def _download(repo_id: str, commit: str, parts: list[HubFile]) -> Path:
    """Gets the files into the Hub's cache; the folder that they are in.

    `config.json` comes last: without it nobody takes for a model what broke off; see `cached_snapshot`.
    """
    last = [file for file in parts if file.path == "config.json"]
    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        try:
            for _ in pool.map(partial(_download_file, repo_id, commit), (file for file in parts if file not in last)):
                pass
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    (path,) = [_download_file(repo_id, commit, file) for file in last]
    return path.parent


def _download_file(repo_id: str, commit: str, file: HubFile) -> Path:
    """One file, of which no more is taken than was said of its size."""
    path = call_hub(
        f"file {file.path!r}",
        repo_id,
        lambda api: api.hf_hub_download(repo_id, file.path, revision=commit, cache_dir=str(cache_folder())),
        file_bytes=file.size,
    )
    return Path(str(path))


def _look_up(repo_id: str, revision: str | None) -> tuple[str, list[str]]:
    """The commit that a revision stands for now, and the files at it."""
    info = call_hub(
        f"revision {revision or 'main'!r}", repo_id, lambda api: api.model_info(repo_id, revision=revision or "main")
    )
    if not is_commit(info.sha):
        raise HubError(f"{repo_id}: the Hub named no commit for {revision or 'main'!r}")
    return str(info.sha), [each.rfilename for each in info.siblings or []]


def _with_advice(error: HubError | HubRefused, repo_id: str) -> tuple[str, ...]:
    advice = f"{error}; on a machine that reaches it run `{download_command(repo_id, 'model')}`, and give its folder"
    return (error.kind, advice) if isinstance(error, HubRefused) else (advice,)
