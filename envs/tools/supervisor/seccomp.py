"""A filter on the system calls of a sandbox's commands, for what namespaces leave open.

The supervisor often has the same user as the commands it watches. They may not trace it, but they could still change
its limits, its niceness and its place in the scheduler: enough to kill it, though not to forge anything. Some parts of
the kernel are large, and of no use to any challenge: keys, which may be the host's; bpf; io_uring; and the like.
Message queues, System V's shared memory and its like outlive the processes that made them: they would carry notes from
one episode to the next, and take memory that no command can be ended for. Asynchronous I/O has one quota for the whole
machine, and fanotify sees what others do.

Of the families of sockets there is one, AF_UNIX. The others' buffers are memory that no group counts, what they leave
in their namespace (connections that were closed, counters, measured routes) outlives a reset, and the kernel tells
everybody how many there are on the whole machine. Where processes that compute together find each other by the
loopback interface, there is TCP too, and the one protocol of netlink by which the C library looks at interfaces: nobody
can send anything to another process by it. Programs of a socket's own, which filter what it receives, are refused.

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
AND = 0x54
NUMBER, ARCHITECTURE = 0, 4  # where they are in what a filter is given
FIRST_ARGUMENT, SECOND_ARGUMENT, THIRD_ARGUMENT, SIXTH_ARGUMENT = 16, 24, 32, 56
ALLOW, ERROR = 0x7FFF0000, 0x00050000
X32 = 0x40000000  # x86_64's second way to number its calls
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
SOCK_STREAM, SOCK_TYPE_MASK = 1, 0xF
IPPROTO_TCP, NETLINK_ROUTE = 6, 0
SOL_SOCKET, ATTACH_PROGRAM = 1, (26, 50, 51, 52)  # SO_ATTACH_FILTER, _BPF, _REUSEPORT_CBPF, _REUSEPORT_EBPF
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
        sockets: socket and socketpair: their first argument is the family, the second the type, the third the protocol.
        setsockopt: Its second and third arguments say what is set.
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
        sockets: tuple[int, ...],
        setsockopt: int,
        fcntl: int,
        preadv2: int,
        watchers: tuple[int, ...],
    ) -> None:
        self.architecture, self.useless, self.on_process = architecture, useless, on_process
        self.setpriority, self.ioprio_set, self.sockets = setpriority, ioprio_set, sockets
        self.setsockopt, self.fcntl, self.preadv2, self.watchers = setsockopt, fcntl, preadv2, watchers


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        (248, 249, 250, 298, 321, 323, 425, 426, 427, 240, 206, 300, 29, 64, 68, 451),
        (302, 142, 144, 203, 314),
        setpriority=141,
        ioprio_set=251,
        sockets=(41, 53),
        setsockopt=54,
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
        sockets=(198, 199),
        setsockopt=208,
        fcntl=25,
        preadv2=286,
        watchers=(32, 26),
    ),
}

kept: list[array[int]] = []
"""The kernel reads a program from where it lies; so it must go on lying there."""


def sockets(network: bool) -> dict[str, list[tuple[int, str, str, int]]]:
    """What is asked, by label, of a new socket and of what is set on one: in the form of `instructions`' own steps."""
    refused = (RETURN, "", "", ERROR | (errno.EAFNOSUPPORT if network else errno.ENETUNREACH))
    more = [
        (JUMP_EQUAL, "type", "", AF_INET),
        (JUMP_EQUAL, "type", "", AF_INET6),
        (JUMP_EQUAL, "netlink", "", AF_NETLINK),
    ]
    return {
        "family": [
            (LOAD, "", "", FIRST_ARGUMENT),
            (JUMP_EQUAL, "allow", "", AF_UNIX),
            *(more if network else ()),
            refused,
        ],
        "type": [
            (LOAD, "", "", SECOND_ARGUMENT),
            (AND, "", "", SOCK_TYPE_MASK),
            (JUMP_EQUAL, "", "no protocol", SOCK_STREAM),
            (LOAD, "", "", THIRD_ARGUMENT),
            (JUMP_EQUAL, "allow", "", 0),
            (JUMP_EQUAL, "allow", "no protocol", IPPROTO_TCP),
        ],
        "netlink": [
            (LOAD, "", "", THIRD_ARGUMENT),
            (JUMP_EQUAL, "allow", "", NETLINK_ROUTE),
        ],
        "no protocol": [(RETURN, "", "", ERROR | errno.EPROTONOSUPPORT)],
        "option": [
            (LOAD, "", "", SECOND_ARGUMENT),
            (JUMP_EQUAL, "", "allow", SOL_SOCKET),
            (LOAD, "", "", THIRD_ARGUMENT),
            *((JUMP_EQUAL, "no program", "", value) for value in ATTACH_PROGRAM),
            (RETURN, "", "", ALLOW),
        ],
    }


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
        *((JUMP_EQUAL, "family", "", number) for number in machine.sockets),
        (JUMP_EQUAL, "option", "", machine.setsockopt),
        (JUMP_EQUAL, "request", "", machine.fcntl),
        (JUMP_EQUAL, "how to read", "", machine.preadv2),
        *((JUMP_EQUAL, "allow" if locks else "unknown", "", number) for number in machine.watchers),
        (RETURN, "", "", ALLOW),
    ]
    labels = {"": -1}
    for label, arguments, error in (  # each argument is one of these, or the call fails
        ("process", {FIRST_ARGUMENT: (0,)}, errno.EPERM),
        ("niceness", {FIRST_ARGUMENT: (PRIO_PROCESS,), SECOND_ARGUMENT: (0,)}, errno.EPERM),
        ("io priority", {FIRST_ARGUMENT: (IOPRIO_WHO_PROCESS,), SECOND_ARGUMENT: (0,)}, errno.EPERM),
        ("how to read", {SIXTH_ARGUMENT: (0,)}, errno.EOPNOTSUPP),
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
    for label, steps in sockets(network).items():
        labels[label] = len(named)
        named += steps
    for label, value in (
        ("unknown", ERROR | errno.ENOSYS),
        ("no locks", ERROR | errno.EINVAL),
        ("no program", ERROR | errno.ENOPROTOOPT),
        ("allow", ALLOW),
    ):
        labels[label] = len(named)
        named.append((RETURN, "", "", value))

    def jump(label: str, here: int) -> int:
        return labels[label] - here - 1 if label else 0

    return [(code, jump(yes, here), jump(no, here), value) for here, (code, yes, no, value) in enumerate(named)]


def program(machine_name: str, network: bool, locks: bool) -> bytes | None:
    """The filter as prctl takes it: a `struct sock_fprog`. None for an architecture whose numbers are not known here.

    Args:
        machine_name: As `uname -m` gives it.
        network: Whether there are sockets of the loopback interface, beside AF_UNIX.
        locks: Whether files may be locked, leased and watched.
    """
    machine = MACHINES.get(machine_name)
    if machine is None:
        return None
    steps = instructions(machine, network, locks)
    kept.append(array("B", b"".join(struct.pack("=HBBI", *step) for step in steps)))
    return struct.pack("HP", len(steps), kept[-1].buffer_info()[0])
