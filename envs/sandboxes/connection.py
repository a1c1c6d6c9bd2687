"""A running supervisor as the host holds it: bytes to it, bytes from it, and its end."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

from typing_extensions import override

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""For the programs that start a sandbox; not that of whoever runs synthgym."""

_WORDS = 4000  # bytes of what a supervisor said last that go into an error


class BrokenLink(Exception):
    """The other side is gone, silent, or says what no supervisor says."""


class Connection(ABC):
    """One supervisor and what the host spent on it. It is of no use any more once it was ended."""

    @abstractmethod
    def send(self, data: memoryview, deadline: float) -> int:
        """Sends some of `data`, at least a byte, and says how much.

        Raises:
            BrokenLink: It does not take any before `deadline` (of `time.monotonic`), or is gone.
        """

    @abstractmethod
    def receive(self, most: int, deadline: float) -> bytes:
        """What came, at least a byte and at most so many.

        Raises:
            BrokenLink: Nothing came before `deadline`, or it is gone.
        """

    @abstractmethod
    def last_words(self) -> str:
        """What it wrote to stderr; called at most once, after the link broke."""

    @abstractmethod
    def kill(self) -> None:
        """Ends everything inside and returns when it is gone. From any thread; whoever reads sees the end."""

    @abstractmethod
    def free(self) -> None:
        """Frees what the host spent, after `kill`, when no thread uses it any more."""

    @abstractmethod
    def abandon(self) -> None:
        """Lets go of it in a forked process: it is the parent's, and hangs by the parent's descriptors alone."""

    def end(self) -> None:
        """`kill` and `free`."""
        self.kill()
        self.free()


def launch(command: Sequence[str], env: dict[str, str], files: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Starts a process with pipes on stdin, stdout and stderr, in a session of its own; it inherits `files`.

    Its stdin is the thread it hangs by: a supervisor whose stdin is closed, as it is when this process dies in whatever
    way, ends everything and itself.
    """
    return subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd="/",
        env=env,
        start_new_session=True,
        pass_fds=files,
    )


class ProcessConnection(Connection):
    """A supervisor that is a process of this machine, over pipes."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        assert process.stdin
        assert process.stdout
        self._input, self._output = process.stdin.fileno(), process.stdout.fileno()
        os.set_blocking(self._input, False)  # a supervisor that reads nothing must not hold the host up

    @override
    def send(self, data: memoryview, deadline: float) -> int:
        self._wait(self._input, select.POLLOUT, deadline)
        try:
            return os.write(self._input, data)
        except OSError as error:
            raise BrokenLink("it closed its input") from error

    @override
    def receive(self, most: int, deadline: float) -> bytes:
        self._wait(self._output, select.POLLIN, deadline)
        try:
            data = os.read(self._output, most)
        except OSError as error:
            raise BrokenLink("it was closed") from error
        if not data:
            raise BrokenLink("it ended")
        return data

    @staticmethod
    def _wait(descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise BrokenLink("it did not answer in time")

    @override
    def last_words(self) -> str:
        if self.process.stderr is None or self.process.stderr.closed:
            return ""
        os.set_blocking(self.process.stderr.fileno(), False)
        return (self.process.stderr.read(_WORDS) or b"").decode("utf-8", "replace").strip()

    @override
    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @override
    def free(self) -> None:
        self.abandon()

    @override
    def abandon(self) -> None:
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
