"""Gives a model with a LoRA adapter the parts of this room, where it is of a kind that they fit."""

from __future__ import annotations

from typing import Any

from synthgym.train.kernels import attention
from synthgym.train.kernels.lora import fuse_lora
from synthgym.train.kernels.pointwise import fuse_gates, fuse_norms


def fit(model: Any, core: Any) -> bool:
    """Replaces attention, norms, gates and LoRA layers, in place.

    Args:
        model: The PEFT model.
        core: The language model inside it.

    Returns:
        Whether the model now takes conversations in one row. It does not where its head has a bias or is trained, or
        its attention is of another kind (sliding windows, soft caps, dropout): it is left as it is then.
    """
    if not _fits(core):
        return False
    attention.register()
    core.set_attn_implementation(attention.NAME)
    fuse_lora(model)
    fuse_norms(core)
    fuse_gates(core)
    return True


def _fits(core: Any) -> bool:
    head = getattr(core, "lm_head", None)
    config = core.config
    return (
        head is not None
        and type(head).__name__ == "Linear"
        and head.bias is None
        and not head.weight.requires_grad
        and config.model_type in _KINDS
        and not getattr(config, "attention_dropout", 0)
        and not getattr(config, "use_sliding_window", False)
    )


_KINDS = ("llama", "qwen2", "qwen3")
"""Whose attention is causal, over the whole conversation, and nothing else."""
