"""The account of one candidate: its lines of the ledger, and what each stage has spent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from synthgym.synthesis.language.calls import Spent
from synthgym.synthesis.ledger import Entry


class Account:
    """The account of one candidate.

    Args:
        index: The candidate's number.
        spent: What was spent on it before, in the stage ``topic``.

    Attributes:
        entries: The lines so far.
        id: The challenge's, once it has one.
        round: How often it has been worked on.
        spent: In the stage that it is in.
        total: In the stages that are noted.
    """

    def __init__(self, index: int, spent: Spent) -> None:
        self.index = index
        self.entries: list[Entry] = []
        self.id = ""
        self.round = 0
        self.spent, self.total = spent, Spent()
        self._stage, self._started = "topic", time.monotonic()

    def begin(self, stage: str) -> None:
        """Enters a stage; what is spent from now on is its own."""
        self._stage, self._started, self.spent = stage, time.monotonic(), Spent()

    @contextmanager
    def at(self, stage: str) -> Iterator[None]:
        """A stage that is passed if nothing is raised in it."""
        self.begin(stage)
        yield
        self.add(Entry(self.index, self.id, "passed"))

    def add(self, entry: Entry) -> None:
        """Adds a line, with what its stage has spent since the last one."""
        spent = self.spent
        self.total.calls += spent.calls
        self.total.tokens += spent.tokens
        self.total.cost += spent.cost
        self.entries.append(
            replace(
                entry,
                stage=self._stage,
                round=self.round,
                calls=spent.calls,
                tokens=spent.tokens,
                cost=round(spent.cost, 6),
                seconds=round(time.monotonic() - self._started, 3),
            )
        )
        self.begin(self._stage)
