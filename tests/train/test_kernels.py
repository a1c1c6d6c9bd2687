"""The kernels for training on a CPU: each gives what torch gives, values and gradients."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from synthgym.train.kernels import attention, pointwise
from synthgym.train.kernels.head import log_probabilities, loss_of


def gradients(value: Tensor, inputs: list[Tensor]) -> list[Tensor]:
    weights = torch.randn(value.shape, generator=torch.Generator().manual_seed(7)).to(value.dtype)
    return list(torch.autograd.grad((value * weights).sum(), inputs))


def same(found: Any, wanted: Any, dtype: torch.dtype) -> None:
    close = {"rtol": 2e-2, "atol": 3e-2} if dtype == torch.bfloat16 else {"rtol": 1e-4, "atol": 1e-5}
    torch.testing.assert_close(found, wanted, **close)


def as_with_a_mask(runs: list[attention.Run], mask: Tensor, heads: int, groups: int, dtype: torch.dtype) -> None:
    """Attention over runs, and torch's with a mask that says the same."""
    torch.manual_seed(0)
    q, k, v = (torch.randn(1, count, len(mask), 32).to(dtype).requires_grad_() for count in (heads, groups, groups))
    with attention.row_of(runs):
        found, _ = attention.attention(None, q, k, v, None, 0.2)
    wide = [each.float() for each in (q, k, v)]
    wanted = torch.nn.functional.scaled_dot_product_attention(*wide, attn_mask=mask, scale=0.2, enable_gqa=True)
    wanted = wanted.transpose(1, 2).to(dtype)
    same(found, wanted, dtype)
    for mine, other in zip(gradients(found, [q, k, v]), gradients(wanted, [q, k, v]), strict=True):
        same(mine, other, dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("lengths", [[5], [1, 130, 128, 7], [300]])
@pytest.mark.parametrize(("heads", "groups"), [(6, 2), (4, 4)])
def test_attention_sees_each_conversation_alone(
    lengths: list[int], heads: int, groups: int, dtype: torch.dtype
) -> None:
    mask = torch.block_diag(*[torch.ones(length, length).tril() for length in lengths]).bool()
    as_with_a_mask(attention.runs_of(lengths), mask, heads, groups, dtype)


TREES = {
    # Two conversations of 9 and 12 tokens that share 5; a third of 7 that shares 3 with both; one of its own.
    "small": ([(0, 9, ()), (9, 16, ((0, 5),)), (16, 20, ((0, 3),)), (20, 21, ())], 21),
    "deep": ([(0, 150, ()), (150, 300, ((0, 130),)), (300, 431, ((0, 130), (150, 151))), (431, 500, ((0, 1),))], 500),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("name", TREES)
def test_attention_over_beginnings_that_are_shared(name: str, dtype: torch.dtype) -> None:
    places, total = TREES[name]
    runs = [attention.Run(*place) for place in places]
    mask = torch.zeros(total, total).bool()
    for run in runs:
        own = slice(run.start, run.end)
        mask[own, own] = torch.ones(run.end - run.start, run.end - run.start).tril().bool()
        for start, end in run.before:
            mask[own, start:end] = True
    as_with_a_mask(runs, mask, 6, 2, dtype)


def test_attention_that_is_not_told_the_lengths_is_an_error() -> None:
    q = torch.randn(1, 2, 4, 8)
    with pytest.raises(ValueError, match="expected one row"):
        attention.attention(None, q, q, q, None, 1.0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_norm(dtype: torch.dtype) -> None:
    from transformers.models.llama.modeling_llama import LlamaRMSNorm

    torch.manual_seed(0)
    norm = LlamaRMSNorm(48).to(dtype)
    norm.weight.data.normal_(1, 0.3)
    x = (3 * torch.randn(2, 300, 48)).to(dtype).requires_grad_()
    wanted = norm(x)
    expected = gradients(wanted, [x, norm.weight])
    assert pointwise.fuse_norms(torch.nn.ModuleList([norm])) == 1
    found = norm(x)
    same(found, wanted, dtype)
    same(gradients(found, [x])[0], expected[0], dtype)
    if dtype == torch.float32:  # sums over 600 tokens
        same(gradients(norm(x), [norm.weight])[0], expected[1], dtype)


def test_a_gate() -> None:
    torch.manual_seed(0)
    gate, up = (torch.randn(600, 40, requires_grad=True) for _ in range(2))
    wanted = torch.nn.functional.silu(gate) * up
    found = pointwise._Gated.apply(gate, up)
    same(found, wanted, torch.float32)
    for mine, other in zip(gradients(found, [gate, up]), gradients(wanted, [gate, up]), strict=True):
        same(mine, other, torch.float32)


def test_a_norm_of_another_kind_is_left_alone() -> None:
    class OffsetRMSNorm(torch.nn.Module):
        """As Gemma's: its weights are around 0."""

        def __init__(self) -> None:
            super().__init__()
            self.weight, self.variance_epsilon = torch.nn.Parameter(torch.zeros(16)), 1e-6

        def forward(self, x: Tensor) -> Tensor:
            return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.variance_epsilon) * (1 + self.weight)

    norm = OffsetRMSNorm()
    assert pointwise.fuse_norms(torch.nn.ModuleList([norm])) == 0
    assert "forward" not in vars(norm)


@pytest.mark.parametrize("positions", [1, 700])
def test_a_loss_with_the_head_in_blocks(positions: int) -> None:
    torch.manual_seed(0)
    hidden = torch.randn(positions, 24, requires_grad=True)
    head, wanted = torch.randn(900, 24), torch.randint(0, 900, (positions,))
    logits = hidden @ head.t()
    expected = torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
    total, right = loss_of(hidden, head, wanted)
    assert total.item() == pytest.approx(expected.item(), rel=1e-5)
    assert right.item() == (logits.argmax(-1) == wanted).sum().item()
    (mine,) = torch.autograd.grad(total / 3, [hidden])
    (other,) = torch.autograd.grad(expected / 3, [hidden])
    same(mine, other, torch.float32)


@pytest.mark.parametrize("positions", [1, 600])
def test_log_probabilities_with_the_head_in_blocks(positions: int) -> None:
    torch.manual_seed(0)
    hidden = torch.randn(positions, 24, requires_grad=True)
    head, wanted = torch.randn(900, 24), torch.randint(0, 900, (positions,))
    every = (hidden @ head.t() / 0.7).log_softmax(-1)
    expected = every.gather(1, wanted[:, None])[:, 0]
    told, entropy = log_probabilities(hidden, head, wanted, 0.7)
    same(told, expected, torch.float32)
    same(entropy, -(every.exp() * every).sum(-1), torch.float32)
    assert not entropy.requires_grad
    same(gradients(told, [hidden])[0], gradients(expected, [hidden])[0], torch.float32)
