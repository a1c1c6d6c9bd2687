"""The client against an endpoint on loopback that plays hand-written transcripts (see `parts/endpoint.py`)."""

from __future__ import annotations

import email.utils
import pickle
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from endpoint import Answer, Endpoint, failure, reply
from pydantic import BaseModel

from synthgym.agents.endpoint.client import check_base_url
from synthgym.agents.endpoint.errors import ContextOverflow, ModelRefused
from synthgym.agents.endpoint.model import Model
from synthgym.agents.endpoint.price import Price
from synthgym.agents.endpoint.redaction import redact
from synthgym.base.errors import InfrastructureError, ModelError, UserError

ASK = [{"role": "user", "content": "Hello"}]
KEY = "not-a-real-key-0123456789"


def model(endpoint: Endpoint, **settings: Any) -> Model:
    return Model("m", endpoint.url, **{"backoff": 0.01, "timeout": 5.0, **settings})


def test_an_answer_is_read_and_counted() -> None:
    with Endpoint([reply("Hi", prompt_tokens=11, completion_tokens=3), reply("Ho")]) as endpoint:
        asked = model(endpoint, parameters={"temperature": 0.5}, price=Price(prompt=2.0, completion=10.0))
        completion = asked.complete(ASK, seed=4)
        assert (completion.content, completion.cut_off) == ("Hi", False)
        assert asked.complete(ASK).content == "Ho"
    assert endpoint.requests[0] == {"model": "m", "messages": ASK, "temperature": 0.5, "seed": 4}
    usage = asked.usage
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens, usage.retries) == (2, 21, 8, 0)
    assert usage.cost == pytest.approx((21 * 2 + 8 * 10) / 1e6)


def test_a_cut_reply_and_an_empty_one() -> None:
    with Endpoint([reply("Hi th", finish="length"), reply(None)]) as endpoint:
        asked = model(endpoint)
        assert asked.complete(ASK).cut_off
        assert asked.complete(ASK).content == ""


@pytest.mark.parametrize(
    "trouble",
    [
        failure(500, "oops"),
        failure(503, "overloaded"),
        failure(429, "slow down"),
        failure(408, "too slow"),
        Answer(b"<html>bad gateway</html>", 502, {"Content-Type": "text/html"}),
        Answer(b'{"choices": [', headers={"Content-Type": "application/json"}),
        Answer(b"hello", headers={"Content-Type": "text/plain"}),
        Answer({"choices": []}),
        Answer({"object": "chat.completion"}),
        Answer({"choices": [{"index": 0, "finish_reason": "stop"}]}),
        Answer(["no", "object"]),
        Answer(None),
    ],
    ids=lambda answer: f"{answer.status} {str(answer.body)[:24]}",
)
def test_what_may_pass_is_tried_again(trouble: Answer) -> None:
    with Endpoint([trouble, trouble, reply("Hi")]) as endpoint:
        asked = model(endpoint)
        assert asked.complete(ASK).content == "Hi"
    assert asked.usage.retries == 2
    assert asked.usage.calls == 1


def test_a_timeout_is_tried_again() -> None:
    slow = reply("late")
    slow.wait = 0.6
    with Endpoint([slow, reply("Hi")]) as endpoint:
        asked = model(endpoint, timeout=0.2)
        assert asked.complete(ASK).content == "Hi"
    assert asked.usage.retries == 1


@pytest.mark.parametrize("form", ["seconds", "milliseconds", "date"])
def test_retry_after_is_honoured(form: str) -> None:
    if form == "date":
        headers = {"Retry_After": email.utils.formatdate(time.time() + 2, usegmt=True)}
    else:
        headers = {"Retry_After": "0.4"} if form == "seconds" else {"retry_after_ms": "400"}
    with Endpoint([failure(429, "slow down", **headers), reply("Hi")]) as endpoint:
        assert model(endpoint).complete(ASK).content == "Hi"
    assert endpoint.times[1] - endpoint.times[0] >= 0.35


def test_an_endpoint_that_asks_for_too_long_a_wait_has_failed() -> None:
    with Endpoint([failure(429, "tomorrow", Retry_After="86400")]) as endpoint, pytest.raises(ModelError) as caught:
        model(endpoint).complete(ASK)
    assert "86400" in str(caught.value)


def test_it_gives_up_in_the_end() -> None:
    with Endpoint(lambda _: failure(500, "oops")) as endpoint, pytest.raises(ModelError) as caught:
        model(endpoint, attempts=3).complete(ASK)
    assert "gave up after 3 attempts" in str(caught.value)
    assert "status 500: " in str(caught.value)
    assert len(endpoint.requests) == 3
    assert not isinstance(caught.value, UserError)


def test_nobody_there() -> None:
    with Endpoint([]) as endpoint:
        url = endpoint.url
    with pytest.raises(ModelError, match="cannot connect") as caught:
        Model("m", url, attempts=2, backoff=0.01).complete(ASK)
    assert isinstance(caught.value, InfrastructureError)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (failure(401, "Incorrect API key provided"), "set OPENAI_API_KEY"),
        (failure(403, "forbidden"), "set OPENAI_API_KEY"),
        (failure(404, "The model `m` does not exist", "model_not_found"), "no such model"),
        (Answer({"detail": "Not Found"}, 404), "base URLs mostly end in /v1"),
        (failure(429, "You exceeded your current quota", "insufficient_quota"), "credit"),
    ],
)
def test_what_will_not_pass_is_said_at_once(answer: Answer, words: str) -> None:
    with Endpoint([answer]) as endpoint, pytest.raises(ModelRefused, match=words) as caught:
        model(endpoint).complete(ASK)
    assert isinstance(caught.value, UserError)
    assert "'m'" in str(caught.value)
    assert endpoint.url in str(caught.value)
    assert len(endpoint.requests) == 1
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        failure(400, "too long", "context_length_exceeded"),
        failure(400, "This model's maximum context length is 2048 tokens. However, you requested 3000 tokens"),
        failure(413, "prompt is too long: 210000 tokens > 200000 maximum"),
        Answer({"error": {"code": 400, "message": "too big", "type": "exceed_context_size_error"}}, 400),
    ],
)
def test_overflow_is_told_apart(answer: Answer) -> None:
    with Endpoint([answer]) as endpoint, pytest.raises(ContextOverflow):
        model(endpoint).complete(ASK)


def test_other_refusals_are_not_tried_again() -> None:
    with Endpoint([failure(400, "temperature must be below 2")]) as endpoint, pytest.raises(ModelError) as caught:
        model(endpoint).complete(ASK)
    assert "temperature must be below 2" in str(caught.value)
    assert len(endpoint.requests) == 1


def test_parameters_are_written_as_the_endpoint_wants_them() -> None:
    other_name = failure(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    no_seed = failure(422, "Unexpected fields in the request: {'seed'}")
    with Endpoint([other_name, no_seed, reply("Hi"), reply("Ho")]) as endpoint:
        asked = model(endpoint, parameters={"max_tokens": 9})
        assert asked.complete(ASK, seed=1).content == "Hi"
        assert asked.complete(ASK).content == "Ho"
    assert endpoint.requests[2] == endpoint.requests[3] == {"model": "m", "messages": ASK, "max_completion_tokens": 9}


def test_the_key_is_sent_and_never_shown(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level("DEBUG")
    answers = [failure(500, f"bad {KEY}"), failure(401, f"Incorrect API key provided: {KEY}")]
    with Endpoint(answers) as endpoint:
        asked = model(endpoint)
        with pytest.raises(ModelRefused) as caught:
            asked.complete(ASK)
    assert endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    error: BaseException | None = caught.value
    while error is not None:
        shown = "".join(traceback.format_exception(error)) + repr(vars(error))
        assert KEY not in shown
        assert getattr(error, "request", None) is None  # it holds the headers
        error = error.__cause__ or error.__context__
    assert KEY not in caplog.text
    assert KEY not in repr(asked) + repr(vars(asked))
    assert "refused the key in OPENAI_API_KEY" in str(caught.value)


def test_without_a_key_loopback_gets_a_dummy_and_openai_is_refused() -> None:
    with Endpoint([reply("Hi")]) as endpoint:
        model(endpoint).complete(ASK)
    assert endpoint.headers[0]["authorization"] == "Bearer none"
    with pytest.raises(UserError, match="set OPENAI_API_KEY"):
        Model("m").complete(ASK)


def test_a_proxy_does_not_get_loopback_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with Endpoint([reply("Hi")]) as endpoint:
        assert model(endpoint).complete(ASK).content == "Hi"


def test_base_urls() -> None:
    assert check_base_url("https://api.example.org/v1/") == "https://api.example.org/v1"
    assert check_base_url(None) is None
    for wrong in ("127.0.0.1:8000", "ftp://x/v1", "http:///v1"):
        with pytest.raises(UserError, match="expected http"):
            check_base_url(wrong)
    for unreadable in ("http://[::1/v1", "http://a b/v1", "http://host:99999/v1", "http://me:hunter22/x@host/v1"):
        with pytest.raises(UserError, match="expected http") as caught:
            check_base_url(unreadable)
        assert "hunter22" not in str(caught.value)
    for secret in ("http://me:hunter22@host/v1", "http://host/v1?key=hunter22"):
        with pytest.raises(UserError, match="put keys in OPENAI_API_KEY") as caught:
            check_base_url(secret)
        assert "hunter22" not in str(caught.value)


def test_redacting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SERVICE_TOKEN", "swordfish-99")
    text = "got swordfish-99, sk-proj-abcdefgh12345, Bearer abcdefghijkl and task-oriented"
    assert redact(text) == "got [secret], [secret], Bearer [secret] and task-oriented"


@pytest.mark.parametrize("key", ["sk-1234", "test", "a+bc"])
def test_a_short_key_is_not_shown_either(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    said = failure(401, f"Received API Key = {key}, an example.")
    with Endpoint([said]) as endpoint, pytest.raises(ModelRefused, match=r"Key = \[secret\], an example\."):
        model(endpoint).complete(ASK)


def test_a_made_up_key_takes_no_letters_out_of_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a")
    said = "a model needs a larger context"
    assert redact(said) == said


@pytest.mark.parametrize("key", [KEY, "context", "code"])
def test_a_key_is_taken_out_of_what_was_read_and_not_before(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    inner = f'{{"error": {{"code": "context_length_exceeded", "message": "too long. Authorization: Bearer {key}"}}}}'
    long = failure(400, "word " * 98 + key)
    with Endpoint([Answer(inner.encode(), 400), long]) as endpoint:
        with pytest.raises(ContextOverflow) as caught:
            model(endpoint).complete(ASK)
        with pytest.raises(ModelError) as cut:
            model(endpoint).complete(ASK)
    assert str(caught.value).endswith("too long. Authorization: Bearer [secret]")
    assert key[:6] not in str(cut.value)


class Form(BaseModel):
    """What an answer should be."""

    names: list[str]
    note: str | None = None


def test_structured_output_is_asked_for_by_a_strict_schema() -> None:
    with Endpoint([reply('{"names": ["a"], "note": null}')]) as endpoint:
        completion = model(endpoint).complete(ASK, schema=Form)
    assert Form.model_validate_json(completion.content).names == ["a"]
    asked = endpoint.requests[0]["response_format"]
    assert (asked["type"], asked["json_schema"]["name"], asked["json_schema"]["strict"]) == (
        "json_schema",
        "Form",
        True,
    )
    schema = asked["json_schema"]["schema"]
    assert (schema["required"], schema["additionalProperties"]) == (["names", "note"], False)


@pytest.mark.parametrize(
    "refusal",
    ["Unrecognized request argument supplied: response_format", "json_schema is not supported by this model"],
)
def test_an_endpoint_that_knows_no_structured_output_is_asked_without(refusal: str) -> None:
    answers = [failure(400, refusal), reply("{}"), reply("{}")]
    with Endpoint(answers) as endpoint:
        asked = model(endpoint)
        assert asked.complete(ASK, schema=Form, seed=3).content == "{}"
        assert asked.complete(ASK, schema=Form, seed=4).content == "{}"
    assert ["response_format" in request for request in endpoint.requests] == [True, False, False]
    assert [request["seed"] for request in endpoint.requests] == [3, 3, 4]


def test_a_structured_answer_that_was_cut_off_is_counted() -> None:
    with Endpoint([reply('{"names": ["a', finish="length", completion_tokens=64)]) as endpoint:
        asked = model(endpoint)
        completion = asked.complete(ASK, schema=Form)
    assert (completion.cut_off, completion.content, asked.usage.completion_tokens) == (True, '{"names": ["a', 64)


def test_threads_share_a_model() -> None:
    def answer(request: dict[str, Any]) -> Answer:
        if "max_tokens" in request:
            return failure(400, "Unsupported parameter: use 'max_completion_tokens' instead")
        return failure(400, "unknown parameter: seed") if "seed" in request else reply("Hi", prompt_tokens=1)

    with Endpoint(answer) as endpoint, ThreadPoolExecutor(8) as threads:
        asked = model(endpoint, parameters={"max_tokens": 5}, attempts=8)
        said = list(threads.map(lambda seed: asked.complete(ASK, seed=seed).content, range(24)))
    assert said == ["Hi"] * 24
    assert (asked.usage.calls, asked.usage.prompt_tokens) == (24, 24)
    assert asked.parameters == {"max_completion_tokens": 5}
