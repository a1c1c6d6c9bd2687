"""Runs work on files that a stranger's programs made in a separate process, with limits on memory and time.

Readers of tables, archives and arrays may be led to ask for more memory than there is, to go on for hours, or to bring
their process down. So they run in a copy of a process that has them loaded (`limited_process_loop`),
with limits on memory and time, and without this process's environment variables, where keys are.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from synthgym.base.errors import SandboxError
from synthgym.base.jobs.forks import renew_in_forks
from synthgym.base.json_reading import parse_object
from synthgym.synthesis.report import CheckFailed

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Bounds:
    """What a job may use.

    Attributes:
        memory: Bytes of addresses. What is made ready may have 512 MB, and texts and tables of it several times that.
        seconds: Of CPU time, for all files of a challenge; by the clock four times that.
    """

    memory: int = 4 << 30
    seconds: int = 300


_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_ENVIRONMENT = {
    "PYTHONUTF8": "1",
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
}
_START = (
    "import sys; sys.path[:] = {path!r}; from synthgym.synthesis.verification.limited_process_loop import main; main()"
)


class _Loop:
    """The process that is copied, and this side of its pipes. One for all threads, started before it is needed."""

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        """Forgets the process, which in a fork is the parent's."""
        self.lock, self.process = threading.Lock(), None

    lock: threading.Lock
    process: subprocess.Popen[bytes] | None

    def start(self) -> subprocess.Popen[bytes]:
        """Starts it, unless it runs."""
        if self.process is None:
            kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            self.process = subprocess.Popen(
                [sys.executable, "-c", _START.format(path=sys.path)],
                env=kept | _ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt from the terminal is not meant for it
            )
        return self.process

    def ask(self, job: bytes) -> bytes:
        """Has a copy of it do a job; its answer."""
        process = self.start()
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(_LENGTH.pack(len(job)) + job)
            process.stdin.flush()
            head = process.stdout.read(_LENGTH.size)
            answer = process.stdout.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""
        except BaseException as error:  # what it says from now on would be to another question
            self.end()
            if isinstance(error, OSError):
                raise SandboxError(f"the process that reads files of challenges ended: {error}") from error
            raise
        if not answer:
            self.end()
            raise SandboxError("the process that reads files of challenges ended; was it out of memory?")
        return answer

    def end(self) -> None:
        """Ends it; the next job starts another."""
        process, self.process = self.process, None
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its copy, too
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if pipe:
                        pipe.close()


_loop = _Loop()
renew_in_forks(_loop, _Loop._renew)


def start_early() -> None:
    """Starts what `run_limited` will need, which takes half a second beside whatever comes meanwhile."""
    with _loop.lock:
        _loop.start()


def run_limited(job: Callable[[], Any], bounds: Bounds = Bounds()) -> Any:
    """What a job comes to, done in a process of its own, within limits.

    Args:
        job: Can be pickled; what it gives is made of what JSON knows.
        bounds: The limits.

    Raises:
        CheckFailed: It failed a check; or its files cannot be read within the limits, or bring the process down.
        SandboxError: The process that is copied ended.
    """
    with _loop.lock:
        answer = parse_object(_loop.ask(pickle.dumps((bounds, job))))
    if "failed" in answer:
        raise CheckFailed(*answer["failed"])
    return answer["value"]
