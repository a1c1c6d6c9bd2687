"""What an endpoint answered, made a `Completion`: text in one piece, tokens counted, and no error taken for a reply."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from synthgym.agents import error_bodies
from synthgym.agents.plain import writable

CHARACTERS_PER_TOKEN = 3.0
"""A careful guess where an endpoint does not count: real text has more."""


@dataclass(frozen=True)
class Completion:
    """One answer.

    Attributes:
        content: Its text; empty where the model said nothing.
        cut_off: The endpoint stopped at its limit of tokens.
        prompt_tokens: Tokens read.
        completion_tokens: Tokens written.
        estimated: The endpoint did not count all of them: what it left out is estimated by length.
    """

    content: str
    cut_off: bool
    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False


class NoAnswer(Exception):
    """What came holds no answer.

    Args:
        text: What is wrong with it.
        body: What it says instead, as JSON; empty where that is no error of the endpoint's own.
        elsewhere: Whether it is nothing that an endpoint for chats would send.
    """

    def __init__(self, text: str, body: str = "", elsewhere: bool = False) -> None:
        super().__init__(text)
        self.body, self.elsewhere = body, elsewhere


_DEAD = re.compile(
    r"error|abort|fail|network|time_?d?_?out|cancel|unavailable|insufficient_system|overload|interrupt", re.I
)
"""Reasons to finish that are none of the model's: what is behind the endpoint died on the way."""
_FULL = re.compile(r"context|model_length", re.I)
_SILENT = (
    (_FULL, 400, "context window exceeded"),
    (re.compile(r"malformed|unexpected_tool|^other$|unspecified", re.I), 502, "no reply was made"),
    (  # a guard beside the model: OpenAI, Azure, Gemini, Bedrock, Zhipu, Cohere, Anthropic
        re.compile(
            r"filter|sensitive|safety|recitation|blocklist|prohibited|spii|guardrail|toxic|moderat|refusal", re.I
        ),
        403,
        "flagged",
    ),
)
"""Reasons to finish where no text came, the status that would have said so, and what it means."""
_LIMIT = frozenset({"length", "max_tokens", "max_output_tokens", "max_length"})


def read_reply(body: str, characters: int) -> Completion:
    """Reads what came with status 200.

    Args:
        body: A chat completion as JSON, one that was streamed though nobody asked, or whatever else came.
        characters: Length of the conversation, for tokens that the endpoint did not count.

    Raises:
        NoAnswer: It is no answer: an error behind status 200, a model that died on the way, JSON of another form.
    """
    whole = _parsed(body)
    choices = whole.get("choices")
    choice = next(iter(choices), None) if isinstance(choices, list) else None
    for error in (whole.get("error"), choice.get("error") if isinstance(choice, dict) else None):
        if error and not (isinstance(error, dict) and error.get("code") in _FINE):
            raise NoAnswer("an error", json.dumps({"error": error}, default=str))
    message = choice.get("message") if isinstance(choice, dict) else None
    text = _text(message.get("content")) if isinstance(message, dict) else ""
    refusal = _text(message.get("refusal")) if isinstance(message, dict) else ""
    finish = _finish(choice, silent=not (text + refusal).strip())
    if not isinstance(message, dict):
        said = {name: value for name, value in whole.items() if name not in _OWN and value is not None}
        if "choices" not in whole and whole.get("object") != "chat.completion" and not error_bodies.is_error(said):
            raise NoAnswer(body[:_SHOWN], elsewhere=True)
        raise NoAnswer("no choices in it", json.dumps(said, default=str) if said else "")
    if _DEAD.search(finish):
        raise _ended(finish, 502, "what is behind the endpoint failed")
    text = text or refusal
    return _counted(
        writable(text),
        finish in _LIMIT or bool(_FULL.search(finish)),
        characters,
        len(text) + sum(len(_text(message.get(name))) for name in ("reasoning_content", "reasoning")),
        whole.get("usage"),
    )


def _parsed(body: str) -> dict[str, Any]:
    """The JSON object that an answer is.

    Raises:
        NoAnswer: It is none.
    """
    text = body.strip().removeprefix("\ufeff")
    if _STREAM.match(text):
        return _unstreamed(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NoAnswer(repr(text[:_SHOWN]), elsewhere=text[:1] not in ("{", "[", "")) from None
    if not isinstance(data, dict):
        raise NoAnswer(repr(text[:_SHOWN]), elsewhere=True)
    return data


_SHOWN = 200
_STREAM = re.compile(r"data:|event:|id:|:")


def _unstreamed(text: str) -> dict[str, Any]:
    """One completion from the events of a stream."""
    whole: dict[str, Any] = {}
    said, finish = "", None
    for line in text.splitlines():
        try:
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else None
        except (ValueError, RecursionError):  # such as [DONE]
            continue
        if not isinstance(event, dict):
            continue
        whole |= {name: value for name, value in event.items() if value is not None}
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(choice, dict):
            delta = choice.get("delta") or choice.get("message")
            said += _text(delta.get("content")) if isinstance(delta, dict) else ""
            finish = choice.get("finish_reason") or finish
    if not whole:
        raise NoAnswer(repr(text[:_SHOWN]))
    if "choices" in whole:
        whole["choices"] = [{"finish_reason": finish, "message": {"content": said}}]
    return whole


def _finish(choice: Any, silent: bool) -> str:
    """Why a reply ended.

    Raises:
        NoAnswer: That is also why no text came, and it is not the model's doing.
    """
    if not isinstance(choice, dict):
        return ""
    finish = str(choice.get("finish_reason") or "")
    if silent:
        native = str(choice.get("native_finish_reason") or finish)  # OpenRouter's, where it has no word of its own
        for reasons, status, what in _SILENT:
            if reasons.search(native):
                raise _ended(native, status, what)
    return finish


def _ended(finish: str, status: int, what: str) -> NoAnswer:
    error = {"code": status, "message": f"{what}: the reply ended with finish_reason {finish!r}"}
    return NoAnswer(what, json.dumps({"error": error}))


_FINE = (0, "0", 200, "200")
_OWN = frozenset({"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier"})


def _text(content: Any, depth: int = 0) -> str:
    """The text of a message's content: a text, or parts, of which those of text count, with texts inside them.

    Raises:
        NoAnswer: It is neither.
    """
    if content is None or isinstance(content, str):
        return content or ""
    if depth > _DEEPEST or not isinstance(content, list | dict):
        raise NoAnswer("its content is no text")
    if isinstance(content, list):
        return "".join(_text(part, depth + 1) for part in content)
    kind = content.get("type", "text")
    if kind not in ("text", "output_text", "refusal"):
        return ""
    return _text(next((content[name] for name in (kind, *_TEXTS) if name in content), None), depth + 1)


_TEXTS = ("text", "value", "parts", "content")
_DEEPEST = 8


def _counted(content: str, cut_off: bool, asked: int, said: int, usage: Any) -> Completion:
    usage = usage if isinstance(usage, dict) else {}
    counts, estimated = [], False
    for name, characters in (("prompt_tokens", asked), ("completion_tokens", said)):
        count = _tokens(usage.get(name))
        if not count:
            count = int(-(-characters // CHARACTERS_PER_TOKEN))
            estimated = estimated or count > 0
        counts.append(count)
    return Completion(content, cut_off, counts[0], counts[1], estimated)


_MOST_TOKENS = 10**9
"""More than any conversation has: what says so counts something else, or nothing."""


def _tokens(said: Any) -> int:
    """A number of tokens, whatever it is written as; 0 where it is none."""
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) <= len(str(_MOST_TOKENS)):
        said = int(said)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 1 <= said <= _MOST_TOKENS:  # nor NaN
        return 0
    return int(said)
