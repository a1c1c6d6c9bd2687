"""Episodes of a batch, each in a thread; what the trainer's model is to say is generated for all of them at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Result = TypeVar("Result")

Generate = Callable[[list[Asked]], list[Answer]]
"""Answers to what several episodes ask, in the caller's thread: models are not to be used by several."""


_PATIENCE = 5.0  # seconds


class LeftOff(BaseException):
    """Raised in an episode's thread when the batch has ended without it."""


class Crew(Generic[Asked, Answer]):
    """Runs episodes at once.

    One that asks waits until all that run have asked, or are over: the batch that is generated is as large as can be,
    and the same each time.
    """

    def __init__(self, generate: Generate[Asked, Answer] | None = None) -> None:
        """Without `generate`, nobody may ask."""
        self._generate = generate
        self._changed = threading.Condition()
        self._asked: dict[int, Asked] = {}
        self._answers: dict[int, Answer] = {}
        self._working = 0
        self._left_off = False
        self._error: BaseException | None = None

    def run(self, works: Sequence[Callable[[], Result]], at_once: int, hurry: Callable[[], None]) -> list[Result]:
        """Does all of some work, so many at once; what one of it raises ends all, and is raised.

        Args:
            works: What each episode is.
            at_once: How many run at once.
            hurry: Ends what episodes are at, where something ended the batch: an error, Ctrl-C.
        """
        results: dict[int, Result] = {}
        waiting = deque(enumerate(works))
        threads = [
            threading.Thread(target=self._work, args=(waiting, results), name=f"synthgym-episode-{number}", daemon=True)
            for number in range(min(at_once, len(works)))
        ]
        self._working = len(threads)
        for thread in threads:
            thread.start()
        try:
            self._serve()
        except BaseException:
            self._leave_off()
            raise
        finally:
            if self._left_off:
                hurry()
            for thread in threads:  # one that waits for an endpoint may do so for long, and ends after that
                thread.join(_PATIENCE if self._left_off else None)
        if self._error is not None:
            raise self._error
        return [results[position] for position in range(len(works))]

    def ask(self, position: int, asked: Asked) -> Answer:
        """What is answered to an episode; for its thread."""
        with self._changed:
            self._asked[position] = asked
            self._changed.notify_all()
            self._changed.wait_for(lambda: position in self._answers or self._left_off)
            if position not in self._answers:
                raise LeftOff
            return self._answers.pop(position)

    def check(self) -> None:
        """Raises `LeftOff` in an episode's thread where the batch has ended without it."""
        if self._left_off:
            raise LeftOff

    def _serve(self) -> None:
        """Generates until nobody works any more."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: len(self._asked) == self._working or self._left_off)
                if not self._asked or self._left_off:
                    return
                asked = dict(sorted(self._asked.items()))
            assert self._generate is not None
            answers = self._generate(list(asked.values()))
            with self._changed:
                self._asked.clear()
                self._answers.update(zip(asked, answers, strict=True))
                self._changed.notify_all()

    def _work(self, waiting: deque[tuple[int, Callable[[], Result]]], results: dict[int, Result]) -> None:
        try:
            while not self._left_off:
                try:
                    position, work = waiting.popleft()
                except IndexError:
                    return
                results[position] = work()
        except LeftOff:
            pass
        except BaseException as error:
            self._error = self._error or error
            self._leave_off()
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    def _leave_off(self) -> None:
        with self._changed:
            self._left_off = True
            self._changed.notify_all()
