"""What came of a rollout: of an attempt, and of all of it."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel

from synthgym.agents.episode import AGENT_ERROR
from synthgym.agents.trajectories.resuming import Done
from synthgym.envs.session import BROKEN


class Summary(BaseModel):
    """What came of a rollout.

    Attributes:
        planned: Episodes asked for.
        resumed: Of these, already in the store.
        finished: Of these, run now.
        failed: Of these, left undone: infrastructure failed, an endpoint refuses a conversation, or a challenge is not
            what it says; the same command tries them again.
        retries: Failed attempts that were made again.
        attempts: Attempts that the recorded episodes took, those of earlier runs included: one each, unless
            infrastructure failed them.
        broken: Recorded episodes in which the agent broke its sandbox or the grader; see `run_episode`.
        agent_errors: Recorded episodes in which the agent raised.
        agent_error: What it mostly raised, in a line; the tracebacks are in the records, as ``outcome.error``.
        submitted: Recorded episodes with an accepted submission.
        mean_improvement: Over all recorded episodes, one without an accepted submission counting 0; None without any.
        seconds: Wall-clock time of this run.
    """

    planned: int = 0
    resumed: int = 0
    finished: int = 0
    failed: int = 0
    retries: int = 0
    attempts: int = 0
    broken: int = 0
    agent_errors: int = 0
    agent_error: str | None = None
    submitted: int = 0
    mean_improvement: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Event:
    """Something came of an attempt: exactly one of `done` and `error` is set.

    Attributes:
        recorded: Episodes in the store by now, of `planned`.
    """

    env_id: str
    seed: int
    done: Done | None
    error: str | None
    recorded: int
    planned: int
    sample: int = 0


def sum_up(summary: Summary, recorded: Iterable[Done]) -> None:
    """Fills in what recorded episodes say, whichever run recorded them."""
    improvements = []
    raised = Counter[str]()
    for done in recorded:
        improvements.append(done.improvement or 0.0)
        summary.submitted += done.improvement is not None
        summary.attempts += done.attempts
        summary.broken += done.exit_status in BROKEN
        if done.exit_status == AGENT_ERROR:
            raised[done.error or "no word of it"] += 1
    summary.agent_errors = raised.total()
    summary.agent_error = raised.most_common(1)[0][0] if raised else None
    if improvements:
        summary.mean_improvement = statistics.fmean(improvements)  # the same in any order
