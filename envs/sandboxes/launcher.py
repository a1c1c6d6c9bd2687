"""Starts sandbox processes from one thread that lives as long as the process does.

`bwrap --die-with-parent` and `PR_SET_PDEATHSIG` are bound to the *thread* that started the process, not to its process:
a sandbox opened in a short-lived thread (a vector environment's pool, a user's own) would be killed when that thread
ends. So one thread starts them all. It has also left the session's keyring, which a process shares with all it starts:
the keys of whoever runs synthgym are not for sandboxes.
"""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""For programs that a sandbox is started with; not that of whoever runs synthgym."""

_KEYCTL = {"x86_64": 250, "aarch64": 219}  # number of the system call
_JOIN_SESSION_KEYRING = 1


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="synthgym-launcher", initializer=_leave_session_keyring)


def _leave_session_keyring() -> None:
    """Gives this thread an empty keyring. Where that fails, there are no keyrings."""
    number = _KEYCTL.get(platform.machine())
    if number is not None:
        ctypes.CDLL(None).syscall(number, _JOIN_SESSION_KEYRING, None)


# A forked child has the object but not its thread.
os.register_at_fork(after_in_child=_thread.cache_clear)


def launch(command: Sequence[str], *, env: dict[str, str], files: Sequence[int] = ()) -> subprocess.Popen[bytes]:
    """Starts a process with pipes on stdin, stdout and stderr, in a session of its own; it inherits `files`."""
    return (
        _thread()
        .submit(
            subprocess.Popen,
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
        .result()
    )
