"""A filter on the system calls of a sandbox's commands, for what namespaces leave open.

The supervisor often has the same user as the commands it watches. They may not trace it, but they could still change
its limits and its place in the scheduler: enough to kill it, though not to forge anything. Some parts of the kernel are
large, and of no use to any challenge: keys, which may be the host's; bpf; io_uring; and the like. Message queues
outlive the processes that made them, and would carry notes from one episode to the next. And where a sandbox has to
share its network with what serves it, the filter is what leaves its commands without one.
"""

from __future__ import annotations

import _struct as struct
import errno
from array import array

LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where they are in what a filter is given
ALLOW, ERROR = 0x7FFF0000, 0x00050000
X32 = 0x40000000  # x86_64's second way to number its calls
AF_UNIX = 1


class Machine:
    """Numbers of one architecture.

    Attributes:
        architecture: The kernel's name for it.
        useless: add_key, request_key, keyctl, perf_event_open, bpf, userfaultfd, io_uring_setup, _enter, _register,
            mq_open.
        on_process: prlimit64, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr: their first
            argument is a process id.
        socket: Its first argument is the family.
    """

    def __init__(self, architecture: int, useless: tuple[int, ...], on_process: tuple[int, ...], socket: int) -> None:
        self.architecture, self.useless, self.on_process, self.socket = architecture, useless, on_process, socket


MACHINES = {
    "x86_64": Machine(0xC000003E, (248, 249, 250, 298, 321, 323, 425, 426, 427, 240), (302, 142, 144, 203, 314), 41),
    "aarch64": Machine(0xC00000B7, (217, 218, 219, 241, 280, 282, 425, 426, 427, 180), (261, 118, 119, 122, 274), 198),
}

kept: list[array[int]] = []
"""The kernel reads a program from where it lies; so it must go on lying there."""


def instructions(machine: Machine, network: bool) -> list[tuple[int, int, int, int]]:
    """The filter: (code, jump if true, jump if false, value) each, with jumps counted from the next instruction."""
    named: list[tuple[int, str, str, int]] = [
        (LOAD, "", "", ARCHITECTURE),
        (JUMP_EQUAL, "", "unknown", machine.architecture),
        (LOAD, "", "", NUMBER),
        (JUMP_GREATER_EQUAL, "unknown", "", X32),
        *((JUMP_EQUAL, "unknown", "", number) for number in machine.useless),
        *((JUMP_EQUAL, "process", "", number) for number in machine.on_process),
    ]
    if not network:
        named.append((JUMP_EQUAL, "family", "", machine.socket))
    named.append((RETURN, "", "", ALLOW))
    labels = {"": -1}
    for label, first, value, error in (
        ("process", FIRST_ARGUMENT, 0, errno.EPERM),
        ("family", FIRST_ARGUMENT, AF_UNIX, errno.EACCES),
    ):
        labels[label] = len(named)
        named += [
            (LOAD, "", "", first),
            (JUMP_EQUAL, "allow", "", value),
            (RETURN, "", "", ERROR | error),
        ]
    for label, value in (("unknown", ERROR | errno.ENOSYS), ("allow", ALLOW)):
        labels[label] = len(named)
        named.append((RETURN, "", "", value))

    def jump(label: str, here: int) -> int:
        return labels[label] - here - 1 if label else 0

    return [(code, jump(yes, here), jump(no, here), value) for here, (code, yes, no, value) in enumerate(named)]


def program(machine_name: str, network: bool) -> bytes | None:
    """The filter as prctl takes it: a `struct sock_fprog`. None for an architecture whose numbers are not known here.

    Args:
        machine_name: As `uname -m` gives it.
        network: Whether sockets of other families than AF_UNIX may be made.
    """
    machine = MACHINES.get(machine_name)
    if machine is None:
        return None
    steps = instructions(machine, network)
    kept.append(array("B", b"".join(struct.pack("=HBBI", *step) for step in steps)))
    return struct.pack("HP", len(steps), kept[-1].buffer_info()[0])
