"""Token ids and log-probabilities of a reply, where an endpoint gives them: vLLM does, most others do not.

Asked for are `return_token_ids` and `logprobs`. They come as `prompt_token_ids` of the answer, `token_ids` of the
choice, and `logprobs.content` of the choice, with an entry for each of the latter. Thoughts that a parser of them took
out of the text are among them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

PARAMETERS = ("return_token_ids", "logprobs")
"""What an endpoint that tells no tokens may say that it does not know."""

_UNKNOWN = -9999.0
"""What vLLM writes where it has no log-probability."""
_MOST = 2**32


@dataclass(frozen=True)
class Tokens:
    """One answer in tokens.

    Attributes:
        prompt_ids: What was read.
        ids: What was sampled.
        logprobs: Of each token of it.
    """

    prompt_ids: list[int]
    ids: list[int]
    logprobs: list[float]


class NoTokens(Exception):
    """An answer tells not all of its tokens; says what is missing."""


def asking(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a call, with what asks for tokens."""
    beyond = {**(parameters.get("extra_body") or {}), "return_token_ids": True}
    return {**parameters, "logprobs": True, "extra_body": beyond}


def read_tokens(answer: dict[str, Any], choice: dict[str, Any]) -> Tokens:
    """The tokens of an answer.

    Args:
        answer: All of it.
        choice: The one that is its reply.

    Raises:
        NoTokens: Some are missing, or are no tokens, or there are more of them than log-probabilities, or less.
    """
    prompt, ids = _ids(answer, "prompt_token_ids"), _ids(choice, "token_ids")
    logprobs = choice.get("logprobs")
    entries = logprobs.get("content") if isinstance(logprobs, dict) else None
    if entries is None and ids:
        raise NoTokens("no log-probabilities")
    entries = entries or []
    if not isinstance(entries, list) or len(entries) != len(ids):
        raise NoTokens(f"{len(ids)} tokens and {len(entries)} log-probabilities")
    return Tokens(prompt, ids, [_logprob(entry) for entry in entries])


def _ids(holder: dict[str, Any], name: str) -> list[int]:
    given = holder.get(name)
    if not isinstance(given, list):
        raise NoTokens(f"no {name}")
    if not all(type(each) is int and 0 <= each < _MOST for each in given):
        raise NoTokens(f"something else than tokens in {name}")
    return given


def _logprob(entry: Any) -> float:
    number = entry.get("logprob") if isinstance(entry, dict) else None
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise NoTokens(f"a log-probability that is no number: {number!r:.40}")
    if number <= _UNKNOWN:
        raise NoTokens("a token without a log-probability")
    return float(number)
