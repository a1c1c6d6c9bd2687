"""Writing finished episodes: each process to a file of its own, a line an episode, on disk before it counts."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
from pathlib import Path

from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.files.outputs import reported
from synthgym.base.files.plain_files import open_plain


class ShardWriter:
    """Appends to a shard no other process writes to."""

    def __init__(self, folder: Path) -> None:
        self._presence = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        _flock(self._presence, fcntl.LOCK_SH)
        self.path, self._file = self._take(folder)

    @staticmethod
    def _take(folder: Path) -> tuple[Path, int]:
        for k in itertools.count():
            path = folder / f"episodes-{k}.jsonl"
            if os.path.lexists(path.with_suffix(".jsonl.zst")):
                continue
            with reported(path):
                file = open_plain(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            if _flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB) and ends_whole(file):
                return path, file
            os.close(file)
        raise AssertionError("unreachable")

    def add(self, record: Trajectory) -> None:
        """Writes one finished episode; on return it is on disk.

        Raises:
            OutputFolderError: It cannot be written (the disk is full); the shard is as it was before.
        """
        size = os.fstat(self._file).st_size
        line = memoryview(record.to_line().encode() + b"\n")
        try:
            with reported(self.path):
                while line:
                    line = line[os.write(self._file, line) :]
                os.fsync(self._file)
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, size)
            raise

    def close(self) -> None:
        """Lets go of the shard."""
        os.close(self._file)
        os.close(self._presence)


def ends_whole(file: int) -> bool:
    """Whether the last line of an open file is whole; nothing is ever written behind one that is not."""
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"


def no_writers(folder: Path) -> bool:
    """Whether no process has a `ShardWriter` in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return _flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(descriptor)


def _flock(descriptor: int, how: int) -> bool:
    """Whether the lock is had; also true on file systems that have none, where `run.json` is all the care there is."""
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENOLCK, errno.EINVAL, errno.ENOSYS):
            raise
    return True
