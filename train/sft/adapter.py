"""A model with a LoRA adapter to train, and its own weights frozen."""

from __future__ import annotations

from typing import Any

from synthgym.base.errors import UserError
from synthgym.train.sft.settings import LoRASettings


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
        lora_alpha=int(settings.alpha),
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
