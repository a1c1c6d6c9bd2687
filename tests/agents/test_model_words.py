"""The client against endpoints with words and shapes of their own (see `parts/endpoint.py`): transcripts by hand."""

from __future__ import annotations

import contextlib
import gzip
import json
import pickle
import threading
import time
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from endpoint import Answer, Endpoint, failure, reply
from pydantic import BaseModel

from synthgym.agents.endpoint.errors import BadRequest, ContextOverflow, Flagged, ModelRefused
from synthgym.agents.endpoint.model import Model
from synthgym.agents.endpoint.price import Price
from synthgym.base.errors import InfrastructureError, ModelError, UserError

ASK = [{"role": "user", "content": "Hello"}]


class Form(BaseModel):
    """What an answer should be."""

    names: list[str]


class Other(BaseModel):
    """Another one."""

    number: int


def model(endpoint: Endpoint, **settings: Any) -> Model:
    return Model("m", endpoint.url, **{"backoff": 0.01, "timeout": 5.0, "attempts": 1, **settings})


# -- parameters that an endpoint does not know -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs", "input": 7}]}),
        (422, {"message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs"}]}}),
        (400, {"error": "unknown field seed"}),
        (400, [{"error": {"code": 400, "message": 'Unknown name "seed": Cannot find field.'}}]),
        (400, {"errors": {"seed": ["Unknown field."]}}),
        (400, {"error": {"message": "Provider returned error", "metadata": {"raw": '{"detail":"no seed here"}'}}}),
        (501, {"error": {"message": "seed is not supported"}}),
        (400, {"detail": "Extra inputs are not permitted"}),
        (400, {"error": "Bad Request"}),
        (400, b""),
        (422, b"<html><title>422</title></html>"),
    ],
)
def test_a_seed_that_is_refused_is_left_out_from_then_on(status: int, body: Any) -> None:
    with Endpoint(lambda request: Answer(body, status) if "seed" in request else reply("Hi")) as endpoint:
        asked = model(endpoint)
        assert [asked.complete(ASK, seed=seed).content for seed in (1, 2)] == ["Hi", "Hi"]
    assert ["seed" in request for request in endpoint.requests] == [True, False, False]
    assert asked.usage.retries == 0, "asked otherwise, which is no failed attempt"


def test_what_is_refused_without_a_seed_too_is_not_the_seeds_doing() -> None:
    with Endpoint([failure(400, "not today"), failure(400, "not today"), reply("Hi")]) as endpoint:
        asked = model(endpoint)
        with pytest.raises(BadRequest, match="status 400: not today"):
            asked.complete(ASK, seed=1)
        asked.complete(ASK, seed=2)
    assert ["seed" in request for request in endpoint.requests] == [True, False, True]


def test_a_seed_that_was_answered_before_is_above_suspicion() -> None:
    with Endpoint([reply("Hi"), failure(400, "not today")]) as endpoint:
        asked = model(endpoint)
        asked.complete(ASK, seed=1)
        with pytest.raises(BadRequest):
            asked.complete(ASK, seed=2)
    assert len(endpoint.requests) == 2


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "Grammar error: cannot compile"}),
        (400, {"error": {"message": "Invalid schema: additionalProperties is not allowed here"}}),
        (400, {"error": {"message": "The specified schema produces too many states"}}),
        (400, {"error": {"message": "the input schema exceeds the maximum length"}}),
        (422, {"detail": [{"loc": ["body", "response_format", "type"], "msg": "Input should be 'json_object'"}]}),
        (400, b"Bad Request"),
        (500, {"error": "guided decoding backend failed"}),
    ],
)
def test_structured_output_that_is_refused_in_any_words_is_left_out(status: int, body: Any) -> None:
    with Endpoint(lambda r: Answer(body, status) if "response_format" in r else reply("{}")) as endpoint:
        asked = model(endpoint)
        assert [asked.complete(ASK, seed=3, schema=Form).content for _ in range(2)] == ["{}", "{}"]
    assert ["response_format" in request for request in endpoint.requests] == [True, False, False]
    assert all("seed" in request for request in endpoint.requests), "and nothing else is"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "No endpoints found that support the requested parameters"),
        (405, "Method Not Allowed"),
        (415, "Unsupported"),
        (501, "not implemented"),
    ],
)
def test_structured_output_may_be_what_any_refusal_is_about(status: int, said: str) -> None:
    with Endpoint(lambda r: failure(status, said) if "response_format" in r else reply("{}")) as endpoint:
        asked = model(endpoint)
        assert [asked.complete(ASK, schema=Form).content for _ in range(2)] == ["{}", "{}"]
        assert ["response_format" in request for request in endpoint.requests] == [True, False, False]


def test_a_failure_does_not_cost_the_schemas_to_come() -> None:
    with Endpoint([failure(500, "oops"), reply("{}"), reply("{}"), failure(500, "oops"), reply("{}")]) as endpoint:
        asked = model(endpoint, attempts=2)
        for _ in range(3):
            asked.complete(ASK, schema=Form)
    assert ["response_format" in request for request in endpoint.requests] == [True, False, True, True, True]


def test_only_what_is_to_blame_is_left_out() -> None:
    with Endpoint(lambda r: failure(400, "Bad Request") if "seed" in r else reply("{}")) as endpoint:
        asked = model(endpoint)
        for _ in range(2):
            asked.complete(ASK, seed=3, schema=Form)
    tried = [("response_format" in request, "seed" in request) for request in endpoint.requests]
    assert tried == [(True, True), (False, True), (True, False), (True, False)]


def test_one_schema_that_is_refused_does_not_cost_the_others() -> None:
    def answer(request: dict[str, Any]) -> Answer:
        schema = request.get("response_format", {}).get("json_schema", {}).get("name")
        return failure(400, "Bad Request") if schema == "Other" else reply("{}")

    with Endpoint(answer) as endpoint:
        asked = model(endpoint)
        for schema in (Form, Other, Form):
            asked.complete(ASK, schema=schema)
    assert ["response_format" in request for request in endpoint.requests] == [True, True, False, True]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "System role not supported"),
        (500, "System role not supported"),
        (400, "Conversation roles must alternate user/assistant/user/assistant/..."),
        (400, "Developer instruction is not enabled for models/gemma-3-27b-it"),
        (400, "Only user and assistant roles are supported!"),
        (422, "This model does not support system messages."),
    ],
)
def test_a_model_without_a_system_role_is_told_by_the_user(status: int, said: str) -> None:
    talk = [{"role": "system", "content": "Be brief."}, *ASK]

    def answer(request: dict[str, Any]) -> Answer:
        return failure(status, said) if request["messages"][0]["role"] == "system" else reply("Hi")

    with Endpoint(answer) as endpoint:
        asked = model(endpoint)
        assert asked.as_sent(talk) == talk
        assert [asked.complete(talk, seed=seed).content for seed in (1, 2)] == ["Hi", "Hi"]
        assert asked.as_sent(talk) == model(endpoint).as_sent(talk) == endpoint.requests[-1]["messages"]
    assert endpoint.requests[1]["messages"] == [{"role": "user", "content": "Be brief.\n\nHello"}]
    assert [len(request["messages"]) for request in endpoint.requests] == [2, 1, 1], "and this is remembered"
    assert all("seed" in request for request in endpoint.requests)


def test_a_seed_is_not_given_up_for_a_name_in_an_error() -> None:
    chance = failure(400, "doubao-seed-1-6 is warming up")
    with Endpoint([chance, reply("Hi"), reply("Ho")]) as endpoint:
        asked = model(endpoint, attempts=2)
        assert [asked.complete(ASK, seed=seed).content for seed in (1, 2)] == ["Hi", "Ho"]
    assert [request.get("seed") for request in endpoint.requests] == [1, 1, 2]


@pytest.mark.parametrize("name", ["temperature", "top_p", "seed"])
def test_pydantics_word_for_a_value_that_is_too_large(name: str) -> None:
    detail = {"type": "less_than_equal", "loc": ["body", name], "msg": "Input should be less than or equal to 1"}

    def answer(request: dict[str, Any]) -> Answer:
        return Answer({"detail": [detail]}, 422) if request.get(name, 0) > 1 else reply("Hi")

    with Endpoint(answer) as endpoint:
        if name == "seed":
            assert model(endpoint).complete(ASK, seed=7).content == "Hi"
            return
        asked = model(endpoint, parameters={name: 1.5})
        for call in (asked.complete, asked.try_out):
            with pytest.raises(ModelRefused, match=f"refuses the setting {name}=1.5"):
                call(ASK)


def test_a_setting_of_ones_own_that_is_refused_is_told() -> None:
    error = {"message": "Unsupported value: 'temperature' does not support 0.2", "param": "temperature"}
    with Endpoint([Answer({"error": error}, 400)]) as endpoint, pytest.raises(ModelRefused) as caught:
        model(endpoint, parameters={"temperature": 0.2}).complete(ASK)
    assert "refuses the setting temperature=0.2" in str(caught.value)


# -- kinds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer([{"error": {"message": "The input token count (9) exceeds the maximum of 8"}}], 400), ContextOverflow),
        (Answer({"error": "This model's maximum prompt length is 8 but the request contains 9"}, 400), ContextOverflow),
        (Answer(b"<title>413 Request Entity Too Large</title>", 413), ContextOverflow),
        (Answer({"error": {"message": "This endpoint's maximum context length is 8", "code": 400}}), ContextOverflow),
        (failure(402, "Insufficient Balance"), ModelRefused),
        (failure(400, "Your credit balance is too low to access the API"), ModelRefused),
        (failure(400, "API key not valid. Please pass a valid API key."), ModelRefused),
        (failure(405, "Method Not Allowed"), ModelRefused),
        (failure(403, "Your input was flagged by moderation"), Flagged),
        (failure(400, "the prompt triggered the content management policy", "content_filter"), Flagged),
    ],
)
def test_kinds(answer: Answer, kind: type[ModelError]) -> None:
    with Endpoint([answer]) as endpoint, pytest.raises(kind) as caught:
        model(endpoint, attempts=3).complete(ASK)
    assert len(endpoint.requests) == 1
    assert isinstance(caught.value, UserError) == (kind is ModelRefused)
    assert type(pickle.loads(pickle.dumps(caught.value))) is kind


def test_a_model_that_has_answered_is_there() -> None:
    said = "This model is not available for such conversations"
    with Endpoint([reply("Hi"), *[failure(400, said)] * 3]) as endpoint:
        asked = model(endpoint)
        asked.complete(ASK)
        with pytest.raises(BadRequest, match=said):
            asked.complete(ASK)
        with pytest.raises(BadRequest, match=said):
            model(endpoint).complete(ASK)
        with pytest.raises(ModelRefused, match="no such model"):
            Model("other", endpoint.url).complete(ASK)


def test_what_was_learnt_of_an_endpoint_is_known_to_the_next_episode() -> None:
    def answer(request: dict[str, Any]) -> Answer:
        for name in ("seed", "response_format"):
            if name in request:
                return failure(400, f"unknown parameter: {name}")
        if "max_tokens" in request:
            return failure(400, "Unsupported parameter: use 'max_completion_tokens' instead")
        return failure(400, "temperature and top_p are odd") if len(endpoint.requests) > 5 else reply("Hi")

    with Endpoint(answer) as endpoint:
        for _ in range(2):
            asked = model(endpoint, parameters={"max_tokens": 9, "temperature": 0.5})
            assert asked.complete(ASK, seed=1, schema=Form).content == "Hi"
        assert len(endpoint.requests) == 5
        with pytest.raises(BadRequest, match="are odd"):
            model(endpoint, parameters={"temperature": 0.5}).complete(ASK)
        with pytest.raises(ModelRefused, match="refuses the setting temperature"):
            model(endpoint, parameters={"temperature": 0.7}).complete(ASK)


def test_the_reason_of_a_404_is_told() -> None:
    said = "No endpoints found matching your data policy"
    with Endpoint([failure(404, said)]) as endpoint, pytest.raises(ModelRefused, match=said):
        model(endpoint).complete(ASK)


def broken(finish: str | None = None, **more: Any) -> Answer:
    answer = reply("", finish or "stop")
    answer.body["choices"][0] |= more
    return answer


SILENT = {"role": "assistant", "content": None}


@pytest.mark.parametrize(
    "answer",
    [
        *(broken(finish) for finish in ("content_filter", "sensitive", "SAFETY", "PROHIBITED_CONTENT", "ERROR_TOXIC")),
        broken("guardrail_intervened", message=SILENT),
        broken("content_filter", message=None),
        broken("stop", native_finish_reason="SAFETY"),
    ],
    ids=lambda answer: str(answer.body["choices"][0])[:90],
)
def test_a_reply_that_a_guard_held_back_is_flagged(answer: Answer) -> None:
    with Endpoint([answer]) as endpoint, pytest.raises(Flagged, match="finish_reason"):
        model(endpoint, attempts=3).complete(ASK)


def test_what_a_guard_cut_off_in_the_middle_is_no_reply() -> None:
    with Endpoint([reply("Next.\n```bash\nrm -r", "content_filter")]) as endpoint:
        with pytest.raises(Flagged, match="finish_reason 'content_filter'"):
            model(endpoint, attempts=3).complete(ASK)
        assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        broken("error"),
        broken("MALFORMED_FUNCTION_CALL", message=SILENT),
        broken("function_call_filter: MALFORMED_FUNCTION_CALL"),
        broken("error", native_finish_reason="MALFORMED_FUNCTION_CALL"),
        broken("network_error"),
        broken("abort"),
        broken("insufficient_system_resource"),
        broken(error={"code": 502, "message": "Provider returned error"}),
        broken("error", error={"code": 429, "message": "slow"}),
        Answer({"error": {"code": 503, "message": "no instances"}}),
        Answer({"error": "upstream died"}),
        Answer({"id": "x", "choices": None, "base_resp": {"status_code": 1002, "status_msg": "rate limit"}}),
        failure(429, "slow", Retry_After="nan"),
        failure(429, "slow", Retry_After="inf"),
        failure(400, "The model is overloaded, try again later"),
    ],
    ids=lambda answer: json.dumps(answer.body)[:60],
)
def test_what_died_behind_the_endpoint_is_asked_again(trouble: Answer) -> None:
    with Endpoint([trouble, trouble, reply("Hi")]) as endpoint:
        asked = model(endpoint, attempts=3)
        assert asked.complete(ASK).content == "Hi"
    assert asked.usage.retries == 2


def test_no_credit_behind_status_200_is_final() -> None:
    answer = Answer({"error": {"code": 402, "message": "no credits left"}})
    with Endpoint([answer]) as endpoint, pytest.raises(ModelRefused, match="no credits left"):
        model(endpoint, attempts=3).complete(ASK)


# -- answers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": [{"type": "text", "text": "Look."}, {"type": "text", "text": "\nGo."}]}, "Look.\nGo."),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"text": "Go."}]}, "Go."),
        ({"content": ["Go", "."]}, "Go."),
        ({"content": [None, {"type": "text", "text": "Go."}]}, "Go."),
        ({"content": [{"type": "text", "text": {"value": "Go.", "annotations": []}}]}, "Go."),
        ({"content": {"parts": [{"text": "Go"}, {"text": "."}]}}, "Go."),
        ({"content": None, "refusal": "I can't."}, "I can't."),
        ({"content": "", "reasoning_content": "hm"}, ""),
    ],
)
def test_content_of_any_form_is_one_text(message: dict[str, Any], text: str) -> None:
    answer = reply("")
    answer.body["choices"][0]["message"] = {"role": "assistant", **message}
    with Endpoint([answer]) as endpoint:
        assert model(endpoint).complete(ASK).content == text


@pytest.mark.parametrize(
    "error",
    [
        {"message": "", "type": "", "param": None, "code": None},
        {"code": None, "message": None},
        {"code": "success", "message": "Success"},
        {},
        "",
        [],
    ],
)
def test_an_error_that_says_nothing_is_none(error: Any) -> None:
    beside, within = reply("Hi"), reply("Hi")
    beside.body["error"] = within.body["choices"][0]["error"] = error
    with Endpoint([beside, within]) as endpoint:
        asked = model(endpoint)
        assert [asked.complete(ASK).content for _ in range(2)] == ["Hi", "Hi"]


def test_tokens_that_are_not_counted_are_estimated() -> None:
    answer = reply("y" * 30)
    del answer.body["usage"]
    half = reply("y" * 30, prompt_tokens=100, completion_tokens=0)
    with Endpoint([answer, half, reply("Hi")]) as endpoint:
        asked = model(endpoint, price=Price(prompt=1.0, completion=10.0))
        first = asked.complete([{"role": "user", "content": "x" * 300}])
        second, third = asked.complete(ASK), asked.complete(ASK)
    assert (first.prompt_tokens, first.completion_tokens, first.estimated) == (100, 10, True)
    assert (second.prompt_tokens, second.completion_tokens, second.estimated) == (100, 10, True)
    assert not third.estimated
    assert (asked.usage.estimated, asked.usage.calls) == (2, 3)
    assert asked.usage.cost == pytest.approx((100 + 100 + 10 + 10 * (10 + 10 + 5)) / 1e6)


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("100", 100),
        (100.5, 100),
        *((said, 2) for said in (10**400, 10**30, float("nan"), float("inf"), -1, 0, True, "9" * 400, "1e3", [1], {})),
    ],
    ids=lambda said: str(said)[:20],
)
def test_counts_that_are_none_are_estimated(said: Any, counted: int) -> None:
    answer = reply("Hi")
    answer.body["usage"] = {"prompt_tokens": said, "completion_tokens": 5}
    with Endpoint([answer]) as endpoint:
        asked = model(endpoint, price=Price(prompt=1.0, completion=1.0))
        completion = asked.complete(ASK)
    assert (completion.content, completion.prompt_tokens) == ("Hi", counted)
    assert completion.estimated == (counted == 2)
    assert asked.usage.cost == pytest.approx((counted + 5) / 1e6)


# -- calls that cannot be made -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["sk-secret…part", "sk-secretpart\n", " sk-secretpart", "sk-secret part", "\x7f-secretpart", '"sk-secretpart"'],
)
def test_a_key_that_no_header_holds(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with Endpoint([reply("Hi")]) as endpoint, pytest.raises(ModelRefused, match="OPENAI_API_KEY") as caught:
        model(endpoint).complete(ASK)
    assert "secret" not in str(caught.value)
    assert endpoint.requests == []


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"SSL_CERT_FILE": "/nowhere/ca.pem"}, "SSL_CERT_FILE is /nowhere/ca.pem, which is not there"),
        ({"ALL_PROXY": "socks5://me:hunter22@127.0.0.1:9"}, "pip install socksio"),
        ({"HTTPS_PROXY": "ftp://me:hunter22@127.0.0.1:9"}, "HTTPS_PROXY"),
        ({"OPENAI_ORG_ID": "örg"}, "OPENAI_ORG_ID"),
        ({"SSL_CERT_DIR": "/nowhere/certs"}, "SSL_CERT_DIR is /nowhere/certs, which is not there"),
    ],
)
def test_a_client_that_cannot_be_made(variables: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    url = f"https://{next(iter(variables)).lower().replace('_', '-')}.example.invalid/v1"
    with pytest.raises(ModelRefused) as caught:
        Model("m", url, attempts=2, backoff=0.01).complete(ASK)
    assert words in str(caught.value)
    assert "hunter22" not in str(caught.value)
    assert isinstance(caught.value, InfrastructureError), "and no agent's error"


def test_a_proxy_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(ModelError, match="cannot connect through the proxy in HTTPS_PROXY"):
        Model("m", "https://named-proxy.example.invalid/v1", attempts=1).complete(ASK)


def test_what_cannot_be_sent_is_said_at_once() -> None:
    with Endpoint([]) as endpoint, pytest.raises(ModelRefused, match="no call can be made"):
        model(endpoint, parameters={"temperature": float("inf")}, attempts=3).complete(ASK)
    assert endpoint.requests == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html><head><title>Welcome</title></head></html>",
        b"hello",
        b"[]",
        {"error": "Unexpected endpoint or method. (POST /chat/completions)"},
        {"model": "m", "message": {"role": "assistant", "content": "native"}, "done": True},
    ],
    ids=str,
)
def test_an_address_where_nothing_ever_chats(body: Any) -> None:
    with Endpoint(lambda _: Answer(body)) as endpoint:
        with pytest.raises(ModelRefused, match=r"no chats at this address.*base URLs mostly end in /v1"):
            model(endpoint).try_out(ASK)
        with pytest.raises(ModelRefused, match="no chats at this address"):
            model(endpoint, attempts=2).complete(ASK)


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(b"<html><title>404 Not Found</title></html>", 404),
        Answer({"detail": "Not Found"}, 404),
        Answer(b"<!DOCTYPE html><html><title>Just a moment...</title><body>Enable JavaScript</body></html>", 403),
        Answer(b"<html><title>403 Forbidden</title></html>", 403),
        Answer(b"<html><title>401 Authorization Required</title></html>", 401),
        failure(405, "Method Not Allowed"),
        failure(403, "Request not allowed"),
    ],
    ids=lambda answer: f"{answer.status} {str(answer.body)[:40]}",
)
def test_what_stands_before_an_endpoint_that_has_chatted_passes(trouble: Answer) -> None:
    with Endpoint([reply("Hi"), trouble, reply("Ho"), trouble]) as endpoint:
        asked = model(endpoint, attempts=2)
        assert [asked.complete(ASK).content for _ in range(2)] == ["Hi", "Ho"]
        with pytest.raises(ModelRefused):
            Model("other", endpoint.url, attempts=2, backoff=0.01).complete(ASK)


@pytest.mark.parametrize("answer", [failure(403, "Your account was suspended"), failure(401, "Incorrect API key")])
def test_what_an_endpoint_says_of_the_account_is_final_whenever_it_comes(answer: Answer) -> None:
    with Endpoint([reply("Hi"), answer]) as endpoint:
        asked = model(endpoint, attempts=2)
        asked.complete(ASK)
        with pytest.raises(ModelRefused):
            asked.complete(ASK)


def test_an_endpoint_that_has_chatted_is_at_its_address() -> None:
    page = Answer(b"<html><title>Restarting</title></html>")
    with Endpoint([reply("Hi"), page, page, reply("Ho")]) as endpoint:
        asked = model(endpoint, attempts=2)
        asked.complete(ASK)
        with pytest.raises(ModelError, match="Restarting") as caught:
            asked.complete(ASK)
        assert not isinstance(caught.value, UserError)


def test_redirects_without_end_and_to_a_page() -> None:
    moved = Answer(b"", 307, {"Location": "/v1/chat/completions"})
    with Endpoint(lambda _: moved) as endpoint, pytest.raises(ModelRefused, match="circles"):
        model(endpoint, attempts=3).complete(ASK)
    with (
        Endpoint([Answer(b"", 307, {"Location": "/login"})]) as endpoint,
        pytest.raises(ModelRefused, match=r"no chats at this address \(404\): Not Found \(redirected to .*/login\)"),
    ):
        model(endpoint).complete(ASK)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_conversation_is_not_sent_on_to_another_machine(status: int) -> None:
    with Endpoint([reply("stolen")]) as other:
        moved = Answer(b"", status, {"Location": other.url.replace("127.0.0.1", "127.0.0.2") + "/chat/completions"})
        with (
            Endpoint([moved]) as endpoint,
            pytest.raises(ModelRefused, match=r"redirects to http://127\.0\.0\.2:\d+, where no conversation is sent"),
        ):
            model(endpoint).complete(ASK)
        moved = Answer(b"", status, {"Location": other.url + "/chat/completions"})  # another port
        with Endpoint([moved]) as endpoint, pytest.raises(ModelRefused, match="where no conversation is sent"):
            model(endpoint).complete(ASK)
        assert not other.requests


def test_a_redirect_to_https_of_the_same_host_is_followed() -> None:
    import openai

    from synthgym.agents.endpoint.client import _is_same

    url = type(openai.DefaultHttpxClient().base_url)
    https = url("https://a.example/v2")
    assert _is_same(url("http://a.example/v1"), https)
    for other in ("http://a.example:8000/v1", "https://b.example/v1", "https://a.example:444/v1"):
        assert not _is_same(url(other), https)
    assert not _is_same(https, url("http://a.example/v2"))


BLANKS = b" " * (65 << 20)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(BLANKS), "an answer of more than 67,108,864 bytes; gave up after 2 attempts"),
        (Answer(gzip.compress(BLANKS), headers={"Content-Encoding": "gzip"}), "an answer of more than 67,108,864"),
        (Answer(zlib.compress(BLANKS), headers={"Content-Encoding": "deflate"}), "an answer of more than 67,108,864"),
        (Answer(b"", headers={"Content-Encoding": "gzip, gzip"}), "an answer that is packed 2 times"),
        (Answer(b"too much " + BLANKS, 500), "status 500: too much"),
        (Answer(gzip.compress(b"too much " + BLANKS), 500, {"Content-Encoding": "gzip"}), "status 500: too much"),
    ],
    ids=["plain", "gzip", "deflate", "twice", "error", "error in gzip"],
)
def test_an_answer_without_end(answer: Answer, said: str) -> None:
    with Endpoint(lambda _: answer) as endpoint, pytest.raises(ModelError, match=said) as caught:
        model(endpoint, attempts=2).complete(ASK)
    assert not isinstance(caught.value, ModelRefused)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity"])
def test_a_packed_answer_is_read(coding: str) -> None:
    whole = reply("Grüße" * 1000)
    data = json.dumps(whole.body).encode()
    packed = {"gzip": gzip.compress, "deflate": zlib.compress}.get(coding, bytes)(data)
    with Endpoint([Answer(packed, headers={"Content-Encoding": coding})]) as endpoint:
        assert model(endpoint).complete(ASK).content == "Grüße" * 1000


EVENTS = [
    {"id": "x", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "H"}}]},
    {"id": "x", "choices": [{"index": 0, "delta": {"content": "i"}, "finish_reason": "length"}]},
    {"id": "x", "choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}},
]


def test_an_answer_that_was_streamed_unasked_is_read() -> None:
    body = ": PROCESSING\n\n" + "".join(f"data: {json.dumps(event)}\n\n" for event in EVENTS) + "data: [DONE]\n\n"
    with Endpoint([Answer(body.encode())]) as endpoint:
        completion = model(endpoint).complete(ASK)
    assert (completion.content, completion.cut_off, completion.prompt_tokens) == ("Hi", True, 7)


def streamed(text: str, finish: str | None = "stop") -> str:
    event = {"id": "x", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
    return f"data: {json.dumps(event, ensure_ascii=False)}"


@pytest.mark.parametrize("end", ["\n\n", "\r\n\r\n", "\r\r", "\n"])
def test_only_the_ends_of_lines_part_a_stream(end: str) -> None:
    said = "echo 'a\u2028b\u0085c\x0bd\u2029e' > x"
    body = streamed(said[:8], None) + end + streamed(said[8:]) + end
    with Endpoint([Answer(body.encode())]) as endpoint:
        assert model(endpoint).complete(ASK).content == said


def test_an_event_may_take_several_lines() -> None:
    body = streamed("Hi").replace('"choices"', '\ndata: "choices"') + "\n\n"
    with Endpoint([Answer(body.encode())]) as endpoint:
        assert model(endpoint).complete(ASK).content == "Hi"


@pytest.mark.parametrize(
    "body",
    [
        streamed("rm -rf /tmp", None) + "\n\n",
        streamed("ls", None) + "\n\n" + streamed(" | head")[:-9] + "\n\n" + streamed("") + "\n\ndata: [DONE]\n\n",
        streamed("ls", None) + "\n\n" + streamed(" | head")[:-9],
        "data: [DONE]\n\n",
    ],
)
def test_a_stream_that_broke_is_asked_for_again(body: str) -> None:
    with Endpoint([Answer(body.encode()), reply("Hi")]) as endpoint:
        asked = model(endpoint, attempts=2)
        assert asked.complete(ASK).content == "Hi"
    assert asked.usage.retries == 1


def test_a_stream_that_says_it_is_done_is_whole() -> None:
    body = streamed("Hi", None) + "\n\ndata: [DONE]\n\n"
    with Endpoint([Answer(body.encode())]) as endpoint:
        assert model(endpoint).complete(ASK).content == "Hi"


def test_an_answer_that_never_ends() -> None:
    class Dripping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):  # until the client has had enough
                while True:
                    self.wfile.write(b" ")
                    time.sleep(0.05)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        asked = Model("m", f"http://127.0.0.1:{server.server_port}/v1", attempts=1, timeout=0.2)
        with pytest.raises(ModelError, match="no answer within"):
            asked.complete(ASK)
        server.shutdown()


def test_an_error_among_events_is_told() -> None:
    body = b': PROCESSING\n\ndata: {"error": {"message": "no credit left", "code": 402}}\n\n'
    with Endpoint([Answer(body)]) as endpoint, pytest.raises(ModelRefused, match="no credit left"):
        model(endpoint).complete(ASK)


def test_https_where_http_is_spoken_is_said_at_once() -> None:
    with Endpoint([reply("Hi")]) as endpoint, pytest.raises(ModelRefused, match="base URL"):
        Model("m", endpoint.url.replace("http:", "https:"), attempts=3, backoff=5.0).complete(ASK)


# -- before long work --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda _: failure(401, "no"), "OPENAI_API_KEY"),
        (lambda _: failure(404, "The model `m` does not exist"), "no such model"),
        (lambda _: failure(402, "pay"), "credit"),
        (lambda _: failure(400, "temperature must be below 2"), "refuses the setting temperature=5"),
        (lambda _: failure(400, "System role not supported"), "System role not supported"),
        (lambda _: failure(400, "This model's maximum context length is 8 tokens"), "even a short call is refused"),
    ],
)
def test_a_trial_finds_what_will_be_refused_every_time(answer: Callable[[Any], Answer], said: str) -> None:
    with Endpoint(answer) as endpoint, pytest.raises(ModelRefused, match=said):
        model(endpoint, parameters={"temperature": 5}).try_out(ASK)
    assert len(endpoint.requests) <= 2


def test_a_trial_is_short_and_not_counted() -> None:
    with Endpoint([reply("Hi")]) as endpoint:
        asked = model(endpoint, parameters={"max_tokens": 4000, "top_p": 0.5})
        assert asked.try_out(ASK) is None
    assert endpoint.requests == [{"model": "m", "messages": ASK, "max_tokens": 16, "top_p": 0.5}]
    assert asked.usage.calls == 0


def test_a_trial_leaves_a_model_that_wants_room_to_think_its_room() -> None:
    def answer(request: dict[str, Any]) -> Answer:
        return failure(400, "Could not finish: max_tokens was reached") if "max_tokens" in request else reply("Hi")

    with Endpoint(answer) as endpoint:
        assert model(endpoint).try_out(ASK) is None


def test_a_trial_only_tells_of_what_may_pass() -> None:
    with Endpoint(lambda _: failure(503, "starting up")) as endpoint:
        said = model(endpoint, attempts=9).try_out(ASK)
    assert said is not None
    assert "starting up" in said
    assert len(endpoint.requests) == 1
