"""What a collection's folder says of itself: `collection.yaml`, and which of its folders are challenges."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from synthgym.base.errors import SpecError
from synthgym.base.text import clipped, one_line
from synthgym.base.validation import short_repr
from synthgym.registry.names import MOST_ID, MOST_TITLE, SPEC_FILE
from synthgym.registry.yaml_reading import read_yaml

COLLECTION_FILE = "collection.yaml"
_NAMESPACE = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class CollectionInfo:
    """What `collection.yaml` says.

    No model of pydantic's, as all else is that a file states: it is read whenever synthgym is imported.

    Attributes:
        namespace: First part of the environments' ids: ``synthgym`` in ``synthgym/wine-v0``.
        title: For people.
        version: Of the collection as a whole.
    """

    namespace: str
    title: str
    version: str = "0.1.0"


def load_info(path: Path) -> CollectionInfo:
    """Reads the `collection.yaml` of a folder.

    Raises:
        SpecError: It is missing or wrong; names file and field.
    """
    file = path / COLLECTION_FILE
    try:
        data = read_yaml(file)
    except (FileNotFoundError, NotADirectoryError):
        if path.is_dir():
            place, what = file, "no such file"
        else:
            place, what = path, "no folder, and no pack" if path.exists() else "no such folder or pack"
        raise SpecError(
            f"{place}: {what}; a collection is a folder with a {COLLECTION_FILE}, or a pack of one"
        ) from None
    return parse_info(data, str(file))


def parse_info(data: object, where: str) -> CollectionInfo:
    """What a `collection.yaml` holds, checked.

    Raises:
        SpecError: It is wrong; names `where` and the field.
    """
    if not isinstance(data, dict):
        raise SpecError(f"{where}: expected a mapping of fields, got {type(data).__name__}")
    if problems := [f"{where}: field '{name}': {what}" for name, what in _problems(data)]:
        raise SpecError("\n".join(problems))
    return CollectionInfo(**{name: value if name == "namespace" else one_line(value) for name, value in data.items()})


def _problems(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Which fields are wrong, and why."""
    yield from ((name, "required, but missing") for name in ("namespace", "title") if name not in data)
    for name, value in data.items():
        if name not in ("namespace", "title", "version"):
            yield clipped(name, MOST_ID), "no such field"
        elif not isinstance(value, str):
            yield name, f"expected text; got {short_repr(value)}"
        elif name == "namespace":
            if len(value) > MOST_ID or not _NAMESPACE.fullmatch(value):
                yield name, f"expected at most {MOST_ID} letters, digits, - and _; got {short_repr(value)}"
        elif len(value) > MOST_TITLE or not one_line(value).strip():
            yield name, f"expected text that can be shown, of at most {MOST_TITLE} characters; got {short_repr(value)}"


def challenge_ids(path: Path) -> list[str]:
    """Names of the challenges' folders in a collection's folder, sorted: those with a spec, whatever that is."""
    with os.scandir(path) as entries:
        names = [entry.name for entry in entries if may_be_id(entry.name)]
    return sorted(name for name in names if os.path.lexists(path / name / SPEC_FILE))


def may_be_id(name: str) -> bool:
    """Whether a folder of that name can be a challenge's: hidden ones, and those of runs, are not."""
    return "/" not in name and not name.startswith((".", "_"))
