"""The callback of a training step: figures into the metrics, the time into its parts, progress to whoever looks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from synthgym.base.progress import Progress
from synthgym.train.rl.collecting.feed import Feed
from synthgym.train.rl.metrics import MetricsFile, step_metrics

if TYPE_CHECKING:
    from synthgym.train.rl.optimizing.trainer import PolicyTrainer


class StepCallback(TrainerCallback):  # type: ignore[misc]
    """Adds to what is logged of a step; the trainer calls `add` before it logs.

    A step's time runs from where the one before was logged to where it is: so saving the checkpoint of a step counts in
    the next, and all parts add up to the whole.
    """

    def __init__(self, feed: Feed, metrics: MetricsFile, kinds: dict[str, str], progress: Progress) -> None:
        self.feed, self.metrics, self.kinds, self.progress = feed, metrics, kinds, progress
        self.trainer: PolicyTrainer | None = None
        self._last = time.monotonic()
        self._starting = 0.0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Counts what an earlier run has done."""
        self._last = time.monotonic()
        if state.global_step:
            self.progress.advance(state.global_step)

    def add(self, logs: dict[str, float], step: int) -> None:
        """Adds a step's figures to what is logged, and to the metrics' file."""
        trainer, collected = self.trainer, self.feed.collected
        if trainer is None or collected is None or "loss" not in logs:
            return
        now = time.monotonic()
        whole, self._last = now - self._last, now
        starting = self.feed.endpoint.starting - self._starting
        self._starting += starting
        saving = trainer.saving + max(0.0, self.feed.publishing - starting)
        collecting = max(0.0, trainer.collecting - max(self.feed.publishing, starting))
        note = collected.note
        asked = min(1.0, note.generation / note.seconds) if note.seconds else 1.0
        logs |= step_metrics(collected, trainer.batch, self.kinds)
        logs |= {
            "seconds/step": whole,
            "seconds/episodes": collecting,
            "seconds/optimisation": trainer.optimisation,
            "seconds/saving": saving,
            "seconds/starting": starting,
            "seconds/rest": whole - collecting - trainer.optimisation - saving - starting,
            "seconds/generation": collecting * asked,
            "share/environments": collecting * (1 - asked) / whole,
            "share/other": 1 - (collecting + trainer.optimisation) / whole,
        }
        trainer.saving = 0.0
        self.metrics.add({"step": step, **{name: value for name, value in logs.items() if value is not None}})
        self.progress.advance(1, f"improvement {logs['improvement']:.3f}, {logs['groups/used']:.0f} groups")
