"""Causal attention over several conversations that stand in one row, each of which sees itself only.

No padding is computed, and no mask is made. Conversations that begin alike may share their beginning: it stands in the
row once, and each of them goes on from it. The forward pass is torch's own flash attention for CPUs. Its backward pass
is slow there; the one here goes through blocks of queries, with products over what each block can see, and the
log-sum-exp that the forward pass leaves (FlashAttention, arXiv 2205.14135).
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

NAME = "synthgym_rows"
"""What models call it, as `attn_implementation`."""

_BLOCK = 128
_shown = threading.local()


@dataclass(frozen=True)
class Run:
    """Tokens that stand in a row one after the other, as they do in their conversation.

    Attributes:
        start: Place of the first in the row.
        end: Place after the last.
        before: What comes before them in the conversation: places, from and to, in its order.
    """

    start: int
    end: int
    before: tuple[tuple[int, int], ...] = ()


@contextmanager
def row_of(runs: Sequence[Run]) -> Iterator[None]:
    """Says what stands in the row that this thread shows a model while the block runs; runs are in order, no gaps."""
    before = getattr(_shown, "runs", ())
    _shown.runs = tuple(runs)
    try:
        yield
    finally:
        _shown.runs = before


def runs_of(lengths: Sequence[int]) -> list[Run]:
    """The runs of conversations of such lengths that share nothing."""
    ends = list(itertools.accumulate(lengths))
    return [Run(end - length, end) for length, end in zip(lengths, ends, strict=True)]


def attention(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scaling: float, **_: Any
) -> tuple[Tensor, None]:
    """As models of transformers call attention.

    Args:
        module: The layer.
        query: ``(1, heads, tokens, size)``.
        key: ``(1, groups, tokens, size)``; heads are a multiple of groups.
        value: As `key`.
        mask: Not looked at: what is seen is said by `row_of`.
        scaling: Of the scores.

    Returns:
        ``(1, tokens, heads, size)``, and no weights.
    """
    runs: tuple[Run, ...] = getattr(_shown, "runs", ())
    tokens = runs[-1].end if runs else 0
    if query.shape[0] != 1 or tokens != query.shape[2]:
        raise ValueError(f"expected one row of {tokens} tokens, got {tuple(query.shape)}")
    found: Tensor = _Attention.apply(query[0], key[0], value[0], runs, scaling)
    return found.unsqueeze(0), None


class _Attention(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, runs: tuple[Run, ...], scale: float) -> Tensor:
        heads, tokens, size = q.shape
        each = heads // k.shape[0]
        out = torch.empty(tokens, heads, size, dtype=q.dtype)
        sums = []
        for run in runs:
            own = slice(run.start, run.end)
            part, log_sum = _seen(q[:, own], k[:, own], v[:, own], each, scale, causal=True)
            if run.before:
                keys, values = (_gathered(every, run.before) for every in (k, v))
                part, log_sum = _together((part, log_sum), _seen(q[:, own], keys, values, each, scale, causal=False))
            out[own] = part.transpose(0, 1)
            sums.append(log_sum)
        ctx.save_for_backward(q, k, v, out, *sums)
        ctx.runs, ctx.scale = runs, scale
        return out

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        (dout,) = grads
        q, k, v, out, *sums = ctx.saved_tensors
        dq = torch.empty_like(q)
        dk, dv = (torch.zeros(every.shape) for every in (k, v))
        # What softmax takes off every score: the sum over keys of weight times gradient (arXiv 2205.14135, appendix B).
        taken = (dout * out).sum(-1, dtype=torch.float32).t()
        for run, log_sum in zip(ctx.runs, sums, strict=True):
            own, places = slice(run.start, run.end), (*run.before, (run.start, run.end))
            dk_here, dv_here = _backward(
                q[:, own] * ctx.scale, _gathered(k, places), _gathered(v, places), dout[own].transpose(0, 1), log_sum,
                taken[:, own], ctx.scale, dq[:, own],
            )  # fmt: skip
            at = 0
            for start, end in places:
                dk[:, start:end] += dk_here[:, at : at + end - start]
                dv[:, start:end] += dv_here[:, at : at + end - start]
                at += end - start
        return dq, dk.to(k.dtype), dv.to(v.dtype), None, None


def _seen(q: Tensor, k: Tensor, v: Tensor, each: int, scale: float, *, causal: bool) -> tuple[Tensor, Tensor]:
    """Attention of all queries over these keys, and the log-sum-exp of their scores."""
    part, log_sum = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
        q[None], k.repeat_interleave(each, 0)[None], v.repeat_interleave(each, 0)[None], 0.0, causal, scale=scale
    )
    return part[0], log_sum.reshape(q.shape[:2])


def _together(one: tuple[Tensor, Tensor], other: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Attention over the keys of both."""
    log_sum = torch.logaddexp(one[1], other[1])
    parts = [part.float() * (its - log_sum).exp()[..., None] for part, its in (one, other)]
    return (parts[0] + parts[1]).to(one[0].dtype), log_sum


def _gathered(every: Tensor, places: Sequence[tuple[int, int]]) -> Tensor:
    parts = [every[:, start:end] for start, end in places]
    return parts[0] if len(parts) == 1 else torch.cat(parts, 1)


def _backward(
    q: Tensor, k: Tensor, v: Tensor, dout: Tensor, log_sum: Tensor, taken: Tensor, scale: float, dq: Tensor
) -> tuple[Tensor, Tensor]:
    """Of one run, whose keys are the last; writes into `dq`, returns those of keys and values. `q` is scaled."""
    groups, seen, size = k.shape
    each, tokens = q.shape[0] // groups, q.shape[1]
    before = seen - tokens
    dk = torch.zeros(groups, seen, size)
    dv = torch.zeros(groups, seen, size)
    for start in range(0, tokens, _BLOCK):
        end = min(start + _BLOCK, tokens)
        last = before + end
        shape = (groups, each, end - start, last)
        queries = q[:, start:end].reshape(groups, -1, size)
        dout_here = dout[:, start:end].reshape(groups, -1, size)
        weights = torch.bmm(queries, k[:, :last].transpose(1, 2)).view(shape).float()
        weights.sub_(log_sum[:, start:end].reshape(groups, each, -1, 1)).exp_()
        weights[..., before + start : last].tril_()
        shown = weights.to(q.dtype).view(groups, -1, last)
        scores = torch.bmm(dout_here, v[:, :last].transpose(1, 2)).view(shape)
        scores.sub_(taken[:, start:end].reshape(groups, each, -1, 1).to(q.dtype)).mul_(shown.view(shape))
        flat = scores.view(groups, -1, last)
        dv[:, :last] += torch.bmm(shown.transpose(1, 2), dout_here)
        dk[:, :last] += torch.bmm(flat.transpose(1, 2), queries)
        dq[:, start:end] = torch.bmm(flat, k[:, :last]).mul_(scale).view(-1, end - start, size)
    return dk, dv


def register() -> None:
    """Makes `NAME` an `attn_implementation` that models can be set to."""
    from transformers import AttentionInterface, AttentionMaskInterface

    AttentionInterface.register(NAME, attention)
    AttentionMaskInterface.register(NAME, lambda *_, **__: None)
