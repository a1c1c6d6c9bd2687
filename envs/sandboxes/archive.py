"""A folder as a tar archive: how files get into a sandbox, whether or not it shares a kernel with the host."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import threading
from collections import OrderedDict
from pathlib import Path

_MOST_KEPT = 64 << 20

_kept: OrderedDict[tuple[object, ...], bytes] = OrderedDict()
_lock = threading.Lock()


def pack(folder: Path) -> bytes:
    """The folder's files and folders, without owners and times. The last ones packed are kept, up to 64 MB of them."""
    signature = (str(folder), *_signature(folder))
    with _lock:
        if signature in _kept:
            _kept.move_to_end(signature)
            return _kept[signature]
    data = _pack(folder)
    if len(data) <= _MOST_KEPT // 2:
        with _lock:
            _kept[signature] = data
            while sum(map(len, _kept.values())) > _MOST_KEPT:
                _kept.popitem(last=False)
    return data


def _signature(folder: Path) -> list[tuple[str, int, int, int]]:
    """What changes when a file does."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in (*folders, *sorted(names)):
            path = os.path.join(place, name)
            status = os.lstat(path)
            found.append((path, status.st_mode, status.st_size, status.st_mtime_ns))
    return found


def _pack(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for place, folders, names in os.walk(folder):
            folders.sort()
            for name in (*folders, *sorted(names)):
                _add(archive, os.path.join(place, name), os.path.relpath(os.path.join(place, name), folder))
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, path: str, name: str) -> None:
    status = os.lstat(path)
    member = tarfile.TarInfo(name)
    member.mode = 0o755 if stat.S_ISDIR(status.st_mode) or status.st_mode & 0o100 else 0o644
    if stat.S_ISDIR(status.st_mode):
        member.type = tarfile.DIRTYPE
        archive.addfile(member)
    elif stat.S_ISLNK(status.st_mode):
        member.type, member.linkname = tarfile.SYMTYPE, os.readlink(path)
        archive.addfile(member)
    elif stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            member.size = os.fstat(file.fileno()).st_size
            archive.addfile(member, file)
