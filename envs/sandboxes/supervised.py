"""The host's side of a sandbox whose first process is our supervisor (`synthgym.envs.tools.supervisor`).

A backend says only how that process is started and how it is ended; everything else is the same for all.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import uuid
import weakref
from abc import abstractmethod
from collections.abc import Hashable, Iterator
from typing import Any, ClassVar

from synthgym.base.errors import BadSubmission, PathTaken, SandboxError
from synthgym.envs.sandboxes.archive import pack
from synthgym.envs.sandboxes.base import (
    MOST_ENTRIES,
    CommandResult,
    Handler,
    Limits,
    Reply,
    Sandbox,
    Setup,
    bad_file,
    bad_listing,
)
from synthgym.envs.sandboxes.connection import BrokenLink, Connection
from synthgym.envs.sandboxes.docker.pool import idle
from synthgym.envs.sandboxes.supervisor_frames import Link
from synthgym.registry.images import environment_of, has_loopback

_START_SECONDS = 60.0  # generous: a loaded machine is not a dead sandbox
_WIPE_SECONDS = 3.0  # a sandbox that takes longer is not worth keeping
_LONGEST_PATH = 400  # on average, of the files of a workspace
_GRACE_SECONDS = 20.0  # over a command's own limit, before a silent supervisor counts as dead
_TAKEN = ("EEXIST", "ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG")
"""What the system says of a path that something else stands in the way of."""

THREAD_VARIABLES = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Numerical libraries would otherwise start a thread per core of the host, for a CPU budget of one."""


def environ(path: str, home: str, tools: str, temporary: str, image: str) -> dict[str, str]:
    """The variables that every sandbox of an image has, by where things are inside."""
    return {
        "PATH": path,
        "HOME": home,
        "USER": "agent",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "SYNTHGYM_TOOLS": tools,
        "TMPDIR": temporary,
        **THREAD_VARIABLES,
        **environment_of(image),
    }


def start_command(python: str, tools: str, settings: dict[str, Any]) -> list[str]:
    """The command that becomes the supervisor, by the paths of its interpreter and of the tools inside."""
    start = f"import sys; sys.path.insert(0, {tools!r}); from supervisor.main import main; main()"
    return [python, "-IS", "-c", start, repr(settings)]


class SupervisedSandbox(Sandbox):
    """A sandbox reached over its supervisor's stdin and stdout. A backend adds `_launch` and `_environ`."""

    workspace = ""

    in_place: ClassVar[bool] = True
    """Whether a reset clears the sandbox from inside, rather than starting another."""

    pooled: ClassVar[bool] = False
    """Whether a closed sandbox is wiped and kept for a while, for the next of its kind."""

    def __init__(self, setup: Setup, argument: str = "") -> None:
        self.setup = setup
        self._handler: Handler | None = None
        self._link: Link | None = None
        self._kind: Hashable = None
        self._in_use = threading.RLock()
        _made.add(self)

    # -- what a backend adds -----------------------------------------------------------------------------------------

    @abstractmethod
    def _launch(self, settings: dict[str, Any]) -> Connection:
        """Starts the supervisor, with the backend's own settings added to these; see `connection`."""

    @abstractmethod
    def _environ(self) -> dict[str, str]:
        """The environment variables that programs inside start with, `Setup.env` included."""

    def _kind_of_sandbox(self) -> Hashable:
        """What is decided when one is started, and cannot be changed by a reset."""
        return (self.name, self.setup.profile, tuple(self.setup.mounts.items()), self._has_loopback())

    def _has_loopback(self) -> bool:
        """Whether commands may use the loopback interface. What plays or grades is one program, and needs none."""
        return self.setup.profile.name in ("agent", "author") and has_loopback(self.setup.image)

    # -- life --------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts it, or clears it where it runs, with a fresh copy of the files."""
        if not self._in_use.acquire(blocking=False):
            self.close()  # ends the command that another thread waits for
            self._in_use.acquire()
        try:
            files = pack(self.setup.files) if self.setup.files else b""
            kind = self._kind_of_sandbox()
            if kind != self._kind or not self.in_place:
                self._end()
            self._kind = kind
            if self._link is None and self.pooled and (waiting := idle.take(kind)):
                self._link = Link(waiting)
            if self._link is not None:
                # It may have died meanwhile, or not let itself be cleared: then another takes its place.
                with contextlib.suppress(SandboxError):
                    return self._fresh(files)
            self._link = Link(self._start())
            self._fresh(files)
        finally:
            self._in_use.release()

    def _start(self) -> Connection:
        settings: dict[str, Any] = {
            "channel": f"synthgym-{uuid.uuid4().hex}",
            "request_bytes": self.setup.profile.request_bytes,
            "shell": "/bin/bash",
            "rlimits": self._rlimits(),
            "pids": self.setup.profile.pids,  # processes and threads there can be, where that is limited
            "refusals": None,  # a descriptor that tells how often one was refused
            "clock": None,  # a descriptor that tells the CPU time used by all processes together
            "user": None,  # another than the supervisor's own, for commands
            "filter": True,  # system calls
            "locks": True,  # whether commands may lock and watch files
            "network": self._has_loopback(),
            "folder": None,  # to remove at the end, where no one else can
            "writable": [],  # folders to empty at a reset
            "shared": [],  # folders to remove from what the commands' user left there
        }
        try:
            return self._launch(settings)
        except OSError as error:
            raise SandboxError(f"{self.name}: cannot start: {error}") from error

    def _fresh(self, files: bytes) -> None:
        """Has the supervisor clear the sandbox and lay out the files."""
        deadline = time.monotonic() + _START_SECONDS
        with self._talking() as link:
            link.send({"op": "fresh", "env": self._environ()}, files, deadline)
            head, _ = link.receive(deadline, most=0)
            if head["op"] != "ready":
                raise BrokenLink(f"it did not start: {head.get('text', head['op'])}")

    def close(self) -> None:
        """Ends every process and frees everything, or puts it aside, wiped, where starting one takes long."""
        link = self._link
        if link is None:
            return
        # One that is shown a folder of the host is of no use to others. And what was handed in leaves no word for
        # what is handed in next: a wiped sandbox tells, by the numbers of its processes, how many there were before.
        kept = self.pooled and not self.setup.mounts and self.setup.profile.name != "module"
        if kept and self._in_use.acquire(blocking=False):
            try:
                if self._put_aside(link):
                    return
            finally:
                self._in_use.release()
        link.connection.kill()
        with self._in_use:  # another thread that was waiting for an answer has seen the end of it and let go
            if self._link is link:
                self._end()

    def _put_aside(self, link: Link) -> bool:
        """Gives the sandbox, wiped, to the pool; says whether that could be done."""
        with contextlib.suppress(SandboxError):
            head, _ = self._ask({"op": "wipe"}, seconds=_WIPE_SECONDS)
            if head["op"] == "ok" and idle.put(self._kind, link.connection):
                self._link = None
                return True
        return False

    def _end(self) -> None:
        link, self._link = self._link, None
        if link:
            link.connection.end()

    def _disown(self) -> None:
        """Lets go of what is the parent's, in a process that was forked."""
        link, self._link = self._link, None
        self._in_use = threading.RLock()
        if link:
            link.connection.abandon()

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
        """Runs a command in the persistent shell; see `Sandbox`."""
        # bash keeps no NUL; surrogates come from text that was no UTF-8 to begin with.
        body = command.replace("\0", "").encode("utf-8", "replace")
        head = {
            "op": "run",
            "cpu": limits.cpu_seconds,
            "wall": limits.wall_seconds,
            "output": limits.output_bytes,
            "raw": limits.raw_output,
        }
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
        """A regular file of the workspace; see `Sandbox`."""
        head, body = self._ask({"op": "read", "path": path, "max": max_bytes}, most=max_bytes)
        if head["op"] == "error":
            raise bad_file(path, head["errno"], head["text"], max_bytes)
        return body

    def names(self) -> list[str]:
        """Paths of the regular files in the workspace; see `Sandbox`."""
        head, body = self._ask({"op": "list", "most": MOST_ENTRIES}, most=MOST_ENTRIES * _LONGEST_PATH)
        if head["op"] == "error":
            raise bad_listing(head["errno"], head["text"])
        try:
            return [name for name in body.decode().split("\0") if name]
        except UnicodeDecodeError:
            raise BadSubmission("a file's name in the workspace is not UTF-8") from None

    def write(self, path: str, data: bytes) -> None:
        """Writes a file into the workspace."""
        head, _ = self._ask({"op": "write", "path": path}, data)
        if head["op"] == "error":
            kind = PathTaken if head["errno"] in _TAKEN else SandboxError
            raise kind(f"{self.name}: cannot write {path!r} into the workspace: {head['text']}")

    def channel(self, handler: Handler | None) -> None:
        """Sets who answers the programs inside."""
        self._handler = handler

    def interrupt(self) -> None:
        """Ends the running command, if there is one; called from another thread."""
        if link := self._link:
            with contextlib.suppress(BrokenLink):  # the thread that waits for the command is told
                link.send({"op": "interrupt"}, b"", time.monotonic() + _GRACE_SECONDS)

    def _ask(
        self, head: dict[str, Any], body: bytes = b"", most: int = 0, seconds: float = _GRACE_SECONDS
    ) -> tuple[dict[str, Any], bytes]:
        deadline = time.monotonic() + seconds
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
                self._end()
                raise

    def _dead(self, broken: BrokenLink) -> SandboxError:
        """The error for a sandbox that is gone, with what it said last; it is ended for good."""
        said = self._link.connection.last_words() if self._link else ""
        self._end()
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
        characters=answer["characters"],
        visible=answer["visible"],
        timeout=None if answer["timeout"] == "interrupt" else answer["timeout"],
        interrupted=answer["timeout"] == "interrupt",
        shell=answer["shell"],
        ended=answer["ended"],
        aborted=answer["aborted"],
        elapsed=elapsed,
        cpu_seconds=answer["cpu"],
    )
