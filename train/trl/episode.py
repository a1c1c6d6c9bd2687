"""One episode behind tools: begun in a thread, played command by command, graded whoever ends it."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

import gymnasium

from synthgym.agents.failures import of_one_challenge
from synthgym.base.errors import InfrastructureError, SpecError
from synthgym.base.messages import logger
from synthgym.train.trl.environments import TextEnv, challenge_env

log = logger(__name__)

Failure = InfrastructureError | SpecError
"""Why an episode does not count: what failed around it, or a challenge that cannot be played here."""

FAILED = (
    "The tool failed: the sandbox of this episode is gone, through no fault of yours. Nothing works any more, and the "
    "episode does not count."
)
OVER = "Nothing was run: the episode is over ({})."


class Episode:
    """An episode of an environment that only this has.

    Attributes:
        info: As the environment last gave it; empty before the first command.
    """

    def __init__(self, env: TextEnv, seed: int, threads: ThreadPoolExecutor, starts: int) -> None:
        """Begins the episode in one of the threads.

        Args:
            env: The environment.
            seed: Decides everything random in it.
            threads: Where it starts: beside the others of its batch.
            starts: How often it is tried; nothing is lost by another time.
        """
        self.env = env
        self.info: dict[str, Any] = {}
        self._return, self._over = 0.0, False
        self._failure: Failure | None = None
        self._error: Exception | None = None
        self._closing, self._closed = threading.Lock(), False
        self._begun: Future[None] = threads.submit(self._begin, seed, starts)

    @property
    def failure(self) -> Failure | None:
        """Why it does not count, if it does not."""
        return self._failure

    def step(self, command: str) -> str:
        """Runs a command, and gives what is to be told of it.

        Raises:
            UserError: No environment can be used: a setting is wrong.
        """
        self._wait()
        if self._failure:
            return FAILED
        if self._over:
            return OVER.format(self.info["exit_status"])
        try:
            observation, reward, terminated, truncated, self.info = self.env.step(command)
        except InfrastructureError as error:
            return self._fail(error)
        except Exception as error:  # the caller's to put right; a tool's exception TRL shows to the model only
            self._error = error
            raise
        self._return += float(reward)
        self._over = terminated or truncated
        return observation or "(no output)"

    def end(self, *, graded: bool = True) -> float | None:
        """Ends the episode, grades what stands there unless it was submitted, and gives the return; and closes it.

        Args:
            graded: Otherwise an episode in which nothing was submitted, and no limit was met, is worth 0.

        Returns:
            None where infrastructure failed, or the challenge cannot be played.

        Raises:
            UserError: As in `step`; or the reward function gave no number.
        """
        try:
            self._wait()
            if self._error:
                raise self._error
            if self._failure is None and not self._over:
                if not graded:
                    return 0.0
                self._finish()
            return None if self._failure else self._return
        finally:
            self.close()

    def close(self) -> None:
        """Ends the sandbox; can come from any thread, at any time."""
        with self._closing:
            self._closed = True
            self._close_env()

    def leave(self) -> None:
        """Ends the sandbox, and waits until the environment can be used for another episode."""
        self.close()
        wait([self._begun])

    def _finish(self) -> None:
        try:
            reward, self.info = challenge_env(self.env).finish()
        except InfrastructureError as error:
            self._fail(error)
        except gymnasium.error.ResetNeeded as error:  # closed by somebody else
            self._fail(InfrastructureError(str(error)))
        else:
            self._return, self._over = self._return + float(reward), True

    def _begin(self, seed: int, starts: int) -> None:
        for left in reversed(range(starts)):
            try:
                with of_one_challenge(challenge_env(self.env).name, getattr(self.env.unwrapped, "sandbox", None)):
                    self.env.reset(seed=seed)
            except SpecError as error:
                self._fail(error)
                return
            except InfrastructureError as error:
                self._close_env()
                if not left or self._closed:
                    self._fail(error)
                    return
            else:
                break
        with self._closing:
            if self._closed:
                self._close_env()

    def _wait(self) -> None:
        self._begun.result()

    def _close_env(self) -> None:
        with suppress(InfrastructureError):  # it may be closed because it is dead
            self.env.close()

    def _fail(self, error: Failure) -> str:
        self._failure = error
        log.warning("%s: the episode does not count: %s", challenge_env(self.env).name, error)
        self._close_env()
        return FAILED
