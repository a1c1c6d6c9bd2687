"""A check of sandboxes: a function that says what one has to do, the cases it is made for, and how it is called."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from synthgym.base.files.paths import cache_dir
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Limits, Profile, Sandbox, Setup

AGENT = Profile("agent", memory_mb=512, pids=64, disk_mb=32)
LIMITS = Limits(cpu_seconds=20, wall_seconds=60)


class Opener:
    """Opens sandboxes of one backend for a check. Where it is left, they are closed and its folders removed.

    Attributes:
        sandbox: What ``sandbox=`` takes.
    """

    def __init__(self, sandbox: str) -> None:
        self.sandbox = sandbox
        self._ending = ExitStack()

    def __call__(self, profile: Profile = AGENT, **settings: Any) -> Sandbox:
        """A started sandbox; `settings` are those of a `Setup`."""
        box = open_sandbox(self.sandbox, Setup(profile, **settings))
        self._ending.callback(box.close)
        box.start()
        return box

    def folder(self) -> Path:
        """A new folder that a sandbox may be shown: the system's own for temporary files may be closed to its user."""
        folder = cache_dir("shown", uuid.uuid4().hex)
        self._ending.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def __enter__(self) -> Opener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.close()


@dataclass(frozen=True)
class Attempt:
    """A check in one of its cases.

    Attributes:
        case: What its function is given beside the sandbox.
    """

    check: Check
    case: tuple[Any, ...]

    def __call__(self, opener: Opener) -> None:
        """Makes it.

        Raises:
            Failed: The sandbox does something else than it has to.
            LeftOut: It cannot be made here.
            Exception: Whatever the sandbox raises that it should not.
        """
        self.check.function(opener if self.check.opens else opener(), *self.case)

    def __str__(self) -> str:
        return self.check.name + (f" [{', '.join(_short(each) for each in self.case)}]" if self.case else "")


@dataclass(frozen=True)
class Check:
    """Something that every sandbox has to do, or every one that isolates.

    Attributes:
        function: Raises where the sandbox does not.
        cases: What it is given beside the sandbox, each time.
        opens: Whether it is given an `Opener`, and not a started sandbox.
        isolated: Whether only backends that isolate are held to it.
    """

    function: Callable[..., None]
    cases: Sequence[tuple[Any, ...]]
    opens: bool
    isolated: bool

    @property
    def name(self) -> str:
        """What it says, after the file that it is in."""
        group = self.function.__module__.rpartition(".")[2]
        return f"{group}: {self.function.__name__}".replace("_", " ")

    def attempts(self) -> Iterator[Attempt]:
        """One for each case."""
        return (Attempt(self, case) for case in self.cases)


def check(cases: Sequence[Any] = ((),), isolated: bool = False) -> Callable[[Callable[..., None]], Check]:
    """Makes a function of a started sandbox a check. A case that is no tuple is one value."""
    return lambda function: Check(function, _tuples(cases), opens=False, isolated=isolated)


def opening(cases: Sequence[Any] = ((),), isolated: bool = False) -> Callable[[Callable[..., None]], Check]:
    """Makes a function of an `Opener` a check, which starts its sandboxes itself."""
    return lambda function: Check(function, _tuples(cases), opens=True, isolated=isolated)


def _tuples(cases: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [case if isinstance(case, tuple) else (case,) for case in cases]


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:40]}…{shown[-15:]}"
