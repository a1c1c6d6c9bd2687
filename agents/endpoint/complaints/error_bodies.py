"""What stands in the body of an error, whatever its form: the reason to tell a person, and all words to look through.

OpenAI's ``{"error": {"message": …}}`` is one form of many: ``{"error": "text"}``, ``[{"error": {…}}]``, FastAPI's
``{"detail": [{"loc": […], "msg": …}]}``, ``{"message": {"detail": …}}``, an upstream's whole answer as text in
``metadata.raw``, a gateway's HTML page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from synthgym.agents.endpoint.redaction import redact
from synthgym.base.json_reading import parse_json

_REASONS = (
    "message", "msg", "error_message", "error_msg", "errormessage", "status_msg", "error", "errors", "detail",
    "details", "error_description", "description", "reason", "title", "fault", "faultstring", "base_resp", "metadata",
    "raw", "cause", "innererror", "inner_error", "body",
)  # fmt: skip
"""Keys below which reasons stand, the plainest first."""

_ECHOES = frozenset(
    {"input", "messages", "request", "url", "documentation_url", "help", "failed_generation", "flagged_input"}
)
"""Keys below which a server repeats what it was asked, or says where to read on."""

_GENERIC = re.compile(
    r"\W*(?:provider returned error|(?:the )?upstream (?:request|error).{0,20}|bad request|invalid request"
    r"|unprocessable (?:entity|content)|(?:request )?validation (?:error|failed)|internal server error|not found"
    r"|(?:an? )?(?:unknown |internal |server )*error(?: occurred)?|[a-z_]+|\d+)?\W*",
    re.I,
)
"""Reasons that give none."""

_LABELS = frozenset({"code", "type", "status", "object", "id", "request_id", "timestamp", "path", "success"})
"""Keys whose values are no reasons."""

_LONGEST, _MOST_WORDS, _MOST_READ = 500, 20_000, 1_000_000
_DEEPEST = 12
_MOST_REASONS = 100
"""They are compared with one another."""


def reason(body: str) -> str:
    """What a person should read of it: the plainest true reason, in at most a few hundred characters, without keys.

    Args:
        body: The body as text.
    """
    data = _parsed(body)
    found = list(dict.fromkeys(" ".join(redact(each).split()) for each in islice(_reasons(data), _MOST_REASONS)))
    telling = [each for each in found if len(each) > 80 or not _GENERIC.fullmatch(each)] or [e for e in found if e]
    # A wrapper repeats the reason it wraps: the shorter one says it all.
    plain = [each for each in telling if not any(other != each and other in each for other in telling)]
    text = "; ".join(plain[:3])
    if not text and data:
        text = " ".join(redact(body if isinstance(data, str) else json.dumps(data, ensure_ascii=False)).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def words(body: str, keys: bool = True) -> str:
    """All texts of it, a line each, for looking through; what only repeats the request is left out.

    Args:
        body: The body as text.
        keys: Whether keys are among them. They name parameters, but say nothing of what is wrong: "content_filter"
            stands above "safe" too.
    """
    return "\n".join(_words(_parsed(body), keys))[:_MOST_WORDS]


def is_error(data: dict[str, Any]) -> bool:
    """Whether a JSON object says by its form that it is an error."""
    keys = {key.lower() for key, value in data.items() if (value and not isinstance(value, dict)) or key in _WRAPPERS}
    return not keys.isdisjoint((*_REASONS, "code", "status_code", "error_code", "promptfeedback"))


_WRAPPERS = ("error", "errors", "base_resp", "promptFeedback")


def code(body: str) -> int | None:
    """The HTTP status that the body itself states, if it does: gateways send an upstream's error with status 200."""
    data = _parsed(body)
    while isinstance(data, list) and data:
        data = data[0]
    while isinstance(data, dict):
        for key in ("code", "status_code", "status", "http_code"):
            value = data.get(key)
            if isinstance(value, str) and value.isdigit():
                value = int(value)
            if isinstance(value, int) and 400 <= value < 600:
                return value
        data = data.get("error")
    return None


def is_page(body: str) -> bool:
    """Whether it is a page, for people to look at."""
    return re.match(r"\s*<(?:!doctype|html|head|body|center|\?xml)\b", body, re.I) is not None


def _parsed(body: str) -> Any:
    text = body[:_MOST_READ].strip()
    text = text.removeprefix("data:").strip() if text.startswith("data:") else text
    if text[:1] in "{[":
        try:
            return parse_json(text, finite=False)
        except ValueError:
            pass
    if is_page(text):
        title = re.search(r"<title[^<>]*>([^<]*)</title", text, re.I)
        text = title[1] if title else re.sub(r"<(script|style)\b[^<]*</\1>|<[^<>]+>", " ", text, flags=re.I)
        return html.unescape(text).strip()
    return text


def _nested(text: str) -> Any:
    """The JSON that a text is, if it is one."""
    parsed = _parsed(text) if text.lstrip()[:1] in ("{", "[") else text
    return parsed if isinstance(parsed, dict | list) else None


def _reasons(data: Any, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        nested = _nested(data)
        if nested is None:
            yield data
        else:
            yield from _reasons(nested, depth + 1)
    elif isinstance(data, list):
        for each in data[:20]:
            yield from _reasons(each, depth + 1)
    elif isinstance(data, dict):
        place, said = _place(data), data.get("msg") or data.get("message")
        if place and isinstance(said, str):
            yield said if place in said else f"{place}: {said}"
            return
        known = [key for name in _REASONS for key in data if key.lower() == name]
        for key in known:
            if key not in _ECHOES:
                yield from _reasons(data[key], depth + 1)
        if not known:  # such as {"seed": ["Unknown field."]}
            for key, value in data.items():
                if isinstance(value, str | list | dict) and key not in _ECHOES | _LABELS:
                    yield from (f"{key}: {each}" for each in _reasons(value, depth + 1))


def _place(data: dict[str, Any]) -> str:
    """The field that a reason is about, where it stands beside the reason."""
    for name in ("loc", "field", "property", "parameter"):
        place = data.get(name)
        if place and isinstance(place, str | list):
            return place if isinstance(place, str) else ".".join(map(str, place))
    return ""


def _words(data: Any, keys: bool, depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if keys:
                yield str(key)
            if key not in _ECHOES:
                yield from _words(value, keys, depth + 1)
    elif isinstance(data, list):
        if data and all(isinstance(each, str | int) for each in data):
            yield ".".join(map(str, data))
        else:
            for each in data:
                yield from _words(each, keys, depth + 1)
    elif isinstance(data, str):
        nested = _nested(data)
        if nested is None:
            yield data
        else:
            yield from _words(nested, keys, depth + 1)
    elif data is not None:
        yield str(data)
