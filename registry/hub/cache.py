"""What of the Hugging Face Hub is on this machine already: the cache that the Hub's own tools share.

Read as it is described for everybody to use, without the client, which takes a second to import; nothing is asked of
the Hub and nothing is written.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from synthgym.base.errors import HubRefused
from synthgym.registry.hub.access import check_name, is_commit


@dataclass(frozen=True)
class Snapshot:
    """A repository at a commit, as far as it was downloaded.

    Attributes:
        repo_id: Its name.
        revision: The commit.
        folder: Its files, which may be links to where the cache keeps what is in them.
    """

    repo_id: str
    revision: str
    folder: Path

    def files(self) -> list[str]:
        """Paths in the repository of the files that are here, whole, in order."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in found)


def cache_folder() -> Path:
    """Where the Hub's tools keep what they download, by the variables that they read."""
    own = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    home = _whole(os.environ.get("HF_HOME", os.path.join(own, "huggingface")))
    older = os.environ.get("HUGGINGFACE_HUB_CACHE", os.path.join(home, "hub"))
    return Path(_whole(os.environ.get("HF_HUB_CACHE", older)))


def cached(repo_id: str, kind: Literal["dataset", "model"]) -> Snapshot | None:
    """What is here of a repository's main branch, as it was when it was downloaded last; None if nothing is."""
    try:
        check_name(repo_id)
    except HubRefused:
        return None
    folder = cache_folder() / f"{kind}s--{repo_id.replace('/', '--')}"
    try:
        revision = (folder / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    snapshot = folder / "snapshots" / revision
    return Snapshot(repo_id, revision, snapshot) if is_commit(revision) and snapshot.is_dir() else None


def download_command(repo_id: str, kind: Literal["dataset", "model"]) -> str:
    """What a user runs to have a repository in the cache."""
    return f"hf download {'--repo-type dataset ' if kind == 'dataset' else ''}{repo_id}"


def _whole(path: str) -> str:
    return os.path.expandvars(os.path.expanduser(path))
