"""Keeps a server: a small process that starts it, and ends it with all that it started.

It is run as a program, ``python keeper.py PARENT SECONDS SCRATCH COMMAND...``, with nothing but the standard library.
The server ends when this process's standard input is closed, when it is told to end (SIGTERM, SIGINT), and when its
parent is gone, however that ended. What a server leaves behind, such as its workers when it was killed, is ended too.
The exit code is the server's own.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from types import FrameType

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_LOOK = 0.2
"""Seconds between two looks at whether the parent is still there."""


class _EndAsked(Exception):
    """It is time to end."""


def main(parent: int, grace: float, scratch: str, command: list[str]) -> int:
    """Runs the command until it ends, or until it is time to end it; returns its exit code.

    The scratch folder is removed if nobody else is left to do so.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)  # whose parent dies becomes a child of ours
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, _on_signal)

    def end_with_keeper() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # this process may be killed as well

    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=end_with_keeper)
    try:
        with contextlib.suppress(_EndAsked):
            _watch(parent, server)
    finally:
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        _end(server, grace)
        if os.getppid() != parent:
            os.chdir("/")
            shutil.rmtree(scratch, ignore_errors=True)
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _on_signal(number: int, frame: FrameType | None) -> None:
    raise _EndAsked


def _watch(parent: int, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None and os.getppid() == parent:
        ready, _, _ = select.select([0], [], [], _LOOK)
        if ready and not os.read(0, 4096):
            return


def _end(server: subprocess.Popen[bytes], grace: float) -> None:
    """Asks the server to end, and ends it and whoever is left of its family if it takes too long."""
    if server.poll() is None:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    deadline = time.monotonic() + grace
    while (left := _children()) and time.monotonic() < deadline:
        for child in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.01)


def _children() -> list[int]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                if int(file.read().rpartition(b")")[2].split()[1]) == os.getpid():
                    found.append(int(name))
    return found


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:]))
