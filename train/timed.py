"""TRL's trainer with a clock: it ends in time with the learning rate at 0, keeps checkpoints by time, and remembers
both over a kill. Imported only where the extra `train` is installed.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.lr_scheduler import LRScheduler
from transformers import (
    PrinterCallback,
    Qwen3ForCausalLM,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer_callback import ExportableState
from trl import SFTTrainer

from synthgym.base.progress import Progress
from synthgym.train.data import IGNORED

if TYPE_CHECKING:
    from synthgym.train.sft import SFTSettings

Collator = Callable[[list[dict[str, Any]]], dict[str, torch.Tensor]]


def collate_padded(pad: int, ignored: int) -> Collator:
    """Conversations padded on the right, without an attention mask.

    With causal attention nothing looks at what stands to the right of it, so the mask would change nothing, but it
    would keep attention from its fast path.
    """

    def collate(samples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        length = max(len(sample["input_ids"]) for sample in samples)
        tokens = torch.full((len(samples), length), pad)
        labels = torch.full((len(samples), length), ignored)
        for row, sample in enumerate(samples):
            tokens[row, : len(sample["input_ids"])] = torch.tensor(sample["input_ids"])
            labels[row, : len(sample["labels"])] = torch.tensor(sample["labels"])
        positions = torch.arange(length).expand(len(samples), length)
        return {"input_ids": tokens, "labels": labels, "position_ids": positions}

    return collate


class _Clock(TrainerCallback, ExportableState):  # type: ignore[misc]
    """How far the training is, by steps or by time, whichever is further."""

    def __init__(self, settings: SFTSettings, progress: Progress) -> None:
        self.settings, self.progress = settings, progress
        self.spent = 0.0
        self.history: list[list[float]] = []
        self._start = self._saved = time.monotonic()
        self._step_ends: deque[float] = deque(maxlen=20)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        return {"args": {}, "attributes": {"spent": self.seconds(), "history": self.history}}

    def seconds(self) -> float:
        """Training time, interrupted runs included."""
        return self.spent + time.monotonic() - self._start

    def share(self, step: int, steps: int) -> float:
        """The share of the training that is done, from 0 to 1."""
        by_time = self.seconds() / self.settings.max_seconds if self.settings.max_seconds else 0.0
        return min(1.0, max(step / max(1, steps), by_time))

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Starts the clock where a checkpoint, if there is one, left it."""
        kept = state.stateful_callbacks.get(type(self).__name__, {}).get("attributes", {})
        if state.global_step:
            self.spent, self.history = kept["spent"], kept["history"]
        self._start = self._saved = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Ends the training in time, and asks for a checkpoint now and then."""
        now = time.monotonic()
        self._step_ends.append(now)
        pace = (now - self._step_ends[0]) / max(1, len(self._step_ends) - 1)
        limit = self.settings.max_seconds
        if limit and self.seconds() + pace >= limit:
            control.should_training_stop = True
        elif now - self._saved >= self.settings.checkpoint_seconds:
            control.should_save = True
            self._saved = now
        self.progress.advance(1, f"loss {self.history[-1][2]:.3f}" if self.history else None)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """Notes the loss."""
        if logs and "loss" in logs:
            self.history.append([round(self.seconds(), 1), state.global_step, round(float(logs["loss"]), 4)])


class TimedTrainer(SFTTrainer):  # type: ignore[misc]
    """`SFTTrainer` whose learning rate follows the clock, and which has no head where nothing is learned."""

    def __init__(self, *, settings: SFTSettings, progress: Progress, **arguments: Any) -> None:
        self._clock = _Clock(settings, progress)
        super().__init__(**arguments, callbacks=[self._clock])
        self.remove_callback(PrinterCallback)

    def create_scheduler(self, num_training_steps: int, optimizer: Any = None) -> LRScheduler:
        """A short rise, then a cosine down to 0 at the end of steps or time, whichever comes first."""

        def factor(step: int) -> float:
            rise = min(1.0, (step + 1) / max(1, self._clock.settings.warmup_steps))
            share = self._clock.share(step, num_training_steps)
            return rise * 0.5 * (1 + math.cos(math.pi * share))

        if self.lr_scheduler is None:
            self.lr_scheduler: torch.optim.lr_scheduler.LRScheduler = torch.optim.lr_scheduler.LambdaLR(
                optimizer or self.optimizer, factor
            )
            self._created_lr_scheduler = True
        return self.lr_scheduler

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """TRL's loss, the same number. The student's is faster by half: TRL computes logits of every position.

        A fifth of a conversation is learned, and a small model's head costs as much as the rest of it.
        """
        if return_outputs or type(model) is not Qwen3ForCausalLM or self.args.packing or not self.model.training:
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        hidden = model.model(
            input_ids=inputs["input_ids"], position_ids=inputs["position_ids"], use_cache=False
        ).last_hidden_state
        wanted = inputs["labels"][:, 1:]
        learned = wanted != IGNORED
        wanted, logits = wanted[learned], model.lm_head(hidden[:, :-1][learned]).float()
        total = num_items_in_batch if num_items_in_batch is not None else max(1, wanted.numel())
        right = (logits.detach().argmax(-1) == wanted).float().mean().item() if wanted.numel() else 0.0
        self._metrics["train"]["mean_token_accuracy"].append(right)
        return torch.nn.functional.cross_entropy(logits, wanted, reduction="sum") / total

    def course(self) -> dict[str, Any]:
        """How the training went, as fields of an `SFTReport`."""
        logged = [entry for entry in self.state.log_history if "loss" in entry][-5:]
        return {
            "seconds": round(self._clock.seconds(), 1),
            "steps": self.state.global_step,
            "epochs": round(float(self.state.epoch or 0.0), 3),
            "loss": _mean([entry["loss"] for entry in logged]),
            "accuracy": _mean([entry["mean_token_accuracy"] for entry in logged]),
            "history": self._clock.history,
        }


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4) if values else float("nan")
