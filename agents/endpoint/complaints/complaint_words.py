"""In which words endpoints complain of what is not the conversation's length: tables, by what is meant.

The words are those of OpenAI, Azure, Anthropic, Gemini, OpenRouter, DeepSeek, DashScope, Moonshot, Zhipu, xAI, Mistral,
Together, Groq, Ollama and others, as their documentation and their users' reports have them.
"""

from __future__ import annotations

import re


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.I | re.MULTILINE)


MONEY = _any(
    r"insufficient[ _-]?(?:quota|balance|credits?\b|fund)|exceeded_current_quota|current quota",
    r"(?<![/\w])billing|payment required|\barrear|account is in good standing",
    r"(?:credit|account|free) ?(?:balance|limit|allowance)s?[^.\n]{0,40}(?:too low|negative|empty|reached)",
    r"(?:credit|account|free) ?(?:balance|limit|allowance)s?[^.\n]{0,40}(?:exceed|exhaust|used up|run out)",
    r"(?:out of|\bno|not enough|more|not have any|n't have any) (?:\w+ )?(?:credit|fund|balance)s?\b"
    r"(?! (?:were|was|have been|will be) (?:charged|used|deducted))",
    r"used all (?:\w+ )*credits?\b|spend(?:ing)?[ _-]?limit|add (?:more )?credits|余额不足|欠费",
    r"\bbudget[^.\n]{0,30}exceeded|exceeded ?budget|over budget|exceeded your (?:\w+ ){0,3}credits",
    r"\bkey limit exceeded|free allocated quota|free tier of [^.\n]{0,40}exhausted",
)
"""No credit left."""

WRONG_KEY = _any(
    r"(?:api[ _-]?key|credentials?)[^.\n]{0,40}(?:not valid|invalid|incorrect|wrong|missing|required|expired|revoked)",
    r"(?:access|auth\w{0,20}|bearer|api|security)[ _-]?token[^.\n]{0,40}(?:not valid|invalid|missing|required|expired)",
    r"(?:invalid|incorrect|wrong|missing|no|expired|unknown|bad)[ _-](?:\w+[ _-]){0,2}(?:api[ _-]?key|credentials?)",
    r"(?:missing|invalid|no) (?:or (?:missing|invalid) )?authorization|\bunauthori[sz]ed\b(?![^.\n]{0,40}\bmodel)",
    r"authorization header[^.\n]{0,40}(?:missing|invalid|required)",
    r"authentication[ _]?(?:error|failed|required|fails)|login fail|API secret key",
)
"""The key is wrong, or there is none."""

KEY = _any(
    r"api[ _-]?key|invalid[ _-]?(?:token|credential|bearer|auth)|(?:access|auth\w{0,20}|bearer)[ _-]?token",
    r"authenticat|unauthori[sz]ed|credentials",
)
"""It is about keys at all."""

FLAGGED = _any(
    r"\bflagged\b|moderat|responsible ?ai|prohibited[ _-]content|data[ _-]?inspection|guardrail",
    r"content[ _-]?(?:policy|filter|management|violation|safety|exists)|(?:usage|community) polic",
    r"(?:usage|content|community) guideline",
    r"safety (?:system|filter|setting|reason|polic)|(?:inappropriate|harmful|sensitive) (?:content|word|information)",
    r"blocked by (?:our |the )?(?:content|safety|policy)|acceptable use|content of (?:the )?messages? is illegal",
    r"不合规|敏感|不安全|违规",
)
"""What the conversation says is not wanted."""

BARRED = _any(
    r"\b(?:account|organi[sz]ation|workspace|team|project)\b[^.\n]{0,60}"
    r"\b(?:suspended|disabled|deactivated|banned|terminated|restricted)",
    r"\b(?:location|country|region|territory)\b[^.\n]{0,40}not (?:supported|available|allowed)",
)
"""Nobody from here, or of this account, is answered."""

ADDRESS = _any(
    r"unexpected endpoint|HTTP request (?:was sent )?to (?:an )?HTTPS|^404 NOT_FOUND$|cannot POST /|no route matche",
)
"""Nothing there answers chats."""

MODEL = _any(
    r"model[_ -]?not[_ -]?(?:found|exist|supported|available)|(?:invalid|unknown)[_ -]?model|no such model",
    r"not a (?:chat|valid) model",
    r"\bmodels?\b[^.\n]{0,120}?(?:not found|does ?n[o']t exist|not exist|is not a valid|not available|not deployed)",
    r"\bmodels?\b[^.\n]{0,120}?(?:(?:is|has been) (?:deprecated|decommissioned|retired)|do(?:es)? not have access)",
    r"\bmodels?\b[^.\n]{0,120}?(?:blocked at|requires? terms|on-demand throughput|identifier is invalid)",
    r"(?:find|load|access|access to|unsupported) (?:the |this |any |to )?models?\b(?! is currently)",
    r"\bdeployment\b[^.\n]{0,60}(?:does not exist|not found)|no endpoints found for",
)
"""There is no such model, or none for this account."""

BUSY = _any(
    r"overloaded|over capacity|at capacity|temporar|try again (?:later|in)|timed out|currently loading",
    r"^(?:request ?)?time-?out$|was timeout|insufficient system resource|loading was (?:stopped|cancel)",
    r"model (?:has |was |is )?(?:unload|crash)|model runner has unexpectedly|\bwarming up",
    r"upstream connect error|connection (?:error|reset|refused|terminat|was closed|closed)|disconnect/reset",
)
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
