"""Python runs it at every start: clock, machine and file system then tell other things, and types stay as they are.

The clock is SYNTHGYM_AHEAD seconds ahead, and so are the times of files that were just written. There is one processor
more, another name, another kernel; folders list their files in reverse, and files have other numbers. A program that
always makes the same makes the same here too.
"""

import _socket
import ctypes
import datetime
import functools
import gc
import os
import time
from typing import Any

from c_time import hook_extensions  # type: ignore[import-not-found]

AHEAD = int(os.environ["SYNTHGYM_AHEAD"])
WALL_CLOCKS = {getattr(time, name, None) for name in ("CLOCK_REALTIME", "CLOCK_REALTIME_COARSE", "CLOCK_TAI")} | {5}
NAME = "elsewhere"

real_time = time.time


def replace(place: Any, name: str, make: Any) -> None:
    """Puts what `make` makes of a function in its place; what `os` says of the function holds for it as well."""
    if (old := getattr(place, name, None)) is None:  # not on this system, or not in this version
        return
    new = functools.wraps(old)(make(old))
    for group in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
        if old in group:
            group.add(new)
    setattr(place, name, new)


def replace_method(kind: type, name: str, value: Any) -> None:
    """Of a class in C. With a class in its place, its objects would not be of the class that the program knows."""
    gc.get_referents(vars(kind))[0][name] = value
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def shift_clock() -> None:
    replace(time, "time", lambda told: lambda: told() + AHEAD)
    replace(time, "time_ns", lambda told: lambda: told() + AHEAD * 10**9)
    for name, unit in (("clock_gettime", 1), ("clock_gettime_ns", 10**9)):
        replace(time, name, lambda told, unit=unit: lambda clock: told(clock) + AHEAD * unit * (clock in WALL_CLOCKS))
    for name in ("localtime", "gmtime", "ctime"):
        replace(time, name, lambda told: lambda secs=None: told(time.time() if secs is None else secs))
    replace(time, "asctime", lambda told: lambda when=None: told(when or time.localtime()))
    replace(time, "strftime", lambda told: lambda form, when=None: told(form, when or time.localtime()))

    # `today` asks `time.time`.
    replace_method(datetime.datetime, "now", classmethod(lambda cls, tz=None: cls.fromtimestamp(time.time(), tz)))
    replace_method(datetime.datetime, "utcnow", classmethod(lambda cls: cls.utcfromtimestamp(time.time())))
    hook_extensions(lambda: int(time.time()))


def later(stat: Any) -> Any:
    """Another number; and another time, where it is of today: an older one was set, and says nothing of the clock."""
    kind, (fields, more) = stat.__reduce__()
    fields = [fields[0], fields[1] + AHEAD, *fields[2:]]
    for index, name in ((7, "st_atime"), (8, "st_mtime"), (9, "st_ctime")):
        if abs(fields[index] - real_time()) < 86_400:
            fields[index] += AHEAD
            more = {**more, name: more[name] + AHEAD, f"{name}_ns": more[f"{name}_ns"] + AHEAD * 10**9}
    return kind(fields, more)


class Entries:
    """What `os.scandir` gives, in reverse."""

    def __init__(self, path: Any, scandir: Any) -> None:
        with scandir(path) as entries:
            self.entries = iter(list(entries)[::-1])

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return next(self.entries)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self.entries = iter(())


def change_files() -> None:
    for name in ("stat", "lstat", "fstat"):
        replace(os, name, lambda told: lambda *given, **named: later(told(*given, **named)))
    stat, inode = os.DirEntry.stat, os.DirEntry.inode
    replace_method(os.DirEntry, "stat", lambda entry, *, follow_symlinks=True: later(_of(stat, entry, follow_symlinks)))
    replace_method(os.DirEntry, "inode", lambda entry: inode(entry) + AHEAD)
    replace(os, "listdir", lambda listed: lambda path=".": listed(path)[::-1])
    replace(os, "scandir", lambda listed: lambda path=".": Entries(path, listed))


def _of(stat: Any, entry: Any, follow_symlinks: bool) -> Any:
    return stat(entry, follow_symlinks=follow_symlinks)


def change_machine() -> None:
    for name in ("cpu_count", "process_cpu_count"):
        replace(os, name, lambda told: lambda: (told() or 1) + 1)
    replace(os, "sched_getaffinity", lambda told: lambda pid: {*told(pid), max(told(pid)) + 1})
    replace(os, "uname", lambda told: lambda: other_machine(told()))
    replace(_socket, "gethostname", lambda told: lambda: NAME)


def other_machine(uname: Any) -> Any:
    return type(uname)((uname.sysname, NAME, f"{uname.release}-{NAME}", f"{NAME} {uname.version}", uname.machine))


shift_clock()
change_files()
change_machine()
