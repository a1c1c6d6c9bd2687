"""What calls have taught about a model at an endpoint: known for the life of the process, whoever asks there next."""

from __future__ import annotations

import functools
import itertools
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from synthgym.agents.agent import Message
from synthgym.agents.endpoint import system_role
from synthgym.agents.endpoint.complaints.complaint import Complaint


@dataclass
class Learnt:
    """What one model at one endpoint has shown. Whoever reads or changes it holds the lock.

    Attributes:
        answered: It has answered a call: it is there.
        taken: Names of parameters that it has answered a call with, and settings, as ``temperature=0.2``.
        refused: Parameters that it does not know.
        newer: It knows `max_completion_tokens` only, and no `max_tokens`.
        no_system: It takes no system message; see `system_role`.
        tells_tokens: It has told the tokens of an answer.
        lock: For threads.
    """

    answered: bool = False
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    newer: bool = False
    no_system: bool = False
    tells_tokens: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, sent: dict[str, Any], left_out: frozenset[str]) -> None:
        """A call was answered that held these parameters, and left those out to see whether it would be."""
        self.answered = True
        self.taken |= sent.keys() | {setting(name, value) for name, value in sent.items() if name not in _LONG}
        self.refused |= left_out - self.taken

    def adapt(self, complaint: Complaint, sent: dict[str, Any], messages: list[Message]) -> bool:
        """Whether the endpoint only disliked a parameter, and from now on is asked otherwise.

        Newer OpenAI models know `max_completion_tokens` only; some endpoints know no `seed`, no structured output, or
        no system message.
        """
        status = complaint.status
        if complaint.kind in ("overflow", "key", "money", "flagged") or status not in (400, 404, 415, 422, 500, 501):
            return False
        # Of what may pass, or of a server that broke, a parameter may be named by chance.
        if (status not in (400, 422) or complaint.kind == "passing") and not _REFUSING.search(complaint.words):
            return False
        with self.lock:
            if "max_tokens" in sent and complaint.names("max_completion_tokens"):
                self.newer = True
                return True
            if system_role.is_unknown(complaint.words) and system_role.merged(messages) is not messages:
                self.no_system = True
                return True
            for name in _OPTIONAL:
                if name in sent and complaint.names(name):
                    self.refused.add(name)
                    return True
        return False

    def suspects(self, complaint: Complaint, sent: dict[str, Any]) -> Iterator[frozenset[str]]:
        """Parameters of our own to leave out of a call that was refused in words that name none: one, other, both.

        A seed that was answered before is above suspicion. A schema is not, for the next one may be another; but where
        one was answered, it is no schema that has a server fail, or nothing be there.
        """
        if complaint.status not in _SUSPICIOUS or complaint.kind in ("key", "money"):
            return
        new = sent.keys() - self.taken
        suspects = []
        if "response_format" in new or ("response_format" in sent and complaint.status in (400, 422)):
            suspects.append("response_format")
        if "seed" in new and complaint.kind == "request":
            suspects.append("seed")
        for count in range(1, len(suspects) + 1):
            yield from map(frozenset, itertools.combinations(suspects, count))


_LONG = ("seed", "response_format")
"""Parameters with another value every time."""


def setting(name: str, value: object) -> str:
    """A setting, as a person writes it."""
    return f"{name}={value}"


@functools.cache
def learnt_of(base_url: str | None, model: str) -> Learnt:
    """What is known of a model at an endpoint: the same object for all who ask.

    Args:
        base_url: None for OpenAI's own.
        model: Its name there.
    """
    return Learnt()


_OPTIONAL = ("response_format", "seed")
"""Parameters that nobody but the client asked for: an endpoint that does not know one is asked without it."""

_SUSPICIOUS = (400, 404, 405, 415, 422, 500, 501)
"""Statuses of calls that may have been refused for a parameter, whatever the words."""

_REFUSING = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not (?:permitted|allowed|implemented)|invalid|extra|fail|cannot", re.I
)
