"""Calls of the model: each paid once, kept in the run's journal, and counted against what the run may spend."""

from __future__ import annotations

import re
import threading
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from synthgym.agents.agent import Message
from synthgym.agents.chat.thoughts import strip_thoughts
from synthgym.agents.endpoint.model import Model
from synthgym.base.files.journal import Journal
from synthgym.base.messages import warn
from synthgym.base.seeds import derive_seed
from synthgym.synthesis.run import SynthesisRun

_PREFIX, ATTEMPTS = "call/", "attempt/"
"""Before the keys of calls, and of episodes of an agent, which may call a model too."""

TOPICS = "topics/"
"""Before the slots of calls that belong to no candidate yet."""
_EARLIER = "earlier/"
"""Before the slots of calls that were made for another recipe."""

_MOST = 10**15
_ESTIMATED = "does not count tokens in its answers: they are estimated by length, three characters each"


class Paid(BaseModel):
    """What was paid for, as a journal has it."""

    prompt_tokens: int = Field(ge=0, le=_MOST)
    completion_tokens: int = Field(ge=0, le=_MOST)
    cost: float = Field(ge=0, le=_MOST)


class _Called(Paid):
    text: str
    cut_off: bool


@dataclass(frozen=True)
class Answer:
    """What the model answered.

    Attributes:
        text: As it came, with thoughts where the server sends them in the text.
        cut_off: It ran into its limit of tokens.
    """

    text: str
    cut_off: bool

    @cached_property
    def visible_text(self) -> str:
        """What it said aloud: nothing else is read, kept, or shown to it again."""
        return strip_thoughts(self.text)[0]

    @property
    def still_thinking(self) -> bool:
        """Whether it ended before anything was said."""
        return strip_thoughts(self.text)[1]


@dataclass
class Spent:
    """What a stage of a candidate took."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0

    def add(self, record: dict[str, Any]) -> None:
        """Counts one call."""
        self.calls += 1
        self.tokens += record["prompt_tokens"] + record["completion_tokens"]
        self.cost += record["cost"]


@dataclass(frozen=True)
class Limits:
    """What a run may spend: US dollars, tokens; None for no limit."""

    cost: float | None = None
    tokens: int | None = None


@dataclass
class Calls:
    """The model, with a memory.

    A call is known by its slot: where in the work on which candidate it belongs. What it asks is not part of that, so
    that an error message with a time in it does not have the answer paid twice.
    """

    run: SynthesisRun
    model: Model
    seed: int
    limits: Limits
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, slot: str, messages: list[Message], spent: Spent, schema: type[BaseModel] | None = None) -> Answer:
        """The answer to a conversation: the one on file for this slot, else a new one, which is then on file.

        Raises:
            Paused: The run is to stop, or has spent what it may.
            ModelError: The endpoint failed.
        """
        key = _PREFIX + slot
        if not self.on_file(slot):
            self.run.raise_if_paused()
            self.check_limits()

        def call() -> dict[str, Any]:
            made = self.model.complete(messages, seed=derive_seed("call", self.seed, slot) >> 1, schema=schema)
            price = self.model.price
            if made.estimated:
                warn(f"{self.model.where} {_ESTIMATED}", stacklevel=2)
            return {
                "text": made.content,
                "cut_off": made.cut_off,
                "prompt_tokens": made.prompt_tokens,
                "completion_tokens": made.completion_tokens,
                "cost": price.of(made.prompt_tokens, made.completion_tokens) if price else 0.0,
                **({"estimated": True} if made.estimated else {}),
            }

        record = self.run.journal.once(key, call, _Called)
        spent.add(record)
        return Answer(record["text"], record["cut_off"])

    def on_file(self, slot: str) -> bool:
        """Whether the answer for this slot is on file."""
        return _PREFIX + slot in self.run.journal

    def check_limits(self) -> None:
        """Has the run stop if it has spent what it may.

        Raises:
            Paused: It has.
        """
        if self.limits.cost is None and self.limits.tokens is None:
            return
        total, estimated = Spent(), False
        for prefix in (_PREFIX, ATTEMPTS):
            for _, record in self.run.journal.items(prefix, Paid):
                total.add(record)
                estimated = estimated or record.get("estimated", False)
        for name, most, now in (("cost", self.limits.cost, total.cost), ("tokens", self.limits.tokens, total.tokens)):
            if most is not None and now >= most:
                spent = f"${now:.2f} of ${most:.2f}" if name == "cost" else f"{now:,} of {most:,} tokens"
                spent += f" (the endpoint {_ESTIMATED})" if estimated else ""
                self.run.pause(f"spent {spent}; the same command with a larger --max-{name} goes on")
                self.run.raise_if_paused()


def hand_over(path: Path) -> bool:
    """Readies a run's journal for another recipe, if no candidate was begun by it.

    What calls cost stays on file; an answer to a question of the one recipe is none to the other's.

    Returns:
        Whether it was done.
    """
    topics = re.compile(rf"{_PREFIX}(?:{_EARLIER})*{TOPICS}")
    with closing(Journal(path)) as journal:
        paid = [each for prefix in (_PREFIX, ATTEMPTS) for each in journal.items(prefix, Paid)]
    if not all(topics.match(key) for key, _ in paid):
        return False
    kept = path.with_name(f"{path.name}.new")
    kept.unlink(missing_ok=True)
    with closing(Journal(kept)) as journal:
        for key, record in paid:
            journal.once(f"{_PREFIX}{_EARLIER}{key.removeprefix(_PREFIX)}", partial(dict, record))
    kept.replace(path)
    return True
