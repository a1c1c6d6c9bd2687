"""Runs a program as another machine would, another day: ``python elsewhere.py PROGRAM``.

The clock is more than a year ahead, and folders list their files in reverse. The rest of another machine, its hash seed
and time zone, stands in the environment. A program that always makes the same makes the same here too.
"""

import builtins
import datetime
import os
import sys
import time
import types
from typing import Any

AHEAD = 401 * 86_400 + 7 * 3_600 + 11 * 60 + 13
"""Seconds: another year, month, day, hour, minute and second."""


def shift_clock() -> types.ModuleType:
    """Has `time` tell another time. Returns a `datetime` that does; only for the program, since compiled packages crash
    where it is not the real one."""
    now, ahead = time.time, datetime.timedelta(seconds=AHEAD)
    now_ns, localtime, gmtime, strftime = time.time_ns, time.localtime, time.gmtime, time.strftime
    time.time = lambda: now() + AHEAD
    time.time_ns = lambda: now_ns() + AHEAD * 10**9
    time.localtime = lambda seconds=None: localtime(time.time() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: gmtime(time.time() if seconds is None else seconds)
    time.strftime = lambda form, when=None: strftime(form, time.localtime() if when is None else when)
    own = types.ModuleType("datetime")
    vars(own).update(vars(datetime))
    vars(own)["datetime"] = later(datetime.datetime, ahead, "now", "utcnow")  # `today` asks `time`
    return own


def later(kind: Any, ahead: datetime.timedelta, *names: str) -> Any:
    """A class that makes what `kind` makes, and stands for it, but says another time."""

    class Kind(type(kind)):  # type: ignore[misc]
        def __instancecheck__(cls, value: Any) -> bool:
            return isinstance(value, kind)

        def __subclasscheck__(cls, other: Any) -> bool:
            return issubclass(other, kind)

    body = {name: staticmethod(shifted(getattr(kind, name), ahead)) for name in names}
    return Kind(kind.__name__, (kind,), {**body, "__new__": lambda cls, *given, **named: kind(*given, **named)})


def shifted(told: Any, ahead: datetime.timedelta) -> Any:
    return lambda *given, **named: told(*given, **named) + ahead


def shift_pandas() -> None:
    from pandas import Timestamp

    for name in ("now", "utcnow"):
        setattr(Timestamp, name, staticmethod(shifted(getattr(Timestamp, name), datetime.timedelta(seconds=AHEAD))))


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


def reverse_folders() -> None:
    """Their order is the file system's affair, and another one's is another."""
    listdir, scandir = os.listdir, os.scandir
    os.listdir = lambda path=".": listdir(path)[::-1]  # type: ignore[assignment]
    os.scandir = lambda path=".": Entries(path, scandir)  # type: ignore[assignment]


def main(program: str) -> None:
    with open(program, "rb") as file:
        source = file.read()
    if b"pandas" in source:
        shift_pandas()
    own_datetime, imported = shift_clock(), builtins.__import__
    reverse_folders()

    def importing(name: str, *given: Any, **named: Any) -> Any:
        return own_datetime if name == "datetime" else imported(name, *given, **named)

    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    vars(module).update(__file__=program, __builtins__={**vars(builtins), "__import__": importing})
    exec(compile(source, program, "exec"), vars(module))


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
    main(sys.argv[0])
