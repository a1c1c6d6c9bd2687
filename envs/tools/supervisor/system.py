"""What the kernel is asked for without the large modules that usually do it."""

from __future__ import annotations

import _ctypes
import _signal as signal  # type: ignore[import-not-found]
import os
import resource

from .landlock import close_proc
from .seccomp import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 4, 22, 36, 38
SECCOMP_MODE_FILTER = 2
IPC_RMID = 0
GOES_FIRST = b"800"  # of 1000: where memory runs out, a command goes before the supervisor does


def libc(function: str, *arguments: int | bytes) -> int:
    """Calls a function of the C library; bytes are passed as a pointer to them."""
    this_program: Any = None
    result: int = _ctypes.call_function(_ctypes.dlsym(_ctypes.dlopen(this_program, 0), function), arguments)
    return result


def close_to_others() -> None:
    """No process of this user may trace this one, read its memory, or borrow its descriptors."""
    libc("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def adopt_orphans() -> None:
    """Makes this process the parent of whatever its descendants leave behind, as PID 1 is."""
    libc("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def set_limits(limits: dict[str, int]) -> None:
    """Sets resource limits by name, as far as those already set allow."""
    for name, value in limits.items():
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def hear_all_signals() -> None:
    """For a child, before it becomes a shell: no signal is ignored, caught or held back.

    Python ignores SIGPIPE and SIGXFSZ; who started it may have ignored others. A shell and all that it starts would go
    on doing so, and could not even undo it.
    """
    for number in signal.valid_signals():
        if signal.getsignal(number) not in (signal.SIG_DFL, None):
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def go_first() -> None:
    """For a child, before it becomes a shell: where memory runs out, it and what it starts go before the supervisor."""
    libc("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)  # else the file is root's; at this time no other process is there
    try:
        with open("/proc/self/oom_score_adj", "wb", buffering=0) as file:
            file.write(GOES_FIRST)
    except OSError:  # it has been given more, and may not take less
        pass
    close_to_others()


def give_up_rights(user: int | None, filtered: bool, network: bool, locks: bool) -> None:
    """For a child, before it becomes a shell: another user, no way to get rights, and the filters."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    if not filtered:
        return
    if libc("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("programs that get more rights could not be refused")
    close_proc(lambda *arguments: libc("syscall", *arguments))
    filter_program = program(os.uname().machine, network, locks)
    if filter_program is None:
        return  # an architecture whose numbers are not known
    if libc("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_program, 0, 0):
        raise OSError("the filter on system calls was refused")


def remove_shared_memory() -> None:
    """Removes System V objects: they outlive the processes that made them."""
    for kind, remove in (("shm", "shmctl"), ("msg", "msgctl"), ("sem", "semctl")):
        try:
            with open(f"/proc/sysvipc/{kind}") as file:
                lines = file.read().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            number = int(line.split()[1])
            arguments = (number, 0, IPC_RMID, 0) if kind == "sem" else (number, IPC_RMID, 0)
            libc(remove, *arguments)
