"""Has extension modules that ask C's `time` ask a function of Python's instead, as numpy does for `datetime64("now")`.

A module in C finds the functions of other libraries through a table of addresses, which the dynamic linker fills in.
The entries for `time` are found and overwritten once a module is loaded. See the System V ABI, chapter 5, "Dynamic
Linking"; what is no 64-bit ELF file of the usual byte order stays as it is.
"""

import contextlib
import ctypes
import mmap
import os
import struct
from collections.abc import Callable, Iterator
from importlib.machinery import ExtensionFileLoader
from typing import Any

PT_DYNAMIC = 2
DT_PLTRELSZ, DT_STRTAB, DT_SYMTAB, DT_RELA, DT_RELASZ, DT_STRSZ, DT_JMPREL = 2, 5, 6, 7, 8, 10, 23
FUNCTION = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_void_p)
KEPT: list[Any] = []
"""What C calls, which must live as long as it may be called."""


def hook_extensions(now: Callable[[], int]) -> None:
    """Every extension module that is loaded from now on, however that is asked for."""

    def tell(place: Any) -> int:
        seconds = now()
        if place:
            ctypes.c_long.from_address(place).value = seconds
        return seconds

    told = FUNCTION(tell)
    address, load = ctypes.cast(told, ctypes.c_void_p).value or 0, ExtensionFileLoader.create_module

    def create_module(loader: Any, spec: Any) -> Any:
        module = load(loader, spec)
        with contextlib.suppress(KeyError, ValueError, struct.error):  # a library of another form keeps its time
            for entry in entries_for(b"time", spec.origin):
                write(entry, address)
        return module

    KEPT.append(told)
    ExtensionFileLoader.create_module = create_module  # type: ignore[assignment, method-assign]


def entries_for(name: bytes, path: str) -> Iterator[int]:
    """Addresses of the entries for a function in the table of a library that is loaded."""
    base = loaded_at(os.path.realpath(path))
    if not base or ctypes.string_at(base, 6) != b"\x7fELF\x02\x01":
        return
    dynamic = dict(dynamic_section(base))
    place = {tag: value if value >= base else value + base for tag, value in dynamic.items()}
    strings = ctypes.string_at(place[DT_STRTAB], dynamic[DT_STRSZ])
    if name + b"\0" not in strings:
        return
    for table, size in ((DT_JMPREL, DT_PLTRELSZ), (DT_RELA, DT_RELASZ)):
        if table not in dynamic:
            continue
        for offset, info, _ in struct.iter_unpack("<QQq", ctypes.string_at(place[table], dynamic[size])):
            if symbol := info >> 32:
                (start,) = struct.unpack("<I", ctypes.string_at(place[DT_SYMTAB] + 24 * symbol, 4))
                if strings[start : start + len(name) + 1] == name + b"\0":
                    yield base + offset


def loaded_at(path: str) -> int:
    """Address of a library's first byte; 0 where it is not loaded."""
    try:
        with open("/proc/self/maps") as maps:
            for line in maps:
                span, _, offset, _, _, *name = line.rstrip("\n").split(None, 5)
                if name == [path] and int(offset, 16) == 0:
                    return int(span.split("-")[0], 16)
    except OSError:  # another system than Linux
        pass
    return 0


def dynamic_section(base: int) -> Iterator[tuple[int, int]]:
    """Tags and values that the dynamic linker goes by."""
    (headers,) = struct.unpack("<Q", ctypes.string_at(base + 32, 8))
    size, count = struct.unpack("<HH", ctypes.string_at(base + 54, 4))
    for index in range(count):
        kind, _, _, address, _, _, length, _ = struct.unpack(
            "<IIQQQQQQ", ctypes.string_at(base + headers + index * size, 56)
        )
        if kind == PT_DYNAMIC:
            yield from struct.iter_unpack("<qQ", ctypes.string_at(base + address, length))


def write(entry: int, address: int) -> None:
    """Overwrites an entry, whose page the linker may have made read-only."""
    page = entry - entry % mmap.PAGESIZE
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(page), ctypes.c_size_t(mmap.PAGESIZE), mmap.PROT_READ | mmap.PROT_WRITE)
    ctypes.c_uint64.from_address(entry).value = address
