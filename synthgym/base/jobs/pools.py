"""Running many jobs: in this process with one worker, in worker processes with more.

One function, `run_jobs`, hides where jobs run; a cluster is another way of running the same outcomes.

What can go wrong stays with its job: a job that raises, and a worker that is killed (out of memory, say), give an
`Outcome` with an error, and the other jobs go on. What ends the run ends the workers too: they are asked to stop, so
that their ``finally`` blocks run, then killed; and each watches its parent, so that none outlives a ``kill -9`` of it.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any, Generic, TypeVar

from synthgym.base.jobs.pickling import pack
from synthgym.base.jobs.worker import GRACE_SECONDS, Worker, WorkerDied

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome(Generic[Job, Result]):
    """A finished job: its value, or the error it ended with."""

    job: Job
    value: Result | None = None
    error: Exception | None = None

    def unwrap(self) -> Result:
        """The value; raises the job's error if it has one."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]


def run_jobs(
    function: Callable[[Job], Result], jobs: Iterable[Job], workers: int = 1
) -> Iterator[Outcome[Job, Result]]:
    """Runs `function` on every job and yields outcomes as they finish.

    Jobs are taken from the iterable one by one as workers come free. Leaving the loop early, or an interrupt, ends the
    workers; outcomes yielded before stay valid.

    Args:
        function: With more than one worker something that `synthgym.base.jobs.pickling.pack` takes; jobs and results
            must pickle.
        jobs: What to run it on.
        workers: 1 runs in this process. More start that many processes (spawned, so that threads and locks of this
            process do no harm). The script that calls this is not run again in them, so it needs no main guard.

    Raises:
        UserError: The function cannot be sent to other processes.
    """
    if workers < 1:
        raise ValueError(f"workers: expected 1 or more, got {workers}")
    return _run_here(function, jobs) if workers == 1 else _run_in_processes(function, jobs, workers)


def _run_here(function: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Outcome[Job, Result]]:
    for job in jobs:
        outcome: Outcome[Job, Result]
        try:
            outcome = Outcome(job, value=function(job))
        except Exception as error:
            outcome = Outcome(job, error=error)
        yield outcome


def _run_in_processes(
    function: Callable[[Job], Result], jobs: Iterable[Job], workers: int
) -> Iterator[Outcome[Job, Result]]:
    queue = iter(jobs)
    parcel = pack(function)
    busy: dict[Any, tuple[Worker, Job]] = {}
    idle: list[Worker] = []
    try:
        while True:
            for job in itertools.islice(queue, workers - len(busy)):
                worker = idle.pop() if idle else Worker(parcel)
                busy[worker.pipe] = (worker, job)
                worker.give(job)
            if not busy:
                return
            for pipe in connection.wait(list(busy)):
                worker, job = busy.pop(pipe)
                try:
                    value, error = worker.answer(job)
                except WorkerDied as death:
                    yield Outcome(job, error=death)
                else:
                    idle.append(worker)
                    yield Outcome(job, value=value, error=error)
    finally:
        remaining = [*idle, *(worker for worker, _ in busy.values())]
        _end(remaining)


def _end(workers: list[Worker]) -> None:
    """Asks workers to stop, waits for their clean-up, kills those that will not."""
    workers = [worker for worker in workers if worker.process.pid is not None]
    deadline = time.monotonic() + GRACE_SECONDS
    running = workers
    while running and time.monotonic() < deadline:
        for worker in running:
            worker.process.terminate()  # again and again: a signal that meets another one may not wake a sleeper
        connection.wait([worker.process.sentinel for worker in running], timeout=0.1)
        running = [worker for worker in running if worker.process.is_alive()]
    for worker in workers:
        worker.end(0)


class Workers(Generic[Job, Result]):
    """Worker processes that threads share: each gives jobs of its own, and waits for them.

    Args:
        function: What to run, as for `run_jobs`; its argument and result must pickle.
        count: How many processes; each starts with its first job.

    Example:
        >>> with Workers(verify, 2) as workers:
        ...     report = workers.call(folder)
    """

    def __init__(self, function: Callable[[Job], Result], count: int) -> None:
        if count < 1:
            raise ValueError(f"count: expected 1 or more, got {count}")
        self._function = pack(function)
        self._all = [Worker(self._function) for _ in range(count)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()  # those that have started first
        for worker in reversed(self._all):
            self._idle.put(worker)
        self._start = threading.Lock()
        self._closed = False

    def call(self, job: Job) -> Result:
        """Runs one job in the next worker that is free; raises what it raises.

        Raises:
            WorkerDied: The worker was killed over it. Another takes its place.
        """
        worker = self._idle.get()
        try:
            with self._start:  # one at a time; and none when the workers are being ended
                if self._closed:
                    raise WorkerDied("the worker processes were ended")
                worker.give(job)
            value, error = worker.answer(job)
        except WorkerDied:
            if self._closed:
                raise
            self._all.remove(worker)
            worker = Worker(self._function)
            self._all.append(worker)
            raise
        finally:
            self._idle.put(worker)
        if error is not None:
            raise error
        result: Result = value
        return result

    def close(self) -> None:
        """Ends the workers, and their jobs: calls that wait for one raise `WorkerDied`."""
        with self._start:
            self._closed = True
        _end(self._all)

    def __enter__(self) -> Workers[Job, Result]:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the workers."""
        self.close()
