"""Runs of the author that is a model, as its tests make them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from forty import FLAWED, GOOD

from synthgym.agents.endpoint.endpoint import Endpoint as Where
from synthgym.base.seeds import derive_seed
from synthgym.synthesis.language.endpoint import AuthorSettings
from synthgym.synthesis.language.settings import Settings
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.recipe import Recipe, Running

PRICE = {"price_prompt": 1.25, "price_completion": 10.0}

FEW = [GOOD[number] for number in (0, 1, 4, 17, 13)] + [FLAWED[number] for number in (1, 7)]
FEW_ARGUMENTS = ["--datasets", "hub", "--datasets", "generated", "--attempts", "0", "--rounds", "2", "--restarts", "0"]


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a collection; not the journal, whose order is that of chance."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def command(out: Path, url: str, n: int, *more: str) -> list[str]:
    author = f"openai:writer@{url}?price_prompt=1.25&price_completion=10"
    arguments = ["--author", author, "--n", str(n), "--out", str(out), "--namespace", "few", "--split", "train"]
    arguments += ["--seed", "4", "--jobs", "2", "--sandbox", "bubblewrap", *FEW_ARGUMENTS, *more]
    return [sys.executable, "-m", "synthgym.cli.main", "synthesize", *arguments]


def recipe(**settings: Any) -> Recipe:
    return Recipe(
        seed=4,
        namespace="forty",
        author="openai:writer",
        split="train",
        settings=Settings(**{"attempts": 0, "rounds": 2, "restarts": 0, "most_mb": 0.3, **settings}),
    )


def command_recipe() -> Recipe:
    """What `command` asks for."""
    settings = Settings(datasets=("hub", "generated"), attempts=0, rounds=2, restarts=0)
    return Recipe(seed=4, namespace="few", author="openai:writer", split="train", settings=settings)


def running(url: str, **changed: Any) -> Running:
    endpoint = Where("writer", url, AuthorSettings(attempts=4, timeout=20, **PRICE))
    return Running(**{"jobs": 2, "sandbox": "bubblewrap", "endpoint": endpoint, **changed})


def ends(entries: Any) -> dict[int, Entry]:
    return {entry.index: entry for entry in entries if entry.ended}


def answered_slots(journal: Path) -> set[int]:
    """The seeds of the calls whose answers are on file."""
    if not journal.exists():
        return set()
    lines = journal.read_text().split("\n")[:-1]
    keys = [json.loads(line)["key"] for line in lines]
    return {derive_seed("call", 4, key.removeprefix("call/")) >> 1 for key in keys if key.startswith("call/")}
