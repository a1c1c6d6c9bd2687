"""What failed in a rollout, and what each failure says of the episodes that are still to be run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from synthgym.agents.endpoint.errors import BadRequest, Flagged, ModelRefused, NoRoom
from synthgym.base.errors import (
    GraderError,
    HubRefused,
    InfrastructureError,
    MissingDependencyError,
    OutOfTurn,
    SpecError,
    UnknownNameError,
    Unplayable,
    UserError,
)
from synthgym.envs.sandboxes import has_backend

_HOPELESS = 12
"""Attempts that infrastructure failed in a row, with none finished between, after which a run gives up.

What fell in play is not among them: an agent could bring that about in as many episodes as it likes, and so keep all
that come after from being run. It needs no bound of its own. An episode is tried again a bounded number of times, and
then recorded as the agent's or left; where the machine is to blame, sandboxes do not start either, and that counts.
"""

_OF_ONE_CONVERSATION = (BadRequest, Flagged, NoRoom)
"""Failures that say nothing of other episodes: the endpoint is there, and did not like what it was shown."""
_OF_ONE_CHALLENGE = (SpecError, NoRoom)
"""Failures that meet every episode of a challenge, and no other's; a `NoRoom` unless there was room before."""
_SETTINGS = ("sandbox", "reward", "protocol")
"""What every environment of a run is made with."""

Verdict = Literal["again", "left", "challenge"]
"""What becomes of a failed attempt: it is made again, left for the next run, or all of its challenge are left."""


def fell_in_play(error: Exception) -> bool:
    """Whether an attempt ended as something broke in play, which may be the agent's doing."""
    return isinstance(error, InfrastructureError) and error.in_play


@contextmanager
def of_one_challenge(env_id: str, sandbox: object) -> Iterator[None]:
    """For making or resetting one environment: what is wrong with it costs its challenge, and no other one.

    Args:
        env_id: Of the environment.
        sandbox: What it is made with.

    Raises:
        Unplayable: It cannot be played here, such as for want of its image or of its data.
        UserError: None can be: there is no such sandbox, or the Hub refuses the key.
    """
    try:
        yield
    except SpecError:
        raise
    except UserError as error:
        if _of_the_run(error, sandbox):
            raise
        raise Unplayable(f"{env_id}: cannot be played here: {error}") from error


def _of_the_run(error: UserError, sandbox: object) -> bool:
    """Whether what was raised for one environment would be raised for every other one too."""
    if isinstance(error, UnknownNameError):
        return error.kind in _SETTINGS
    if isinstance(error, HubRefused):
        return error.for_all
    if isinstance(error, MissingDependencyError):
        return not has_backend(sandbox)
    return isinstance(error, OutOfTurn)


class Failures:
    """The failures of one run.

    Attributes:
        in_a_row: Attempts that infrastructure failed with no part of the agent's, since the last one that was finished.
    """

    def __init__(self, retries: int, jobs: int) -> None:
        self.in_a_row = 0
        self._retries, self._most = retries, max(_HOPELESS, 3 * jobs)
        self._finished: set[str] = set()
        self._unprepared = Counter[str]()
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
        if isinstance(error, GraderError) and not error.in_play and env_id not in self._finished:
            # Its own programs fail before anybody has acted: that says nothing of others, and its other episodes less.
            self._unprepared[env_id] += 1
            if self._unprepared[env_id] <= self._retries:
                return "again"
            self._unsound = error
            return "challenge"
        self.in_a_row += not (isinstance(error, _OF_ONE_CONVERSATION) or fell_in_play(error))
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
        if isinstance(self._unsound, NoRoom):
            return ModelRefused(str(self._unsound))
        return self._unsound if isinstance(self._unsound, UserError) else Unplayable(str(self._unsound))
