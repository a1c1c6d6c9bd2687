"""A student on the Hugging Face Hub: a model repository, pushed in one commit, with a card.

What is pushed is the model or the adapter, its tokenizer and chat template, what it was trained on and how that went.
Checkpoints, states of optimizers, files about the run, and paths of this machine are not.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synthgym.base.errors import UserError
from synthgym.base.files.plain_files import append_to, oddity
from synthgym.registry.hub.access import list_files
from synthgym.registry.hub.push import check_push, commit_files, make_repository
from synthgym.train.models.folder import ADAPTER_FILE
from synthgym.train.models.source import content_hash, read_json
from synthgym.train.sharing.base import NOTE, with_licence
from synthgym.train.sharing.card import CARD_FILE, make_card
from synthgym.train.sharing.record import Trained, read_trained
from synthgym.train.sharing.scores import read_standing
from synthgym.train.sharing.without_paths import without_paths

_KINDS = (".safetensors", ".json", ".jinja", ".txt", ".model")
_METRICS = "metrics.jsonl"
_OF_THE_RUN = ("sft-run.json", "run.json", "made-from.json")
_AS_THEY_ARE = ("tokenizer.json", "vocab.json", "model.safetensors.index.json")
"""JSON files that hold names of tokens or weights, and no paths."""


@dataclass(frozen=True)
class Pushed:
    """Where a student is.

    Attributes:
        repo_id: The repository.
        commit: At which it is there.
        new: Whether this push made the commit; the same was there already otherwise.
    """

    repo_id: str
    commit: str
    new: bool

    @property
    def address(self) -> str:
        """A name that `--model` takes, and that stays what it is."""
        return f"{self.repo_id}@{self.commit}"


def check_sharing(repo_id: str, out: Path, *, private: bool = False, scores: str | None = None) -> None:
    """Sees before a training, as far as can be seen, that its student can be pushed; see `share`.

    Raises:
        UserError: The name, the scores or the repository are not what they should be.
        HubRefused: There is no key, or not one that may write.
        HubError: The Hub cannot be reached.
    """
    if scores:
        read_standing(scores, out)
    check_push(repo_id, "model", private)


def share(
    out: str | Path, repo_id: str, *, private: bool = False, scores: str | None = None, command: Sequence[str] = ()
) -> Pushed:
    """Pushes the student of a finished training.

    Args:
        out: The training's folder.
        repo_id: ``user/name``; made if it does not exist. What only an earlier student had is removed.
        private: Whether to make a private repository.
        scores: A benchmark in which the student took part, ``DIR`` or ``DIR:NAME``; see `read_standing`.
        command: That trained it, for the card.

    Returns:
        The commit; the one that is there where nothing has changed.

    Raises:
        UserError: The training is not finished, or an argument is not what it should be.
        HubRefused: The Hub refuses.
        HubError: The Hub failed.

    Example:
        >>> share("runs/student", "me/student", scores="runs/benchmark").address
        'me/student@0d1e…'
    """
    out = Path(out)
    trained = read_trained(out)
    standing = read_standing(scores, out) if scores else None
    trained = replace(trained, base=with_licence(trained.base))
    files = _files(trained)
    files[CARD_FILE] = make_card(trained, repo_id, standing, command).encode()
    parent = make_repository(repo_id, "model", private)
    earlier = {file.path for file in list_files(repo_id, parent, "model") if _is_of_student(file.path)}
    commit = commit_files(repo_id, "model", files, earlier - set(files), f"A student: {trained.method}", parent)
    _note(out, {"repo_id": repo_id, "commit": commit, "content": content_hash(trained.folder)})
    return Pushed(repo_id, commit, commit != parent)


def base_is_missing(out: str | Path) -> str | None:
    """The name of the model that an adapter needs, if it is not known to be on the Hub."""
    trained = read_trained(Path(out))
    return trained.base.name if trained.adapter and not trained.base.repo_id else None


def _is_of_student(path: str) -> bool:
    """Whether a file of a repository, or a folder, is part of a student."""
    return "/" not in path and (path == _METRICS or path.endswith(_KINDS)) and path not in _OF_THE_RUN


def _files(trained: Trained) -> dict[str, Path | bytes]:
    """What is pushed of the student's folder, by name."""
    files: dict[str, Path | bytes] = {}
    for path in sorted(trained.folder.iterdir()):
        if not _is_of_student(path.name) or path.is_dir():
            continue
        if odd := oddity(path):  # it may be anything of this machine's
            raise UserError(f"{path}: {odd}; only regular files are shared: remove it")
        as_it_is = path.suffix != ".json" or path.name in _AS_THEY_ARE
        files[path.name] = path if as_it_is else _cleaned(path, trained)
    if not any(name.endswith(".safetensors") for name in files):
        raise UserError(f"{trained.folder}: expected a student's weights as safetensors, found none; train it again")
    return files


def _cleaned(path: Path, trained: Trained) -> bytes:
    """A JSON file without paths of this machine, and with the base's name as others know it."""
    before = read_json(path)
    found: dict[str, Any] = without_paths(before)
    base = trained.base
    if path.name == ADAPTER_FILE:
        found |= {"base_model_name_or_path": base.repo_id or base.name, "revision": base.commit}
    elif path.name == "sft.json":
        found["base"] = base.repo_id or base.name
    if found == before:
        return path.read_bytes()
    return json.dumps(found, indent=2, ensure_ascii=False).encode() + b"\n"


def _note(out: Path, line: dict[str, str]) -> None:
    """Keeps where a student is, for who trains from it next: its card will name this repository."""
    text = json.dumps(line) + "\n"
    path = out / NOTE
    with append_to(path) as file:
        file.seek(0)
        if text.encode() not in file.read():
            file.write(text.encode())
