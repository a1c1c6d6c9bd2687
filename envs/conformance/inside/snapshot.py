"""Run inside a sandbox: prints what can be seen of its state, a line of JSON for each thing, name and value."""

from __future__ import annotations

import array
import ctypes
import fcntl
import json
import os
import resource
import stat

LIBC = ctypes.CDLL(None, use_errno=True)
GET_FLAGS, IOPRIO_GET = 0x80086601, {"x86_64": 252, "aarch64": 31}.get(os.uname().machine)
MOVING = {"VmPeak", "VmSize", "VmHWM", "VmRSS", "RssAnon", "RssFile", "VmData", "VmPTE", "VmLib", "VmStk", "VmExe"}
MOVING |= {"voluntary_ctxt_switches", "nonvoluntary_ctxt_switches", "RssShmem", "Pid", "Tgid", "Ngid", "PPid"}
MOVING |= {"NStgid", "NSpid", "NSpgid", "NSsid"}


def text(path: str) -> str:
    """What a file of the kernel's says, or why it does not."""
    try:
        with open(path, errors="replace") as opened:
            return opened.read(100_000)
    except OSError as error:
        return str(error.strerror)


def say(name: str, value: object) -> None:
    print(json.dumps([name, str(value)]))


def file(path: str) -> None:
    """All that `stat`, `lsattr` and extended attributes tell of a file."""
    try:
        about = os.lstat(path)
    except OSError as error:
        say(f"stat {path}", error.strerror)
        return
    kind = stat.S_IFMT(about.st_mode)
    say(f"stat {path}", (oct(about.st_mode), about.st_uid, about.st_gid, about.st_nlink, about.st_size, about.st_rdev))
    if os.access(path, os.W_OK, effective_ids=True) or about.st_uid == os.getuid():
        for name in ("st_atime", "st_mtime", "st_ctime"):
            say(f"{name} {path}", getattr(about, name))
        say(f"st_ino {path}", about.st_ino)
    if kind in (stat.S_IFREG, stat.S_IFDIR):
        try:
            say(f"xattr {path}", [(name, os.getxattr(path, name)) for name in sorted(os.listxattr(path))])
            flags = array.array("L", [0])
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            try:
                fcntl.ioctl(descriptor, GET_FLAGS, flags)
                say(f"lsattr {path}", hex(flags[0]))
            finally:
                os.close(descriptor)
        except OSError as error:
            say(f"lsattr {path}", error.strerror)


def files() -> None:
    """Everything there is, less what is shown read-only and holds nothing of this sandbox's."""
    left_out = ("/usr", "/opt", "/proc", "/sys", "/lib", "/lib64", "/bin", "/sbin", "/var", "/etc", "/boot", "/root")
    for place, folders, names in os.walk("/"):
        folders[:] = sorted(name for name in folders if os.path.join(place, name) not in left_out)
        for name in [".", *sorted(names)]:
            file(os.path.normpath(os.path.join(place, name)))
    for line in text("/proc/self/mountinfo").splitlines():
        place = line.split()[4]
        say(f"mount {place}", line.split()[2:])
        try:
            about = os.statvfs(place)
        except OSError:
            continue
        if not about.f_flag & os.ST_RDONLY:
            say(f"statfs {place}", (about.f_blocks, about.f_bfree, about.f_files, about.f_ffree))


def process(pid: int, name: str) -> None:
    """What is kept of a process, and was inherited."""
    base = f"/proc/{pid}"
    for line in text(f"{base}/status").splitlines():
        field, _, value = line.partition(":")
        if field not in MOVING:
            say(f"{name} status {field}", value.strip())
    for what in ("limits", "oom_score_adj", "coredump_filter", "personality", "autogroup", "cgroup", "environ"):
        say(f"{name} {what}", text(f"{base}/{what}"))
    say(f"{name} scheduler", (os.sched_getscheduler(pid), os.sched_getparam(pid), sorted(os.sched_getaffinity(pid))))
    say(f"{name} niceness", os.getpriority(os.PRIO_PROCESS, pid))
    say(f"{name} io priority", LIBC.syscall(IOPRIO_GET, 1, pid))
    try:
        links = sorted((int(number), os.readlink(f"{base}/fd/{number}")) for number in os.listdir(f"{base}/fd"))
    except OSError as error:
        say(f"{name} descriptors", error.strerror)
        return
    for number, link in links:
        say(f"{name} descriptor {number}", link.partition("[")[0])
        about = os.stat(f"{base}/fd/{number}")
        say(f"{name} descriptor {number} mode", (oct(about.st_mode), about.st_uid))
        try:
            lines = text(f"{base}/fdinfo/{number}").split("\n")
            say(f"{name} descriptor {number} flags", [line for line in lines if line.startswith("flags")])
            if not link.startswith("/dev"):
                say(f"{name} descriptor {number} xattr", os.listxattr(f"{base}/fd/{number}"))
        except OSError:
            pass


def own() -> None:
    say("ids", (os.getresuid(), os.getresgid(), os.getgroups(), os.getcwd()))
    say("umask", os.umask(0))
    say("rlimits", [resource.getrlimit(kind) for kind in range(16)])
    say("pipe size", fcntl.fcntl(1, 1032))
    say("pipe flags", fcntl.fcntl(1, fcntl.F_GETFL))
    say("number of this process", os.getpid())
    numbers = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
    say("processes", len(numbers))
    for option in (3, 21, 27, 30, 39):  # dumpable, seccomp, securebits, timer slack, no new rights
        say(f"prctl {option}", LIBC.prctl(option, 0, 0, 0, 0))


def system() -> None:
    """What the kernel tells of itself, of its namespaces and of the control group."""
    for top in ("/proc/sys", "/proc/sysvipc", "/proc/net/", "/sys/fs/cgroup"):
        for place, _, names in os.walk(top):
            for name in sorted(names):
                path = os.path.join(place, name)
                if path != "/proc/net/unix":  # below
                    say(path, text(path))
    say("sockets", [line.split()[3:6] + line.split()[7:] for line in text("/proc/net/unix").splitlines()[1:]])


own()
process(1, "supervisor")
process(os.getppid(), "shell")
process(os.getpid(), "command")
system()
files()
