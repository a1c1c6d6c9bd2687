"""In which words endpoints complain of what is not the conversation's length: tables, by what is meant.

The words are those of OpenAI, Azure, Anthropic, Gemini, OpenRouter, DeepSeek, DashScope, Moonshot, Zhipu, xAI, Mistral,
Together, Groq, Ollama and others, as their documentation and their users' reports have them.
"""

from __future__ import annotations

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.I)


MONEY = _any(
    r"insufficient[ _-]?(?:quota|balance|credit|fund)|exceeded_current_quota|current quota",
    r"(?<![/\w])billing|payment required|\barrear|account is in good standing",
    r"(?:credit|account|free) ?(?:balance|limit|allowance)s?[^.\n]{0,40}(?:too low|negative|empty|reached)",
    r"(?:credit|account|free) ?(?:balance|limit|allowance)s?[^.\n]{0,40}(?:exceed|exhaust|used up|run out)",
    r"(?:out of|\bno|not enough|more) (?:\w+ )?(?:credit|fund|balance)s?\b|used all (?:\w+ )*credits?\b",
    r"spend(?:ing)?[ _-]?limit|add (?:more )?credits|余额不足|欠费",
)
"""No credit left."""

WRONG_KEY = _any(
    r"(?:api[ _-]?key|credentials?)[^.\n]{0,40}(?:not valid|invalid|incorrect|wrong|missing|required|expired|revoked)",
    r"(?:access|auth\w*|bearer|api|security)[ _-]?token[^.\n]{0,40}(?:not valid|invalid|missing|required|expired)",
    r"(?:invalid|incorrect|wrong|missing|no|expired|unknown|bad)[ _-](?:\w+[ _-]){0,2}(?:api[ _-]?key|credentials?)",
    r"authentication[ _]?(?:error|failed|required|fails)",
)
"""The key is wrong, or there is none."""

KEY = _any(
    r"api[ _-]?key|invalid[ _-]?(?:token|credential|bearer|auth)|(?:access|auth\w*|bearer)[ _-]?token",
    r"authenticat|unauthori[sz]ed|credentials",
)
"""It is about keys at all."""

FLAGGED = _any(
    r"\bflagged\b|moderat|responsible ?ai|prohibited[ _-]content|data[ _-]?inspection|guardrail",
    r"content[ _-]?(?:policy|filter|management|violation|safety|exists)|usage polic|acceptable use",
    r"safety (?:system|filter|setting|reason|polic)|(?:inappropriate|harmful|sensitive) (?:content|word|information)",
    r"blocked by (?:our |the )?(?:content|safety|policy)",
)
"""What the conversation says is not wanted."""

MODEL = _any(
    r"model[_ -]?not[_ -]?(?:found|exist|supported|available)|(?:invalid|unknown)[_ -]?model|no such model",
    r"not a (?:chat|valid) model",
    r"\bmodels?\b[^.\n]{0,120}?(?:not found|does ?n[o']t exist|not exist|is not a valid|not available|not deployed)",
    r"\bmodels?\b[^.\n]{0,120}?(?:(?:is|has been) (?:deprecated|decommissioned|retired)|do(?:es)? not have access)",
    r"(?:find|load|access|unsupported) (?:the |any |to )?models?\b(?! is currently)",
)
"""There is no such model, or none for this account."""

BUSY = _any(r"overloaded|over capacity|at capacity|temporar|try again (?:later|in)|timed out|currently loading")
"""It may pass, whatever the status says."""

TOO_OFTEN = _any(r"rate.?limit|too many (?:concurrent )?requests|throttl")
"""Too many calls in a time."""

_NUMBER_OF = r"\d+(?:\.\d+)?\s*"
_TIMES = (
    rf"(?:{_NUMBER_OF}(?:ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|h)\b\s*|{_NUMBER_OF}[hm](?=\d))+"
)
WAIT = _any(
    rf"(?:try|retry)(?: again| your request)? (?:in|after):?\s*(?P<said>{_TIMES})",
    rf"retry_?delay\W+(?P<delay>{_NUMBER_OF}s)",
)
"""When to ask again: "try again in 1m30s", Gemini's ``"retryDelay": "34s"``."""
