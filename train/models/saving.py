"""Files of weights: written whole or not at all, and what a full disk says, whichever library was writing."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import OutputFolderError
from synthgym.base.files.outputs import FULL
from synthgym.train.models.quiet import quiet_libraries

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_WORDS = (
    "no space left",
    "file too large",
    "quota exceeded",
    "failed writing file",
    "unexpected pos",
    "file write failed",
)
"""What torch and safetensors say instead of the system's error."""


@contextlib.contextmanager
def saving(folder: Path) -> Iterator[None]:
    """Removes a folder that could not be written whole, and says so where the disk is full.

    Raises:
        OutputFolderError: There is no space left.
    """
    try:
        yield
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        words = str(error).lower()
        if getattr(error, "errno", None) in FULL or any(each in words for each in _WORDS):
            raise OutputFolderError(
                f"{folder}: no space left; what was finished is kept: free some space and give the same command again"
            ) from error
        raise


def save_model(model: Any, tokenizer: PreTrainedTokenizerBase, folder: str | Path) -> None:
    """Saves model, tokenizer and chat template as one folder that `transformers serve FOLDER` takes."""
    with quiet_libraries():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
