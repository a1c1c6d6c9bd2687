"""Sandboxes that were wiped and wait for their next use: what takes long to start is worth keeping for a while."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Hashable

from synthgym.envs.sandboxes.connection import Connection

MOST_IDLE = 4
"""How many are kept of one kind in one process."""

IDLE_SECONDS = 30.0
"""How long each is kept."""


class Pool:
    """Connections by kind: image, profile, and whatever else was decided when they were started."""

    def __init__(self) -> None:
        self._idle: dict[Hashable, list[tuple[float, Connection]]] = {}
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def take(self, kind: Hashable) -> Connection | None:
        """The one that was put aside last, or None."""
        with self._lock:
            waiting = self._idle.get(kind)
            return waiting.pop()[1] if waiting else None

    def put(self, kind: Hashable, connection: Connection) -> bool:
        """Takes a wiped one in; False where there are enough, and the caller is to end it."""
        with self._lock:
            waiting = self._idle.setdefault(kind, [])
            if len(waiting) >= MOST_IDLE:
                return False
            waiting.append((time.monotonic(), connection))
            if self._timer is None:
                self._sweep_later()
            return True

    def close(self) -> None:
        """Ends all that wait."""
        with self._lock:
            ended = [connection for waiting in self._idle.values() for _, connection in waiting]
            self._idle.clear()
            if self._timer:
                self._timer.cancel()
                self._timer = None
        for connection in ended:
            connection.end()

    def abandon(self) -> None:
        """In a forked process: what waits is the parent's."""
        self._lock = threading.Lock()
        self._timer = None
        for waiting in self._idle.values():
            for _, connection in waiting:
                connection.abandon()
        self._idle.clear()

    def _sweep_later(self) -> None:
        self._timer = threading.Timer(IDLE_SECONDS / 4, self._sweep)
        self._timer.daemon = True
        self._timer.start()

    def _sweep(self) -> None:
        oldest = time.monotonic() - IDLE_SECONDS
        with self._lock:
            ended = []
            for waiting in self._idle.values():
                ended += [connection for since, connection in waiting if since < oldest]
                waiting[:] = [entry for entry in waiting if entry[0] >= oldest]
            self._timer = None
            if any(self._idle.values()):
                self._sweep_later()
        for connection in ended:
            connection.end()


idle = Pool()
"""The pool of this process."""

atexit.register(idle.close)
os.register_at_fork(after_in_child=idle.abandon)
