"""The author that is a model, behind endpoints that count nothing, think aloud, or refuse what they do not know."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from author_model import AuthorModel
from endpoint import Answer, Endpoint, failure
from env_fixtures import needs
from runs import FEW, recipe, running

from synthgym.base.errors import UserError
from synthgym.synthesis.pipeline import synthesize

Fill = Callable[..., None]


@pytest.fixture(autouse=True)
def _works() -> None:
    needs("bubblewrap")


def uncounted(answer: Answer) -> Answer:
    answer.body.pop("usage", None)
    return answer


def test_limits_bind_where_an_endpoint_counts_nothing(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    model = AuthorModel(FEW[:2])
    with Endpoint(lambda request: uncounted(model(request))) as endpoint:
        for limit, said in (({"most_tokens": 3000}, "of 3,000 tokens"), ({"most_cost": 0.001}, r"of \$0.00")):
            out = tmp_path / next(iter(limit))
            with pytest.warns(UserWarning, match="does not count tokens in its answers: they are estimated"):
                poor = synthesize(recipe(), 2, out, running(endpoint.url, candidates=1, **limit))
            assert poor.accepted == []
            assert re.search(rf"spent .*{said} \(the endpoint does not count tokens", poor.unfinished[0])


def test_a_limit_in_dollars_needs_the_price_of_the_agents_model_too(tmp_path: Path) -> None:
    asked = recipe(attempts=1, agent="chat:player@http://127.0.0.1:9/v1")
    with pytest.raises(UserError, match="--max-cost: the price of the model of --agent"):
        synthesize(asked, 1, tmp_path / "out", running("http://127.0.0.1:9/v1", most_cost=1.0))


def thinking(answer: Answer) -> Answer:
    """As a reasoning model is served raw: with a draft among its thoughts that must not be taken."""
    message = answer.body["choices"][0]["message"]
    draft = "```python\n" + "raise SystemExit('a draft')\n" * 400 + "```"
    message["content"] = f"<think>\nIt must not be told that this is a test.\n{draft}\n</think>\n\n{message['content']}"
    return answer


def test_a_reasoning_model_that_is_served_raw(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    model = AuthorModel(FEW[:1])
    with Endpoint(lambda request: thinking(model(request))) as endpoint:
        result = synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url))
    (made,) = result.accepted
    for path in (tmp_path / "out" / made.id).rglob("*"):
        if path.is_file():
            assert b"must not be told" not in path.read_bytes(), path
            assert b"<think>" not in path.read_bytes(), path
    later = [m["content"] for r in endpoint.requests for m in r["messages"] if m["role"] == "assistant"]
    assert not any("<think>" in text for text in later), "and it is not shown its thoughts again"


def test_structured_output_that_is_refused_stops_nothing(fill: Fill, tmp_path: Path) -> None:
    fill(FEW)
    model = AuthorModel(FEW[:1])
    with Endpoint(lambda r: failure(400, "Bad Request") if "response_format" in r else model(r)) as endpoint:
        assert len(synthesize(recipe(), 1, tmp_path / "out", running(endpoint.url)).accepted) == 1


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (failure(403, "Your input was flagged for violence"), "flagged"),
        (
            failure(400, "This model's maximum prompt length is 900 but the request contains 901 tokens"),
            "model context",
        ),
    ],
)
def test_what_an_endpoint_will_never_take_is_a_candidates_end(
    answer: Answer, check: str, fill: Fill, tmp_path: Path
) -> None:
    """The next run would be refused the same: it is no failure that passes. The others go on."""
    fill(FEW)
    model = AuthorModel(FEW[:2])

    def refusing(request: dict[str, Any]) -> Answer:
        prompt = str(request["messages"][1]["content"])
        return answer if FEW[0].topic in prompt and not prompt.startswith("Name") else model(request)

    with Endpoint(refusing) as endpoint:
        result = synthesize(recipe(), 2, tmp_path / "out", running(endpoint.url))
    assert (len(result.accepted), result.unfinished) == (1, {})
    (entry,) = [entry for entry in result.entries if entry.outcome == "rejected"]
    assert entry.check == check
    assert "writer" in str(entry.reason)
