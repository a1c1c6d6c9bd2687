"""A lock between processes, held through a file. The kernel lets go of it when its holder dies, however it dies.

The package `filelock` does not do: it leaves its file in every folder it has locked, where ours goes with its last
holder; it asks again and again instead of waiting; and it takes a file that has another name elsewhere.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from synthgym.base.files.plain_files import open_plain


@contextmanager
def file_lock(path: Path, wait: bool = True) -> Iterator[bool]:
    """Holds the lock named by `path`, between threads as well as between processes.

    Args:
        path: A file of its own; it exists only while somebody holds or wants the lock. Its folder must exist.
        wait: Whether to wait for another holder to let go.

    Yields:
        Whether the lock is held: always true with `wait`.

    Raises:
        OutputFolderError: Something else than a file lies there, such as a link.

    Example:
        >>> with file_lock(folder / ".lock", wait=False) as held:
        ...     if not held:
        ...         raise OutputFolderError(f"{folder}: another synthgym process is writing here")
    """
    descriptor = _acquire(path, wait)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            path.unlink(missing_ok=True)
            os.close(descriptor)


def _acquire(path: Path, wait: bool) -> int | None:
    while True:
        descriptor = open_plain(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            # The last holder removed the file while we waited: the lock we got is on a file without a name.
            if _same_file(path, descriptor):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _same_file(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
