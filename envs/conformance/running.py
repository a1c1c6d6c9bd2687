"""Makes the checks of one backend, one after the other, and tells of each whether it passed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import ModuleType

from synthgym.base.errors import SynthgymError, UnknownNameError
from synthgym.envs.conformance import (
    channel,
    death,
    files,
    life,
    new_shells,
    output,
    processes,
    reset,
    shell,
    snapshots,
    time_limits,
)
from synthgym.envs.conformance.checks import Attempt, Check, Opener
from synthgym.envs.conformance.expectations import Failed, LeftOut
from synthgym.envs.sandboxes import backend_of, resolve_sandbox
from synthgym.envs.sandboxes.base import Sandbox
from synthgym.envs.sandboxes.capabilities import Finding

FILES = (life, files, channel, shell, new_shells, output, time_limits, processes, reset, snapshots, death)

_MOST_SECONDS = 300.0  # of one check in one case, after which it is not waited for


def checks_in(file: ModuleType) -> list[Check]:
    """The checks that a file holds, in its order."""
    return [each for each in vars(file).values() if isinstance(each, Check)]


def checks_of(kind: type[Sandbox]) -> list[Check]:
    """What sandboxes of a class are held to."""
    return [each for file in FILES for each in checks_in(file) if kind.isolates or not each.isolated]


def examine_sandbox(name: str, words: str = "") -> Iterator[Finding]:
    """Makes the checks of a backend, and tells of each as it ends: ``works``, ``missing`` (it failed), or ``limited``
    (it was left out). The last finding is about them together.

    Args:
        name: What ``sandbox=`` takes.
        words: Only checks whose name holds this are made, and the first: that it starts.

    Raises:
        UnknownNameError: No such backend, or no check whose name holds the words.
        UserError: The backend cannot be used, or not with what follows its name.
    """
    resolved = resolve_sandbox(name)
    kind = backend_of(resolved)
    began = time.monotonic()
    findings: list[Finding] = []
    first, *others = checks_of(kind)
    wanted = [each for each in others if words in each.name]
    if not wanted and words not in first.name:
        raise UnknownNameError("check", words, [each.name for each in (first, *others)], f"(sandbox {name!r})")
    for check in [first, *wanted]:
        findings.append(_finding(check, resolved))
        yield findings[-1]
        if findings[0].state != "works":  # it does not even start
            break
    count = {state: sum(each.state == state for each in findings) for state in ("works", "limited", "missing")}
    said = f"{count['works']} checks passed, {count['missing']} failed, {count['limited']} were left out"
    if findings[0].state != "works":
        said += "; the others were not made"
    not_promised = "" if kind.isolates else "it does not promise to isolate, and was not held to the checks of that"
    yield Finding(
        f"sandbox {name!r}" + (f", {resolved!r}" if resolved != name else ""),
        "works" if not count["missing"] else "missing",
        f"{said}, in {time.monotonic() - began:.0f} seconds",
        not_promised,
    )


def _finding(check: Check, sandbox: str) -> Finding:
    """Makes a check in all its cases; tells of the first that fails."""
    began = time.monotonic()
    for attempt in check.attempts():
        try:
            _make(attempt, sandbox)
        except LeftOut as reason:
            return Finding(check.name, "limited", "left out", str(reason))
        except Failed as error:
            return Finding(check.name, "missing", f"failed: {error}", _case(attempt))
        except Exception as error:  # whatever a stranger's code raises: that is what is to be told
            kind = "" if isinstance(error, SynthgymError) else " is none of synthgym's own errors"
            return Finding(check.name, "missing", f"failed: {type(error).__name__}{kind}: {error}", _case(attempt))
    cases = f"{len(check.cases)} cases, " if len(check.cases) > 1 else ""
    return Finding(check.name, "works", f"{cases}{time.monotonic() - began:.1f} s")


def _case(attempt: Attempt) -> str:
    return f"in the case {attempt}" if attempt.case else ""


def _make(attempt: Attempt, sandbox: str) -> None:
    """Makes one attempt, in a thread that is not waited for if it does not end."""
    raised: list[BaseException] = []

    def make() -> None:
        try:
            attempt(opener)
        except BaseException as error:
            raised.append(error)

    with Opener(sandbox) as opener:
        thread = threading.Thread(target=make, name="synthgym-check", daemon=True)
        thread.start()
        thread.join(_MOST_SECONDS)
        if thread.is_alive():
            raise Failed(f"it did not end within {_MOST_SECONDS:.0f} seconds")
    if raised:
        raise raised[0]
