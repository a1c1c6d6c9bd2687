"""Makes `parts/` importable, and the endpoint that plays a model; fills a Hub with the data sets of stories."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from env_fixtures import shown_folder
from hub_server import HubServer, hub

sys.path.insert(0, str(Path(__file__).parent / "parts"))
sys.path.insert(0, str(Path(__file__).parent.parent / "agents" / "parts"))

from stories import Story, file_of, table

__all__ = ["hub", "shown_folder"]


@pytest.fixture
def fill(hub: HubServer) -> Callable[..., None]:
    """Puts the data sets of stories on the Hub, as far as they are there."""

    def fill(stories: list[Story]) -> None:
        for story in stories:
            if story.dataset == "generated" or story.flaw in ("missing", "model output"):
                continue
            files = {file_of(story): table(story)}
            if story.flaw == "script only":
                files = {"poems.py": b"raise SystemExit('this must never run')\n"}
            if story.flaw == "too large":
                files[file_of(story)] += b"\n" * 400_000
            licence = None if story.flaw == "no licence" else "cc-by-4.0"
            hub.add(story.dataset, files, licence=licence, gated=story.flaw == "gated")

    return fill
