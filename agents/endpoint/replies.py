"""What an endpoint answered, made a `Completion`: text in one piece, tokens counted, and no error taken for a reply."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from synthgym.agents.endpoint.complaints import error_bodies
from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.endpoint.reply_tokens import Tokens, read_tokens
from synthgym.agents.plain_json import writable
from synthgym.base.json_reading import parse_json

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
        tokens: What was read and sampled, where that was asked for.
    """

    content: str
    cut_off: bool
    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False
    tokens: Tokens | None = None


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
)
"""Reasons to finish where no text came, the status that would have said so, and what it means."""
_GUARDED = re.compile(
    r"(?<!function_call_)filter|sensitive|safety|recitation|blocklist|prohibited|spii|guardrail|toxic|moderat|refusal",
    re.I,
)
"""A guard beside the model ended the reply: OpenAI, Azure, Gemini, Bedrock, Zhipu, Cohere, Anthropic. What was said by
then is cut off anywhere, so it is no reply either."""
_LIMIT = frozenset({"length", "max_tokens", "max_output_tokens", "max_length"})


def read_reply(body: str, characters: int, *, tokens: bool = False) -> Completion:
    """Reads what came with status 200.

    Args:
        body: A chat completion as JSON, one that was streamed though nobody asked, or whatever else came.
        characters: Length of the conversation, for tokens that the endpoint did not count.
        tokens: Whether the answer must tell its tokens.

    Raises:
        NoAnswer: It is no answer: an error behind status 200, a model that died on the way, JSON of another form.
        NoTokens: It is one, and does not tell them.
    """
    whole = _parsed(body)
    choices = whole.get("choices")
    choice = next(iter(choices), None) if isinstance(choices, list) else None
    for error in (whole.get("error"), choice.get("error") if isinstance(choice, dict) else None):
        if _says_something(error):
            raise NoAnswer("an error", json.dumps({"error": error}, default=str))
    message = choice.get("message") if isinstance(choice, dict) else None
    text = _text(message.get("content")) if isinstance(message, dict) else ""
    refusal = _text(message.get("refusal")) if isinstance(message, dict) else ""
    finish = _finish(choice, silent=not (text + refusal).strip())
    if not isinstance(message, dict):
        said = {name: value for name, value in whole.items() if name not in _OWN and value is not None}
        if "choices" not in whole and whole.get("object") != "chat.completion" and not error_bodies.is_error(said):
            raise NoAnswer(_shown(body), elsewhere=True)
        raise NoAnswer("no choices in it", json.dumps(said, default=str) if said else "")
    if _DEAD.search(finish):
        raise _ended(finish, 502, "what is behind the endpoint failed")
    text = text or refusal
    completion = _counted(
        writable(text),
        finish in _LIMIT or bool(_FULL.search(finish)),
        characters,
        len(text) + sum(len(_text(message.get(name))) for name in ("reasoning_content", "reasoning")),
        whole.get("usage"),
    )
    return replace(completion, tokens=read_tokens(whole, choice or {})) if tokens else completion


def _parsed(body: str) -> dict[str, Any]:
    """The JSON object that an answer is.

    Raises:
        NoAnswer: It is none.
    """
    text = body.strip().removeprefix("\ufeff")
    if _STREAM.match(text):
        return _unstreamed(text)
    try:
        data = parse_json(text, finite=False)
    except ValueError:
        raise NoAnswer(repr(_shown(text)), elsewhere=text[:1] not in ("{", "[", "")) from None
    if not isinstance(data, dict):
        raise NoAnswer(repr(_shown(text)), elsewhere=True)
    return data


def _shown(text: str) -> str:
    """The beginning of what came, for a message."""
    return redact(text[:2000])[:200]  # in this order: nothing would know half a key for one


_STREAM = re.compile(r"data:|event:|id:|retry:|:")


def _unstreamed(text: str) -> dict[str, Any]:
    """One completion from the events of a stream.

    Raises:
        NoAnswer: There is no event, one that cannot be read, or no end.
    """
    whole: dict[str, Any] = {}
    said, finish, ended = "", None, False
    for event in _events(text):
        if not isinstance(event, dict):
            ended = ended or event == _DONE
            continue
        whole |= {name: value for name, value in event.items() if value is not None}
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        if isinstance(choice, dict):
            delta = choice.get("delta") or choice.get("message")
            said += _text(delta.get("content")) if isinstance(delta, dict) else ""
            finish = choice.get("finish_reason") or finish
    if not whole:
        raise NoAnswer(repr(_shown(text)))
    if "choices" in whole:
        if not (finish or ended or _says_something(whole.get("error"))):
            raise NoAnswer("the stream broke off")
        whole["choices"] = [{"finish_reason": finish, "message": {"content": said}}]
    return whole


_DONE = "[DONE]"
_LINE_END = re.compile(r"\r\n|\n|\r")
"""Where a stream's lines end; `splitlines` also breaks at signs that may stand within a text."""


def _events(text: str) -> Iterator[Any]:
    """What the events of a stream hold: JSON, or the mark of its end.

    Raises:
        NoAnswer: One cannot be read. What it said would be missing in the middle of a command.
    """
    begun: list[str] = []  # an event that goes on in the next line
    for line in [*_LINE_END.split(text), ""]:
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        if data == _DONE:
            yield _DONE
        elif data and not begun and (event := _json(data)) is not None:
            yield event
        elif data:
            begun.append(data)
        elif begun and not line:
            if (event := _json("\n".join(begun))) is None:
                raise NoAnswer(f"an event that cannot be read: {_shown(begun[0])!r}")
            begun = []
            yield event


def _json(text: str) -> Any:
    """What a text is as JSON; None where it is none."""
    try:
        return parse_json(text, finite=False)
    except ValueError:
        return None


def _finish(choice: Any, silent: bool) -> str:
    """Why a reply ended.

    Raises:
        NoAnswer: That is also why no text came, or not all of it, and it is not the model's doing.
    """
    if not isinstance(choice, dict):
        return ""
    finish = str(choice.get("finish_reason") or "")
    native = str(choice.get("native_finish_reason") or finish)  # OpenRouter's, where it has no word of its own
    for reasons, status, what in _SILENT if silent else ():
        if reasons.search(native):
            raise _ended(native, status, what)
    if _GUARDED.search(native):
        raise _ended(native, 403, "flagged")
    return finish


def _ended(finish: str, status: int, what: str) -> NoAnswer:
    error = {"code": status, "message": f"{what}: the reply ended with finish_reason {finish!r}"}
    return NoAnswer(what, json.dumps({"error": error}))


def _says_something(error: Any) -> bool:
    """Whether an `error` beside an answer is one: some endpoints always send the field, with nothing in it."""
    if not error or (isinstance(error, dict) and error.get("code") in _FINE):
        return False
    return bool(error_bodies.words(error if isinstance(error, str) else json.dumps(error, default=str), False).strip())


_FINE = (0, "0", 200, "200", "success", "ok")
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
