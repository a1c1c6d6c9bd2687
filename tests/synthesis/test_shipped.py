"""The shipped collection is what its author makes today, whole, and apart in its splits."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean

import pytest
from shipped import TEACHER, shipped, unpacked

from synthgym.agents.trajectories.store import read_episodes
from synthgym.registry.challenge import SEEDS, Challenge, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.index import SHIPPED, read_index, write_index
from synthgym.registry.collections.packing import pack
from synthgym.registry.collections.unpack import collection_file
from synthgym.synthesis.ledger import read_ledger
from synthgym.synthesis.procedural import draft

MEASURED = {
    "baseline": {"scores", "validation_scores", "mean", "sd"},
    "noise": True,
    "reference": {"score", "by"},
    "provenance": {"content_hash", "data_hash"},
}

FAMILIES = ("tabular", "games")
"""Those that there were when it was made."""


def drafted(challenge: Challenge) -> dict[str, object]:
    """What the author decides; the rest is measured."""
    return challenge.model_dump(exclude=MEASURED)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    """Each file's bytes, less what pip compiles as it installs the wheel."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def challenges() -> dict[str, Challenge]:
    return {entry.id: load_challenge(shipped(entry.id)) for entry in read_index(SHIPPED).entries}


def test_it_is_byte_for_byte_what_the_author_makes(challenges: dict[str, Challenge]) -> None:
    seed = json.loads(collection_file(SHIPPED, "synthesis.json").read_text())["seed"]
    accepted = [entry for entry in read_ledger(SHIPPED) if entry.outcome == "accepted"]
    assert sorted(entry.id for entry in accepted) == sorted(challenges)
    for entry in accepted:
        made = draft(entry.index, seed, families=FAMILIES)
        folder = shipped(entry.id)
        assert drafted(made.challenge) == drafted(challenges[entry.id])
        files = contents(folder)
        del files["challenge.yaml"]
        assert files == made.files


def test_what_was_measured_means_something(challenges: dict[str, Challenge]) -> None:
    """Noise everywhere; both halves are measured and within it of each other; so is the starter with all seeds."""
    for challenge in challenges.values():
        baseline = challenge.baseline
        noise, mean = challenge.noise or 0.0, baseline.mean or 0.0
        assert noise > 0
        assert len(baseline.scores) == len(baseline.validation_scores) == SEEDS
        assert abs(fmean(baseline.scores) - fmean(baseline.validation_scores)) < noise
        assert max(abs(score - mean) for score in (*baseline.scores, *baseline.validation_scores)) <= noise


def test_it_has_no_problem_and_its_index_is_fresh(tmp_path: Path) -> None:
    assert check_collection(SHIPPED) == []
    copy = unpacked(tmp_path / "core")
    index = (copy / "index.json").read_text()
    (copy / "index.json").unlink()
    write_index(copy)
    assert (copy / "index.json").read_text() == index
    assert pack(copy, tmp_path / "again").read_bytes() == SHIPPED.read_bytes()


def test_the_examples_are_of_it_and_of_every_family(challenges: dict[str, Challenge]) -> None:
    examples = Collection.load(SHIPPED.with_name("examples"))
    for name in examples.ids():
        assert contents(examples.folder(name)) == contents(shipped(name))
    assert {challenges[name].submission.kind for name in examples.ids()} == {"file", "module"}
    assert {challenges[name].dataset.source for name in examples.ids()} == {"sklearn", "generated"}


def test_a_source_and_a_story_belong_to_one_split(challenges: dict[str, Challenge]) -> None:
    sources: dict[str, set[str]] = {}
    for challenge in challenges.values():
        for name in (f"topic {challenge.topic}", *challenge.dataset.files):
            sources.setdefault(name, set()).add(challenge.split)
    assert set.union(*sources.values()) == {"train", "heldout"}
    assert {"digits.csv.gz", "breast_cancer.csv", "diabetes_target.csv.gz"} <= set(sources)
    assert [name for name, splits in sources.items() if len(splits) > 1] == []


def test_the_teachers_trajectories_are_those_of_the_train_split(challenges: dict[str, Challenge]) -> None:
    train = {f"synthgym/{name}-v{each.version}": each for name, each in challenges.items() if each.split == "train"}
    episodes = list(read_episodes(TEACHER))
    assert {episode.env_id for episode in episodes} == set(train)
    assert all(episode.agent == "scripted" and episode.outcome.accepted_submission for episode in episodes)
    gains = [episode.outcome.improvement or 0.0 for episode in episodes]
    assert sum(gain > 0 for gain in gains) > 0.9 * len(gains)
    assert sum(gains) / len(gains) > 0.6
