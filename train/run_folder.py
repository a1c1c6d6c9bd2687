"""The folder of a training run: whose it is, and that one process at a time writes there."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError, OutputFolderError
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import reported, whole_file
from synthgym.base.files.plain_files import require_plain
from synthgym.base.json_reading import parse_object, read_object

_LOCK_FILE = ".lock"


@contextlib.contextmanager
def held(out: Path) -> Iterator[None]:
    """Holds the folder, which is made, for one process; one that is empty in the end goes again.

    Raises:
        OutputFolderError: Another process writes there, it cannot be made, or it holds links, which lead elsewhere.
    """
    with reported(out):
        out.mkdir(parents=True, exist_ok=True)
        require_plain(out)
        stack = contextlib.ExitStack()
        got = stack.enter_context(file_lock(out / _LOCK_FILE, wait=False))
    try:
        with stack:
            if not got:
                raise OutputFolderError(f"{out}: another synthgym process is writing here; wait for it to end")
            yield
    finally:
        with contextlib.suppress(OSError):
            out.rmdir()


def claim(out: Path, run_file: str, identity: dict[str, Any], nothing_done: Callable[[], bool]) -> None:
    """Makes the folder this run's, or finds that it is. One in which nothing was done is anybody's.

    Args:
        out: Of the run.
        run_file: Name of the file in it that says whose it is.
        identity: What must be the same for two commands to be one run. What an older release did not note is not
            compared.
        nothing_done: Whether the run there, of other arguments, has done nothing that would be lost.

    Raises:
        OutputFolderError: It holds something else.
    """
    identity = parse_object(json.dumps(identity))
    there = _read(out / run_file)
    if there is not None:
        other = sorted(name for name in there if there[name] != identity.get(name))
        if not other:
            return
        if not nothing_done():
            raise OutputFolderError(
                f"{out}: holds another training run (other {', '.join(other)}); name another folder, or give the same "
                "arguments to go on with it"
            )
    else:
        check_new(out, run_file)
    with whole_file(out / run_file) as file:
        file.write(json.dumps({"run": identity, "notes": {"begun": time.time()}}, indent=1).encode() + b"\n")


def check_new(out: Path, run_file: str) -> None:
    """Sees that a folder is new, empty or of a training run, as far as that can be told at a glance.

    Raises:
        OutputFolderError: It is not.
    """
    if not out.is_dir() or (out / run_file).exists():
        return
    if any(not path.name.startswith(".") for path in out.iterdir()):
        raise OutputFolderError(f"{out}: expected a new or empty folder, or one of an earlier run; name another folder")


def _read(path: Path) -> dict[str, Any] | None:
    """What a run's file says it is; None if there is none."""
    try:
        found = read_object(path, links=False)
        there = found.get("run", found)
        if not isinstance(there, dict):
            raise TypeError
    except FileNotFoundError:
        return None
    except (OSError, FileError, TypeError):
        raise OutputFolderError(f"{path}: cannot be read as what a training wrote; name a new folder") from None
    return there
