"""The loss of a batch: the same number as TRL's, computed with less where that can be done.

TRL computes logits of every position. A fifth of a conversation is learned, and a small model's head costs as much as
the rest of it; a large vocabulary's logits are the largest thing in memory.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from synthgym.train.batches import Layout, split_row
from synthgym.train.conversations import IGNORED
from synthgym.train.sft.settings import SFTSettings


@dataclass(frozen=True)
class Found:
    """A batch's loss.

    Attributes:
        sum: Of the cross entropies.
        learned: Tokens that count.
        right: Of these, the model's first choice.
    """

    sum: torch.Tensor
    learned: int
    right: float


class Loss(Protocol):
    """How a batch's loss is computed."""

    layout: Layout

    def __call__(self, inputs: dict[str, torch.Tensor], whole: bool = False) -> Found | None:
        """The loss; None where TRL is to compute it, unless `whole` asks for it anyway."""


def loss_for(model: Any, settings: SFTSettings) -> Loss:
    """The least work that gives a model's loss here."""
    from synthgym.train.kernels.fit import fit

    if not torch.cuda.is_available() and settings.lora and not settings.packing:
        core = model.base_model.model
        if fit(model, core):
            return InARow(core, [each for each in model.parameters() if each.requires_grad], settings.threads)
        return _WithoutHead(core)
    from transformers import Qwen3ForCausalLM

    return _WithoutHead(model) if type(model) is Qwen3ForCausalLM and not settings.packing else _AsTRL(model)


class InARow:
    """On a CPU, with a LoRA adapter: one row without padding, and our own kernels.

    Args:
        model: The language model inside the PEFT model.
        trained: The adapter's weights.
        threads: Parts that a batch is computed in at once.
    """

    layout: Layout = "row"

    def __init__(self, model: Any, trained: list[torch.nn.Parameter], threads: int) -> None:
        self.model, self.trained, self.threads = model, trained, threads
        self._pool = ThreadPoolExecutor(threads)
        torch.set_num_threads(1)  # of each operation

    def backward(self, inputs: dict[str, torch.Tensor], total: int) -> Found:
        """Adds a batch's gradients, of its loss over `total`, to those of the adapter.

        Each part is computed by a thread of its own, whose operations use no other: threads that share operations wait
        for each other thousands of times a step, which costs nothing on an idle machine and almost everything on a busy
        one. The parts' gradients are added in one order, whoever is first.
        """
        parts = split_row(inputs, self.threads)
        found = list(self._pool.map(lambda part: self._gradients(part, total), parts))
        for gradients, _ in found:
            for weights, gradient in zip(self.trained, gradients, strict=True):
                weights.grad = gradient if weights.grad is None else weights.grad.add_(gradient)
        sums = [each for _, each in found]
        return Found(
            torch.stack([each.sum for each in sums]).sum(),
            sum(each.learned for each in sums),
            sum(each.right for each in sums),
        )

    def _gradients(self, part: dict[str, torch.Tensor], total: int) -> tuple[tuple[torch.Tensor, ...], Found]:
        found = self(part)
        gradients = torch.autograd.grad(found.sum / total, self.trained)
        return gradients, Found(found.sum.detach(), found.learned, found.right)

    def __call__(self, inputs: dict[str, torch.Tensor], whole: bool = True) -> Found:
        """The loss of a batch."""
        from synthgym.train.kernels.attention import row_of, runs_of
        from synthgym.train.kernels.head import loss_of

        with row_of(runs_of(inputs["lengths"].tolist())):
            hidden = _hidden(self.model, inputs)
        wanted, learned = _wanted(inputs["labels"])
        total, right = loss_of(hidden[:, :-1][learned], self.model.lm_head.weight, wanted)
        return Found(total, wanted.numel(), right.item())


class _WithoutHead:
    """A head where a token is learned, and nowhere else."""

    layout: Layout = "padded"

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, inputs: dict[str, torch.Tensor], whole: bool = False) -> Found | None:
        hidden = _hidden(self.model, inputs)
        wanted, learned = _wanted(inputs["labels"])
        logits = self.model.lm_head(hidden[:, :-1][learned]).float()
        right = (logits.detach().argmax(-1) == wanted).sum().item()
        return Found(torch.nn.functional.cross_entropy(logits, wanted, reduction="sum"), wanted.numel(), right)


class _AsTRL(_WithoutHead):
    """TRL's own, in training."""

    def __call__(self, inputs: dict[str, torch.Tensor], whole: bool = False) -> Found | None:
        if not whole:
            return None
        logits = self.model(input_ids=inputs["input_ids"], position_ids=inputs["position_ids"]).logits
        wanted, learned = _wanted(inputs["labels"])
        shown = logits[:, :-1][learned].float()
        right = (shown.argmax(-1) == wanted).sum().item()
        return Found(torch.nn.functional.cross_entropy(shown, wanted, reduction="sum"), wanted.numel(), right)


def _hidden(model: Any, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    found: torch.Tensor = model.model(
        input_ids=inputs["input_ids"], position_ids=inputs["position_ids"], use_cache=False
    ).last_hidden_state
    return found


def _wanted(labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The tokens that are learned, and where what stands before them is."""
    wanted = labels[:, 1:]
    learned = wanted != IGNORED
    return wanted[learned], learned
