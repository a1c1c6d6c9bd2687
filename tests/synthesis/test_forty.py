"""Forty candidates through the whole pipeline, of which twelve are flawed: what is accepted, why not, at what cost."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from author_model import AuthorModel
from endpoint import Endpoint
from env_fixtures import needs
from forty import FLAWED, GOOD
from runs import PRICE, ends, recipe, running
from stories import BROKEN, Story

from synthgym.registry.challenge import load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.synthesis.language.prompts import prompts_hash
from synthgym.synthesis.ledger import funnel, read_ledger, stages
from synthgym.synthesis.pipeline import Result, synthesize

Fill = Callable[..., None]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_forty_candidates_of_which_twelve_are_flawed(fill: Fill, tmp_path: Path) -> None:
    needs("bubblewrap")
    stories = [*GOOD, *FLAWED]
    random.Random(3).shuffle(stories)
    fill(stories)
    model = AuthorModel(stories, trouble=9)
    with Endpoint(model) as endpoint:
        result = synthesize(recipe(), 40, tmp_path / "out", running(endpoint.url))
    assert result.unfinished == {}
    accepted = {load_challenge(tmp_path / "out" / entry.id).title for entry in result.accepted}
    assert accepted == {story.title for story in GOOD}
    by_topic = {topic_of(result, index): entry for index, entry in ends(result.entries).items()}
    for story in FLAWED:
        assert (story.title, by_topic[story.topic].check) == (story.title, story.flaw)
        assert by_topic[story.topic].reason
    assert check_collection(tmp_path / "out") == []
    assert_mended(result, stories)
    assert_costs(result, model, endpoint)
    assert funnel(result.entries) == funnel(read_ledger(tmp_path / "out"))
    assert result.entries != ()
    one = load_challenge(tmp_path / "out" / result.accepted[0].id)
    assert (one.provenance.author, one.provenance.model) == ("openai", "writer")
    assert one.provenance.prompts_hash == prompts_hash()
    assert len(one.dataset.revision or "x" * 40) == 40


def topic_of(result: Result, index: int) -> str:
    """The topic of a candidate."""
    (topic,) = [entry.topic for entry in result.entries if entry.index == index and entry.stage == "topic"]
    return topic


def assert_mended(result: Result, stories: list[Story]) -> None:
    """Every kind of broken code failed with the check that it should, and was mended."""
    kinds = set()
    for index, end in ends(result.entries).items():
        (story,) = [story for story in stories if story.topic == topic_of(result, index)]
        if story.flaw:
            continue
        failed = [entry for entry in result.entries if entry.index == index and entry.outcome == "failed"]
        assert [entry.check for entry in failed] == [BROKEN[name].check for name in story.breaks], story.title
        assert end.round == len(story.breaks)
        kinds |= set(story.breaks)
    assert kinds == set(BROKEN)
    assert len(kinds) >= 8


def assert_costs(result: Result, model: AuthorModel, endpoint: Endpoint) -> None:
    """Every answer is paid once, and every token is in the ledger."""
    assert set(model.asked.values()) == {1}
    spent = [answer["usage"] for answer in endpoint.answered if "usage" in answer]
    prompt, completion = (sum(usage[f"{kind}_tokens"] for usage in spent) for kind in ("prompt", "completion"))
    assert sum(entry.tokens for entry in result.entries) == prompt + completion
    cost = (prompt * PRICE["price_prompt"] + completion * PRICE["price_completion"]) / 1e6
    assert sum(entry.cost for entry in result.entries) == pytest.approx(cost, abs=1e-4)
    assert sum(stage.cost for stage in stages(result.entries)) == pytest.approx(cost, abs=1e-4)
    (dear,) = [stage for stage in stages(result.entries) if stage.name == "debug"]
    assert dear.calls == sum(entry.calls for entry in result.entries if entry.stage == "debug")
