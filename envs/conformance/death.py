"""A sandbox that dies, or hangs: the error is typed, nothing is left of it, and it can be started again."""

from __future__ import annotations

import os
import secrets
import signal
import threading
import time
from pathlib import Path

from synthgym.base.errors import SandboxError
from synthgym.envs.conformance.checks import LIMITS, check
from synthgym.envs.conformance.expectations import LeftOut, between, equal, raises
from synthgym.envs.sandboxes.base import Sandbox


def alive(words: str) -> list[int]:
    """Processes of this machine whose command line holds `words`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if words.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def supervisor(box: Sandbox) -> int:
    """Process id, on this machine, of the supervisor inside: of what a command of it started, the nearest above.

    Raises:
        LeftOut: It is no process of this machine, or not one that this user may end.
    """
    seconds = f"60.{secrets.randbelow(10**9)}"
    box.run(f"sleep {seconds} &", LIMITS)
    deadline = time.monotonic() + 5
    while not (found := alive(f"sleep\0{seconds}\0")):
        if time.monotonic() > deadline:
            raise LeftOut("no process of this machine runs what a command of it started")
        time.sleep(0.02)
    pid = found[0]
    while b"supervisor.main" not in command_line(pid):
        pid = parent(pid)
        if pid <= 1:
            raise LeftOut("it has no supervisor of ours")
    try:
        os.kill(pid, 0)
    except PermissionError:
        raise LeftOut("this user may not end what runs it") from None
    return pid


@check()
def a_supervisor_killed_from_outside_is_a_typed_error(box: Sandbox) -> None:
    os.kill(supervisor(box), signal.SIGKILL)
    with raises(SandboxError, f"{box.name}: the sandbox died"):
        box.run("true", LIMITS)
    with raises(SandboxError, "not running"):
        box.run("true", LIMITS)
    box.start()
    equal(box.run("echo alive", LIMITS).text, "alive\n")


@check()
def killed_during_a_command(box: Sandbox) -> None:
    victim = supervisor(box)
    timer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    timer.start()
    with raises(SandboxError, "died"):
        box.run("sleep 30", LIMITS)
    timer.join()


@check()
def a_supervisor_that_is_stopped_can_be_closed(box: Sandbox) -> None:
    seconds = f"3733.{os.getpid()}"
    box.run(f"sleep {seconds} &", LIMITS)
    os.kill(supervisor(box), signal.SIGSTOP)
    started = time.monotonic()
    box.close()
    between(0, time.monotonic() - started, 5, "seconds to close")
    equal(alive(f"sleep\0{seconds}\0"), [], "processes that are left")


@check()
def what_a_killed_supervisor_leaves_ends_with_close(box: Sandbox) -> None:
    seconds = f"3744.{os.getpid()}"
    box.run(f"setsid sleep {seconds} & disown", LIMITS)
    os.kill(supervisor(box), signal.SIGKILL)
    box.close()
    deadline = time.monotonic() + 5
    while alive(f"sleep\0{seconds}\0") and time.monotonic() < deadline:
        time.sleep(0.02)
    equal(alive(f"sleep\0{seconds}\0"), [], "processes that are left")
