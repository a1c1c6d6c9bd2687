"""What a training would do, before it does it: its data is read, and two steps are made and thrown away."""

from __future__ import annotations

import resource
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from synthgym.train.sft.run import sft
from synthgym.train.sft.settings import SFTSettings

_STEPS = 2


class Plan(BaseModel):
    """What is known of a training beforehand.

    Attributes:
        conversations: To learn from.
        too_long: Left out.
        windowed: Trained on in parts.
        samples: Trained on.
        tokens: Of the samples: one pass.
        learned: Of these, those that count.
        steps: Of the optimizer; None with packing, which decides them.
        trained_tokens: In all steps; None with packing.
        tokens_per_second: Of the steps that were tried.
        seconds: What that makes; the machine's other work changes it.
        memory_mb: The most that the process, or the GPU, held.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    conversations: int
    too_long: int
    windowed: int
    samples: int
    tokens: int
    learned: int
    steps: int | None
    trained_tokens: int | None
    tokens_per_second: float
    seconds: float | None
    memory_mb: int

    def as_text(self) -> str:
        """For people."""
        dropped = f", {self.too_long} left out as too long" if self.too_long else ""
        parts = f", {self.windowed} in parts" if self.windowed else ""
        lines = [
            f"conversations: {self.conversations}{dropped}{parts}; {self.samples} samples",
            f"tokens: {self.tokens:,} a pass, {self.learned:,} of them learned",
        ]
        if self.steps is not None:
            lines.append(f"steps: {self.steps}, with {self.trained_tokens:,} tokens in all")
        lines.append(f"memory: {self.memory_mb:,} MB at most in two steps")
        about = f", about {_duration(self.seconds)} in all" if self.seconds is not None else ""
        lines.append(f"time: {self.tokens_per_second:,.0f} tokens/s in two steps{about}")
        return "\n".join(lines)


def plan(base: str | Path, sources: Sequence[Path], settings: SFTSettings) -> Plan:
    """Reads the data and tries two steps, in a folder that is thrown away.

    Raises:
        UserError: As `sft`.
    """
    import torch

    tried = settings.model_copy(update={"max_steps": _STEPS, "max_tokens": None, "held_out": 0.0, "report_to": []})
    folder = Path(tempfile.mkdtemp(prefix="synthgym-plan-"))
    try:
        report = sft(base, sources, folder / "out", tried)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if torch.cuda.is_available():
        memory = torch.cuda.max_memory_allocated() // 2**20
    speed = report.trained_tokens / report.seconds if report.seconds else 0.0
    steps, trained = _amount(settings, report.samples, report.tokens)
    return Plan(
        conversations=report.conversations,
        too_long=report.too_long,
        windowed=report.windowed,
        samples=report.samples,
        tokens=report.tokens,
        learned=report.learned,
        steps=None if settings.packing else steps,
        trained_tokens=None if settings.packing else trained,
        tokens_per_second=round(speed, 1),
        seconds=round(trained / speed, 1) if speed else None,
        memory_mb=memory,
    )


def _amount(settings: SFTSettings, samples: int, tokens: int) -> tuple[int, int]:
    """Steps and tokens of the whole training, by the mean length of a sample."""
    mean = tokens / samples
    if settings.max_steps:
        return settings.max_steps, int(settings.max_steps * settings.batch * mean)
    if settings.max_tokens:
        return int(-(-settings.max_tokens // (mean * settings.batch))), settings.max_tokens
    shown = max(1, int(samples * settings.epochs))
    return -(-shown // settings.batch), int(shown * mean)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 100 else f"{minutes} min" if minutes < 100 else f"{minutes / 60:.1f} h"
