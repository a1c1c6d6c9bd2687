"""What kind of trouble an endpoint's error is, told from its status and from all it says, whatever the endpoint's make.

Statuses alone do not tell: no credit left comes as 400, 402, 403 or 429, a wrong key as 400, a conversation that is too
long as 400, 413, 422, 429 or 500, and all of them behind status 200.
"""

from __future__ import annotations

import email.utils
import http
import math
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from synthgym.agents.endpoint.complaints import complaint_words, error_bodies
from synthgym.agents.endpoint.complaints.overflow import is_overflow

Kind = Literal["overflow", "key", "money", "flagged", "model", "address", "barred", "request", "passing", "other"]


@dataclass(frozen=True)
class Complaint:
    """An error that an endpoint answered.

    Attributes:
        status: Of the answer; where that was 200, the one its body states, if any.
        kind: ``overflow``: the conversation is too long. ``key``: none, or one that is not valid here. ``money``: no
            credit left. ``flagged``: what the conversation says is not wanted there. ``model``: not known there.
            ``address``: nothing that answers chats. ``barred``: all calls from here, for a reason of its own.
            ``request``: this very call, for a reason that is none of these. ``passing``: may pass. ``other``: neither.
        reason: The reason it gives, for people.
        words: All it says, for looking through.
        wait: Seconds after which to ask again, if it says so.
        stray: Nothing says that it is the endpoint's own word: a page, a path that is not there, a refusal of all calls
            for no reason. From an endpoint that answers, it is what stands before it, and passes.
    """

    status: int
    kind: Kind
    reason: str
    words: str
    wait: float | None = None
    stray: bool = False

    def names(self, parameter: str) -> bool:
        """Whether it speaks of a parameter of the call."""
        # Beside a hyphen it is part of a model's name, as in "doubao-seed-1-6".
        pattern = _OTHER_WORDS.get(parameter, rf"(?<![A-Za-z0-9_-]){re.escape(parameter)}(?![A-Za-z0-9_-])")
        return re.search(pattern, self.words, re.I if parameter in _OTHER_WORDS else 0) is not None


_OTHER_WORDS = {
    "response_format": r"response.?format|json.?schema|json.?mode|structured.?output|guided.?(?:json|decoding)|grammar"
}
"""Parameters that errors also call something else."""

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|milli|s|m|h)", re.I)
_SECONDS = {"ms": 0.001, "milli": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

_MAYBE_OVERFLOW = (400, 402, 403, 404, 422, 429, 500, 502, 503)


def read_complaint(status: int, body: str, headers: Mapping[str, str] | None = None) -> Complaint:
    """Tells what an error is.

    Args:
        status: The HTTP status; 200 where the answer behind it is an error.
        body: Its body as text.
        headers: Its headers, by names in small letters.
    """
    told = error_bodies.code(body) if status < 300 else status
    words, wait = error_bodies.words(body), _wait(headers or {})
    if wait is None:
        wait = _hint(words)
    said = error_bodies.words(body, keys=False)
    kind = _kind(told or 400, said, wait)
    if told is None and kind == "request":  # no word of what it is: what is behind the endpoint died
        kind = "passing"
    stray = kind == "address" or (kind == "barred" and not complaint_words.BARRED.search(said))
    stray = stray or (kind in ("key", "model", "barred") and error_bodies.is_page(body))
    return Complaint(told or status, kind, error_bodies.reason(body) or _phrase(status), words, wait, stray)


def _kind(status: int, said: str, wait: float | None) -> Kind:
    """What the words leave no doubt of comes first, then what the status says, then words that only hint at it.

    Some words are said along with others, never the other way round: a guard says that no credits were charged and
    which key asked, a budget's end is told as a failed authentication. Hence the order.
    """
    if status == 413 or (status in _MAYBE_OVERFLOW and is_overflow(said)):
        return "overflow"
    if status in _REFUSED and complaint_words.FLAGGED.search(said) and not complaint_words.BARRED.search(said):
        return "flagged"
    if _is_money(status, said, wait):
        return "money"
    if complaint_words.ADDRESS.search(said):
        return "address"
    if status in _PASSING or (status >= 500 and status != 501):
        return "passing"
    match status:
        case 401:
            return "key"
        case 404 | 410:
            return _kind_of_404(said)
        case 407 | 451:
            return "barred"
    if status in _REFUSED:
        return _kind_of_refusal(status, said)
    return "address" if status < 400 or status == 405 else "request" if status == 501 else "other"


_REFUSED = (400, 403, 406, 422, 451)
_PASSING = (408, 409, 424, 425, 429, 498, 499)


def _is_money(status: int, said: str, wait: float | None) -> bool:
    """No credit left. A quota that fills up again by itself, which is said in the same words, has a time to wait."""
    if status == 402:
        return True
    if not (400 <= status < 500 and complaint_words.MONEY.search(said)):
        return False
    return status != 429 or "insufficient" in said.lower() or wait is None


def _kind_of_404(said: str) -> Kind:
    if re.search(r"requested parameters", said, re.I):  # there is the model, but not for such calls
        return "request"
    return "model" if "model" in said.lower() or complaint_words.MODEL.search(said) else "address"


def _kind_of_refusal(status: int, said: str) -> Kind:
    if complaint_words.WRONG_KEY.search(said):
        return "key"
    if complaint_words.BARRED.search(said):
        return "barred"
    if complaint_words.BUSY.search(said) or complaint_words.TOO_OFTEN.search(said):
        return "passing"
    if complaint_words.MODEL.search(said) and "response_format" not in said:
        return "model"
    if status != 403:
        return "request"
    bare = not re.sub(_NOTHING_SAID, "", said.lower()).strip()
    return "key" if bare or complaint_words.KEY.search(said) else "barred"


_NOTHING_SAID = r"\b(?:forbidden|access denied|error|invalid_request_error)\b|\W|\d"


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds an endpoint asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name].strip().removesuffix("s")) / divisor
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return max(seconds, 0.0)
    try:
        return max(email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time(), 0.0)
    except (KeyError, ValueError, TypeError, OverflowError, IndexError):
        return None


def _hint(words: str) -> float | None:
    """The same, said in the body: "try again in 1m30s", Gemini's ``retryDelay``."""
    match = complaint_words.WAIT.search(words)
    if not match:
        return None
    parts = _PART.findall(match["said"] or match["delay"])
    return sum(float(number) * _SECONDS[unit.lower()] for number, unit in parts) or None
