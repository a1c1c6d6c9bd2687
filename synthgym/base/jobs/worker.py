"""A process that runs jobs one by one for another process, and ends with it."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing import connection, get_context, parent_process, resource_tracker
from typing import Any

from synthgym.base.errors import InfrastructureError, Stopped, SynthgymError, UserError
from synthgym.base.jobs.pickling import UNGUARDED, Parcel, leave_if_imported, without_main

GRACE_SECONDS = 10.0
_ORPHAN_GRACE_SECONDS = 3.0


class WorkerDied(InfrastructureError):
    """A worker process was killed while it had a job; usually the system was out of memory."""


class JobFailed(SynthgymError):
    """A job raised something that cannot travel between processes; carries its text."""


class Worker:
    """A process that runs one job at a time, and this side of its pipe. Starts with its first job.

    Args:
        function: What it runs on jobs, packed.
    """

    def __init__(self, function: Parcel) -> None:
        context = get_context("spawn")
        self.pipe, self._theirs = context.Pipe()
        self._function, self._heard = function, False
        self._ending = threading.Lock()
        # daemon: if a caller drops the generator unfinished, the interpreter ends the workers instead of waiting.
        self.process = context.Process(target=_serve, args=(function, self._theirs), daemon=True)

    def give(self, job: Any) -> None:
        """Hands it its next job; starts it with the first."""
        if self.process.pid is None:
            self._start()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died: reading will say so
            self.pipe.send(job)

    def _start(self) -> None:
        leave_if_imported()
        # An interrupt from the terminal reaches the whole process group: a worker must not die of it half started. The
        # blocked mask is inherited; `_serve` lifts it once its handlers stand. (The tracker lifts it: it goes first.)
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with contextlib.nullcontext() if self._function.needs_main else without_main():
                self.process.start()
        finally:
            self._theirs.close()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def end(self, grace: float) -> None:
        """Waits so many seconds for its end, then kills it. May be called twice, and by several threads."""
        with self._ending:
            if self.pipe.closed:
                return
            self.process.join(grace)
            if self.process.is_alive():
                self.process.kill()
                self.process.join()
            self.pipe.close()

    def answer(self, job: Any) -> tuple[Any, Exception | None]:
        """What came of the job it was given: a value, or an error.

        Raises:
            WorkerDied: It was killed over it.
            UserError: It could not begin, as the script that it needs cannot be imported.
        """
        try:
            value, error = pickle.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            self.end(GRACE_SECONDS)
            code = self.process.exitcode or 0
            if self._function.needs_main and not self._heard and code > 0:
                began = "and starts this there, too" if code == UNGUARDED else f"and it {self._cause()}"
                raise UserError(
                    "each worker process imports the script, for what it runs is defined there and cannot be sent "
                    f"({self._function.reason}), {began}: put what the script does below "
                    'if __name__ == "__main__":, or use jobs=1'
                ) from None
            raise WorkerDied(f"the worker process of job {job!r} {self._cause()}") from None
        self._heard = True
        return value, error

    def _cause(self) -> str:
        code = self.process.exitcode
        if code is not None and code < 0:
            name = signal.Signals(-code).name
            return f"was killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
        return f"ended with exit status {code}"


def _serve(parcel: Parcel, pipe: connection.Connection) -> None:
    """The life of a worker."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _ignore)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_die_with_parent, daemon=True).start()
    function: Callable[[Any], Any] | None = None
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            function = function or parcel.open()
        except Exception as error:
            pipe.send_bytes(pickle.dumps((None, _cannot_open(error))))
        else:
            pipe.send_bytes(_answer(function, job))


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, _ignore)  # once is enough: clean-up must not be interrupted
    raise Stopped(0)


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


def _cannot_open(error: Exception) -> UserError:
    wrong = UserError(
        f"a worker process cannot load what it is to run: {type(error).__name__}: {error}; "
        "put it in a module that can be imported from the current folder, or use jobs=1"
    )
    wrong.add_note("In the worker process:\n" + "".join(traceback.format_exception(error)))
    return wrong


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
