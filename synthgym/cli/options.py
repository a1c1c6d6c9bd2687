"""Options that several commands share, and what they mean."""

from __future__ import annotations

import fnmatch
import json
import warnings
from typing import Annotated, Any, Literal

import typer

from synthgym.base.errors import UnknownNameError
from synthgym.registry.index import CollectionIndex, IndexEntry, known_collections

Split = Literal["train", "heldout"]

Envs = Annotated[
    list[str],
    typer.Option("--envs", metavar="PATTERN", help="Environments: ids, or patterns as in 'synthgym/*'. Repeatable."),
]
InSplit = Annotated[Split | None, typer.Option("--split", help="Of those that match, the ones of this split only.")]
Collections = Annotated[
    list[str] | None,
    typer.Option(
        "--collection", metavar="DIR", help="Makes the challenges of this folder, or hf://user/name, known. Repeatable."
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")]
Sandbox = Annotated[
    str,
    typer.Option(
        "--sandbox", help="auto, docker, docker:IMAGE, bubblewrap, swerex:CONFIG.yaml, or local (no isolation)."
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Decides everything random.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def find_challenges(
    patterns: list[str] | None, split: Split | None = None, collections: list[str] | None = None
) -> list[tuple[str, CollectionIndex, IndexEntry]]:
    """Known challenges by the ids of their environments, sorted; all of them without patterns.

    Raises:
        UnknownNameError: A pattern matches none; suggests the nearest.
    """
    import synthgym

    for folder in collections or []:
        synthgym.register(folder)
    with warnings.catch_warnings():  # said already, when synthgym was imported
        warnings.simplefilter("ignore")
        known = {
            f"{index.namespace}/{entry.id}-v{entry.version}": (index, entry)
            for index in known_collections()
            for entry in index.entries
        }
    found = set(known) if patterns is None else set()
    for pattern in patterns or []:
        matching = fnmatch.filter(known, pattern)
        if not matching:
            raise UnknownNameError("environment", pattern, known, "See: synthgym list")
        found.update(matching)
    return [(name, *known[name]) for name in sorted(found) if split in (None, known[name][1].split)]


def select_envs(patterns: list[str], split: Split | None, collections: list[str] | None) -> list[str]:
    """Ids of the environments to run in. A pattern passes over challenges that are not verified yet; an id does not.

    Raises:
        UnknownNameError: A pattern matches none, or none of the split; suggests the nearest.
    """
    found = find_challenges(patterns, split, collections)
    names = [name for name, _, entry in found if entry.verified or name in patterns]
    if not names:
        of_split = f" of split {split!r}" if split else ""
        raise UnknownNameError(f"verified environment{of_split}", ", ".join(patterns), [], "See: synthgym list")
    return names


def print_json(data: Any) -> None:
    """Prints data for programs."""
    print(json.dumps(data, indent=2, ensure_ascii=False))
