"""Why a challenge's command failed, told from how it ended and what it printed: each cause is a check of its own."""

from __future__ import annotations

import re

from synthgym.envs.sandboxes.base import WORKSPACE, CommandResult

_NETWORK = re.compile(
    r"name or service not known|name resolution|nodename nor servname|getaddrinfo|gaierror|could not resolve host|"
    r"unable to resolve host|failed to resolve|network is unreachable|no route to host|host is unreachable|"
    r"newconnectionerror|max retries exceeded|cannot find the requested files in the disk cache|"
    r"an error happened while trying to locate the file|couldn't connect to server",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"connection refused|connectionrefusederror|connecttimeout|connection timed out", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://(?!localhost|127\.|\[::1\])", re.IGNORECASE)
_CLOSED = re.compile(r"read-only file system|permission denied", re.IGNORECASE)
_ABSOLUTE = re.compile(r"(?<![\w.~/-])/(?!/)[\w.@+~-]+(?:/[\w.@+~-]+)*")
_MEMORY = re.compile(
    r"memoryerror|cannot allocate memory|unable to allocate|out of memory|std::bad_alloc", re.IGNORECASE
)
_OWN = (WORKSPACE, "/tmp", "/dev/shm")

_KILLED = (-9, 137)

MOST_OUTPUT = 1500
"""Characters of its output that a reason quotes: the last ones, where errors are."""


def cause_of(result: CommandResult, check: str) -> tuple[str, str]:
    """The check that a failed command fails, and how it failed.

    Args:
        result: How the command ended.
        check: The check it fails where no cause is known.

    Returns:
        ``slow``, ``network``, ``outside``, ``memory`` or `check`; and what happened, as the middle of a sentence.
    """
    if result.timeout:
        return "slow", f"used more than its {'CPU' if result.timeout == 'cpu' else 'wall-clock'} time"
    code = f"exit code {result.returncode}"
    found, what = cause_in(result.text)
    if found:
        return found, f"{what}; {code}"
    if result.returncode in _KILLED and result.shell != "kept":  # the kernel, for want of memory, ends one at a time
        return check, f"was killed together with its shell, as by a program that sends SIGKILL to all processes; {code}"
    if result.returncode in _KILLED:
        how = "was killed, as what needs more memory than budget.memory_mb is, if no program of its own did it"
        return "memory", f"{how}; {code}"
    return check, code


def cause_in(text: str) -> tuple[str | None, str]:
    """The cause that a program's own words tell: the check's name, and what happened; None where they tell none."""
    if _NETWORK.search(text) or (_REFUSED.search(text) and _ADDRESS.search(text)):
        return "network", "wanted the network, which no sandbox has"
    for line in text.splitlines():
        if _CLOSED.search(line):
            outside = [path for path in _ABSOLUTE.findall(line) if not path.startswith(_OWN)]
            if outside:
                return "outside", f"wanted to write outside of the workspace: {outside[0]}"
    if _MEMORY.search(text):
        return "memory", "had not enough memory"
    return None, ""
