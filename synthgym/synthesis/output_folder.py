"""Whose the output folder of a synthesis is: `synthesis.json` says which recipe it belongs to."""

from __future__ import annotations

import json
import secrets
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.files.journal import Journal
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import write_whole
from synthgym.base.files.plain_files import require_plain
from synthgym.base.json_reading import parse_object, read_object
from synthgym.base.seeds import MOST_SEED
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.info import COLLECTION_FILE, challenge_ids
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.ledger import JOURNAL_FILE, read_ledger
from synthgym.synthesis.recipe import Recipe, Running

LOCK_FILE = ".lock"
CANDIDATE_KEY = "candidate/"
"""Before the number of a candidate that is done, in the journal."""

_RUN_FILE = "synthesis.json"
_PROMPTS = "prompts"


def seed_of(out: Path) -> int:
    """The seed of the synthesis in a folder; where there is none, one that nobody can guess."""
    marker = out / _RUN_FILE
    if not marker.exists():
        return secrets.randbelow(MOST_SEED + 1)
    found = read_object(marker, links=False).get("seed")
    if not isinstance(found, int):
        raise OutputFolderError(f"{marker}: seed: expected a number, got {found!r:.40}")
    return found


def claim(out: Path, recipe: Recipe, running: Running, title: str | None) -> None:
    """Takes the output folder: a new one, an empty one, one of the same recipe, or one in which nothing was begun.

    Raises:
        OutputFolderError: It holds something else, or another synthesis; or links, which lead elsewhere.
    """
    require_plain(out)
    marker = out / _RUN_FILE
    asked = _what_decides(recipe, running)
    if marker.exists():
        different = _differences(read_object(marker, links=False), asked)
        if not different:
            return
        if not _nothing_begun(out):
            raise OutputFolderError(f"{out} holds another synthesis ({', '.join(different)}); use another folder")
        (out / COLLECTION_FILE).unlink(missing_ok=True)
    elif out.exists() and any(out.iterdir()):
        raise OutputFolderError(f"{out} is not empty and holds no synthesis; use another folder")
    Collection.create(out, namespace=recipe.namespace, title=title or f"Made by {recipe.author}, seed {recipe.seed}")
    write_whole(marker, json.dumps(asked, indent=1) + "\n")


def _what_decides(recipe: Recipe, running: Running) -> dict[str, Any]:
    """Everything that decides what comes of a recipe, however it was asked for; as JSON has it."""
    stated = asdict(recipe)
    del stated["settings"]
    if recipe.author != "procedural":
        from synthgym.synthesis.language.endpoint import read_author
        from synthgym.synthesis.language.prompts import prompts_hash

        endpoint = running.endpoint or read_author(recipe.author)
        stated["author"] = _without_address(recipe.author)
        settings = (recipe.settings or Settings()).model_dump()
        stated["settings"] = {**settings, _PROMPTS: prompts_hash(), **endpoint.settings.sampling()}
    return parse_object(json.dumps(stated))


def _without_address(author: str) -> str:
    """An author that is a model without its endpoint's address and settings; another one as it is."""
    from synthgym.synthesis.language.endpoint import read_author

    try:
        return f"openai:{read_author(author).model}"
    except UserError:
        return author


def _differences(there: dict[str, Any], asked: dict[str, Any]) -> list[str]:
    """What differs between the synthesis of a folder and one that is asked for, a text for each setting.

    Versions before wrote down only the settings that were given, and where a Python program gave them neither the
    prompts nor how the model was sampled, which then cannot differ.
    """
    if "settings" in asked:
        there = {**there, "author": _without_address(str(there.get("author")))}
        stated = there["settings"] if isinstance(there.get("settings"), dict) else {}
        known = asked["settings"] if _PROMPTS not in stated else {}
        defaults = parse_object(Settings().model_dump_json())
        there["settings"] = {**known, **defaults, **stated}
    flat_there, flat_asked = ({**each, **each.get("settings", {})} for each in (there, asked))
    return [
        f"{key}: {flat_there.get(key)!r} there, {flat_asked.get(key)!r} asked for"
        for key in {**flat_asked, **flat_there}
        if key != "settings" and flat_there.get(key) != flat_asked.get(key)
    ]


def _nothing_begun(out: Path) -> bool:
    """Whether a folder of another recipe can be taken: nothing was begun in it, and nobody is at it."""
    from synthgym.synthesis.language.calls import hand_over

    with file_lock(out / LOCK_FILE, wait=False) as held:
        if not held or read_ledger(out) or challenge_ids(out):
            return False
        with closing(Journal(out / JOURNAL_FILE)) as journal:
            done = any(journal.items(CANDIDATE_KEY))
        return not done and hand_over(out / JOURNAL_FILE)
