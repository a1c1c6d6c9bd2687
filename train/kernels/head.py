"""The loss at the end of a language model, computed where a token counts and nowhere else.

Logits of a vocabulary are the largest thing in training a small model. Here they are made for a block of positions at a
time, turned into their own gradient in place, and let go.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_POSITIONS = 256


class _Loss(torch.autograd.Function):
    """Sum of cross entropies of ``hidden headᵀ`` against `wanted`, with the head frozen; also how many are right."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, head: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
        grad = torch.empty_like(hidden)
        total, right = torch.zeros(()), torch.zeros(())
        for at in range(0, len(hidden), _POSITIONS):
            part = slice(at, at + _POSITIONS)
            logits, labels = (hidden[part] @ head.t()).float(), wanted[part, None]
            right += (logits.argmax(-1, keepdim=True) == labels).sum()
            log_sum = logits.logsumexp(-1, keepdim=True)
            total += (log_sum - logits.gather(-1, labels)).sum()
            weights = logits.sub_(log_sum).exp_()
            weights.scatter_add_(-1, labels, torch.full_like(log_sum, -1.0))
            grad[part] = weights.to(head.dtype) @ head
        ctx.save_for_backward(grad)
        ctx.mark_non_differentiable(right)
        return total, right

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (grad,) = ctx.saved_tensors
        return grad * grads[0], None, None


def loss_of(hidden: Tensor, head: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Sum of the cross entropies, and the number of first choices that are right.

    Args:
        hidden: ``(positions, width)``: what stands before the head, at positions whose next token counts.
        head: ``(vocabulary, width)``, frozen.
        wanted: ``(positions,)``: the next tokens.
    """
    return _Loss.apply(hidden, head, wanted)  # type: ignore[no-any-return]
