"""Which folders hold a model that can be loaded without running anybody's code, and what others hold instead."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import filter as matching
from pathlib import Path

from synthgym.base.errors import FileError, UserError
from synthgym.base.json_reading import read_object
from synthgym.train.models.source import WEIGHTS

ADAPTER_FILE = "adapter_config.json"
"""What peft says of an adapter, in its folder."""

NO_TEMPLATE = (
    "its tokenizer has no chat template, so nothing says how conversations are shown to it; take an instruction-tuned "
    "model, or set one: tokenizer.chat_template = …"
)
"""What is wrong with a model that conversations cannot be had with."""

_PICKLED = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def check_folder(folder: Path, name: str) -> None:
    """Sees that a folder holds a model: configuration, and weights as safetensors.

    Raises:
        UserError: It does not; says what is there instead, and what to do.
    """
    if not folder.is_dir():
        raise UserError(f"{name}: expected the folder of a saved model; there is no such folder")
    try:
        check_files((path.name for path in folder.iterdir() if path.is_file()), name)
    except UserError as error:
        base = _base_of(folder) if _is_adapter(folder) else None
        raise UserError(f"{error} (its model is {base})") if base else error from None


def check_files(files: Iterable[str], name: str) -> None:
    """The same by the names of the files, of a folder or of a repository.

    Raises:
        UserError: They are not those of a model.
    """
    names = [each for each in files if "/" not in each]
    expected = f"{name}: expected the folder of a saved model (with a config.json and weights as safetensors)"
    if "config.json" not in names:
        if ADAPTER_FILE in names:
            raise UserError(
                f"{name}: expected a whole model, this is an adapter: name its model, and give the adapter beside it "
                "(synthgym serve MODEL --adapter NAME=DIR)"
            )
        if matching(names, "*.gguf"):
            raise UserError(f"{expected}; it holds GGUF files: take the model that they were made from")
        raise UserError(f"{expected}; it has no config.json")
    if not matching(names, WEIGHTS):
        pickled = [each for pattern in _PICKLED for each in matching(names, pattern)]
        if pickled:
            raise UserError(
                f"{expected}; its weights are pickled ({pickled[0]}), and to open them is to run whatever code is in "
                "them: take a version with safetensors, or convert it where you trust it, with "
                "model.save_pretrained(folder)"
            )
        what = "GGUF files: take the model that they were made from" if matching(names, "*.gguf") else "no weights"
        raise UserError(f"{expected}; it holds {what}")


def model_and_adapter(name: str) -> tuple[str, Path | None]:
    """A model by its name, and an adapter for it: the folder of an adapter stands for the model that it names, with it.

    Raises:
        UserError: It is an adapter that names no model, or one that is not there.
    """
    folder = Path(name).expanduser()
    if not _is_adapter(folder):
        return name, None
    base = _base_of(folder)
    if not base or not Path(base).is_dir():
        raise UserError(
            f"{name}: an adapter for {base or 'no model that it names'}, which is no folder here; give the model, and "
            "this one as the adapter"
        )
    return base, folder


def _is_adapter(folder: Path) -> bool:
    return (folder / ADAPTER_FILE).is_file() and not (folder / "config.json").exists()


def _base_of(folder: Path) -> str | None:
    """What an adapter says of its model."""
    try:
        settings = read_object(folder / ADAPTER_FILE)
        return str(settings["base_model_name_or_path"] or "") or None
    except (OSError, FileError, KeyError):
        return None
