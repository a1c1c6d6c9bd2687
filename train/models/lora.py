"""A LoRA adapter (arXiv 2106.09685) to train on a model, whose own weights are frozen."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from synthgym.base.errors import UserError


class LoRASettings(BaseModel):
    """A low-rank adapter that is trained in place of the model's own weights (arXiv 2106.09685).

    Attributes:
        rank: Of the adapter's matrices.
        alpha: What the adapter adds is scaled by `alpha / rank`; a whole number, as PEFT and vLLM take it.
        dropout: On the adapter's input, in training.
        targets: Which layers have one, as PEFT names them; ``all-linear`` for all but the head.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rank: int = Field(default=32, gt=0, le=1 << 16)
    alpha: int = Field(default=64, gt=0, le=1 << 20)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    targets: str | list[str] = "all-linear"

    @field_validator("targets")
    @classmethod
    def _is_pattern(cls, value: str | list[str]) -> str | list[str]:
        if isinstance(value, str):
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"expected names of layers, or a regular expression: {error}") from None
        return value


def with_adapter(model: Any, settings: LoRASettings, seed: int) -> Any:
    """Wraps a model so that a new adapter is all that is trained. The adapter is in float32 whatever the model is in.

    Args:
        model: Its own weights are frozen, in place.
        settings: See `LoRASettings`.
        seed: Of the adapter's first weights.

    Raises:
        UserError: No layer of the model is called as the settings say.
    """
    import torch
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=settings.targets,
    )
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return get_peft_model(model, config)
    except ValueError as error:
        linear = (name for name, part in model.named_modules() if isinstance(part, torch.nn.Linear))
        known = sorted({name.rpartition(".")[2] for name in linear})
        raise UserError(
            f"lora.targets {settings.targets!r}: this model has no such layers ({error}); its linear layers are called "
            f"{', '.join(known)}"
        ) from None
