"""What calls have taught about a model at an endpoint: known for the life of the process, whoever asks there next."""

from __future__ import annotations

import functools
import threading
from dataclasses import dataclass, field
from typing import Any


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
