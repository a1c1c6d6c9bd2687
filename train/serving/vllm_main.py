"""Starts vLLM's server on a CPU, with adapters computed as they should be.

It is run by the python of vLLM's own environment, with vLLM's own arguments, and imported once more by each process
that vLLM starts. There, as of version 0.32, the matrices of an adapter are copied for every token, which takes hundreds
of megabytes and most of the time of a long prompt; and a token without an adapter, beside one that has one, gets the
adapter in the last place. Here each adapter is applied to its own tokens, once, and to no other.
"""

from __future__ import annotations

import runpy
from typing import Any

import torch
from vllm.distributed.device_communicators.shm_broadcast import SpinCondition
from vllm.lora.ops import torch_ops
from vllm.lora.ops.torch_ops import lora_ops
from vllm.lora.punica_wrapper import punica_cpu

_SPINS = 0.001
"""Seconds."""


def products(inputs: torch.Tensor, weights: torch.Tensor, indices: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Each token times the matrix of its adapter; zeros for a token that has none, whose index is below 0."""
    if weights.dim() == 4:
        weights = weights.squeeze(1)
    inputs = inputs.to(like.dtype)
    found = inputs.new_zeros(inputs.shape[0], weights.shape[1])
    for index in torch.unique(indices).tolist():
        if index >= 0:
            rows = indices == index
            found[rows] = inputs[rows] @ weights[index].to(like.dtype).T
    return found


def bgmv_shrink(
    inputs: torch.Tensor, weights: torch.Tensor, output: torch.Tensor, indices: torch.Tensor, scaling: float = 1.0
) -> None:
    """The first half of an adapter: sets `output`."""
    found = products(inputs, weights, indices, output)
    output[:, : found.shape[1]] = scaling * found


def bgmv_expand(
    inputs: torch.Tensor, weights: torch.Tensor, output: torch.Tensor, indices: torch.Tensor, add_inputs: bool = True
) -> None:
    """The second half of an adapter: adds to `output`, as far as that goes."""
    found = products(inputs, weights, indices, output)
    width = min(found.shape[1], output.shape[1])
    bgmv_expand_slice(inputs, weights, output, indices, 0, width, add_inputs, found[:, :width])


def bgmv_expand_slice(
    inputs: torch.Tensor,
    weights: torch.Tensor,
    output: torch.Tensor,
    indices: torch.Tensor,
    slice_offset: int,
    slice_size: int,
    add_inputs: bool = True,
    found: Any = None,
) -> None:
    """The same for a part of `output`."""
    if found is None:
        found = products(inputs, weights, indices, output)
    rows = min(len(found), len(output))
    part = output[:rows, slice_offset : slice_offset + slice_size]
    if add_inputs:
        part += found[:rows]
    else:
        part[:] = found[:rows]


for _place in (lora_ops, torch_ops, punica_cpu):
    for _function in (bgmv_shrink, bgmv_expand, bgmv_expand_slice):
        assert hasattr(_place, _function.__name__), "this version of vLLM has other operations for adapters"
        setattr(_place, _function.__name__, _function)

# Its processes wait for each other by looking again and again, for a second, before they let themselves be woken. Where
# a model is fast and cores are many, that saves microseconds; here it takes half of a core from who computes.
assert SpinCondition.__init__.__defaults__ == (1,), "this version of vLLM waits in another way"
SpinCondition.__init__.__defaults__ = (_SPINS,)

if __name__ == "__main__":
    # This file stays the main one, which the processes that vLLM starts import.
    runpy.run_module("vllm.entrypoints.openai.api_server", run_name="__main__")
