"""Environments that have been made, for the next episode of the same challenge: making one takes a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from synthgym.base.errors import InfrastructureError
from synthgym.train.trl.environments import TextEnv, make

_MOST = 64
"""Kept beyond a batch: without sandboxes, they cost next to nothing."""


class SpareEnvs:
    """Gives each episode an environment of its own, and ends its sandbox after it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._spare: list[tuple[str, TextEnv]] = []
        self._lent: list[TextEnv] = []

    @contextmanager
    def borrow(self, env_id: str) -> Iterator[TextEnv]:
        """An environment that nobody else has."""
        with self._lock:
            at = next((at for at, (name, _) in enumerate(self._spare) if name == env_id), None)
            env = self._spare.pop(at)[1] if at is not None else None
        env = env or make(env_id, self._settings)
        with self._lock:
            self._lent.append(env)
        try:
            yield env
        finally:
            _close(env)
            with self._lock:
                self._lent = [each for each in self._lent if each is not env]
                self._spare.append((env_id, env))

    def rest(self) -> None:
        """Between batches: only so many are kept."""
        with self._lock:
            self._spare = self._spare[-_MOST:]

    def close(self) -> None:
        """Ends the sandboxes of those that are lent."""
        with self._lock:
            lent = list(self._lent)
        for env in lent:
            _close(env)


def _close(env: TextEnv) -> None:
    with suppress(InfrastructureError):  # it may be closed because it is dead
        env.close()
