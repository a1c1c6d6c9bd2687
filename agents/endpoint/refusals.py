"""The error that a call of a model ends with, from what the endpoint said and from what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synthgym.agents.endpoint.capabilities import Learnt, setting
from synthgym.agents.endpoint.complaints.complaint import Complaint
from synthgym.agents.endpoint.errors import BadRequest, ContextOverflow, Flagged, ModelRefused
from synthgym.agents.endpoint.keys import KEY_VARIABLE, key_for
from synthgym.agents.endpoint.reply_tokens import PARAMETERS
from synthgym.base.errors import ModelError

URL_HINT = "base URLs mostly end in /v1"

_SAY_TOKENS = "vLLM tells them; where nothing is trained on the episodes, leave tokens=true out"


class Transient(Exception):
    """A failure that may pass."""

    def __init__(self, text: str, retry_after: float | None = None, elsewhere: bool = False) -> None:
        super().__init__(text)
        self.retry_after, self.elsewhere = retry_after, elsewhere


@dataclass(frozen=True)
class Asked:
    """Who was asked, and how.

    Attributes:
        where: Model and endpoint, for messages.
        base_url: The endpoint; None for OpenAI's own.
        parameters: Settings that are sent with every call.
        tokens: Whether the tokens of every answer are asked for.
        max_wait: Seconds that an endpoint may ask to wait.
        learnt: What is known of the model there.
    """

    where: str
    base_url: str | None
    parameters: dict[str, Any]
    tokens: bool
    max_wait: float
    learnt: Learnt

    def error(self, complaint: Complaint) -> Exception:
        """What a refusal is: a `Transient` may pass."""
        status, reason, kind = complaint.status, complaint.reason, complaint.kind
        if complaint.stray and self.learnt.answered:
            kind = "passing"
        elif kind == "model" and self.learnt.answered and status != 403:  # it was there: this call is the matter
            kind = "request"
        match kind:
            case "overflow":
                return ContextOverflow(f"{self.where}: the conversation is longer than the model's context: {reason}")
            case "key":
                given = "the key in" if key_for(self.base_url) else "a call without a key: set"
                return ModelRefused(f"{self.where}: refused {given} {KEY_VARIABLE} ({status}): {reason}")
            case "money":
                return ModelRefused(f"{self.where}: the account's credit is used up ({status}): {reason}")
            case "model":
                return ModelRefused(f"{self.where}: no such model there ({status}): {reason}")
            case "address":
                return ModelRefused(f"{self.where}: no chats at this address ({status}): {reason}; {URL_HINT}")
            case "barred":
                return ModelRefused(f"{self.where}: refuses all calls from here ({status}): {reason}")
            case "flagged":
                return Flagged(f"{self.where}: refuses what the conversation says ({status}): {reason}")
            case "passing":
                wait = complaint.wait
                if wait is not None and wait > self.max_wait:
                    asked = f"asks to wait {wait:.0f} s, the most waited is {self.max_wait:g} s"
                    return ModelError(f"{self.where}: {asked}: {reason}")
                return Transient(f"status {status}: {reason}", wait)
            case "request":
                if named := self._setting_named(complaint):
                    return ModelRefused(f"{self.where}: refuses the setting {named} ({status}): {reason}")
                doubt = f"; tokens=true may be why: {_SAY_TOKENS}" if self.doubts_tokens else ""
                return BadRequest(f"{self.where}: status {status}: {reason}{doubt}")
        return ModelError(f"{self.where}: status {status}: {reason}")

    def without_tokens(self, missing: str) -> Exception:
        """What an answer that does not tell its tokens is: it cannot be trained on, so it is never taken silently."""
        if self.learnt.tells_tokens:
            return Transient(f"an answer without its tokens: {missing}")
        return ModelRefused(
            f"{self.where}: tokens=true asks for the tokens of every reply, and the endpoint's answer has {missing}; "
            f"{_SAY_TOKENS}"
        )

    def _setting_named(self, complaint: Complaint) -> str | None:
        """The setting of the user's that a refusal speaks of, unless it was answered before."""
        if self.doubts_tokens and any(complaint.names(name) for name in PARAMETERS):
            return f"tokens=true, which asks for {' and '.join(PARAMETERS)}"
        named = (setting(name, value) for name, value in self.parameters.items() if complaint.names(name))
        return next((each for each in named if each not in self.learnt.taken), None)

    @property
    def doubts_tokens(self) -> bool:
        """Whether tokens are asked for, and the endpoint never told any."""
        return self.tokens and not self.learnt.tells_tokens
