"""What earlier code wrote is read and taken up: interrupted runs as commit 3c7e3f38 left them, packed in `data/`.

Both were killed at work: journal, unfinished folders in `.staging`, challenges that no ledger has yet. The procedural
one had finished two candidates before, and has their ledger and index.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from author_model import AuthorModel
from endpoint import Endpoint
from env_fixtures import needs
from hub_server import HubServer
from runs import FEW, answered_slots, command_recipe, ends, running

from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.synthesis.language.prompts import prompts_hash
from synthgym.synthesis.ledger import read_ledger
from synthgym.synthesis.pipeline import synthesize
from synthgym.synthesis.recipe import Recipe

DATA = Path(__file__).parent / "data"


@pytest.fixture
def unpack(tmp_path: Path) -> Callable[[str], Path]:
    def unpack(name: str) -> Path:
        with tarfile.open(DATA / f"interrupted_{name}.tar.gz") as archive:
            archive.extractall(tmp_path, filter="data")
        return tmp_path / name

    return unpack


def test_a_collection_is_read(unpack: Callable[[str], Path]) -> None:
    folder = unpack("procedural")
    collection = Collection.load(folder)
    assert (collection.namespace, len(collection.ids())) == ("pipe", 3)
    assert check_collection(folder) == []
    assert {entry.id for entry in read_ledger(folder)} < set(collection.ids())
    assert all(challenge.verified for challenge in collection)


def test_an_interrupted_run_of_the_procedural_author_goes_on(unpack: Callable[[str], Path]) -> None:
    needs("bubblewrap")
    folder = unpack("procedural")
    challenges = {path: path.read_bytes() for path in folder.glob("*-*-*/**/*") if path.is_file()}
    lines = (folder / "ledger.jsonl").read_text()
    result = synthesize(Recipe(seed=5, namespace="pipe"), 4, folder)
    assert result.resumed == 3
    assert result.entries[3].id == "grid-game-824e"  # which lay in .staging
    assert [entry.outcome for entry in result.entries] == ["accepted"] * 4
    assert (folder / "ledger.jsonl").read_text().startswith(lines)
    assert all(path.read_bytes() == body for path, body in challenges.items())
    assert len(challenges) == 15
    assert not (folder / ".staging").exists()
    assert not (folder / ".journal.jsonl").exists()


@pytest.mark.slow
def test_an_interrupted_run_of_a_model_goes_on_and_no_answer_is_paid_twice(
    hub: HubServer, fill: Callable[..., None], unpack: Callable[[str], Path]
) -> None:
    needs("bubblewrap")
    fill(FEW)
    folder = unpack("language")
    for line in (folder / ".journal.jsonl").read_text().splitlines():
        found = json.loads(line)["value"]
        if "revision" in found:
            hub.also_call(found["repo_id"], found["revision"])
    marker = folder / "synthesis.json"
    stated = json.loads(marker.read_text())
    stated["settings"]["prompts"] = prompts_hash()  # with other prompts it would be another synthesis
    marker.write_text(json.dumps(stated))
    on_file = answered_slots(folder / ".journal.jsonl")
    assert len(on_file) == 43
    model = AuthorModel(FEW)
    with Endpoint(model) as endpoint:
        result = synthesize(command_recipe(), len(FEW), folder, running(endpoint.url))
    assert result.resumed == 3
    assert result.unfinished == {}
    asked = {seed for seed, count in model.asked.items() if count}
    assert not asked & on_file
    outcomes = {index: entry.check or entry.outcome for index, entry in ends(result.entries).items()}
    assert outcomes == {
        0: "accepted",
        1: "accepted",
        2: "accepted",
        3: "accepted",
        4: "accepted",
        5: "gated",
        6: "leaky",
    }
