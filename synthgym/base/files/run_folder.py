"""The folder of a run: which run it is of, noted in a file in it, and that one process at a time writes there."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError, OutputFolderError
from synthgym.base.files.locks import file_lock
from synthgym.base.files.outputs import reported, write_json
from synthgym.base.files.plain_files import require_plain
from synthgym.base.json_reading import parse_object, read_object

LOCK_FILE = ".lock"


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Holds a folder, which is made, for one process; one that is empty in the end goes again.

    Raises:
        OutputFolderError: Another process writes there, it cannot be made, or it holds links, which lead elsewhere.
    """
    with contextlib.ExitStack() as stack:
        with reported(folder):
            folder.mkdir(parents=True, exist_ok=True)
            require_plain(folder)
            stack.callback(_remove_empty, folder)
            stack.enter_context(one_writer(folder))
        yield


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


@contextlib.contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Holds a folder that there is for one process.

    Raises:
        OutputFolderError: Another process writes there.
    """
    with file_lock(folder / LOCK_FILE, wait=False) as got:
        if not got:
            raise in_use(folder)
        yield


def in_use(folder: Path) -> OutputFolderError:
    """What is said of a folder that another process writes in."""
    return OutputFolderError(f"{folder}: another synthgym process is writing here; wait for it to end")


def claim(
    folder: Path,
    run_file: str,
    identity: Mapping[str, Any],
    unused: Callable[[contextlib.ExitStack], bool],
    *,
    notes: Mapping[str, Any] | None = None,
    added: Collection[str] = (),
    flat: bool = False,
) -> bool:
    """Makes a folder this run's, or finds that it is. One of a run that has done nothing is anybody's.

    Args:
        folder: Of the run; made where there is none.
        run_file: Name of the file in it that says which run it is of.
        identity: What must be the same for two commands to be one run.
        unused: Whether the run there, another one, has done nothing that would be lost, and has ended. What must not
            change before the folder is taken over, such as a lock, is held in the stack that it gets.
        notes: Written beside the identity, for people; by default when the run began.
        added: Names in the identity that older releases did not note: they are compared where they are noted.
        flat: Whether older releases wrote the identity alone, with nothing around it.

    Returns:
        Whether the folder was not this run's before.

    Raises:
        OutputFolderError: It holds something else, or another run; or links, which lead elsewhere.
    """
    identity = parse_object(json.dumps(dict(identity)), finite=False)
    with reported(folder), contextlib.ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        require_plain(folder)
        noted = read_identity(folder / run_file, flat)
        if noted is None:
            check_new(folder, run_file)
        elif not (differences := _differences(noted, identity, added)):
            return False
        elif not unused(stack):
            raise OutputFolderError(
                f"{folder}: holds another run ({'; '.join(differences)}); name a new folder, or give the same settings "
                "to resume"
            )
        write_json(folder / run_file, {"run": identity, "notes": notes or {"begun": time.time()}})
    return True


def check_new(folder: Path, run_file: str) -> None:
    """Sees that a folder is new, empty or of a run, as far as that can be told at a glance; hidden files do not count.

    Raises:
        OutputFolderError: It is not.
    """
    if not folder.is_dir() or (folder / run_file).exists():
        return
    if others := sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")):
        more = ", …" if len(others) > 3 else ""
        raise OutputFolderError(
            f"{folder}: holds no run of synthgym but {', '.join(others[:3])}{more}; name a new or an empty folder"
        )


def read_identity(path: Path, flat: bool = False) -> dict[str, Any] | None:
    """What a run's file says it is; None where there is no such file. For `flat` see `claim`.

    Raises:
        OutputFolderError: It is no such file.
    """
    try:
        found = read_object(path, links=False)
        noted = found.get("run", found if flat else None)
        if not isinstance(noted, dict):
            raise TypeError
    except FileNotFoundError:
        return None
    except (FileError, TypeError):
        raise OutputFolderError(f"{path}: not written by synthgym; name a new folder") from None
    return noted


def _differences(noted: dict[str, Any], asked: dict[str, Any], added: Collection[str]) -> list[str]:
    """What two runs are told apart by, setting by setting."""
    names = sorted(name for name in {*noted, *asked} if name in noted or name not in added)
    there, here = (_flattened({name: each.get(name) for name in names}) for each in (noted, asked))
    return [
        f"{name}: {there.get(name)!r:.80} there, {here.get(name)!r:.80} asked for"
        for name in sorted({*there, *here})
        if there.get(name) != here.get(name)
    ]


def _flattened(settings: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flattened(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return flat
