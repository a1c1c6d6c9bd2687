"""What stands at the end of a language model, computed where a token counts and nowhere else: losses, probabilities.

Logits of a vocabulary are the largest thing in training a small model. Here they are made for a block of positions at a
time, turned into their own gradient in place, and let go.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_POSITIONS = 256


class _Loss(torch.autograd.Function):  # type: ignore[misc]
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


class _LogProbabilities(torch.autograd.Function):  # type: ignore[misc]
    """Of `wanted` after ``hidden headᵀ / temperature``, the head frozen; and the entropy, which has no gradient."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, head: Tensor, wanted: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
        told, entropy, sums = torch.empty(len(hidden)), torch.empty(len(hidden)), torch.empty(len(hidden), 1)
        for at in range(0, len(hidden), _POSITIONS):
            part = slice(at, at + _POSITIONS)
            logits = _logits(hidden[part], head, temperature)
            sums[part] = logits.logsumexp(-1, keepdim=True)
            told[part] = logits.gather(-1, wanted[part, None])[:, 0] - sums[part, 0]
            logits.sub_(sums[part])
            entropy[part] = -(logits.exp() * logits).sum(-1)
        ctx.save_for_backward(hidden, head, wanted, sums)
        ctx.temperature = temperature
        ctx.mark_non_differentiable(entropy)
        return told, entropy

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None, None]:
        hidden, head, wanted, sums = ctx.saved_tensors
        grad, of_told = torch.empty_like(hidden), grads[0][:, None]
        for at in range(0, len(hidden), _POSITIONS):
            part = slice(at, at + _POSITIONS)
            weights = _logits(hidden[part], head, ctx.temperature).sub_(sums[part]).exp_().mul_(-of_told[part])
            weights.scatter_add_(-1, wanted[part, None], of_told[part])
            grad[part] = (weights.to(head.dtype) @ head).div_(ctx.temperature)
        return grad, None, None, None


def _logits(hidden: Tensor, head: Tensor, temperature: float) -> Tensor:
    return (hidden @ head.t()).float().div_(temperature)


def log_probabilities(hidden: Tensor, head: Tensor, wanted: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    """The log-probability of each wanted token, and the entropy of what it was drawn from.

    Args:
        hidden: ``(positions, width)``: what stands before the head.
        head: ``(vocabulary, width)``, frozen.
        wanted: ``(positions,)``: the tokens.
        temperature: Logits are divided by it.
    """
    return _LogProbabilities.apply(hidden, head, wanted, temperature)  # type: ignore[no-any-return]
