"""Norms and gates of a language model: operations on one token at a time, in few passes over memory.

Both are computed block by block, so that what one pass leaves is still near the core when the next one reads it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_TOKENS = 256


class _RMSNorm(torch.autograd.Function):  # type: ignore[misc]
    """Root-mean-square norm (arXiv 1910.07467) of ``(tokens, width)``, in float32 inside, as models compute it."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
        y = torch.empty_like(x)
        scales = torch.empty(len(x), 1)
        for at in range(0, len(x), _TOKENS):
            part = x[at : at + _TOKENS].float()
            scale = part.square().mean(-1, keepdim=True).add_(epsilon).rsqrt_()
            y[at : at + _TOKENS] = part * scale
            scales[at : at + _TOKENS] = scale
        ctx.save_for_backward(x, weight, scales)
        return y.mul_(weight)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor | None, None]:
        (dy,) = grads
        x, weight, scales = ctx.saved_tensors
        dx = torch.empty_like(x)
        dweight = torch.zeros_like(weight, dtype=torch.float32) if ctx.needs_input_grad[1] else None
        for at in range(0, len(x), _TOKENS):
            part = slice(at, at + _TOKENS)
            normed = x[part].float() * scales[part]
            if dweight is not None:
                dweight += (dy[part].float() * normed).sum(0)
            grad = (dy[part] * weight).float()
            mean = (grad * normed).mean(-1, keepdim=True)
            dx[part] = grad.addcmul_(normed, mean, value=-1).mul_(scales[part])
        return dx, None if dweight is None else dweight.to(weight.dtype), None


class _Gated(torch.autograd.Function):  # type: ignore[misc]
    """``silu(gate) · up`` (arXiv 2002.05202) of ``(tokens, inner)``."""

    @staticmethod
    def forward(ctx: Any, gate: Tensor, up: Tensor) -> Tensor:
        ctx.save_for_backward(gate, up)
        return torch.nn.functional.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        (dy,) = grads
        gate, up = ctx.saved_tensors
        dgate, dup = torch.empty_like(gate), torch.empty_like(up)
        for at in range(0, len(gate), _TOKENS):
            part = slice(at, at + _TOKENS)
            torch.mul(dy[part], torch.nn.functional.silu(gate[part]), out=dup[part])
            dgate[part] = torch.ops.aten.silu_backward(dy[part] * up[part], gate[part])
        return dgate, dup


def fuse_norms(model: torch.nn.Module) -> int:
    """Lets the RMS norms of a model run as above, where they compute the same. Returns how many were changed."""
    changed = 0
    for module in model.modules():
        if type(module).__name__.endswith("RMSNorm") and hasattr(module, "variance_epsilon"):
            changed += _replace(module, _norm, (module.weight.shape[0],))
    return changed


def fuse_gates(model: torch.nn.Module) -> int:
    """Lets the gated feed-forward blocks of a model run as above, where they compute the same."""
    changed = 0
    for module in model.modules():
        if type(module).__name__.endswith("MLP") and all(hasattr(module, name) for name in _MLP):
            changed += _replace(module, _mlp, (module.config.hidden_size,))
    return changed


_MLP = ("gate_proj", "up_proj", "down_proj", "act_fn")


def _norm(self: Any, x: Tensor) -> Tensor:
    y: Tensor = _RMSNorm.apply(x.reshape(-1, x.shape[-1]), self.weight, self.variance_epsilon)
    return y.view(x.shape)


def _mlp(self: Any, x: Tensor) -> Tensor:
    gate, up = self.gate_proj(x), self.up_proj(x)
    hidden: Tensor = _Gated.apply(gate.reshape(-1, gate.shape[-1]), up.reshape(-1, up.shape[-1]))
    return self.down_proj(hidden.view(gate.shape))


def _replace(module: Any, forward: Any, shape: tuple[int, ...]) -> bool:
    """Gives a module another forward pass, if that gives what its own gives."""
    weight = next(module.parameters())
    probe = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0)).to(weight.dtype)
    with torch.no_grad():
        wanted, found = module(probe), forward(module, probe)
    if wanted.shape != found.shape or not torch.allclose(wanted.float(), found.float(), rtol=0.02, atol=0.02):
        return False
    module.forward = forward.__get__(module)
    return True
