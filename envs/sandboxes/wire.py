"""A direct line between a program in one sandbox and a program in another.

Through the host, with a supervisor on either side, a call takes half a millisecond, and some evaluators make 100,000.
Here the host only hands out: in the folder that each sandbox is shown lies a socket, and whoever connects to it is sent
one end of a pair, once. From then on the kernel is between the two, and nothing else.

It needs sandboxes that share the host's kernel and see its folders.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import socket
import tempfile
import threading
from pathlib import Path

from synthgym.envs.sandboxes.owner import Owner

INSIDE = "/opt/wire"
"""Where a sandbox is shown its folder."""

WIRE_PREFIX = "synthgym-wire-"
"""Beginning of the names of these lines' folders; the process id and the start of their owner follow."""

_SOCKET = "socket"
_WAIT_SECONDS = 0.5


class Wire:
    """One line; hands out its two ends while it is entered.

    Attributes:
        ends: The folders to show to the two sandboxes.
    """

    def __init__(self) -> None:
        me = Owner.me()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{WIRE_PREFIX}{me.pid}-{me.started}-"))
        self.ends = (self._folder / "a", self._folder / "b")
        self._pair = socket.socketpair()
        self._doors: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="synthgym-wire", daemon=True)

    def __enter__(self) -> Wire:
        try:
            self._folder.chmod(0o711)  # sandboxes run as other users
            for end in self.ends:
                end.mkdir(mode=0o755)
                end.chmod(0o755)
                door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self._doors.append(door)
                door.bind(str(end / _SOCKET))
                os.chmod(end / _SOCKET, 0o666)
                door.listen(1)
        except BaseException:
            self._close()
            raise
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()
        self._close()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as waiting:
            for door, end in zip(self._doors, self._pair, strict=True):
                waiting.register(door, selectors.EVENT_READ, end)
            while waiting.get_map() and not self._over.is_set():
                for key, _ in waiting.select(_WAIT_SECONDS):
                    door = next(each for each in self._doors if each is key.fileobj)
                    waiting.unregister(door)  # once: whoever comes second gets nothing
                    with contextlib.suppress(OSError), door.accept()[0] as connection:
                        socket.send_fds(connection, [b"\0"], [key.data.fileno()])
                    key.data.close()  # so that each side learns of the other's end
                    door.close()

    def _close(self) -> None:
        for each in (*self._doors, *self._pair):
            each.close()
        shutil.rmtree(self._folder, ignore_errors=True)
