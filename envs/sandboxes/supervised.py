"""The host's side of a sandbox whose first process is our supervisor (`synthgym.envs.tools.supervisor`).

A backend says only how that process is started and how it is ended; everything else is the same for all.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import threading
import time
import uuid
from abc import ABC, abstractmethod
from typing import Any

from synthgym.envs.sandboxes.base import CommandResult, Handler, Limits, Reply, Setup, bad_file
from synthgym.envs.sandboxes.launcher import launch

from synthgym.base.errors import SandboxError

_HEAD = struct.Struct(">II")
_START_SECONDS = 60.0  # generous: a loaded machine is not a dead sandbox
_GRACE_SECONDS = 20.0  # over a command's own limit, before a silent supervisor counts as dead

THREAD_VARIABLES = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Numerical libraries would otherwise start a thread per core of the host, for a CPU budget of one."""


class SupervisedSandbox(ABC):
    """A sandbox reached over the stdin and stdout of its supervisor; see `synthgym.envs.sandboxes.base.Sandbox`."""

    name = "supervised"
    workspace = ""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self._handler: Handler | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._in_use = threading.RLock()

    # -- what a backend adds -----------------------------------------------------------------------------------------

    @abstractmethod
    def _command(self, settings: dict[str, Any]) -> tuple[list[str], int | None]:
        """The command that starts the supervisor, and the user it runs as. May fill in backend's settings."""

    def _freed(self) -> None:  # noqa: B027 - a hook, empty by default
        """Called after the process is gone; removes what the backend made on the host."""

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
        command, user = self._command(settings)
        try:
            process = launch(command, env=self._launch_env(), user=user)
        except OSError as error:
            self._freed()
            raise SandboxError(f"{self.name}: cannot start {command[0]}: {error}") from error
        with self._in_use:
            self._process = process
            head, _ = self._receive(time.monotonic() + _START_SECONDS)
            if head["op"] != "ready":
                self.close()
                raise SandboxError(f"{self.name}: the sandbox did not start: {head.get('text', head)}")

    def close(self) -> None:
        """Ends every process and frees everything."""
        process = self._process
        if process is None:
            return
        self._kill(process)
        with self._in_use:  # another thread that was waiting for an answer has seen the end of the pipe and let go
            if self._process is not process:
                return
            self._process = None
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()
            self._freed()

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()

    def _launch_env(self) -> dict[str, str]:
        return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}

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
        head = {
            "op": "run",
            "cpu": limits.cpu_seconds,
            "wall": limits.wall_seconds,
            "output": limits.output_bytes,
        }
        with self._in_use:
            return self._converse(head, body, limits)

    def _converse(self, head: dict[str, Any], body: bytes, limits: Limits) -> CommandResult:
        self._send(head, body)
        deadline = time.monotonic() + limits.wall_seconds + _GRACE_SECONDS
        while True:
            answer, data = self._receive(deadline)
            if answer["op"] == "channel":
                began = time.monotonic()
                reply = self._handler(data) if self._handler else Reply(b"")
                deadline += time.monotonic() - began
                self._send({"op": "abort" if reply.stop else "reply"}, b"" if reply.stop else reply.data)
            elif answer["op"] == "done":
                return CommandResult(
                    returncode=answer["code"],
                    output=data,
                    head=answer["head"],
                    dropped=answer["dropped"],
                    timeout=answer["timeout"],
                    shell=answer["shell"],
                    aborted=answer["aborted"],
                    elapsed=answer["elapsed"],
                    cpu_seconds=answer["cpu"],
                )
            else:
                raise self._dead(f"an answer out of turn: {answer}")

    def read(self, path: str, max_bytes: int) -> bytes:
        """A regular file of the workspace; see the protocol."""
        with self._in_use:
            self._send({"op": "read", "path": path, "max": max_bytes})
            head, body = self._receive(time.monotonic() + _GRACE_SECONDS)
        if head["op"] == "error":
            raise bad_file(path, head["errno"], head["text"], max_bytes)
        return body

    def write(self, path: str, data: bytes) -> None:
        """Writes a file into the workspace."""
        with self._in_use:
            self._send({"op": "write", "path": path}, data)
            head, _ = self._receive(time.monotonic() + _GRACE_SECONDS)
        if head["op"] == "error":
            raise SandboxError(f"{self.name}: cannot write {path!r} into the workspace: {head['text']}")

    def channel(self, handler: Handler | None) -> None:
        """Sets who answers the programs inside."""
        self._handler = handler

    # -- frames ------------------------------------------------------------------------------------------------------

    def _send(self, head: dict[str, Any], body: bytes = b"") -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise SandboxError(f"{self.name}: the sandbox is not running; call start() first")
        raw = repr(head).encode()
        data = memoryview(_HEAD.pack(len(raw), len(body)) + raw + body)
        try:
            while data:
                data = data[os.write(process.stdin.fileno(), data) :]
        except (OSError, ValueError) as error:
            raise self._dead("it closed its input") from error

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        head_length, body_length = _HEAD.unpack(self._exactly(_HEAD.size, deadline))
        try:
            head = json.loads(self._exactly(head_length, deadline))
        except ValueError as error:
            raise self._dead("an answer that cannot be read") from error
        return head, self._exactly(body_length, deadline)

    def _exactly(self, count: int, deadline: float) -> bytes:
        process = self._process
        if process is None or process.stdout is None:
            raise SandboxError(f"{self.name}: the sandbox was closed while it was in use")
        parts = []
        try:
            stream = process.stdout.fileno()
            poll = select.poll()
            poll.register(stream, select.POLLIN)
            while count:
                if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                    raise self._dead("it did not answer in time")
                part = os.read(stream, min(count, 1 << 20))
                if not part:
                    raise self._dead("it ended")
                parts.append(part)
                count -= len(part)
        except (OSError, ValueError) as error:
            raise self._dead("it was closed") from error
        return b"".join(parts)

    def _dead(self, what: str) -> SandboxError:
        """The error for a sandbox that is gone, with what it said last; it is ended for good."""
        said = ""
        process = self._process
        if process and process.stderr:
            os.set_blocking(process.stderr.fileno(), False)
            said = (process.stderr.read(4000) or b"").decode("utf-8", "replace").strip()
        self.close()
        return SandboxError(f"{self.name}: the sandbox died: {what}" + (f"; it said: {said}" if said else ""))
