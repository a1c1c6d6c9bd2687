"""What failed in a rollout, and what each failure says of the episodes that are still to be run."""

from __future__ import annotations

from typing import Literal

from synthgym.agents.model_errors import BadRequest, Flagged, ModelRefused, NoRoom
from synthgym.base.errors import InfrastructureError, SpecError, UserError

_HOPELESS = 12
"""Attempts that infrastructure failed in a row, with none finished between, after which a run gives up."""

_OF_ONE_CONVERSATION = (BadRequest, Flagged, NoRoom)
"""Failures that say nothing of other episodes: the endpoint is there, and did not like what it was shown."""
_OF_ONE_CHALLENGE = (SpecError, NoRoom)
"""Failures that meet every episode of a challenge, and no other's; a `NoRoom` unless there was room before."""

Verdict = Literal["again", "left", "challenge"]
"""What becomes of a failed attempt: it is made again, left for the next run, or all of its challenge are left."""


def fell_in_play(error: Exception) -> bool:
    """Whether an attempt ended as something broke in play, which may be the agent's doing."""
    return isinstance(error, InfrastructureError) and error.in_play


class Failures:
    """The failures of one run.

    Attributes:
        in_a_row: Attempts that infrastructure failed since the last one that was finished.
    """

    def __init__(self, retries: int, jobs: int) -> None:
        self.in_a_row = 0
        self._retries, self._most = retries, max(_HOPELESS, 3 * jobs)
        self._finished: set[str] = set()
        self._unsound: Exception | None = None
        self._others = False

    def finished(self, env_id: str) -> None:
        """An episode was recorded."""
        self.in_a_row = 0
        self._finished.add(env_id)

    def judge(self, env_id: str, attempt: int, error: Exception) -> Verdict:
        """What becomes of an attempt that failed."""
        if isinstance(error, _OF_ONE_CHALLENGE) and not (isinstance(error, NoRoom) and env_id in self._finished):
            self._unsound = error
            return "challenge"
        self.in_a_row += not isinstance(error, _OF_ONE_CONVERSATION)
        if attempt <= self._retries and not isinstance(error, Flagged):  # it would be the next time too
            return "again"
        self._others = True
        return "left"

    @property
    def hopeless(self) -> bool:
        """Whether to give up."""
        return self.in_a_row >= self._most

    @property
    def of_challenges(self) -> UserError | None:
        """The last failure of a challenge, for the user to put right, where nothing else was left undone."""
        if self._unsound is None or self._others:
            return None
        return self._unsound if isinstance(self._unsound, UserError) else ModelRefused(str(self._unsound))
