"""A filter on the system calls of a whole sandbox, for what namespaces leave open.

The supervisor has the same user as the commands it watches. They may not trace it, but they could still change its
limits and its place in the scheduler: enough to kill it, though not to forge anything. And some parts of the kernel are
large, and of no use to any challenge: keys, which may be the host's; bpf; io_uring; and the like.
"""

from __future__ import annotations

import errno
import platform
import struct
from functools import cache
from typing import NamedTuple

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they are in what a filter is given
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_X32 = 0x40000000  # x86_64's second way to number its calls


class _Machine(NamedTuple):
    """Numbers of one architecture.

    Attributes:
        architecture: The kernel's name for it.
        useless: add_key, request_key, keyctl, perf_event_open, bpf, userfaultfd, io_uring_setup, _enter, _register.
        on_process: prlimit64, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr: their first
            argument is a process id.
    """

    architecture: int
    useless: tuple[int, ...]
    on_process: tuple[int, ...]


_MACHINES = {
    "x86_64": _Machine(0xC000003E, (248, 249, 250, 298, 321, 323, 425, 426, 427), (302, 142, 144, 203, 314)),
    "aarch64": _Machine(0xC00000B7, (217, 218, 219, 241, 280, 282, 425, 426, 427), (261, 118, 119, 122, 274)),
}


@cache
def system_call_filter() -> bytes | None:
    """The filter as a BPF program for `bwrap --seccomp`; None for an architecture whose numbers are not known here."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return None
    useless, on_process = machine.useless, machine.on_process
    # After the checks come: allow; look at the process id, two instructions; deny; unknown; allow.
    checks = len(useless) + len(on_process)
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 0, checks + 6, machine.architecture),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_GREATER_EQUAL, checks + 4, 0, _X32),
    ]
    for index, number in enumerate((*useless, *on_process)):
        left = checks - index - 1  # instructions between this one and the first at the end
        program.append((_JUMP_EQUAL, left + 4 if number in useless else left + 1, 0, number))
    program += [
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_EQUAL, 0, 2, 1),
        (_RETURN, 0, 0, _ERROR | errno.EPERM),
        (_RETURN, 0, 0, _ERROR | errno.ENOSYS),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
