"""The host's side of a sandbox whose first process is our supervisor (`synthgym.envs.tools.supervisor`).

A backend says only how that process is started and how it is ended; everything else is the same for all.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
import uuid
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from synthgym.base.errors import SandboxError
from synthgym.envs.sandboxes.base import CommandResult, Handler, Limits, Reply, Setup, bad_file
from synthgym.envs.sandboxes.frames import BrokenLink, Link

_START_SECONDS = 60.0  # generous: a loaded machine is not a dead sandbox
_GRACE_SECONDS = 20.0  # over a command's own limit, before a silent supervisor counts as dead

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""For the programs that start a sandbox; not that of whoever runs synthgym."""

THREAD_VARIABLES = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Numerical libraries would otherwise start a thread per core of the host, for a CPU budget of one."""


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


class SupervisedSandbox(ABC):
    """A sandbox reached over the stdin and stdout of its supervisor; see `synthgym.envs.sandboxes.base.Sandbox`."""

    name = "supervised"
    workspace = ""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._handler: Handler | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Link | None = None
        self._in_use = threading.RLock()
        _made.add(self)

    # -- what a backend adds -----------------------------------------------------------------------------------------

    @abstractmethod
    def _launch(self, settings: dict[str, Any]) -> subprocess.Popen[bytes]:
        """Starts the supervisor, with the backend's own settings added to these; see `launch`."""

    def _freed(self) -> None:  # noqa: B027 - a hook, empty by default
        """Called after the process is gone, or did not start; removes what the backend made on the host."""

    # -- life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts it, with a fresh copy of the files; a sandbox that runs is ended first."""
        self.close()
        settings: dict[str, Any] = {
            "channel": f"synthgym-{uuid.uuid4().hex}",
            "request_bytes": self.setup.profile.request_bytes,
            "shell": "/bin/bash",
            "rlimits": self._rlimits(),
        }
        with self._in_use:
            self.close()  # another thread may have started it meanwhile
            try:
                self._process = self._launch(settings)
            except BaseException as error:
                self._freed()
                if isinstance(error, OSError):
                    raise SandboxError(f"{self.name}: cannot start: {error}") from error
                raise
            self._link = Link(self._process)
            with self._talking() as link:
                head, _ = link.receive(time.monotonic() + _START_SECONDS, most=0)
                if head["op"] != "ready":
                    raise BrokenLink(f"it did not start: {head.get('text', head['op'])}")

    def close(self) -> None:
        """Ends every process and frees everything."""
        process = self._process
        if process is None:
            return
        self._kill(process)
        with self._in_use:  # another thread that was waiting for an answer has seen the end of the pipe and let go
            if self._process is not process:
                return
            self._process = self._link = None
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()
            self._freed()

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()

    def _disown(self) -> None:
        """Lets go of what is the parent's, in a process that was forked: its end of the pipe must not be kept open."""
        process, self._process, self._link = self._process, None, None
        self._in_use = threading.RLock()
        for stream in (process.stdin, process.stdout, process.stderr) if process else ():
            if stream:
                stream.close()

    def _rlimits(self) -> dict[str, int]:
        profile = self.setup.profile
        megabyte = 1 << 20
        return {
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 1024,
            "RLIMIT_NPROC": profile.pids,
            "RLIMIT_DATA": profile.memory_mb * megabyte,
            "RLIMIT_FSIZE": max(profile.disk_mb, 1) * megabyte,
        }

    # -- use ---------------------------------------------------------------------------------------------------------

    def run(self, command: str, limits: Limits) -> CommandResult:
        """Runs a command in the persistent shell; see the protocol."""
        # bash keeps no NUL; surrogates come from text that was no UTF-8 to begin with.
        body = command.replace("\0", "").encode("utf-8", "replace")
        head = {"op": "run", "cpu": limits.cpu_seconds, "wall": limits.wall_seconds, "output": limits.output_bytes}
        most = max(limits.output_bytes, self.setup.profile.request_bytes)
        began = time.monotonic()
        deadline = began + limits.wall_seconds + _GRACE_SECONDS
        ours = 0.0  # seconds the host took to answer programs inside
        with self._talking() as link:
            link.send(head, body, deadline)
            while True:
                answer, data = link.receive(deadline + ours, most)
                if answer["op"] == "done":
                    elapsed = time.monotonic() - began - ours
                    return _result(answer, data, elapsed)
                if answer["op"] != "channel":
                    raise BrokenLink(f"an answer out of turn: {answer['op']}")
                asked = time.monotonic()
                reply = self._handler(data) if self._handler else Reply()
                ours += time.monotonic() - asked
                link.send({"op": "abort" if reply.stop else "reply"}, reply.data, deadline + ours)

    def read(self, path: str, max_bytes: int) -> bytes:
        """A regular file of the workspace; see the protocol."""
        head, body = self._ask({"op": "read", "path": path, "max": max_bytes}, most=max_bytes)
        if head["op"] == "error":
            raise bad_file(path, head["errno"], head["text"], max_bytes)
        return body

    def write(self, path: str, data: bytes) -> None:
        """Writes a file into the workspace."""
        head, _ = self._ask({"op": "write", "path": path}, data)
        if head["op"] == "error":
            raise SandboxError(f"{self.name}: cannot write {path!r} into the workspace: {head['text']}")

    def channel(self, handler: Handler | None) -> None:
        """Sets who answers the programs inside."""
        self._handler = handler

    def _ask(self, head: dict[str, Any], body: bytes = b"", most: int = 0) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + _GRACE_SECONDS
        with self._talking() as link:
            link.send(head, body, deadline)
            answer, data = link.receive(deadline, most)
            if answer["op"] not in ("file", "ok", "error"):
                raise BrokenLink(f"an answer out of turn: {answer['op']}")
            return answer, data

    @contextlib.contextmanager
    def _talking(self) -> Iterator[Link]:
        """The link, for one question and its answer. If these do not come to their end, neither does the sandbox."""
        with self._in_use:
            if self._link is None:
                raise SandboxError(f"{self.name}: the sandbox is not running; call start() first")
            try:
                yield self._link
            except BrokenLink as broken:
                raise self._dead(broken) from broken
            except BaseException:
                self.close()
                raise

    def _dead(self, broken: BrokenLink) -> SandboxError:
        """The error for a sandbox that is gone, with what it said last; it is ended for good."""
        said = ""
        process = self._process
        if process and process.stderr:
            os.set_blocking(process.stderr.fileno(), False)
            said = (process.stderr.read(4000) or b"").decode("utf-8", "replace").strip()
        self.close()
        return SandboxError(f"{self.name}: the sandbox died: {broken}" + (f"; it said: {said}" if said else ""))


_made: weakref.WeakSet[SupervisedSandbox] = weakref.WeakSet()


def _disown_all() -> None:
    for box in list(_made):
        box._disown()


os.register_at_fork(after_in_child=_disown_all)


def _result(answer: dict[str, Any], output: bytes, elapsed: float) -> CommandResult:
    return CommandResult(
        returncode=answer["code"],
        output=output,
        head=answer["head"],
        dropped=answer["dropped"],
        timeout=answer["timeout"],
        shell=answer["shell"],
        aborted=answer["aborted"],
        elapsed=elapsed,
        cpu_seconds=answer["cpu"],
    )
