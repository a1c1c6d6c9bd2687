"""Whose turn it is with an environment: whoever stops waiting for a step has a thread that is still at it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from synthgym.base.errors import OutOfTurn
from synthgym.base.jobs.forks import renew_in_forks

_AGAIN = 0.1  # seconds until another thread is asked again to end: what it does may not have begun when it was asked


class Turns:
    """One thread at a time, and that once: what it does is not done when it asks again. In a fork nobody has it."""

    _taken: bool

    def __init__(self) -> None:
        self._renew()
        renew_in_forks(self, Turns._renew)

    @contextmanager
    def take(self, hurry: Callable[[], None] | None = None) -> Iterator[None]:
        """Waits for the turn, and has it.

        Args:
            hurry: Ends what another thread does with it. Called until that thread has let go.

        Raises:
            OutOfTurn: This very thread has it, and would wait for itself.
        """
        lock, seconds = self._lock, 0.0
        while not lock.acquire(timeout=-1 if hurry is None else seconds):
            if hurry is not None:
                hurry()
            seconds = _AGAIN
        try:
            if self._taken:
                raise OutOfTurn(
                    "called from within a step, reset or finish of the same environment in the same thread, as a "
                    "signal handler or a reward function may be; raise in a handler what is to end the step, or call "
                    "it from another thread, or after the step; the step goes on where this error is caught"
                )
            self._taken = True
            try:
                yield
            finally:
                self._taken = False
        finally:
            lock.release()

    def _renew(self) -> None:
        self._lock = threading.RLock()  # it may be had again, so that a signal handler finds out and does not wait
        self._taken = False
