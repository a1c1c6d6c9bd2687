"""Running many jobs: in this process with one worker, in worker processes with more.

One function, `run_jobs`, hides where jobs run; a cluster is another way of running the same outcomes.

What can go wrong stays with its job: a job that raises, and a worker that is killed (out of memory, say), give an
`Outcome` with an error, and the other jobs go on. What ends the run ends the workers too: they are asked to stop, so
that their ``finally`` blocks run, then killed; and each watches its parent, so that none outlives a ``kill -9`` of it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process, resource_tracker
from typing import Any, Generic, TypeVar

from synthgym.base.errors import InfrastructureError, SynthgymError

Job = TypeVar("Job")
Result = TypeVar("Result")

_GRACE_SECONDS = 10.0
_ORPHAN_GRACE_SECONDS = 3.0


class WorkerDied(InfrastructureError):
    """A worker process was killed while it had a job; usually the system was out of memory."""


class JobFailed(SynthgymError):
    """A job raised something that cannot travel between processes; carries its text."""


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
        function: With more than one worker a function importable by name; its argument and result must pickle.
        jobs: What to run it on.
        workers: 1 runs in this process. More start that many processes (spawned, so that threads and locks of this
            process do no harm).
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
    busy: dict[Any, tuple[_Worker, Job]] = {}
    idle: list[_Worker] = []
    try:
        while True:
            for job in itertools.islice(queue, workers - len(busy)):
                worker = idle.pop() if idle else _Worker(function)
                busy[worker.pipe] = (worker, job)
                worker.give(job)
            if not busy:
                return
            for pipe in connection.wait(list(busy)):
                worker, job = busy.pop(pipe)
                try:
                    value, error = pickle.loads(worker.pipe.recv_bytes())
                except (EOFError, OSError):
                    worker.end(_GRACE_SECONDS)
                    yield Outcome(job, error=WorkerDied(f"the worker process of job {job!r} {worker.cause()}"))
                else:
                    idle.append(worker)
                    yield Outcome(job, value=value, error=error)
    finally:
        remaining = [*idle, *(worker for worker, _ in busy.values())]
        _end(remaining)


def _end(workers: list[_Worker]) -> None:
    """Asks workers to stop, waits for their clean-up, kills those that will not."""
    workers = [worker for worker in workers if worker.process.pid is not None]
    deadline = time.monotonic() + _GRACE_SECONDS
    running = workers
    while running and time.monotonic() < deadline:
        for worker in running:
            worker.process.terminate()  # again and again: a signal that meets another one may not wake a sleeper
        connection.wait([worker.process.sentinel for worker in running], timeout=0.1)
        running = [worker for worker in running if worker.process.is_alive()]
    for worker in workers:
        worker.end(0)


class _Worker:
    """A process that runs one job at a time, and this side of its pipe. Starts with its first job."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        context = get_context("spawn")
        self.pipe, self._theirs = context.Pipe()
        # daemon: if a caller drops the generator unfinished, the interpreter ends the workers instead of waiting.
        self.process = context.Process(target=_serve, args=(function, self._theirs), daemon=True)

    def give(self, job: Any) -> None:
        if self.process.pid is None:
            self._start()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died: reading will say so
            self.pipe.send(job)

    def _start(self) -> None:
        # An interrupt from the terminal reaches the whole process group: a worker must not die of it half started. The
        # blocked mask is inherited; `_serve` lifts it once its handlers stand. (The tracker lifts it: it goes first.)
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            self._theirs.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def end(self, grace: float) -> None:
        self.process.join(grace)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()

    def cause(self) -> str:
        code = self.process.exitcode
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            return f"was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
        return f"ended with exit status {code}"


def _serve(function: Callable[[Any], Any], pipe: connection.Connection) -> None:
    """The life of a worker."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _ignore)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send_bytes(_answer(function, job))


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, _ignore)  # once is enough: clean-up must not be interrupted
    raise SystemExit(0)


def _ignore(*_: object) -> None:
    """A handler and not SIG_IGN, which every program that a job starts would inherit."""


def _die_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    # The main thread by name: the job may sit in a system call that only a signal to its own thread interrupts.
    main = threading.main_thread().ident
    assert main is not None
    deadline = time.monotonic() + _ORPHAN_GRACE_SECONDS
    while time.monotonic() < deadline:
        signal.pthread_kill(main, signal.SIGTERM)
        time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGKILL)


def _answer(function: Callable[[Any], Any], job: Any) -> bytes:
    try:
        value = function(job)
        return pickle.dumps((value, None))
    except Exception as error:
        return pickle.dumps((None, _portable(error)))


def _portable(error: Exception) -> Exception:
    """The error itself if it survives pickling, else its nearest class that can be made of a text alone."""
    text = "".join(traceback.format_exception(error))
    try:
        copy: Exception = pickle.loads(pickle.dumps(error))
    except Exception:
        copy = JobFailed(f"{type(error).__name__}: {error}")
        for kind in type(error).__mro__[1:]:
            if issubclass(kind, SynthgymError):
                copy = kind(str(error))
                break
    copy.add_note("In the worker process:\n" + text)
    return copy
