"""Models by name: a folder, a name of the Hugging Face Hub, or one of ours that needs no Hub."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.text import clipped
from synthgym.train.extras import needs_train
from synthgym.train.models import smollm2
from synthgym.train.models.folder import check_folder
from synthgym.train.models.hub import from_hub
from synthgym.train.models.quiet import quiet_libraries
from synthgym.train.models.sizes import check_sizes
from synthgym.train.models.source import ModelSource, content_hash

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["ModelSource", "load", "load_model", "resolve"]

_SCRATCH = "small"
_TOKENIZERS = ("tokenizer*", "*.model", "vocab*", "*.tiktoken", "tekken.json")


def resolve(name: str | Path, *, say: Callable[[str], None] = print) -> ModelSource:
    """Finds a model, and gets it onto this machine if need be.

    Args:
        name: A folder; ``user/name`` or ``user/name@revision`` of the Hub; or ``smollm2-135m``.
        say: Told what takes long.

    Raises:
        UserError: There is no such model, or it is none that is loaded here: its weights are pickled, it is an adapter.
        HubRefused: The Hub does not give it.
        HubError: The Hub cannot be reached.

    Example:
        >>> resolve("smollm2-135m").folder
        PosixPath('/var/cache/synthgym/models/smollm2-135m-bcc81830d10c')
    """
    text = str(name)
    if text == smollm2.NAME:
        return smollm2.smollm2(say)
    if text == _SCRATCH:
        raise UserError(
            f"{_SCRATCH!r} is no model yet: it is trained from nothing on conversations (synthgym train sft --model "
            f"{_SCRATCH} does that, and quickstart); name the folder that came of it"
        )
    if _is_folder(text):
        check_folder(Path(text).expanduser(), text)
        folder = Path(text).expanduser().absolute()
        return ModelSource(text, folder, content_hash(folder), "folder")
    if "/" in text:
        repo_id, _, revision = text.partition("@")
        return from_hub(repo_id, revision or None, say)
    raise UnknownNameError(
        "model", text, [smollm2.NAME], "(expected a folder, user/name of the Hugging Face Hub, or smollm2-135m)"
    )


def _is_folder(text: str) -> bool:
    """Whether a folder is meant, be it there or not."""
    place = Path(text).expanduser()
    if place.is_dir() or place.is_absolute() or text[:1] in (".", "~") or len(place.parts) > 2:
        return True
    return len(place.parts) > 1 and place.parent.is_dir()


def load(
    folder: str | Path, *, dtype: Literal["auto", "float32", "bfloat16"] = "auto"
) -> tuple[Any, PreTrainedTokenizerBase]:
    """Model and tokenizer of a folder; weights as safetensors only, and no code out of the folder.

    Args:
        folder: As `ModelSource.folder`.
        dtype: Of the weights; ``auto`` leaves them as they were saved.

    Raises:
        UserError: There is no model in it, or not all of one.
    """
    needs_train()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = str(folder)
    check_folder(Path(folder), place)
    names = [path.name for path in Path(folder).iterdir()]
    if not any(fnmatch(name, pattern) for name in names for pattern in _TOKENIZERS):
        raise UserError(f"{folder}: expected the folder of a saved model with its tokenizer; it has no tokenizer.json")
    check_sizes(Path(folder))
    try:
        with quiet_libraries():
            tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True, trust_remote_code=False)
            model, found = AutoModelForCausalLM.from_pretrained(
                place,
                dtype=dtype,
                local_files_only=True,
                use_safetensors=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
    except MemoryError:
        raise
    except Exception as error:  # of what a file says that may say anything
        said = " ".join(str(error).split()) or type(error).__name__
        if "ignore_mismatched_sizes" in said:
            said = "its weights have other shapes than its config.json says"
        raise UserError(f"{folder}: expected the folder of a saved model: {clipped(said, 300)}") from error
    if missing := sorted(found["missing_keys"]):
        some = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        raise UserError(f"{folder}: expected all weights of a model, it lacks {some}; get it again")
    rows = model.get_input_embeddings().weight.shape[0]
    if len(tokenizer) > rows:
        raise UserError(
            f"{folder}: expected a tokenizer for this model; it has {len(tokenizer)} tokens, and the model has room "
            f"for {rows}"
        )
    return model, tokenizer


def load_model(
    folder: str | Path, dtype: Literal["auto", "float32", "bfloat16"] = "auto"
) -> tuple[Any, PreTrainedTokenizerBase]:
    """Model and tokenizer of a folder; or of another name that `resolve` knows.

    Args:
        folder: The folder, or the name.
        dtype: Of the weights: ``float32``, ``bfloat16``, or ``auto`` for what they are on disk.

    Raises:
        UserError: There is no model of that name.
    """
    needs_train()
    return load(resolve(folder).folder, dtype=dtype)
