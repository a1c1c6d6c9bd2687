"""An agent's messages and other attributes as plain JSON, as any record can hold it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from synthgym.base.json_reading import parse_json


def plain(value: Any) -> Any:
    """The value as JSON has it; what JSON cannot hold as its `repr`.

    Raises:
        ValueError: It holds itself, or is deeper or larger than a record may be.
        TypeError: A key in it is no text.
    """
    return parse_json(json.dumps(value, default=repr), finite=False)


def plain_messages(messages: Iterable[Any]) -> list[dict[str, Any]]:
    """A conversation as OpenAI-style endpoints write it, each message with a `role` and a text as its `content`.

    Content in parts is joined, and none (beside a call of a tool) is an empty text; other fields stay.

    Raises:
        TypeError: Something in it is no such message.
    """
    return [_message(each) for each in messages]


def _message(given: Any) -> dict[str, Any]:
    if hasattr(given, "model_dump"):  # as a client gives it
        given = given.model_dump()
    if not isinstance(given, Mapping) or not isinstance(given.get("role"), str):
        raise TypeError(f"expected messages, each with a role and a content, got {given!r:.80}")
    message: dict[str, Any] = plain(dict(given))
    return {**message, "content": _text(message.get("content"))}


def _text(content: Any) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list) and all(isinstance(part, dict) for part in content):
        return "".join(part["text"] for part in content if isinstance(part.get("text"), str))
    raise TypeError(f"expected a text as the content of a message, got {content!r:.80}")


def writable(text: str) -> str:
    """The text with lone surrogates replaced: JSON can bring them in, and no file or shell takes them."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
