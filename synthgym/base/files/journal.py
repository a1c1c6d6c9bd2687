"""Steps that are done once: results on disk, each under a key, so that a run that was ended goes on by replaying it.

A long job is written as if it ran through in one go, and wraps whatever is slow, paid for, or might come out otherwise
the next time in `Journal.once`. Run again, it comes by the same steps, finds their results, and goes on with the first
that has none.
"""

from __future__ import annotations

import functools
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import FileError
from synthgym.base.files.plain_files import append_to
from synthgym.base.json_reading import parse_json, parse_object, read_lines
from synthgym.base.text import clipped
from synthgym.base.validation import first_problem

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Journal:
    """A file of results, a JSON line each, that only grows. May be used by several threads, and by one process.

    A line is handed to the system before `once` returns: no end of this process loses it. One that was torn by a
    failing machine is cut off, and its step is done again.

    Args:
        path: The file; made where there is none.

    Raises:
        FileError: It cannot be read, or a line of it is no result of a step.
        OutputFolderError: It is no regular file, but a link or a pipe.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        whole = 0
        if os.path.lexists(path):
            for number, line in read_lines(path, links=False):
                if not line.endswith(b"\n"):
                    break
                key, self._known[key] = _record(line, f"{path}, line {number}")
                whole += len(line)
        self._file = append_to(path)
        self._file.truncate(whole)

    def once(self, key: str, make: Callable[[], Any], form: Any = None) -> Any:
        """The result of a step: the one on file, else what `make` returns, which is then on file.

        Args:
            key: Names the step, and no other one of this journal.
            make: Returns something that JSON can hold. If it raises, nothing is kept.
            form: What a result is, as a type that pydantic can check.

        Raises:
            FileError: What is on file is something else.
        """
        with self._lock:
            if key in self._known:
                self._check(key, self._known[key], form)
                return self._known[key]
        value = parse_json(
            line := json.dumps(make()), finite=False
        )  # as it will be read: a tuple is a list from the start
        with self._lock:
            self._file.write(b'{"key": %s, "value": %s}\n' % (json.dumps(key).encode(), line.encode()))
            self._file.flush()
            self._known[key] = value
        return value

    def __contains__(self, key: str) -> bool:
        """Whether a step is done."""
        with self._lock:
            return key in self._known

    def items(self, prefix: str = "", form: Any = None) -> Iterator[tuple[str, Any]]:
        """Keys and results, in the order in which they came; for `form` and what is raised see `once`."""
        with self._lock:
            found = [(key, value) for key, value in self._known.items() if key.startswith(prefix)]
        for key, value in found:
            self._check(key, value, form)
        return iter(found)

    def _check(self, key: str, value: Any, form: Any) -> None:
        if form is None:
            return
        from pydantic import ValidationError

        try:
            _adapter(form).validate_python(value)
        except ValidationError as error:
            raise FileError(
                f"{self.path}: the result of {clipped(key, 100)!r}: {first_problem(error)}; {_WHAT_TO_DO}"
            ) from None

    def close(self) -> None:
        """Closes the file; safe to call twice."""
        self._file.close()


@functools.cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # here: most of those who import this keep no journal

    return TypeAdapter(form)


def _record(line: bytes, where: str) -> tuple[str, Any]:
    """A step's key, and its result."""
    try:
        record = parse_object(line, finite=False)
    except ValueError as error:
        raise FileError(f"{where}: not valid JSON: {error}; {_WHAT_TO_DO}") from error
    if record.keys() != {"key", "value"} or not isinstance(record["key"], str):
        raise FileError(f"{where}: expected an object with a text 'key' and a 'value'; {_WHAT_TO_DO}")
    return record["key"], record["value"]


_WHAT_TO_DO = "the journal was changed: take a new folder, or remove the line, and its step is done again"
