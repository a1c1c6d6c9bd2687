"""A linear layer with a LoRA adapter (arXiv 2106.09685) as one operation: products, and nothing between them.

PEFT's layer casts its input to the adapter's type and back, scales and adds, and keeps what each of these steps needs
for its backward pass. Here the adapter's part is accumulated by the products themselves.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


class _LoRALinear(torch.autograd.Function):  # type: ignore[misc]
    """``x Wᵀ + s (x Aᵀ) Bᵀ`` with W frozen; x is ``(tokens, in)``, A ``(rank, in)``, B ``(out, rank)``."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
        low = x @ a.t()
        y = x @ weight.t()
        y.addmm_(low, b.t(), alpha=scale)
        ctx.save_for_backward(x, weight, a, b, low)
        ctx.scale = scale
        return y

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, Tensor, Tensor, None]:
        (dy,) = grads
        x, weight, a, b, low = ctx.saved_tensors
        through = dy @ b
        dx = dy @ weight
        dx.addmm_(through, a, alpha=ctx.scale)
        # The sums over tokens are of the weights' type; the adapter keeps its own in float32.
        da = (through.t() @ x).mul_(ctx.scale)
        db = (dy.t() @ low).mul_(ctx.scale)
        return dx, None, da, db, None


def fuse_lora(model: torch.nn.Module) -> int:
    """Lets every LoRA layer of a PEFT model that is a plain linear layer run as one operation.

    Left alone are layers with dropout, with a bias, with several adapters, and variants such as DoRA.

    Returns:
        How many were changed.
    """
    from peft.tuners.lora import Linear

    changed = 0
    for layer in model.modules():
        if isinstance(layer, Linear) and _is_plain(layer):
            layer.forward = _forward.__get__(layer)
            changed += 1
    return changed


def _is_plain(layer: Any) -> bool:
    names = layer.active_adapters
    return (
        len(names) == 1
        and type(layer.base_layer) is torch.nn.Linear
        and layer.base_layer.bias is None
        and type(layer.lora_dropout[names[0]]) is torch.nn.Identity
        and not layer.lora_variant
        and layer.lora_B[names[0]].bias is None
    )


def _forward(self: Any, x: Tensor, *_: Any, **__: Any) -> Tensor:
    if self.disable_adapters or self.merged:
        return self.base_layer(x)
    name = self.active_adapters[0]
    weight = self.base_layer.weight
    a, b = self.lora_A[name].weight.to(weight.dtype), self.lora_B[name].weight.to(weight.dtype)
    flat = x.reshape(-1, x.shape[-1]).to(weight.dtype)
    y: Tensor = _LoRALinear.apply(flat, weight, a, b, self.scaling[name])
    return y.view(*x.shape[:-1], -1)
