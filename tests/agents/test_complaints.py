"""What endpoints of many makes answer instead of an answer: which kind of trouble it is, and which reason is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from growth import growth

from synthgym.agents.endpoint.complaints.complaint import read_complaint
from synthgym.agents.endpoint.complaints.overflow import is_overflow

PARTS = Path(__file__).parent / "parts"
TOO_LONG = (PARTS / "overflow.txt").read_text(encoding="utf-8").splitlines()
OTHER = (PARTS / "no_overflow.txt").read_text(encoding="utf-8").splitlines()


def openai(message: str, code: str | int | None = None, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


UPSTREAM = json.dumps({"error": {"message": "This model's maximum context length is 32768 tokens.", "code": 400}})
CASES: list[tuple[int, Any, str, str]] = [
    (
        400,
        {"code": "invalid-argument", "error": "maximum prompt length is 10 but"},
        "overflow",
        "maximum prompt length",
    ),
    (
        400,
        [{"error": {"code": 400, "message": "The input token count (9) exceeds the maximum"}}],
        "overflow",
        "The input",
    ),
    (400, openai("Provider returned error", 400), "request", "Provider returned error"),
    (
        400,
        {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": UPSTREAM}}},
        "overflow",
        "This model's maximum context length is 32768 tokens.",
    ),
    (413, "<html><head><title>413 Request Entity Too Large</title></head></html>", "overflow", "413 Request Entity"),
    (413, "", "overflow", ""),
    (
        429,
        openai("Request too large for m on tokens per minute (TPM): Limit 6000, Requested 7000"),
        "overflow",
        "Request",
    ),
    (500, {"error": "the request exceeds the available context size. try increasing it"}, "overflow", "the request"),
    (
        422,
        {"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]},
        "request",
        "body.seed: Extra",
    ),
    (422, {"message": {"detail": [{"loc": ["body", "seed"], "msg": "Not permitted"}]}}, "request", "body.seed: Not"),
    (400, {"error": "unknown field seed"}, "request", "unknown field seed"),
    (400, {"errors": {"seed": ["Unknown field."]}}, "request", "seed: Unknown field."),
    (
        400,
        {"message": "Invalid request", "errors": [{"field": "seed", "message": "no such"}]},
        "request",
        "seed: no such",
    ),
    (400, "", "request", "Bad Request"),
    (401, openai("Incorrect API key provided"), "key", "Incorrect API key"),
    (400, openai("API key not valid. Please pass a valid API key."), "key", "API key not valid"),
    (400, {"code": "x", "error": "Incorrect API key provided: [secret]"}, "key", "Incorrect API key"),
    (403, {"error": {"message": "Forbidden"}}, "key", "Forbidden"),
    (403, "", "key", "Forbidden"),
    (403, openai('m requires moderation. Your input was flagged for "violence"'), "flagged", "m requires moderation"),
    (
        400,
        openai("The response was filtered due to the content management policy", "content_filter"),
        "flagged",
        "The res",
    ),
    (403, openai("Country, region, or territory not supported"), "barred", "Country, region"),
    (403, openai("Project p does not have access to model m"), "model", "Project p"),
    (403, openai("Rate limit exceeded"), "passing", "Rate limit"),
    (402, {"error": {"message": "This request requires more credits"}}, "money", "This request requires"),
    (402, {"detail": "Payment Required"}, "money", "Payment Required"),
    (400, openai("Your credit balance is too low to access the API."), "money", "Your credit balance"),
    (
        429,
        openai("You exceeded your current quota, please check your plan and billing details", "insufficient_quota"),
        "money",
        "You exceeded",
    ),
    (
        429,
        [{"error": {"code": 429, "message": "You exceeded your current quota. Please retry in 34.07s."}}],
        "passing",
        "You",
    ),
    (
        429,
        openai("Rate limit reached: Limit 3. Try again in 20s. See https://x.com/account/billing"),
        "passing",
        "Rate",
    ),
    (404, openai("The model `m` does not exist", "model_not_found"), "model", "The model"),
    (404, {"error": "model 'm' not found, try pulling it first"}, "model", "model 'm' not found"),
    (400, openai("m is not a valid model ID"), "model", "m is not a valid"),
    (400, openai("Model Not Exist"), "model", "Model Not Exist"),
    (404, {"detail": "Not Found"}, "address", "Not Found"),
    (404, openai("No endpoints found matching your data policy"), "address", "No endpoints found matching"),
    (405, {"detail": "Method Not Allowed"}, "address", "Method"),
    (400, "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>", "address", "400 The plain"),
    (503, {"error": "Model m is currently loading", "estimated_time": 20.0}, "passing", "Model m"),
    (529, openai("Overloaded"), "passing", "Overloaded"),
    (400, openai("The model is overloaded, please try again later"), "passing", "The model"),
    (200, {"error": {"code": 429, "message": "slow down"}}, "passing", "slow down"),
    (200, {"error": {"message": "Provider returned error", "code": 502}}, "passing", "Provider"),
    (200, {"error": "something broke"}, "passing", "something broke"),
    (200, {"error": {"code": 402, "message": "no credits left"}}, "money", "no credits"),
    (200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, "money", "insufficient balance"),
    (
        200,
        {"error": {"code": 400, "message": "This endpoint's maximum context length is 9 tokens"}},
        "overflow",
        "This",
    ),
    (451, {"error": "not here"}, "barred", "not here"),
    (418, {"error": "a teapot"}, "other", "a teapot"),
]


@pytest.mark.parametrize(("status", "body", "kind", "reason"), CASES, ids=[f"{c[0]} {str(c[1])[:50]}" for c in CASES])
def test_kinds_and_reasons(status: int, body: Any, kind: str, reason: str) -> None:
    found = read_complaint(status, body if isinstance(body, str) else json.dumps(body))
    assert found.kind == kind
    assert found.reason.startswith(reason)


FORMS: list[tuple[str, int, Any]] = [
    # Words that are said along with others
    ("flagged", 403, openai('x on Z. Your input was flagged for "violence". No credits were charged.')),
    ("flagged", 403, {"code": "no permission", "error": "Content violates usage guidelines. Team: a, API key ID: d"}),
    ("flagged", 403, {"code": "no permission", "error": "Content violates usage guidelines. Failed check: CYBER"}),
    ("flagged", 403, {"error": {"message": "flagged", "metadata": {"flagged_input": "how to get out of credits"}}}),
    ("flagged", 400, {"error": {"code": "invalid_messages", "message": "the content of message is illegal (不合规)"}}),
    ("flagged", 400, openai("The prompt was filtered. No credits have been charged", "content_filter")),
    ("barred", 403, openai("Your account was suspended for violating our usage policies")),
    ("barred", 400, [{"error": {"code": 400, "message": "User location is not supported for the API use."}}]),
    ("overflow", 402, openai("Prompt tokens limit exceeded: 5000 > 3000. To increase, visit x.ai/settings/credits")),
    ("money", 402, openai("This request requires more credits. You requested 32000 tokens, but can only afford 15")),
    ("money", 401, openai("Authentication Error, ExceededBudget: User=x over budget. Spend=1, Budget=0.5")),
    ("money", 400, openai("Budget has been exceeded! Current cost: 10.2, Max budget: 10.0", kind="budget_exceeded")),
    ("money", 403, {"error": "Your newly created team doesn't have any credits or licenses yet."}),
    ("key", 401, openai("insufficient credentials")),
    ("key", 403, {"message": "The security token included in the request is invalid."}),
    ("key", 400, [{"error": {"code": 400, "message": "Missing or invalid Authorization header."}}]),
    ("key", 200, {"base_resp": {"status_code": 1004, "status_msg": "login fail: Please carry the API secret key in"}}),
    ("key", 200, {"detail": "Unauthorized"}),
    ("key", 403, {"Message": "Authentication failed: Please make sure your API Key is valid."}),
    ("model", 404, {"error": {"code": "DeploymentNotFound", "message": "The API deployment does not exist."}}),
    ("model", 404, openai("No endpoints found for foo/bar.")),
    ("model", 403, {"message": "You don't have access to the model with the specified model ID."}),
    ("model", 403, openai("The model `x` is blocked at the organization level.", "model_permission_blocked_org")),
    ("model", 400, {"message": "The provided model identifier is invalid."}),
    ("model", 400, openai("The model `x` requires terms acceptance.", "model_terms_required")),
    ("model", 400, {"message": "Invocation of model ID x with on-demand throughput isn't supported."}),
    ("request", 404, openai("No endpoints found that support the requested parameters")),
    ("address", 200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}),
    ("address", 200, {"code": 500, "msg": "404 NOT_FOUND", "success": False}),
    # What may pass, in any status
    (
        "passing",
        400,
        {"error": 'Failed to load model "x". Error: Model loading was stopped due to insufficient system'},
    ),
    ("passing", 400, {"error": "Model unloaded."}),
    ("passing", 400, {"error": "The model has crashed without additional information. (Exit code: null)"}),
    ("passing", 400, {"error": {"code": "Timeout", "message": "The operation was timeout."}}),
    ("passing", 424, {"error": "Failed Dependency"}),
    ("passing", 498, openai("Flex tier capacity exceeded")),
    ("passing", 499, openai("Request was cancelled")),
    ("passing", 400, openai("Provider returned error: upstream connect error or disconnect/reset before headers.")),
    ("passing", 400, openai("The API has triggered a rate limit.", "1305")),
    ("passing", 400, openai("litellm.APIConnectionError: Connection error.")),
    ("passing", 400, openai("doubao-seed-1-6 is warming up", "Warmup")),
    # No credit left, in the words of a plan
    ("money", 403, {"error": "You have exceeded your monthly included credits for Inference Providers."}),
    ("money", 403, openai("Key limit exceeded (total limit). See https://openrouter.ai/settings/keys", 403)),
    ("money", 400, {"errorCode": "quota.exhausted", "error": "Free allocated quota exceeded."}),
    ("money", 403, openai("The free tier of the model has been exhausted.", "AllocationQuota.FreeTierOnly")),
    ("passing", 429, openai("Allocated quota exceeded, please increase your quota limit.")),
    # Pydantic calls any field "input"
    (
        "request",
        422,
        {"detail": [{"loc": ["body", "top_p"], "msg": "Input should be less than or equal to 1", "input": 2}]},
    ),
    # A key says nothing of what is wrong
    ("passing", 200, {"prompt_filter_results": [{"content_filter_results": {"hate": {"severity": "safe"}}}]}),
    ("request", 400, {"error": {"message": "no such role", "content_filter_result": {"hate": {"filtered": False}}}}),
]


@pytest.mark.parametrize(("kind", "status", "body"), FORMS, ids=[f"{f[1]} {str(f[2])[:60]}" for f in FORMS])
def test_kinds(kind: str, status: int, body: Any) -> None:
    assert read_complaint(status, json.dumps(body)).kind == kind


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "3"}, "", 3.0),
        ({"retry-after": " 3s "}, "", 3.0),
        ({"retry-after-ms": "1500"}, "", 1.5),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "inf"}, "", None),
        ({"retry-after": "-5"}, "", 0.0),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "Wed, 99 Foo 2026 99:99:99 GMT"}, "", None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", 0.0),
        ({"retry-after-ms": "nan", "retry-after": "2"}, "", 2.0),
        ({}, "Please try again in 1m30.5s. Or not.", 90.5),
        ({}, "Please try again in 250ms", 0.25),
        ({}, '{"error": {"details": [{"retryDelay": "34s"}]}}', 34.0),
        ({"retry-after": "7"}, "Please try again in 250ms", 7.0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], body: str, wait: float | None) -> None:
    assert read_complaint(429, body, headers).wait == wait


def test_what_a_server_repeats_of_the_request_is_not_looked_through() -> None:
    said = {
        "detail": [{"loc": ["body", "model"], "msg": "wrong", "input": {"seed": 1, "text": "context length exceeded"}}]
    }
    found = read_complaint(422, json.dumps(said))
    assert (found.kind, found.names("seed"), found.names("model")) == ("request", False, True)


def test_parameters_are_named_as_whole_words_anywhere() -> None:
    found = read_complaint(400, json.dumps({"error": {"message": "no", "param": "seed"}}))
    assert found.names("seed")
    assert not read_complaint(400, "the seeds of doubt; my_seed").names("seed")
    assert not read_complaint(400, "doubao-seed-1-6 and ByteDance/seed-oss are not there").names("seed")
    assert read_complaint(400, "body/temperature must be <= 2").names("temperature")
    assert read_complaint(400, "JSON schema is not supported").names("response_format")


@pytest.mark.parametrize("text", ["<html>" + "<script" * 9000, '{"a":' * 9000, "[" * 99_000, "model " * 99_000, "\x00"])
def test_nonsense_of_any_length_is_read(text: str) -> None:
    found = read_complaint(400, text)
    assert len(found.reason) <= 500
    assert len(found.words) <= 20_000


@pytest.mark.sample(10)
@pytest.mark.parametrize(
    "piece",
    ["auth", "exceed_", "max__", "context ", "overflow", "<title>", "<title", "<script>", "credits ", "budget "],
)
@pytest.mark.parametrize("beginning", ["", "<html>"])
def test_the_work_grows_as_the_words(beginning: str, piece: str) -> None:
    assert (
        growth(lambda size: beginning + piece * (size // len(piece)), lambda body: read_complaint(400, body), 5000) < 9
    )


def test_the_work_grows_as_the_reasons() -> None:
    def body(size: int) -> str:
        return json.dumps({f"setting{number}": "wrong" for number in range(size)})

    assert growth(body, lambda body: read_complaint(400, body), 4000) < 9


@pytest.mark.parametrize("text", TOO_LONG, ids=lambda text: text[:40])
def test_the_conversation_is_too_long(text: str) -> None:
    assert is_overflow(text)


@pytest.mark.parametrize("text", OTHER, ids=lambda text: text[:40])
def test_other_trouble_is_not(text: str) -> None:
    assert not is_overflow(text)
