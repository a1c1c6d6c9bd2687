"""A clock that several threads run together."""

from __future__ import annotations

import threading
import time


class SharedClock:
    """Wall-clock seconds in which at least one thread was at it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_it = 0
        self._since = self._before = 0.0

    def begin(self) -> None:
        """A thread is at it from now on."""
        with self._lock:
            if self._at_it == 0:
                self._since = time.monotonic()
            self._at_it += 1

    def end(self) -> None:
        """And no more."""
        with self._lock:
            self._at_it -= 1
            if self._at_it == 0:
                self._before += time.monotonic() - self._since

    @property
    def seconds(self) -> float:
        """So far."""
        with self._lock:
            return self._before + (time.monotonic() - self._since if self._at_it else 0.0)
