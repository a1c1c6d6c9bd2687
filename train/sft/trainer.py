"""TRL's trainer for conversations: it takes samples in an order that was laid down before, tells how far it is, and
computes no more than it must. Imported only where the extra `train` is installed.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from transformers import (
    PrinterCallback,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from trl import SFTConfig, SFTTrainer

from synthgym.base.errors import UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.files.plain_files import append_to
from synthgym.base.json_reading import parse_json, read_lines, read_object
from synthgym.base.progress import Progress
from synthgym.train.batches import collate
from synthgym.train.checkpoints import STATE, last_checkpoint
from synthgym.train.conversations import IGNORED
from synthgym.train.models.saving import saving
from synthgym.train.sft.dataset import SampleSet
from synthgym.train.sft.losses import InARow, Loss, loss_for
from synthgym.train.sft.quick_benchmark import QuickBenchmark
from synthgym.train.sft.sample_order import training_order
from synthgym.train.sft.settings import SFTSettings

_LOG_STEPS = 10
_SMOOTH = 5
"""Logged figures, the last ones, that loss and accuracy at the end are the means of."""
_LOGS = "TENSORBOARD_LOGGING_DIR"


def arguments(settings: SFTSettings, checkpoints: Path) -> SFTConfig:
    """The settings as TRL's trainer takes them."""
    gpu = torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(checkpoints),
        per_device_train_batch_size=settings.at_once,
        gradient_accumulation_steps=settings.batch // settings.at_once,
        num_train_epochs=1,  # of the order that is laid down before
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=settings.warmup_steps,
        adam_beta2=settings.adam_beta2,
        weight_decay=settings.weight_decay,
        max_length=settings.max_length,
        packing=settings.packing,
        packing_strategy="bfd",
        bf16=gpu,
        use_liger_kernel=settings.liger and gpu,
        seed=settings.seed,
        data_seed=settings.seed,
        logging_steps=_LOG_STEPS,
        save_strategy="steps",
        # Between two logged figures a checkpoint would lose a part of the second.
        save_steps=-(-settings.checkpoint_steps // _LOG_STEPS) * _LOG_STEPS,
        save_total_limit=2,
        report_to=list(settings.report_to),
        disable_tqdm=True,
        dataloader_pin_memory=False,
        # Tokens and labels are made already; only packing is left to TRL.
        dataset_kwargs={"skip_prepare_dataset": not settings.packing},
        gradient_checkpointing=settings.gradient_checkpointing,  # TRL's default is to have it
    )


class _Order(torch.utils.data.Sampler[int]):  # type: ignore[misc]
    """All samples of a training, one after the other, as one pass: what is skipped after a kill is a number."""

    def __init__(self, order: list[int]) -> None:
        self.order = order

    def __iter__(self) -> Iterator[int]:
        return iter(self.order)

    def __len__(self) -> int:
        return len(self.order)


@contextlib.contextmanager
def _tensorboard_in(folder: Path) -> Iterator[None]:
    """Says where TensorBoard's files go, which transformers asks the environment when a trainer is made."""
    before = os.environ.get(_LOGS)
    os.environ[_LOGS] = before or str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_LOGS]


class _Watch(TrainerCallback):  # type: ignore[misc]
    """Tells progress, and sees that the last steps are logged, however few they are."""

    def __init__(self, trainer: ConversationTrainer, progress: Progress) -> None:
        self.trainer, self.progress = trainer, progress

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Counts what an earlier run has done."""
        if state.global_step:
            self.progress.advance(state.global_step)

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Moves on by a step."""
        losses = [entry["loss"] for entry in state.log_history[-3:] if "loss" in entry]
        self.progress.advance(1, f"loss {losses[-1]:.3f}" if losses else "")
        self.trainer.measure_held_out(last=state.global_step >= state.max_steps)
        self.trainer.play()
        if state.global_step >= state.max_steps:
            control.should_log = True


class ConversationTrainer(SFTTrainer):  # type: ignore[misc]
    """`SFTTrainer` in an order of our own, with a loss that has no head where nothing is learned.

    Args:
        samples: What is trained on, and what is held out of it.
        settings: See `SFTSettings`.
        progress: Moves on by one with every step.
        metrics: File that what is logged is written to, a line each.
        quick: Plays the student as it is, every so many steps.
        **others: As `SFTTrainer` takes them.
    """

    def __init__(
        self,
        *,
        samples: SampleSet,
        settings: SFTSettings,
        progress: Progress,
        metrics: Path,
        quick: QuickBenchmark | None = None,
        **others: Any,
    ) -> None:
        self._quick = quick
        self._samples, self._settings, self._metrics_file = samples, settings, metrics
        self._start, self._spent = 0.0, 0.0
        self._held_out_loss: float | None = None
        held_out = set(samples.held_out(settings.held_out, settings.seed))
        self._trained = [at for at in range(len(samples)) if at not in held_out]
        dataset = samples.dataset()
        self._held_out = dataset.select(sorted(held_out))
        self._loss: Loss = loss_for(others["model"], settings)
        pad = others["processing_class"].pad_token_id or 0
        self._collate = collate(self._loss.layout, pad)
        with _tensorboard_in(metrics.parent / "tensorboard"):
            super().__init__(
                train_dataset=dataset.select(self._trained),
                data_collator=None if settings.packing else self._collate,
                callbacks=[_Watch(self, progress)],
                **others,
            )
        self.remove_callback(PrinterCallback)

    def _get_train_sampler(self, train_dataset: Any = None) -> _Order:
        dataset, settings = train_dataset if train_dataset is not None else self.train_dataset, self._settings
        weights = self._samples.weights(**settings.weights.model_dump())
        packed = settings.packing
        return _Order(
            training_order(
                len(dataset),
                batch=settings.batch,
                epochs=settings.epochs,
                max_steps=settings.max_steps,
                max_tokens=settings.max_tokens,
                seed=settings.seed,
                lengths=None if packed else self._samples.lengths[self._trained].tolist(),
                weights=None if packed or weights is None else weights[self._trained].tolist(),
            )
        )

    def run(self, checkpoints: Path) -> None:
        """Trains to the end, from the last whole checkpoint if there is one.

        Raises:
            UserError: The loss is no number any more; the last checkpoint stays.
        """
        last = last_checkpoint(checkpoints)
        if last is not None:
            state = read_object(last / STATE, finite=False)
            self._spent = max((_seconds(entry) for entry in state["log_history"]), default=0.0)
        self._rewind(int(last.name.split("-")[1]) if last else 0)
        self._start = time.monotonic()
        self.train(resume_from_checkpoint=str(last) if last else None)

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        """A step's forward and backward pass.

        Raises:
            UserError: The loss is no number any more. What the last checkpoint holds is good.
        """
        if isinstance(self._loss, InARow):
            model.train()
            total = int(num_items_in_batch) if num_items_in_batch is not None else (inputs["labels"] != IGNORED).sum()
            found = self._loss.backward(inputs, max(1, int(total)))
            self._metrics["train"]["mean_token_accuracy"].append(found.right / max(1, found.learned))
            loss: torch.Tensor = found.sum / max(1, int(total))
        else:
            loss = super().training_step(model, inputs, num_items_in_batch)
        if not math.isfinite(loss.item()):
            if not self.state.global_step:
                raise UserError(
                    "the loss is no number in step 1, before anything was trained: the model's own weights give none; "
                    "get the model again, or give another dtype"
                )
            raise UserError(
                f"the training diverged in step {self.state.global_step + 1}: its loss is no number any more; give a "
                f"learning_rate below {self._settings.learning_rate:g}, and a new folder"
            )
        return loss

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        with saving(Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"):
            super()._save_checkpoint(model, trial)

    def log(self, logs: dict[str, float], *others: Any, **options: Any) -> None:
        """Notes the time with everything that is logged; checkpoints keep it, and so a kill does not lose it."""
        logs["seconds"] = round(self._spent + time.monotonic() - self._start, 1)
        super().log(logs, *others, **options)
        self._write(logs)

    def _rewind(self, step: int) -> None:
        """Forgets what was logged of steps that are to be trained again, and a line that a kill cut off."""
        if not self._metrics_file.exists():
            return
        lines = [line for _, line in read_lines(self._metrics_file)]
        with whole_file(self._metrics_file) as file:
            file.writelines(line for line in lines if line.endswith(b"\n") and _is_up_to(line, step))

    def _write(self, logs: dict[str, float]) -> None:
        with append_to(self._metrics_file) as file:
            file.write(json.dumps({"step": self.state.global_step, **logs}).encode() + b"\n")

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """The mean cross entropy of what is learned: TRL's number, mostly computed with less; see `losses`."""
        found = None if return_outputs or self.args.packing else self._loss(inputs)
        if found is None:
            inputs.pop("lengths", None)
            return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)
        total = num_items_in_batch if num_items_in_batch is not None else max(1, found.learned)
        self._metrics["train"]["mean_token_accuracy"].append(found.right / max(1, found.learned))
        return found.sum / total

    def measure_held_out(self, *, last: bool = False) -> None:
        """Logs the loss of what is held out, every so many steps and at the end."""
        due = last or self.state.global_step % self._settings.held_out_steps == 0
        if not due or not len(self._held_out):
            return
        total, learned, size = 0.0, 0, self._settings.at_once
        self.model.eval()
        with torch.no_grad():
            for at in range(0, len(self._held_out), size):
                rows = [self._held_out[row] for row in range(at, min(at + size, len(self._held_out)))]
                batch = {name: part.to(self.args.device) for name, part in self._collate(rows).items()}
                found = self._loss(batch, whole=True)
                assert found
                total, learned = total + found.sum.item(), learned + found.learned
        self.model.train()
        self._held_out_loss = round(total / max(1, learned), 4)
        entry = {"held_out_loss": self._held_out_loss}
        self.state.log_history.append({**entry, "step": self.state.global_step})
        self._write(entry)

    def play(self) -> None:
        """Plays the student as it is and logs how it does, every so many steps."""
        settings, step = self._settings.benchmark, self.state.global_step
        if self._quick is None or settings is None or step % settings.every:
            return
        self.model.eval()
        found = self._quick(step, self.model, self.processing_class)
        self.model.train()
        self.state.log_history.append({**found, "step": step})
        self._write(found)

    def course(self) -> dict[str, Any]:
        """How the training went, as fields of an `SFTReport`."""
        logged = [entry for entry in self.state.log_history if "loss" in entry and "mean_token_accuracy" in entry]
        steps, batch = self.state.global_step, self._settings.batch
        lengths = self._samples.lengths[self._trained]
        order = self._get_train_sampler().order[: steps * batch]
        return {
            "samples": len(self._trained),
            "seconds": max((entry.get("seconds", 0.0) for entry in self.state.log_history), default=0.0),
            "steps": steps,
            "epochs": round(steps * batch / len(self.train_dataset), 3),
            "trained_tokens": 0 if self._settings.packing else int(sum(int(lengths[at]) for at in order)),
            "loss": _mean([entry["loss"] for entry in logged[-_SMOOTH:]]),
            "accuracy": _mean([entry["mean_token_accuracy"] for entry in logged[-_SMOOTH:]]),
            "held_out_loss": self._held_out_loss,
            "history": [[entry["step"], round(float(entry["loss"]), 4)] for entry in logged],
        }


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4)


def _seconds(entry: Any) -> float:
    """Of an entry of the log, where it has any."""
    seconds = entry.get("seconds") if isinstance(entry, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else 0.0


def _is_up_to(line: bytes, step: int) -> bool:
    """Whether a line of the metrics is of a step up to this one; one that cannot be read is of none."""
    try:
        found = parse_json(line, finite=False)["step"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(found, int) and found <= step
