"""Work for many environments at once, each in a thread of its own; what interrupts the wait loses nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import gymnasium as gym

from synthgym.base.jobs.forks import renew_in_forks
from synthgym.envs.env import ChallengeEnv

TakeIn = Callable[[int, Any], None]
"""Takes in what came of an environment, by its index: a result or an error."""

_AGAIN = 0.1  # seconds until a command is interrupted again: it may not have begun the time before
_TIMES = 20  # so often; what goes on after that is no command, such as a grading, and the next call waits for it


class AtOnce:
    """Threads, and what is under way in them. In a forked process there are others, and nothing is."""

    def __init__(self, envs: Sequence[gym.Env[Any, Any]]) -> None:
        """No thread starts before there is work."""
        self._envs = envs
        self._renew()
        renew_in_forks(self, AtOnce._renew)

    def run(self, indices: Iterable[int], work: Callable[[int], Any], take_in: TakeIn) -> dict[int, Any]:
        """Runs `work` for each index, until all have ended, and takes in what came of each.

        Where something interrupts it, such as Ctrl-C, the commands are ended, and `rest` takes in what came of them.

        Returns:
            For each index its result, or the error that it raised.
        """
        try:
            for index in map(int, indices):
                self._under_way[index] = self._threads.submit(work, index), take_in
            wait(self._futures())
        except BaseException:
            self._hurry()
            raise
        return self._taken_in()

    def rest(self) -> dict[int, Any]:
        """What came of a `run` that was interrupted; empty if the last one was not."""
        return self.run((), lambda index: None, lambda index, result: None)

    def interrupt(self) -> None:
        """Ends the commands that run; the episodes go on. Can come from any thread."""
        for env in self._envs:
            if isinstance(inner := env.unwrapped, ChallengeEnv):
                inner.interrupt()

    def close(self) -> None:
        """Ends the threads, once their work has ended."""
        self._threads.shutdown()

    def _renew(self) -> None:
        self._threads = ThreadPoolExecutor(len(self._envs), thread_name_prefix="synthgym-vector")
        self._under_way: dict[int, tuple[Future[Any], TakeIn]] = {}

    def _futures(self) -> list[Future[Any]]:
        return [future for future, _ in self._under_way.values()]

    def _hurry(self) -> None:
        for _ in range(_TIMES):
            self.interrupt()
            if not wait(self._futures(), timeout=_AGAIN).not_done:
                break

    def _taken_in(self) -> dict[int, Any]:
        results: dict[int, Any] = {}
        for index in list(self._under_way):
            future, take_in = self._under_way.pop(index)
            try:
                results[index] = future.result()
            except Exception as error:
                results[index] = error
            take_in(index, results[index])
        return results
