"""Models without a system role, such as Gemma's: what it would say goes before the first message of the user."""

from __future__ import annotations

import re

from synthgym.agents.agent import Message

_UNKNOWN = re.compile(
    r"(?:system|developer)[ _-]?(?:role|message|prompt|instruction)s?\b[^.\n]{0,40}"
    r"(?:not (?:supported|allowed|enabled|available|permitted)|unsupported)"
    r"|(?:not|n't) support[^.\n]{0,20}\b(?:system|developer)\b"
    r"|(?:unsupported|unexpected|invalid|unknown) role\b[^\n]{0,20}system"
    r"|role\W{1,3}system\W{1,3}is (?:not|invalid|unsupported)|only user and assistant roles|roles must alternate",
    re.I,
)


def is_unknown(words: str) -> bool:
    """Whether an error says that there is no such role; some only say that user and assistant must take turns."""
    return _UNKNOWN.search(words) is not None


def merged(messages: list[Message]) -> list[Message]:
    """The conversation without a system message: its text stands before the first message of the user."""
    if len(messages) < 2 or messages[0]["role"] != "system" or messages[1]["role"] != "user":
        return messages
    system, first, *rest = messages
    return [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]
