"""Models of the Hugging Face Hub: at a commit that is known before anything is downloaded, and no code among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from synthgym.base.errors import FileError, HubError, HubRefused, UserError
from synthgym.base.json_reading import read_object
from synthgym.registry.hub.access import call_hub, check_name, is_commit
from synthgym.registry.hub.cache import cache_folder, cached, download_command
from synthgym.train.models.folder import check_files
from synthgym.train.models.source import ModelSource

_KINDS = (".safetensors", ".json", ".jinja", ".txt", ".model")
"""What is downloaded: weights, settings and tokenizers, of which none is a program."""


def from_hub(repo_id: str, revision: str | None, say: Callable[[str], None]) -> ModelSource:
    """A model of the Hub, downloaded if it is not here.

    Args:
        repo_id: ``user/name``.
        revision: A commit, branch or tag; None for the main branch as it is now.
        say: Told what is downloaded.

    Raises:
        HubRefused: There is none, or access has to be asked for.
        HubError: The Hub cannot be reached, and the model is not on this machine.
        UserError: What is there is no model that can be loaded without running its code.
    """
    check_name(repo_id)
    name = f"{repo_id}@{revision}" if revision else repo_id
    if revision and is_commit(revision) and (here := at_hand(repo_id, revision)):
        return ModelSource(name, here, revision, "hub")
    try:
        commit, files = _look_up(repo_id, revision)
    except (HubError, HubRefused) as error:
        if isinstance(error, HubRefused) and error.kind != "offline":
            raise
        found = cached(repo_id, "model") if revision is None else None
        if found and (here := at_hand(repo_id, found.revision)):
            say(f"{repo_id}: the Hub cannot be asked; taken as it was downloaded last ({found.revision[:8]})")
            return ModelSource(name, here, found.revision, "hub")
        raise type(error)(*_with_advice(error, repo_id)) from None
    check_files(files, name)
    if here := at_hand(repo_id, commit):
        return ModelSource(name, here, commit, "hub")
    say(f"{repo_id}: downloading it from the Hub ({commit[:8]})")
    folder = call_hub(
        "its files",
        repo_id,
        lambda api: api.snapshot_download(
            repo_id, revision=commit, allow_patterns=wanted(files), cache_dir=str(cache_folder())
        ),
        file_bytes=None,
    )
    if revision is None:  # as the client notes it, which is only told the commit
        refs = Path(folder).parents[1] / "refs"
        refs.mkdir(exist_ok=True)
        (refs / "main").write_text(commit, encoding="utf-8")
    return ModelSource(name, Path(folder), commit, "hub")


def at_hand(repo_id: str, commit: str) -> Path | None:
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


def wanted(files: Iterable[str]) -> list[str]:
    """Of a repository's files the ones that make up the model: folders hold other forms of it."""
    return [name for name in files if "/" not in name and name.endswith(_KINDS)]


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
