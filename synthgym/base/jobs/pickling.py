"""Jobs and results pickled for worker processes, whatever script, notebook or prompt they are from.

A process that is spawned imports the script that spawned it, to find what is defined there. So a script would need
``if __name__ == "__main__":`` around what it does, and a notebook, ``python -c`` and a script on standard input could
send nothing of their own. Here what ``__main__`` defines is sent by value, and the script is left alone. It is
imported only where something in it can be found but not sent, such as a lock in a global variable.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthgym.base.errors import UserError

UNGUARDED = 97
"""Exit status of a worker process in which the script that it imports starts the same work again."""

_hiding = threading.RLock()


@dataclass(frozen=True)
class Parcel:
    """Something packed.

    Attributes:
        data: The pickle.
        needs_main: Whether the script must be imported to unpack it.
        reason: If so, why it could not be sent by value.
    """

    data: bytes
    needs_main: bool = False
    reason: str = ""

    def open(self) -> Any:
        """What was packed."""
        return pickle.loads(self.data)


def pack(content: object) -> Parcel:
    """Packs something for another process: functions and classes of ``__main__`` by value, others by name.

    Raises:
        UserError: It holds something that cannot leave this process, such as an open file.
    """
    import cloudpickle

    try:
        return Parcel(cloudpickle.dumps(content))
    except Exception as error:
        reason = " ".join(str(error).split())
    if _has_script():
        with contextlib.suppress(Exception):
            return Parcel(pickle.dumps(content), needs_main=True, reason=reason)
    raise UserError(
        f"cannot be sent to worker processes ({reason}); make what cannot be sent where it is first used, "
        "put it in a module of its own, or use jobs=1"
    )


def _has_script() -> bool:
    """Whether ``__main__`` is something that a spawned process can import."""
    main = sys.modules["__main__"]
    return getattr(main, "__spec__", None) is not None or Path(getattr(main, "__file__", None) or "?").is_file()


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """Processes that are started meanwhile do not import the script: `multiprocessing` finds no sign of one."""
    with _hiding:
        main: Any = sys.modules["__main__"]
        hidden = {name: vars(main)[name] for name in ("__spec__", "__file__") if name in vars(main)}
        main.__spec__ = None
        vars(main).pop("__file__", None)
        try:
            yield
        finally:
            vars(main).update(hidden)


def leave_if_imported() -> None:
    """Ends this process if it is a worker that is still importing the script: what called this has no main guard."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(UNGUARDED)
