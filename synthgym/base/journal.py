"""Steps that are done once: results on disk, each under a key, so that a run that was ended goes on by replaying it.

A long job is written as if it ran through in one go, and wraps whatever is slow, paid for, or might come out otherwise
the next time in `Journal.once`. Run again, it comes by the same steps, finds their results, and goes on with the first
that has none.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class Journal:
    """A file of results, a JSON line each, that only grows. May be used by several threads, and by one process.

    A line is handed to the system before `once` returns: no end of this process loses it. One that was torn by a
    failing machine is cut off, and its step is done again.

    Args:
        path: The file; made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        whole = 0
        if path.exists():
            for line in path.read_bytes().splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                record = json.loads(line)
                self._known[record["key"]] = record["value"]
                whole += len(line)
        self._file = path.open("ab")
        self._file.truncate(whole)

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """The result of a step: the one on file, else what `make` returns, which is then on file.

        Args:
            key: Names the step, and no other one of this journal.
            make: Returns something that JSON can hold. If it raises, nothing is kept.
        """
        with self._lock:
            if key in self._known:
                return self._known[key]
        value = json.loads(line := json.dumps(make()))  # as it will be read: a tuple is a list from the start
        with self._lock:
            self._file.write(b'{"key": %s, "value": %s}\n' % (json.dumps(key).encode(), line.encode()))
            self._file.flush()
            self._known[key] = value
        return value

    def __contains__(self, key: str) -> bool:
        """Whether a step is done."""
        with self._lock:
            return key in self._known

    def items(self, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """Keys and results, in the order in which they came."""
        with self._lock:
            found = [(key, value) for key, value in self._known.items() if key.startswith(prefix)]
        return iter(found)

    def close(self) -> None:
        """Closes the file; safe to call twice."""
        self._file.close()
