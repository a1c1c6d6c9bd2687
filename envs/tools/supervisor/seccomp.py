"""A filter on the system calls of a sandbox's commands, for what namespaces leave open.

The supervisor often has the same user as the commands it watches. They may not trace it, but they could still change
its limits, its niceness and its place in the scheduler: enough to kill it, though not to forge anything. Some parts of
the kernel are large, and of no use to any challenge: keys, which may be the host's; bpf; io_uring; and the like.
Message queues, System V's shared memory and its like outlive the processes that made them: they would carry notes from
one episode to the next, and take memory that no command can be ended for. Asynchronous I/O has one quota for the whole
machine, and fanotify sees what others do. Of the families of sockets, those of virtual machines know no namespace. And
where a sandbox has to share its network with what serves it, the filter is what leaves its commands without one.

Of locks, those that belong to an open file are shown to all sandboxes, in ``/proc/locks``; they are refused. The others
are seen by whoever can open the same file. Where sandboxes are shown the same files of the host, one whose commands
play what was handed in is refused all of them. And nobody is told which pages of a file are in memory,
because others have read it: by ``cachestat``, or by reading without waiting.
"""

from __future__ import annotations

import _struct as struct
import errno
from array import array

LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, SECOND_ARGUMENT, SIXTH_ARGUMENT = (
    0,
    4,
    16,
    24,
    56,
)  # where they are in what a filter is given
ALLOW, ERROR = 0x7FFF0000, 0x00050000
X32 = 0x40000000  # x86_64's second way to number its calls
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
PRIO_PROCESS, IOPRIO_WHO_PROCESS = 0, 1
F_GETLK, F_SETLK, F_SETLKW = 5, 6, 7
F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW = 36, 37, 38
F_SETLEASE, F_GETLEASE, F_NOTIFY = 1024, 1025, 1026
OPEN_FILE_LOCKS = (F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW)
LOCKS = (F_GETLK, F_SETLK, F_SETLKW, F_SETLEASE, F_GETLEASE, F_NOTIFY)


class Machine:
    """Numbers of one architecture.

    Attributes:
        architecture: The kernel's name for it.
        useless: add_key, request_key, keyctl, perf_event_open, bpf, userfaultfd, io_uring_setup, _enter, _register,
            mq_open, io_setup, fanotify_init, shmget, semget, msgget, cachestat.
        on_process: prlimit64, sched_setparam, sched_setscheduler, sched_setaffinity, sched_setattr: their first
            argument is a process id.
        setpriority: Its first argument says what the second is: a process, or all of a group or a user.
        ioprio_set: The same.
        socket: Its first argument is the family.
        fcntl: Its second argument is what is asked for.
        preadv2: Its sixth argument may ask to read only what is in memory already.
        watchers: flock, inotify_init1, and inotify_init where there is one.
    """

    def __init__(
        self,
        architecture: int,
        useless: tuple[int, ...],
        on_process: tuple[int, ...],
        setpriority: int,
        ioprio_set: int,
        socket: int,
        fcntl: int,
        preadv2: int,
        watchers: tuple[int, ...],
    ) -> None:
        self.architecture, self.useless, self.on_process = architecture, useless, on_process
        self.setpriority, self.ioprio_set, self.socket = setpriority, ioprio_set, socket
        self.fcntl, self.preadv2, self.watchers = fcntl, preadv2, watchers


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        (248, 249, 250, 298, 321, 323, 425, 426, 427, 240, 206, 300, 29, 64, 68, 451),
        (302, 142, 144, 203, 314),
        setpriority=141,
        ioprio_set=251,
        socket=41,
        fcntl=72,
        preadv2=327,
        watchers=(73, 294, 253),
    ),
    "aarch64": Machine(
        0xC00000B7,
        (217, 218, 219, 241, 280, 282, 425, 426, 427, 180, 0, 262, 194, 190, 186, 451),
        (261, 118, 119, 122, 274),
        setpriority=140,
        ioprio_set=30,
        socket=198,
        fcntl=25,
        preadv2=286,
        watchers=(32, 26),
    ),
}

kept: list[array[int]] = []
"""The kernel reads a program from where it lies; so it must go on lying there."""


def instructions(machine: Machine, network: bool, locks: bool) -> list[tuple[int, int, int, int]]:
    """The filter: (code, jump if true, jump if false, value) each, with jumps counted from the next instruction."""
    named: list[tuple[int, str, str, int]] = [
        (LOAD, "", "", ARCHITECTURE),
        (JUMP_EQUAL, "", "unknown", machine.architecture),
        (LOAD, "", "", NUMBER),
        (JUMP_GREATER_EQUAL, "unknown", "", X32),
        *((JUMP_EQUAL, "unknown", "", number) for number in machine.useless),
        *((JUMP_EQUAL, "process", "", number) for number in machine.on_process),
        (JUMP_EQUAL, "niceness", "", machine.setpriority),
        (JUMP_EQUAL, "io priority", "", machine.ioprio_set),
        (JUMP_EQUAL, "family", "", machine.socket),
        (JUMP_EQUAL, "request", "", machine.fcntl),
        (JUMP_EQUAL, "how to read", "", machine.preadv2),
        *((JUMP_EQUAL, "allow" if locks else "unknown", "", number) for number in machine.watchers),
        (RETURN, "", "", ALLOW),
    ]
    families = (AF_UNIX, AF_INET, AF_INET6, AF_NETLINK) if network else (AF_UNIX,)
    labels = {"": -1}
    for label, arguments, error in (  # each argument is one of these, or the call fails
        ("process", {FIRST_ARGUMENT: (0,)}, errno.EPERM),
        ("niceness", {FIRST_ARGUMENT: (PRIO_PROCESS,), SECOND_ARGUMENT: (0,)}, errno.EPERM),
        ("io priority", {FIRST_ARGUMENT: (IOPRIO_WHO_PROCESS,), SECOND_ARGUMENT: (0,)}, errno.EPERM),
        ("how to read", {SIXTH_ARGUMENT: (0,)}, errno.EOPNOTSUPP),
        ("family", {FIRST_ARGUMENT: families}, errno.EAFNOSUPPORT if network else errno.EACCES),
    ):
        labels[label] = len(named)
        for place, allowed in arguments.items():
            good = f"{label} {place}"
            named.append((LOAD, "", "", place))
            named += [(JUMP_EQUAL, good, "", value) for value in allowed]
            named.append((RETURN, "", "", ERROR | error))
            labels[good] = len(named)
        named.append((RETURN, "", "", ALLOW))
    labels["request"] = len(named)
    named.append((LOAD, "", "", SECOND_ARGUMENT))
    refused = OPEN_FILE_LOCKS if locks else OPEN_FILE_LOCKS + LOCKS
    named += [(JUMP_EQUAL, "no locks", "", value) for value in refused]
    named.append((RETURN, "", "", ALLOW))
    for label, value in (("unknown", ERROR | errno.ENOSYS), ("no locks", ERROR | errno.EINVAL), ("allow", ALLOW)):
        labels[label] = len(named)
        named.append((RETURN, "", "", value))

    def jump(label: str, here: int) -> int:
        return labels[label] - here - 1 if label else 0

    return [(code, jump(yes, here), jump(no, here), value) for here, (code, yes, no, value) in enumerate(named)]


def program(machine_name: str, network: bool, locks: bool) -> bytes | None:
    """The filter as prctl takes it: a `struct sock_fprog`. None for an architecture whose numbers are not known here.

    Args:
        machine_name: As `uname -m` gives it.
        network: Whether sockets of other families than AF_UNIX may be made.
        locks: Whether files may be locked, leased and watched.
    """
    machine = MACHINES.get(machine_name)
    if machine is None:
        return None
    steps = instructions(machine, network, locks)
    kept.append(array("B", b"".join(struct.pack("=HBBI", *step) for step in steps)))
    return struct.pack("HP", len(steps), kept[-1].buffer_info()[0])
