"""What is trained: a model with an adapter, or a whole model; how it is loaded, and saved as something to serve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import UserError
from synthgym.base.files.paths import build_once
from synthgym.train.models.folder import NO_TEMPLATE, model_and_adapter
from synthgym.train.models.lora import with_adapter
from synthgym.train.models.quiet import quiet_libraries
from synthgym.train.models.resolve import load, resolve
from synthgym.train.models.saving import save_model, saving
from synthgym.train.models.source import ModelSource
from synthgym.train.rl.settings import RLSettings
from synthgym.train.serving.adapters import check_adapter

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_ANY_RANK = 2**16


@dataclass(frozen=True)
class Policy:
    """A model in training.

    Attributes:
        folder: Of the model it started from, without an adapter.
        revision: Of that model.
        model: With its adapter, where it has one.
        adapted: Whether an adapter is trained, and not the model itself.
    """

    folder: Path
    revision: str
    model: Any
    tokenizer: PreTrainedTokenizerBase
    adapted: bool

    def save(self, folder: Path) -> Path:
        """Saves the adapter, or the whole model with its tokenizer; the folder appears whole or not at all."""

        def save(new: Path) -> None:
            with quiet_libraries(), saving(new):
                if self.adapted:
                    self.model.save_pretrained(new)
                else:
                    save_model(self.model, self.tokenizer, new)

        return build_once(folder, save)

    @property
    def context(self) -> int:
        """Tokens that the model was made for."""
        return int(getattr(self.model.config.get_text_config(), "max_position_embeddings", None) or 2**31)

    @property
    def ends(self) -> set[int]:
        """Token ids that end a reply."""
        given = self.model.generation_config.eos_token_id
        ends = set(given) if isinstance(given, list) else {given}
        return {end for end in (*ends, self.tokenizer.eos_token_id) if end is not None}


def load_policy(name: str, settings: RLSettings, adapter: Path | None = None) -> Policy:
    """Loads a model for training.

    Args:
        name: Of a model, as `synthgym.train.models.resolve` knows it; or the folder of an adapter, which names its own.
        settings: Say whether an adapter is trained.
        adapter: Folder of an adapter to go on with, as SFT saves it.

    Raises:
        UserError: There is no such model, it has no chat template, or the adapter is not one of this model.
    """
    import torch

    name, adapter = policy_parts(name, adapter)
    source = resolve(name)
    folder = source.folder
    adapted = adapter is not None or settings.lora is not None
    # Steps of a learning rate for RL are lost in the rounding of bfloat16: weights that are trained have float32.
    model, tokenizer = load(folder, dtype=settings.dtype if adapted else "float32")
    if not tokenizer.chat_template:
        raise UserError(f"{folder}: {NO_TEMPLATE}")
    if torch.cuda.is_available():
        model = model.to("cuda")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    if adapted:
        model = _with_adapter(model, source, settings, adapter)
    model.eval()
    return Policy(folder, source.revision, model, tokenizer, adapted)


def policy_parts(name: str, adapter: Path | None) -> tuple[str, Path | None]:
    """The model, and the adapter to go on with, if any.

    Raises:
        UserError: There are two adapters, or one that does not name its model.
    """
    base, itself = model_and_adapter(name)
    if itself and adapter:
        raise UserError(f"{name} is an adapter itself, and {adapter} another: give the model, and one adapter")
    return base, itself or adapter


def _with_adapter(model: Any, source: ModelSource, settings: RLSettings, adapter: Path | None) -> Any:
    if adapter is not None:
        from peft import PeftModel

        check_adapter(adapter, source, _ANY_RANK)
        try:
            with quiet_libraries():
                return PeftModel.from_pretrained(model, str(adapter), is_trainable=True)
        except (RuntimeError, ValueError, OSError) as error:  # what the files' shapes do not tell
            raise UserError(f"{adapter}: this adapter does not fit {source.name}: {str(error)[:300]}") from None
    assert settings.lora
    return with_adapter(model, settings.lora, settings.seed)
