"""Starts sandbox processes from one thread that lives as long as the process does.

`bwrap --die-with-parent` and `PR_SET_PDEATHSIG` are bound to the *thread* that started the process, not to its process:
a sandbox opened in a short-lived thread (a vector environment's pool, a user's own) would be killed when that thread
ends. So one thread starts them all.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="synthgym-launcher")


# A forked child has the object but not its thread.
os.register_at_fork(after_in_child=_thread.cache_clear)


def launch(
    command: Sequence[str], *, env: dict[str, str], user: int | None = None, cwd: str = "/"
) -> subprocess.Popen[bytes]:
    """Starts a process with pipes on stdin, stdout and stderr, in a session of its own, as `user` where given."""
    return (
        _thread()
        .submit(
            subprocess.Popen,
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=cwd,
            env=env,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            start_new_session=True,
        )
        .result()
    )
