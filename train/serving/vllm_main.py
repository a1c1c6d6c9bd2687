"""Starts vLLM's server on a CPU, with three things done otherwise than version 0.32 does them there.

It is run by the python of vLLM's own environment, with vLLM's own arguments, and imported once more by each process
that vLLM starts.

- Adapters: their matrices are copied for every token, which takes hundreds of megabytes and most of the time of a long
  prompt; and a token without an adapter, beside one that has one, gets the adapter in the last place. Here each adapter
  is applied to its own tokens, once, and to no other.
- Seeds: where prompts are too many to be read at once, the draw after a half-read one is taken back in a way that only
  a GPU's generators know, and the server dies.
- Waiting: processes look again and again, for a second, before they let themselves be woken. Where a model is fast and
  cores are many, that saves microseconds; here it takes half of a core from who computes.
"""

from __future__ import annotations

import runpy
from typing import Any, TypeAlias

import torch
from vllm.distributed.device_communicators.shm_broadcast import SpinCondition
from vllm.lora.punica_wrapper import punica_cpu
from vllm.v1.worker.cpu_model_runner import CPUModelRunner

_SPINS = 0.001
"""Seconds."""

Rows: TypeAlias = slice | torch.Tensor


def by_adapter(indices: torch.Tensor) -> list[tuple[int, Rows]]:
    """The places of the adapters that a batch needs, each with the rows that are its own; -1 is for none.

    Rows that are all of one adapter, as they mostly are, are a slice: nothing has to be gathered and put back.
    """
    places = torch.unique(indices).tolist()
    if len(places) == 1:
        return [(places[0], slice(0, len(indices)))] if places[0] >= 0 else []
    return [(place, (indices == place).nonzero()[:, 0]) for place in places if place >= 0]


def add(output: torch.Tensor, inputs: torch.Tensor, second: torch.Tensor, rows: Rows, scale: float) -> None:
    """Adds the second half of an adapter to the rows that are its own; a head may be padded, and then is wider."""
    width = min(output.shape[1], len(second))
    output, second = output[:, :width], second[:width]
    inputs = inputs.to(second.dtype)
    if isinstance(rows, slice) and output.dtype == second.dtype:
        output[rows].addmm_(inputs, second.T, alpha=scale)
    else:
        output[rows] += (scale * (inputs @ second.T)).to(output.dtype)


class Adapters(punica_cpu.PunicaWrapperCPU):  # type: ignore[misc]
    """Applies the adapters of a batch; found out once a batch is which."""

    def update_metadata(self, *given: Any, **named: Any) -> None:
        """Takes in which tokens have which adapters."""
        super().update_metadata(*given, **named)
        self._of_tokens = by_adapter(self.token_lora_indices)
        self._of_samples = by_adapter(self.sampler_indices)

    def add_lora_linear(
        self,
        y: torch.Tensor,
        x: torch.Tensor,
        lora_a_stacked: tuple[torch.Tensor, ...],
        lora_b_stacked: tuple[torch.Tensor, ...],
        scale: float,
        output_slices: tuple[int, ...],
        **_: Any,
    ) -> None:
        """Adds to the output of a layer, or of several layers beside each other, what the adapters make of it."""
        y, x = y.view(-1, y.shape[-1]), x.view(-1, x.shape[-1])
        for place, rows in self._of_tokens:
            own, start = x[rows], 0
            for first, second, width in zip(lora_a_stacked, lora_b_stacked, output_slices, strict=True):
                inner = own.to(first.dtype) @ first[place, 0].T
                add(y[:, start : start + width], inner, second[place, 0], rows, scale)
                start += width

    def add_lora_embedding(self, y: torch.Tensor, x: torch.Tensor, lora_b_stacked: torch.Tensor, **_: Any) -> None:
        """The same for an embedding; its first half is one."""
        for place, rows in self._of_tokens:
            add(y, x[rows], lora_b_stacked[place, 0], rows, 1.0)

    def add_lora_logits(
        self,
        y: torch.Tensor,
        x: torch.Tensor,
        lora_a_stacked: torch.Tensor,
        lora_b_stacked: torch.Tensor,
        scale: float,
        **_: Any,
    ) -> None:
        """The same for the head, of which only some tokens are asked."""
        y, x = y.view(-1, y.shape[-1]), x.view(-1, x.shape[-1])
        for place, rows in self._of_samples:
            add(y, x[rows].to(lora_a_stacked.dtype) @ lora_a_stacked[place, 0].T, lora_b_stacked[place, 0], rows, scale)


for _name in ("update_metadata", "add_lora_linear", "add_lora_embedding", "add_lora_logits"):
    assert hasattr(punica_cpu.PunicaWrapperCPU, _name), "this version of vLLM applies adapters in another way"
punica_cpu.PunicaWrapperCPU = Adapters

_sample, _bookkeeping = CPUModelRunner._sample, CPUModelRunner._bookkeeping_sync


def sample(runner: CPUModelRunner, *given: Any, **named: Any) -> Any:
    """Draws tokens. What is drawn after half of a prompt counts for nothing, and its generator is put back."""
    generators = runner.input_batch.generators
    half = runner.discard_request_mask.np[: runner.input_batch.num_reqs].nonzero()[0].tolist()
    states = {row: generators[row].get_state() for row in half if row in generators}
    found = _sample(runner, *given, **named)
    for row, state in states.items():
        generators[row].set_state(state)
    return found


def bookkeeping(runner: CPUModelRunner, *given: Any, **named: Any) -> Any:
    """Takes in what was drawn, without generators: they are where they should be."""
    generators = runner.input_batch.generators
    runner.input_batch.generators = {}
    try:
        return _bookkeeping(runner, *given, **named)
    finally:
        runner.input_batch.generators = generators


CPUModelRunner._sample, CPUModelRunner._bookkeeping_sync = sample, bookkeeping

assert SpinCondition.__init__.__defaults__ == (1,), "this version of vLLM waits in another way"
SpinCondition.__init__.__defaults__ = (_SPINS,)

if __name__ == "__main__":
    # This file stays the main one, which the processes that vLLM starts import.
    runpy.run_module("vllm.entrypoints.openai.api_server", run_name="__main__")
