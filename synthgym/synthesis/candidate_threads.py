"""Threads that work on candidates, each on one at a time: most of their time they wait for a model or a sandbox."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

from synthgym.base.errors import InfrastructureError, SynthgymError, UserError
from synthgym.synthesis.ledger import Entry
from synthgym.synthesis.run import Paused, SynthesisRun
from synthgym.synthesis.verification.whose_fault import unexpected

_MOST_LEFT_IN_A_ROW = 12
"""Candidates that were left in a row, with none finished between, after which a run gives up."""

Make = Callable[[int, Any], list[Entry]]
Done = tuple[int, list[Entry], str | None]


class CandidateThreads:
    """So many threads.

    Args:
        make: Works on one candidate: its index, its idea; returns its lines of the ledger.
        run: What is paused where no more can be done.
        size: How many candidates are under way at once.
    """

    def __init__(self, make: Make, run: SynthesisRun, size: int) -> None:
        self._make = make
        self._run = run
        self._size = size
        self._taking = threading.Lock()
        self._results: queue.Queue[Done | BaseException | None] = queue.Queue()

    def work(self, todo: Iterator[tuple[int, Any]]) -> Iterator[Done]:
        """Yields candidates as they end: index, lines, and instead of lines why it was left for another run.

        Where the run is paused in the end, there are candidates that were not even begun.
        Candidates are taken one by one as threads come free. Leaving the loop early has the threads stop at their next
        step; one that waits for a model is left behind, and ends with this process.

        Raises:
            SynthgymError: Nothing can be done for any candidate: a wrong key, a wrong setting.
        """
        # Not a pool of the standard library's: it would wait for its threads when the process is told to end.
        threads = [threading.Thread(target=self._serve, args=(todo,), daemon=True) for _ in range(self._size)]
        for thread in threads:
            thread.start()
        running, failed, ended = len(threads), 0, False
        try:
            while running:
                result = self._results.get()
                if result is None:
                    running -= 1
                elif isinstance(result, BaseException):
                    raise result
                else:
                    failed = failed + 1 if result[2] else 0
                    if failed == _MOST_LEFT_IN_A_ROW:
                        self._run.pause(
                            f"gave up: {failed} candidates in a row were left, the last one for: {result[2]}"
                        )
                    yield result
            ended = True
        finally:
            if not ended:
                self._run.pause("interrupted")

    def _serve(self, todo: Iterator[tuple[int, Any]]) -> None:
        while True:
            index = -1
            try:
                with self._taking:
                    self._run.raise_if_paused()
                    index, idea = next(todo, (-1, None))
                if index < 0:
                    break
                self._results.put((index, self._make(index, idea), None))
            except Paused as pause:
                if index >= 0:
                    self._results.put((index, [], str(pause)))
                break
            except InfrastructureError as error:
                if isinstance(error, UserError):  # a wrong key: nothing can be done for the others either
                    self._fail(error)
                    break
                why = f"{type(error).__name__}: {error}"
                if index < 0:  # there will be no more ideas
                    self._run.pause(why)
                    break
                self._results.put((index, [], why))
            except (SynthgymError, OSError) as error:
                self._fail(error)
                break
            except Exception as error:  # a fault of ours that one candidate shows: the others go on
                if index < 0:
                    self._fail(error)
                    break
                self._results.put((index, [], unexpected(error)))
            except BaseException as error:
                self._fail(error)
                break
        self._results.put(None)

    def _fail(self, error: BaseException) -> None:
        self._run.pause("another candidate raised")
        self._results.put(error)
