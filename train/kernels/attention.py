"""Causal attention over several conversations that stand in one row, each of which sees itself only.

No padding is computed, and no mask is made. The forward pass is torch's own flash attention for CPUs. Its backward pass
is slow there; the one here goes through blocks of queries, with products over what each block can see, and the
log-sum-exp that the forward pass leaves (FlashAttention, arXiv 2205.14135).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

NAME = "synthgym_rows"
"""What models call it, as `attn_implementation`."""

_BLOCK = 128
_shown = threading.local()


@contextmanager
def rows_of(lengths: Sequence[int]) -> Iterator[None]:
    """Says how long the conversations are that this thread shows a model in one row while the block runs."""
    before = getattr(_shown, "lengths", ())
    _shown.lengths = tuple(lengths)
    try:
        yield
    finally:
        _shown.lengths = before


def attention(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scaling: float, **_: Any
) -> tuple[Tensor, None]:
    """As models of transformers call attention.

    Args:
        module: The layer.
        query: ``(1, heads, tokens, size)``.
        key: ``(1, groups, tokens, size)``; heads are a multiple of groups.
        value: As `key`.
        mask: Not looked at: what is seen is said by `rows_of`.
        scaling: Of the scores.

    Returns:
        ``(1, tokens, heads, size)``, and no weights.
    """
    lengths: tuple[int, ...] = getattr(_shown, "lengths", ())
    if query.shape[0] != 1 or sum(lengths) != query.shape[2]:
        raise ValueError(f"expected one row of {sum(lengths)} tokens, got {tuple(query.shape)}")
    found: Tensor = _Attention.apply(query[0], key[0], value[0], lengths, scaling)
    return found.unsqueeze(0), None


class _Attention(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, lengths: tuple[int, ...], scale: float) -> Tensor:
        heads, tokens, size = q.shape
        each = heads // k.shape[0]
        out = torch.empty(tokens, heads, size, dtype=q.dtype)
        sums = []
        for start, end in _spans(lengths):
            part, log_sum = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
                q[None, :, start:end],
                k[:, start:end].repeat_interleave(each, 0)[None],
                v[:, start:end].repeat_interleave(each, 0)[None],
                0.0,
                True,
                scale=scale,
            )
            out[start:end] = part[0].transpose(0, 1)
            sums.append(log_sum.reshape(heads, end - start))
        ctx.save_for_backward(q, k, v, out, *sums)
        ctx.lengths, ctx.scale = lengths, scale
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        (dout,) = grads
        q, k, v, out, *sums = ctx.saved_tensors
        dq, dk, dv = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        # What softmax takes off every score: the sum over keys of weight times gradient (arXiv 2205.14135, appendix B).
        taken = (dout * out).sum(-1, dtype=torch.float32).t()
        for (start, end), log_sum in zip(_spans(ctx.lengths), sums, strict=True):
            part = slice(start, end)
            _backward(
                q[:, part] * ctx.scale, k[:, part], v[:, part], dout[part].transpose(0, 1), log_sum, taken[:, part],
                ctx.scale, dq[:, part], dk[:, part], dv[:, part],
            )  # fmt: skip
        return dq, dk, dv, None, None


def _backward(
    q: Tensor, k: Tensor, v: Tensor, dout: Tensor, log_sum: Tensor, taken: Tensor, scale: float,
    dq: Tensor, dk: Tensor, dv: Tensor,
) -> None:  # fmt: skip
    """Of one conversation; writes into `dq`, `dk` and `dv`. `q` is scaled already."""
    groups, tokens, size = k.shape
    each = q.shape[0] // groups
    dk_sum = torch.zeros(groups, tokens, size)
    dv_sum = torch.zeros(groups, tokens, size)
    for start in range(0, tokens, _BLOCK):
        end = min(start + _BLOCK, tokens)
        shape = (groups, each, end - start, end)
        queries = q[:, start:end].reshape(groups, -1, size)
        dout_here = dout[:, start:end].reshape(groups, -1, size)
        weights = torch.bmm(queries, k[:, :end].transpose(1, 2)).view(shape).float()
        weights.sub_(log_sum[:, start:end].reshape(groups, each, -1, 1)).exp_()
        weights[..., start:end].tril_()
        shown = weights.to(q.dtype).view(groups, -1, end)
        scores = torch.bmm(dout_here, v[:, :end].transpose(1, 2)).view(shape)
        scores.sub_(taken[:, start:end].reshape(groups, each, -1, 1).to(q.dtype)).mul_(shown.view(shape))
        flat = scores.view(groups, -1, end)
        dv_sum[:, :end] += torch.bmm(shown.transpose(1, 2), dout_here)
        dk_sum[:, :end] += torch.bmm(flat.transpose(1, 2), queries)
        dq[:, start:end] = torch.bmm(flat, k[:, :end]).mul_(scale).view(-1, end - start, size)
    dk.copy_(dk_sum)
    dv.copy_(dv_sum)


def _spans(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    at = 0
    for length in lengths:
        yield at, at + length
        at += length


def register() -> None:
    """Makes `NAME` an `attn_implementation` that models can be set to."""
    from transformers import AttentionInterface, AttentionMaskInterface

    AttentionInterface.register(NAME, attention)
    AttentionMaskInterface.register(NAME, lambda *_, **__: None)
