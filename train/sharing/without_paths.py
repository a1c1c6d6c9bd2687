"""What is shared holds no paths of the machine that it was made on: of a path, its last name is left."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

_PATH = re.compile(r"(?<![\w./~-])~?/[^\s/\"'`,;|()<>\[\]{}=?&#]+(?:/[^\s/\"'`,;|()<>\[\]{}=?&#]+)+/?|(?<![\w./])~/\S+")
"""An absolute path of two names or more; what follows ``://`` is an address and none."""


def without_paths(data: Any) -> Any:
    """Data as JSON has it, or a text, with the last names of absolute paths in their place, in keys too.

    >>> without_paths({"sources": {"/home/me/runs/teacher": 3}, "model": "https://huggingface.co/user/name"})
    {'sources': {'teacher': 3}, 'model': 'https://huggingface.co/user/name'}
    """
    if isinstance(data, str):
        return _text(data)
    if isinstance(data, dict):
        cleaned: dict[Any, Any] = {}
        for name, value in data.items():
            cleaned[_free(without_paths(name), cleaned)] = without_paths(value)
        return cleaned
    if isinstance(data, list | tuple):
        return [without_paths(each) for each in data]
    return data


def _text(text: str) -> str:
    whole = PurePath(text)
    if whole.is_absolute() and len(whole.parts) > 2 and "\n" not in text and ": " not in text:
        return whole.name  # also one with blanks in it
    return _PATH.sub(lambda found: PurePath(found[0]).name, text)


def _free(name: Any, taken: dict[Any, Any]) -> Any:
    """Two folders of one name stay two."""
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
