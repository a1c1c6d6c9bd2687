"""What a collection's folder says of itself: `collection.yaml`, and which of its folders are challenges."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from synthgym.base.errors import SpecError
from synthgym.base.validation import validated
from synthgym.registry.challenge import MOST_ID, SPEC_FILE, Title
from synthgym.registry.yaml_reading import read_yaml

COLLECTION_FILE = "collection.yaml"


class CollectionInfo(BaseModel):
    """What `collection.yaml` says.

    Attributes:
        namespace: First part of the environments' ids: ``synthgym`` in ``synthgym/wine-v0``.
        title: For people.
        version: Of the collection as a whole.
    """

    model_config = ConfigDict(extra="forbid")

    namespace: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=MOST_ID)
    title: Title
    version: Title = "0.1.0"


def load_info(path: Path) -> CollectionInfo:
    """Reads the `collection.yaml` of a folder.

    Raises:
        SpecError: It is missing or wrong; names file and field.
    """
    file = path / COLLECTION_FILE
    try:
        data = read_yaml(file)
    except (FileNotFoundError, NotADirectoryError):
        what = "no such folder" if not path.is_dir() else "no such file"
        raise SpecError(
            f"{file if path.is_dir() else path}: {what}; a collection is a folder with a {COLLECTION_FILE}"
        ) from None
    return parse_info(data, str(file))


def parse_info(data: object, where: str) -> CollectionInfo:
    """What a `collection.yaml` holds, checked.

    Raises:
        SpecError: It is wrong; names `where` and the field.
    """
    if not isinstance(data, dict):
        raise SpecError(f"{where}: expected a mapping of fields, got {type(data).__name__}")
    return validated(CollectionInfo.model_validate, data, where, SpecError)


def challenge_ids(path: Path) -> list[str]:
    """Names of the challenges' folders in a collection's folder, sorted: those with a spec, whatever that is."""
    with os.scandir(path) as entries:
        names = [entry.name for entry in entries if may_be_id(entry.name)]
    return sorted(name for name in names if os.path.lexists(path / name / SPEC_FILE))


def may_be_id(name: str) -> bool:
    """Whether a folder of that name can be a challenge's: hidden ones, and those of runs, are not."""
    return "/" not in name and not name.startswith((".", "_"))
