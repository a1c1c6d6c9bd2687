"""Writing to the Hugging Face Hub: what can be known before it is tried, a repository, and files in one commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from synthgym.base.errors import HubRefused, UserError
from synthgym.registry.hub.access import call_hub, check_name

if TYPE_CHECKING:
    from huggingface_hub import HfApi

Kind = Literal["dataset", "model"]

_COMMIT_SECONDS = 600.0  # the Hub takes its time over thousands of files


def check_push(repo_id: str, kind: Kind, private: bool = False) -> None:
    """Sees, before anything long is begun, that a push may work: the name, the key, the Hub, the repository.

    What only the push itself can show, such as what a fine-grained key allows, is not known after it.

    Args:
        repo_id: ``user/name``.
        kind: Of the repository.
        private: Whether it is to be private.

    Raises:
        HubRefused: The name is none, there is no key, the Hub does not know it, or it may not write there.
        UserError: A private repository is asked for, and it exists and is public.
        HubError: The Hub cannot be reached.
    """
    from huggingface_hub import get_token

    check_name(repo_id)
    if "/" not in repo_id:
        raise HubRefused("name", f"{repo_id!r}: expected the name of a repository with its owner's, as in user/name")
    if get_token() is None:
        raise HubRefused("key", f"{repo_id}: no key for the Hub is set; run `hf auth login`, or set HF_TOKEN to one")
    me = call_hub("your key", repo_id, lambda api: api.whoami())
    role = ((me.get("auth") or {}).get("accessToken") or {}).get("role")
    if role == "read":
        raise HubRefused("key", f"{repo_id}: your key may only read; set HF_TOKEN to one that may write")
    if role == "write":
        owners = [str(me.get("name")), *(str(each.get("name")) for each in me.get("orgs") or [])]
        if repo_id.split("/")[0].lower() not in [each.lower() for each in owners]:
            raise HubRefused("key", f"{repo_id}: your key may write for {', '.join(owners)} only; name one of these")
    try:
        info = call_hub("the repository", repo_id, lambda api: api.repo_info(repo_id, repo_type=kind))
    except HubRefused as error:
        if error.kind != "missing":
            raise
        return
    _check_private(repo_id, private, bool(info.private))


def make_repository(repo_id: str, kind: Kind, private: bool) -> str:
    """Makes the repository if there is none; returns the commit that its main branch stands at.

    Raises:
        UserError: A private one was asked for, and it exists and is public.
        HubRefused: The Hub refuses.
        HubError: The Hub failed.
    """
    call_hub(
        "the repository",
        repo_id,
        lambda api: api.create_repo(repo_id, repo_type=kind, private=private or None, exist_ok=True),
    )
    info = call_hub("the repository", repo_id, lambda api: api.repo_info(repo_id, repo_type=kind))
    _check_private(repo_id, private, bool(info.private))
    return str(info.sha)


def commit_files(
    repo_id: str,
    kind: Kind,
    files: Mapping[str, Path | bytes],
    gone: Iterable[str],
    message: str,
    parent: str,
) -> str:
    """Writes files, and removes others, in one commit.

    Args:
        repo_id: The repository.
        kind: Of it.
        files: By their paths in it. Those that are there already with the same content are not written.
        gone: Paths to remove.
        message: Of the commit.
        parent: The commit that it must follow.

    Returns:
        The commit's hash; `parent` where nothing is to change.

    Raises:
        HubRefused: The Hub refuses: no right, or the repository was changed meanwhile.
        HubError: The Hub failed.
    """

    def commit(api: HfApi) -> str:
        from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete

        changes: list[CommitOperationAdd | CommitOperationCopy | CommitOperationDelete] = []
        changes += (CommitOperationDelete(name, is_folder=False) for name in sorted(gone))
        changes += (CommitOperationAdd(name, body) for name, body in sorted(files.items()))
        done = api.create_commit(
            repo_id, changes, commit_message=message, repo_type=kind, parent_commit=parent, run_as_future=False
        )
        return str(done.oid)

    # If the answer is lost, the next attempt finds nothing to change, or another parent, and makes no second commit.
    return call_hub("the commit", repo_id, commit, seconds=_COMMIT_SECONDS)


def _check_private(repo_id: str, wanted: bool, private: bool) -> None:
    if wanted and not private:
        raise UserError(f"{repo_id}: exists and is public; push to another, or make it private on the Hub first")
