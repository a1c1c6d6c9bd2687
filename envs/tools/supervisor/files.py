"""The sandbox's files, for the host: one is read or written, all are removed, those to start with are laid out."""

from __future__ import annotations

import _stat as stat
import errno
import fcntl
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


FS_IOC_GETFLAGS, FS_IOC_SETFLAGS = 0x80086601, 0x40086602  # of linux/fs.h, where a long has 8 bytes


class AsUser:
    """Touches files with the rights of the user that commands run as, where this process has more."""

    def __init__(self, user: int | None) -> None:
        self.user = user

    def __enter__(self) -> None:
        if self.user is not None:
            os.setegid(self.user)
            os.seteuid(self.user)

    def __exit__(self, *error: object) -> None:
        if self.user is not None:
            os.seteuid(0)
            os.setegid(0)


def read(workspace: str, path: str, most: int) -> bytes:
    """A regular file's bytes. Opens part by part without following links, and never waits on a fifo."""
    folder = os.open(workspace, os.O_RDONLY | os.O_DIRECTORY)
    *parents, name = path.split("/")
    try:
        for part in parents:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        mode = os.fstat(file).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.ENOTSUP, "not a regular file")
        pieces, left = [], most + 1
        while left > 0 and (piece := os.read(file, min(left, 1 << 20))):
            pieces.append(piece)
            left -= len(piece)
        if left <= 0:
            raise OSError(errno.EFBIG, "file too large")
        return b"".join(pieces)
    finally:
        os.close(file)


def names(workspace: str, most: int) -> list[str]:
    """Paths of the regular files in the workspace, sorted; goes into no link, and not on after `most` entries."""
    found: list[str] = []
    waiting, seen = [""], 0
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(workspace, folder)) as entries:
                for entry in entries:
                    seen += 1
                    if seen > most:
                        raise OSError(errno.E2BIG, "too many files")
                    path = folder + "/" + entry.name if folder else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    elif entry.is_file(follow_symlinks=False):
                        found.append(path)
        except PermissionError:
            continue
    return sorted(found)


def write(workspace: str, path: str, data: bytes) -> None:
    """Writes a file, and makes the folders it is in."""
    path = os.path.join(workspace, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
    finally:
        os.close(file)


def lay_out(workspace: str, pieces: Iterable[bytes]) -> bool:
    """Unpacks a tar archive, which comes in pieces, into the workspace; says whether it fitted."""
    source, sink = os.pipe2(os.O_CLOEXEC)
    tar = os.posix_spawn(
        "/bin/tar",
        ["tar", "-xf", "-", "--no-same-owner", "-C", workspace],
        {"LC_ALL": "C"},
        file_actions=[(os.POSIX_SPAWN_DUP2, source, 0)],
    )
    os.close(source)
    fits = True
    for piece in pieces:  # all of them: what is not read here would be taken for the next frame
        view = memoryview(piece)
        while fits and view:
            try:
                view = view[os.write(sink, view) :]
            except BrokenPipeError:
                fits = False
    os.close(sink)
    return os.waitpid(tar, 0)[1] == 0 and fits


def wipe(folders: Iterable[str]) -> bool:
    """Removes all that is in these folders, and what was changed about the folders; says whether nothing is left."""
    for folder in folders:
        remove_contents(folder)
        if os.listdir(folder):
            # Too deep, or closed by its owner.
            script = 'cd "$0" && chmod -R u+rwX . ; rm -rf -- ./* ./.[!.]* ./..?*'
            os.waitpid(os.posix_spawn("/bin/sh", ["sh", "-c", script, folder], {}), 0)
            if os.listdir(folder):
                return False
        if os.stat(folder).st_uid == os.geteuid():
            os.chmod(folder, 0o755)
            for name in os.listxattr(folder):  # notes can be left there, too
                os.removexattr(folder, name)
            clear_flags(folder)
        os.utime(folder)  # of another's folder too: when it was changed last, was of a command's choosing
    return True


def touch_devices() -> None:
    """Whoever may write to a device may say that it was used just now: those of this sandbox's own."""
    with os.scandir("/dev") as entries:
        devices = [entry.path for entry in entries if stat.S_ISCHR(entry.stat(follow_symlinks=False).st_mode)]
    for device in devices:
        try:
            os.utime(device, follow_symlinks=False)
        except OSError:  # shown read-only
            continue


def clear_flags(folder: str) -> None:
    """Takes the attributes of `chattr` off a folder; what is made in it would inherit some."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if int.from_bytes(fcntl.ioctl(file, FS_IOC_GETFLAGS, bytes(8))[:4], sys.byteorder):
            fcntl.ioctl(file, FS_IOC_SETFLAGS, bytes(8))
    except OSError:  # a file system that has none, or that does not let its user change them
        pass
    finally:
        os.close(file)


def remove_contents(folder: str, depth: int = 0) -> None:
    """Removes what can be removed."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if depth < 100:
                            remove_contents(entry.path, depth + 1)
                        os.rmdir(entry.path)
                    else:
                        os.unlink(entry.path)
                except OSError:
                    continue
    except OSError:
        return
