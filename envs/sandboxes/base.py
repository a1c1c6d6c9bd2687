"""What a sandbox is: one small synchronous interface, the profiles it runs under, and the results it gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from synthgym.base.errors import BadSubmission, TooLarge
from synthgym.envs.sandboxes.backend import Backend
from synthgym.envs.sandboxes.printed import cut, halves, seen
from synthgym.registry.challenge import Budget

WORKSPACE = "/home/agent/workspace"
"""Where the workspace is inside a sandbox that has a file system of its own."""


MOST_ENTRIES = 10_000
"""Files and folders that a workspace may have where several are handed in together."""


@dataclass(frozen=True)
class Profile:
    """What a sandbox may use; the four profiles differ in nothing else.

    Attributes:
        name: ``agent``, ``module`` (runs a submission), ``grader`` (runs evaluate.py) or ``author`` (runs prepare.py,
            baseline and reference).
        memory_mb: Of all processes together where cgroups can be used, else of each process.
        pids: Processes and threads.
        disk_mb: Size of the workspace; ``/tmp`` and ``/dev/shm`` have a quarter of it each.
        cpus: Cores that all processes together may keep busy; where containers are used.
        gpus: Graphics cards it is given; containers only.
        request_bytes: Largest request of a program inside to the host.
    """

    name: Literal["agent", "module", "grader", "author"]
    memory_mb: int = 2048
    pids: int = 128
    disk_mb: int = 256
    cpus: float = 2.0
    gpus: int = 0
    request_bytes: int = 4096

    @classmethod
    def agent(cls, budget: Budget) -> Profile:
        """The agent's own sandbox, with the challenge's limits."""
        return cls("agent", *cls._limits(budget))

    @classmethod
    def author(cls, budget: Budget) -> Profile:
        """For prepare.py, baseline and reference: the same limits as the agent has."""
        return cls("author", *cls._limits(budget))

    @staticmethod
    def _limits(budget: Budget) -> tuple[int, int, int, float, int]:
        return budget.memory_mb, budget.pids, budget.disk_mb, budget.cpus, budget.gpus


MODULE = Profile("module", memory_mb=1024, pids=64, disk_mb=64, request_bytes=4_000_000)
GRADER = Profile("grader", memory_mb=1024, pids=64, disk_mb=64, request_bytes=16_000_000)


@dataclass(frozen=True)
class Limits:
    """What one command may use.

    Attributes:
        cpu_seconds: CPU time of all its processes.
        wall_seconds: Wall-clock time, less the time the host takes to answer the programs inside.
        output_bytes: How much of what it prints is kept: the first and the last half.
        raw_output: Keeps also what it overwrote by carriage returns: of a progress bar every state, not the last.
    """

    cpu_seconds: float = 60.0
    wall_seconds: float = 240.0
    output_bytes: int = 65_536
    raw_output: bool = False


@dataclass(frozen=True)
class CommandResult:
    """How a command ended.

    Attributes:
        returncode: None where it was ended for its time; negative for a signal.
        output: What it printed, stdout and stderr together, as it came; of a line that it wrote anew with carriage
            returns only the last state.
        dropped: Bytes left out of the middle of `output`, after `head` bytes.
        characters: Of all that it printed, where something was left out; else 0.
        visible: How many of these a terminal shows.
        timeout: Which limit ended it.
        interrupted: Ended by `Sandbox.interrupt`.
        shell: ``kept``: variables and folder live on. ``exited``: the command ended the shell. ``killed``: the shell
            had to be ended. ``redirected``: the command sent the shell's own output elsewhere, as ``exec >file`` does.
            ``broken``: the command disabled or replaced a builtin without which no shell can be driven.
            In all cases but the first a new one was started in the workspace; the files are as they were.
        ended: Processes of earlier commands that were ended because there was none left for this one.
        aborted: The host ended it, through a `Reply` that asked for that.
        elapsed: Wall-clock seconds, the host's own answers left out.
        cpu_seconds: CPU seconds of all processes of the sandbox meanwhile.
    """

    returncode: int | None
    output: bytes
    head: int = 0
    dropped: int = 0
    characters: int = 0
    visible: int = 0
    timeout: Literal["cpu", "wall"] | None = None
    interrupted: bool = False
    shell: Literal["kept", "exited", "killed", "redirected", "broken"] = "kept"
    ended: int = 0
    aborted: bool = False
    elapsed: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def text(self) -> str:
        """The output as text; the cut, if any, is said in its place."""
        first, last = self._halves()
        return cut(first, last, max(self.characters - len(first) - len(last), 0))

    def shown(self, most: int) -> str:
        """The output as a terminal would show it, in at most so many characters: see `printed`."""
        first, last = map(seen, self._halves())
        return cut(first, last, max(self.visible - len(first) - len(last), 0), most)

    def _halves(self) -> tuple[str, str]:
        return halves(self.output, self.head, self.dropped)


@dataclass(frozen=True)
class Reply:
    """The host's answer to a program inside. `stop` ends the running command at once instead of answering."""

    data: bytes = b""
    stop: bool = False


Handler = Callable[[bytes], Reply]
"""Answers one request of a program inside a sandbox. It may read and write files of the sandbox meanwhile."""


@dataclass(frozen=True)
class Setup:
    """What a sandbox is started with.

    Attributes:
        profile: Its limits.
        files: A folder on the host that is copied into the workspace at every start. Owners and times are not kept.
        mounts: Path inside → folder on the host, shown read-only.
        env: Environment variables, over those every sandbox has. Nothing of the host's environment is passed.
        image: What is installed inside: an image of our own (`synthgym.registry.images`), or for containers any by its
            name. A deployment of swe-rex's has the one that its configuration names.
    """

    profile: Profile
    files: Path | None = None
    mounts: Mapping[str, Path] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    image: str = "cpu"


class Sandbox(Backend, ABC):
    """An isolated workspace with a persistent shell. One user at a time; `close` may come from any thread.

    Every method but `close` raises `SandboxError` when the sandbox is gone or was never started. What its class can do
    is told by `Backend`.

    Attributes:
        setup: What it is started with. Another one counts from the next start.
        workspace: The folder inside where its shell starts.
    """

    setup: Setup
    workspace: str

    @abstractmethod
    def __init__(self, setup: Setup, argument: str = "") -> None:
        """Looks whether it could be started; starts nothing. `argument` is what followed the name and a colon.

        Raises:
            MissingDependencyError: Something is not installed here; says what to do.
        """

    @abstractmethod
    def start(self) -> None:
        """Starts it, with a fresh copy of the files. Nothing is left of what it held before: start is also reset."""

    @abstractmethod
    def run(self, command: str, limits: Limits) -> CommandResult:
        """Runs a command in the persistent shell. A command that fails or is ended is a result, not an error."""

    @abstractmethod
    def read(self, path: str, max_bytes: int) -> bytes:
        """A regular file of the workspace, opened without following links.

        Raises:
            BadSubmission: It is missing, no regular file, behind a link, or larger than `max_bytes`.
        """

    @abstractmethod
    def names(self) -> list[str]:
        """Paths of the regular files in the workspace, sorted. Links are neither listed nor followed.

        Raises:
            BadSubmission: There are more than `MOST_ENTRIES` files and folders, or a name is not UTF-8.
        """

    @abstractmethod
    def write(self, path: str, data: bytes) -> None:
        """Writes a file into the workspace.

        Raises:
            PathTaken: Its name, or that of a folder above it, is that of something else.
        """

    @abstractmethod
    def channel(self, handler: Handler | None) -> None:
        """Sets who answers the programs inside that call the host (``validate``, ``submit``, a scorer)."""

    @abstractmethod
    def interrupt(self) -> None:
        """Ends the running command, if there is one. For another thread than the one that waits for the command."""

    @abstractmethod
    def close(self) -> None:
        """Ends every process and frees everything. Can be called twice, and from another thread."""


def bad_listing(code: str, text: str) -> BadSubmission:
    """Why the files of a workspace cannot be told, as the agent should read it."""
    if code == "E2BIG":
        return BadSubmission(f"the workspace has more than {MOST_ENTRIES} files and folders; remove what is not needed")
    return BadSubmission(f"the workspace's files cannot be listed: {text}")


def bad_file(path: str, code: str, text: str, max_bytes: int) -> BadSubmission:
    """What is wrong with a file that was handed in, told as the agent should read it."""
    if code == "EFBIG":
        return TooLarge(f"{path!r} is larger than the {max_bytes} bytes allowed")
    reasons = {
        "ENOENT": f"no file {path!r} in the workspace",
        "ENOTDIR": f"{path!r}: a part of the path is not a folder",
        "ELOOP": f"{path!r} is a symbolic link; expected a regular file",
        "EISDIR": f"{path!r} is a folder; expected a regular file",
        "ENOTSUP": f"{path!r} is not a regular file",
        "ENXIO": f"{path!r} is not a regular file",
        "EACCES": f"{path!r} cannot be read: permission denied",
    }
    return BadSubmission(reasons.get(code, f"{path!r} cannot be read: {text}"))
