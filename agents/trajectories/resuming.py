"""What resuming a rollout needs to know of a store: how recorded episodes ended, and which attempts failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synthgym.agents.tracebacks import error_line


@dataclass(frozen=True)
class Done:
    """What resuming needs to know of a finished episode."""

    challenge_hash: str
    exit_status: str | None
    improvement: float | None
    agent_hash: str = ""
    error: str | None = None
    attempts: int = 1

    @classmethod
    def of(cls, record: dict[str, Any]) -> Done:
        """What counts of a record as JSON has it."""
        outcome = record["outcome"]
        error = outcome.get("error")
        return cls(
            record["challenge_hash"],
            outcome["exit_status"],
            outcome["improvement"],
            record.get("agent_hash", ""),
            error and error_line(error),
            record.get("attempts", 1),
        )


@dataclass(frozen=True)
class Attempts:
    """Attempts at an episode that infrastructure failed.

    Attributes:
        count: How many.
        broken: Whether one of them broke in play.
    """

    count: int = 0
    broken: bool = False
