"""Checkpoints of transformers' trainers: which of them are whole."""

from __future__ import annotations

import zipfile
from pathlib import Path

from synthgym.base.errors import FileError
from synthgym.base.json_reading import parse_object, read_object

_MOST_HEAD = 50_000_000
STATE = "trainer_state.json"
_PICKED_UP = ("optimizer.pt", "scheduler.pt", "rng_state.pth")
"""What a training needs beside the weights, to go on as if it had not been ended."""


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that is whole: a kill may have come in the middle of one, and files may be damaged.

    Args:
        folder: Holds ``checkpoint-<step>`` of a training of one process.
    """
    found = [path for path in folder.glob("checkpoint-*") if path.name.split("-")[1].isdigit()]
    by_step = sorted(found, key=lambda path: int(path.name.split("-")[1]), reverse=True)
    return next((path for path in by_step if is_whole(path)), None)


def is_whole(checkpoint: Path) -> bool:
    """Whether each file is there, and as long as it says itself; what is in it is not looked at."""
    try:
        state = read_object(checkpoint / STATE, finite=False)
        weights = list(checkpoint.glob("*.safetensors"))
        return (
            isinstance(state["log_history"], list)
            and bool(weights)
            and all(map(_is_safetensors, weights))
            and all(zipfile.is_zipfile(checkpoint / name) for name in _PICKED_UP)
        )
    except (OSError, FileError, ValueError, KeyError, TypeError, IndexError):
        return False


def _is_safetensors(path: Path) -> bool:
    """The file begins with the length of its header, 8 bytes, and the header says where the last tensor ends.

    See https://github.com/huggingface/safetensors, "Format".
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(path.stat().st_size, _MOST_HEAD):
            return False
        header = parse_object(file.read(length))
    ends = [about["data_offsets"][1] for name, about in header.items() if name != "__metadata__"]
    return path.stat().st_size == 8 + length + max(ends, default=0)
