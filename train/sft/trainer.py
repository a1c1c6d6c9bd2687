"""TRL's trainer for conversations: it takes samples in an order that was laid down before, tells how far it is, and
has no head where nothing is learned. Imported only where the extra `train` is installed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import (
    PrinterCallback,
    Qwen3ForCausalLM,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from trl import SFTTrainer

from synthgym.base.progress import Progress
from synthgym.train.sft.data import IGNORED
from synthgym.train.sft.order import training_order

if TYPE_CHECKING:
    from synthgym.train.sft.run import SFTSettings

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


class _Order(torch.utils.data.Sampler[int]):  # type: ignore[misc]
    """All samples of a training, one after the other, as one pass: what is skipped after a kill is a number."""

    def __init__(self, order: list[int]) -> None:
        self.order = order

    def __iter__(self) -> Iterator[int]:
        return iter(self.order)

    def __len__(self) -> int:
        return len(self.order)


class _Watch(TrainerCallback):  # type: ignore[misc]
    """Tells progress, and sees that the last steps are logged, however few they are."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Counts what an earlier run has done."""
        if state.global_step:
            self.progress.advance(state.global_step)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Moves on by a step."""
        losses = [entry["loss"] for entry in state.log_history[-1:] if "loss" in entry]
        self.progress.advance(1, f"loss {losses[0]:.3f}" if losses else None)
        if state.global_step >= state.max_steps:
            control.should_log = True


class ConversationTrainer(SFTTrainer):  # type: ignore[misc]
    """`SFTTrainer` in an order of our own, which has no head where nothing is learned."""

    def __init__(self, *, settings: SFTSettings, progress: Progress, **arguments: Any) -> None:
        self._settings, self._start, self._spent = settings, 0.0, 0.0
        super().__init__(**arguments, callbacks=[_Watch(progress)])
        self.remove_callback(PrinterCallback)

    def _get_train_sampler(self, train_dataset: Any = None) -> _Order:
        dataset, settings = train_dataset if train_dataset is not None else self.train_dataset, self._settings
        lengths = None if settings.packing else [len(ids) for ids in dataset["input_ids"]]
        order = training_order(
            len(dataset),
            batch=settings.batch,
            epochs=settings.epochs,
            max_steps=settings.max_steps,
            seed=settings.seed,
            lengths=lengths,
        )
        return _Order(order)

    def run(self, checkpoints: Path) -> None:
        """Trains to the end, from the last whole checkpoint if there is one."""
        last = last_checkpoint(checkpoints)
        if last is not None:
            state = json.loads((last / _STATE).read_text(encoding="utf-8"))
            self._spent = max((entry.get("seconds", 0.0) for entry in state["log_history"]), default=0.0)
        self._start = time.monotonic()
        self.train(resume_from_checkpoint=str(last) if last else None)

    def log(self, logs: dict[str, float], *arguments: Any, **options: Any) -> None:
        """Notes the time with everything that is logged; checkpoints keep it, and so a kill does not lose it."""
        logs["seconds"] = round(self._spent + time.monotonic() - self._start, 1)
        super().log(logs, *arguments, **options)

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
        logged = [entry for entry in self.state.log_history if "loss" in entry]
        return {
            "seconds": max((entry["seconds"] for entry in self.state.log_history), default=0.0),
            "steps": self.state.global_step,
            "epochs": round(self.state.global_step * self._settings.batch / len(self.train_dataset), 3),
            "loss": _mean([entry["loss"] for entry in logged[-_SMOOTH:]]),
            "accuracy": _mean([entry["mean_token_accuracy"] for entry in logged[-_SMOOTH:]]),
            "history": [[entry["step"], round(float(entry["loss"]), 4)] for entry in logged],
        }


_SMOOTH = 5
"""Logged figures, the last ones, that loss and accuracy at the end are the means of."""
_STATE = "trainer_state.json"


def last_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that is whole: a kill may have come in the middle of one. Its state is written last."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]), reverse=True)
    for path in found:
        try:
            json.loads((path / _STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return path
    return None


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4)
