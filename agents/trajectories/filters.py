"""Which trajectories are worth learning from, and how many were left out for what."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from pydantic import BaseModel, ConfigDict, Field

from synthgym.agents.trajectories.export import turns
from synthgym.agents.trajectories.trajectory import Trajectory


def characters_by_four(text: str) -> int:
    """A rough count of tokens that needs no tokeniser: four characters of English or code are about one."""
    return (len(text) + 3) // 4


class FilterSettings(BaseModel):
    """What a trajectory must be to be kept.

    Attributes:
        scored: It got a score at least once: a valid validation or an accepted submission.
        submitted: Its submission was accepted.
        min_improvement: Held-out improvement of its submission; None asks for none.
        max_tokens: Longest conversation, everything the model reads and writes in it; None for no limit.
        distinct: Of trajectories with the same actions in the same challenge, the first only.
        agent_errors: Whether episodes that ended with the agent raising may stay.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scored: bool = True
    submitted: bool = False
    min_improvement: float | None = None
    max_tokens: int | None = Field(default=None, gt=0)
    distinct: bool = True
    agent_errors: bool = False


class Yield(BaseModel):
    """What a filter let through. Each trajectory left out is counted once, under the first reason met.

    Attributes:
        dropped: Reason → number.
        environments: Environment → number kept.
    """

    seen: int = 0
    kept: int = 0
    dropped: dict[str, int] = {}
    environments: dict[str, int] = {}


class Filter:
    """Keeps trajectories and counts.

    Args:
        settings: What is kept.
        count_tokens: Length of a text in tokens; give the student's own tokeniser for an exact cap.

    Example:
        >>> keep = Filter(FilterSettings(max_tokens=2048))
        >>> kept = list(keep(Store("runs/teacher")))
        >>> keep.report.dropped
        {'too_long': 3}
    """

    def __init__(
        self, settings: FilterSettings | None = None, count_tokens: Callable[[str], int] = characters_by_four
    ) -> None:
        self.settings, self.count_tokens = settings or FilterSettings(), count_tokens
        self.report = Yield()
        self._dropped: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()
        self._seen: set[bytes] = set()

    def __call__(self, records: Iterable[Trajectory]) -> Iterator[Trajectory]:
        """The trajectories to keep, one by one; `report` is complete when they have run out."""
        for record in records:
            self.report.seen += 1
            reason = self._reason(record)
            if reason is None:
                self.report.kept += 1
                self._kept[record.env_id] += 1
                self.report.environments = dict(sorted(self._kept.items()))
                yield record
            else:
                self._dropped[reason] += 1
                self.report.dropped = dict(sorted(self._dropped.items()))

    def _reason(self, record: Trajectory) -> str | None:
        settings, outcome = self.settings, record.outcome
        if outcome.exit_status == "agent_error" and not settings.agent_errors:
            return "agent_error"
        if settings.scored and not record.scored:
            return "never_scored"
        if settings.submitted and not outcome.accepted_submission:
            return "not_submitted"
        if settings.min_improvement is not None and (outcome.improvement or 0.0) < settings.min_improvement:
            return "too_little_improvement"
        if settings.max_tokens is not None and self.tokens(record) > settings.max_tokens:
            return "too_long"
        if settings.distinct:
            key = _key(record)
            if key in self._seen:
                return "duplicate"
            self._seen.add(key)
        return None

    def tokens(self, record: Trajectory) -> int:
        """Length of the conversation as it is trained on."""
        return sum(self.count_tokens(message["content"]) for message in turns(record))


def _key(record: Trajectory) -> bytes:
    actions = "\0".join(step.action for step in record.steps)
    return hashlib.sha256(f"{record.env_id}\0{record.challenge_hash}\0{actions}".encode()).digest()
