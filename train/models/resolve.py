"""Models by name: a folder, a name of the Hugging Face Hub, or one of ours that needs no Hub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from synthgym.base.errors import UserError
from synthgym.train.extra import needs_train
from synthgym.train.models.source import WEIGHTS, ModelSource, content_hash

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def resolve(name: str | Path, *, say: Callable[[str], None] = print) -> ModelSource:
    """Finds a model, and gets it onto this machine if need be."""
    folder = Path(name)
    check_folder(folder, str(name))
    return ModelSource(str(name), folder.absolute(), content_hash(folder), "folder")


def check_folder(folder: Path, name: str) -> None:
    """Sees that a folder holds a model that can be loaded without running anybody's code.

    Raises:
        UserError: It does not; says what is there instead.
    """
    expected = f"{name}: expected the folder of a saved model (with a config.json and safetensors)"
    if not folder.is_dir():
        raise UserError(f"{expected}; there is no such folder")
    if (folder / "config.json").is_file() and any(folder.glob(WEIGHTS)):
        return
    raise UserError(f"{expected}")


def load(
    folder: str | Path, *, dtype: Literal["auto", "float32", "bfloat16"] = "auto"
) -> tuple[Any, PreTrainedTokenizerBase]:
    """Model and tokenizer of a folder; weights as safetensors only, and no code out of the folder.

    Args:
        folder: As `ModelSource.folder`.
        dtype: Of the weights; ``auto`` leaves them as they were saved.

    Raises:
        UserError: There is no model in it.
    """
    needs_train()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from synthgym.train.student import quiet_libraries

    place = str(folder)
    try:
        with quiet_libraries():
            tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True)
            model = AutoModelForCausalLM.from_pretrained(
                place, dtype=dtype, local_files_only=True, use_safetensors=True, trust_remote_code=False
            )
    except (OSError, ValueError) as error:
        first = str(error).strip().split("\n")[0]
        raise UserError(f"{folder}: expected the folder of a saved model: {first}") from error
    return model, tokenizer
