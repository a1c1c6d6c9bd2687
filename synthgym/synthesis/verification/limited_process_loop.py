"""The process behind `limited_process`: does each job in a copy of itself, which has limits."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import pickle
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from synthgym.base.json_reading import parse_object
from synthgym.synthesis.report import CheckFailed
from synthgym.synthesis.verification.limited_process import Bounds
from synthgym.synthesis.verification.whose_fault import unexpected

_WALL_FACTOR = 4
_MOST_ANSWER = 4 << 20
_MOST_FILE = 0  # nothing is written
_LENGTH = struct.Struct(">Q")
_BEYOND = "what prepare.py made, and what is in the workspace, cannot be looked through"


def main() -> None:
    """Does jobs until its owner is gone, which closes its stdin."""
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    gc.freeze()  # nothing that is here goes away: copies need not look through it
    while len(head := jobs.read(_LENGTH.size)) == _LENGTH.size:
        job = jobs.read(_LENGTH.unpack(head)[0])
        answer = _in_a_copy(*pickle.loads(job))
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _in_a_copy(bounds: Bounds, job: Callable[[], Any]) -> bytes:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            _be_limited(bounds)
            with open(writing, "wb") as file:
                file.write(_answer(bounds, job))
        finally:
            os._exit(0)
    os.close(writing)
    try:
        answer, late = _read(reading, _WALL_FACTOR * bounds.seconds)
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    try:
        parse_object(answer)
    except ValueError:
        return _failed("prepare", f"{_BEYOND}: {_how(bounds, status, late)}")
    return answer


def _be_limited(bounds: Bounds) -> None:
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # where the machine has less memory than that, this is to end and nothing else
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_FILE, _MOST_FILE))


def _answer(bounds: Bounds, job: Callable[[], Any]) -> bytes:
    try:
        return json.dumps({"value": job()}).encode()
    except CheckFailed as failure:
        return _failed(failure.check, failure.reason)
    except MemoryError:
        return _failed("prepare", f"{_BEYOND} in {bounds.memory >> 20:,} MB of memory")
    except Exception as error:
        return _failed("unexpected", unexpected(error))


def _failed(check: str, reason: str) -> bytes:
    return json.dumps({"failed": [check, reason]}).encode()


def _read(pipe: int, seconds: float) -> tuple[bytes, bool]:
    """What a copy answers; and whether its time was up before it had. The end where the owner is gone."""
    deadline = time.monotonic() + seconds
    answer = b""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    waiting.register(sys.stdin.fileno(), 0)  # tells only that its other end is closed
    while len(answer) <= _MOST_ANSWER:
        ready = dict(waiting.poll(max(0.0, deadline - time.monotonic()) * 1000))
        if sys.stdin.fileno() in ready:
            raise SystemExit
        if pipe not in ready:
            return b"", True
        part = os.read(pipe, 1 << 16)
        if not part:
            return answer, False
        answer += part
    return b"", False


def _how(bounds: Bounds, status: int, late: bool) -> str:
    if late:
        return f"it takes more than {_WALL_FACTOR * bounds.seconds} seconds"
    code = os.waitstatus_to_exitcode(status)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):  # the kernel sends the latter at a hard limit, or for want of memory
        return f"it takes more than {bounds.seconds} seconds of CPU time, or more memory than there is"
    if code < 0:
        return f"the process that did was ended by {signal.Signals(-code).name}"
    return "the process that did ended before it had"
