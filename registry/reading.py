"""Reading YAML and JSON of strangers: a regular file, of a size that a person could read, as shallow as it looks.

PyYAML follows aliases without counting what they stand for, and its C parser ends the process over a deep nesting. So
the events are looked at first, which costs neither memory nor depth.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import yaml

from synthgym.base.errors import SpecError

MOST_BYTES = 1 << 20
"""Of a spec."""

MOST_DEPTH = 30
MOST_NODES = 100_000
"""Lists, mappings and values in one file, aliases counted as what they stand for; long texts count for more."""

_NODE_CHARACTERS = 100

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_file(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """The bytes of a regular file.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        SpecError: It is something else than a file, is larger, or cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a fifo would keep us waiting
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SpecError(f"{path}: expected a regular file")
            data = file.read(most_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise SpecError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > most_bytes:
        raise SpecError(f"{path}: expected at most {most_bytes:,} bytes, got more")
    return data


def read_yaml(path: Path) -> Any:
    """What a YAML file holds, built of plain types only.

    Raises:
        FileNotFoundError: There is none.
        NotADirectoryError: The same.
        SpecError: It cannot be read, is no YAML, or unfolds into more than a spec can hold.
    """
    data = read_file(path)
    try:
        text = data.decode("utf-8")
        _check_shape(text)
        return yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        raise SpecError(f"{path}: not valid YAML: not UTF-8 text (byte {error.start})") from error
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError) as error:  # also of `2026-99-99`
        raise SpecError(f"{path}: not valid YAML: {error}") from error


def _check_shape(text: str) -> None:
    """Follows the parser's events without building anything.

    Raises:
        ValueError: Too deep, or too much.
        yaml.YAMLError: No YAML.
    """
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []  # anchor, and size so far
    total = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, 0))
            if len(open_nodes) > MOST_DEPTH:
                raise ValueError(f"nested more than {MOST_DEPTH} levels deep")
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_nodes.pop()
            size += 1
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size = event.anchor, 1 + len(event.value) // _NODE_CHARACTERS
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise ValueError(f"alias {event.anchor!r} stands for nothing before it, or for what it stands in")
            anchor, size = None, sizes[event.anchor]
        else:
            continue
        if anchor is not None:
            sizes[anchor] = size
        if open_nodes:
            open_nodes[-1] = (open_nodes[-1][0], open_nodes[-1][1] + size)
        total = size if not open_nodes else open_nodes[-1][1]
        if total > MOST_NODES:
            raise ValueError(f"unfolds into more than {MOST_NODES:,} values")
