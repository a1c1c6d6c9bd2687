"""Whose the output folder of a synthesis is: `synthesis.json` says which recipe it belongs to."""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.files import run_folder
from synthgym.base.files.journal import Journal
from synthgym.base.files.locks import file_lock
from synthgym.base.files.run_folder import LOCK_FILE, read_identity
from synthgym.base.json_reading import parse_object
from synthgym.base.seeds import MOST_SEED
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.info import COLLECTION_FILE, challenge_ids, parse_info
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.ledger import JOURNAL_FILE, read_ledger
from synthgym.synthesis.recipe import Recipe, Running

CANDIDATE_KEY = "candidate/"
"""Before the number of a candidate that is done, in the journal."""

_RUN_FILE = "synthesis.json"
_PROMPTS = "prompts"


def seed_of(out: Path) -> int:
    """The seed of the synthesis in a folder; where there is none, one that nobody can guess."""
    marker = out / _RUN_FILE
    if not out.is_dir():  # a file is refused where the folder is claimed
        return secrets.randbelow(MOST_SEED + 1)
    noted = read_identity(marker, flat=True)
    if noted is None:
        return secrets.randbelow(MOST_SEED + 1)
    found = noted.get("seed")
    if not isinstance(found, int):
        raise OutputFolderError(f"{marker}: seed: expected a number, got {found!r:.40}")
    return found


def claim(out: Path, recipe: Recipe, running: Running, title: str | None) -> None:
    """Takes the output folder: a new one, an empty one, one of the same recipe, or one in which nothing was begun.

    Raises:
        OutputFolderError: It holds something else, or another synthesis; or links, which lead elsewhere.
        SpecError: The namespace or the title cannot be one.
    """
    asked, title = _what_decides(recipe, running), title or f"Made by {recipe.author}, seed {recipe.seed}"
    info = {"namespace": recipe.namespace, "title": title, "version": "0.1.0"}
    parse_info(info, str(out / COLLECTION_FILE))  # what cannot be one is refused before anything is made
    run_folder.claim(out, _RUN_FILE, asked, partial(_take_over, out), flat=True, as_now=partial(_as_now, asked))
    if not (out / COLLECTION_FILE).exists():
        Collection.create(out, recipe.namespace, title)


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


def _as_now(asked: dict[str, Any], noted: dict[str, Any]) -> dict[str, Any]:
    """What an older release noted of a recipe, as it is noted now.

    Versions before wrote down only the settings that were given, and where a Python program gave them neither the
    prompts nor how the model was sampled, which then cannot differ.
    """
    if "settings" not in asked:
        return noted
    stated = noted["settings"] if isinstance(noted.get("settings"), dict) else {}
    known = asked["settings"] if _PROMPTS not in stated else {}
    defaults = parse_object(Settings().model_dump_json())
    beside = {name: value for name, value in noted.items() if name not in asked["settings"]}
    author = _without_address(str(noted.get("author")))
    return {**beside, "author": author, "settings": {**known, **defaults, **stated}}


def _take_over(out: Path, held: ExitStack) -> bool:
    """Readies a folder of another recipe for this one: where nothing was begun in it, and nobody is at it."""
    from synthgym.synthesis.language.calls import hand_over

    free = held.enter_context(file_lock(out / LOCK_FILE, wait=False))
    if not free or read_ledger(out) or challenge_ids(out):
        return False
    with closing(Journal(out / JOURNAL_FILE)) as journal:
        if any(journal.items(CANDIDATE_KEY)):
            return False
    if not hand_over(out / JOURNAL_FILE):
        return False
    (out / COLLECTION_FILE).unlink(missing_ok=True)
    return True
