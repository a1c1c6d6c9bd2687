"""How a model is fine-tuned: every setting, with the small student's defaults."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from synthgym.agents.trajectories.filters import FilterSettings
from synthgym.train.models.lora import LoRASettings
from synthgym.train.reproducible import THREADS


class WeightSettings(BaseModel):
    """How often an episode is trained on, beside the others: twice as often with twice the weight.

    Attributes:
        by_improvement: In proportion to the improvement of its submission, which counts as 0.1 at least and 1 at most.
        balance: Every challenge as often as any other, however many episodes there are of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    by_improvement: bool = False
    balance: bool = False


class QuickSettings(BaseModel):
    """A benchmark of the student while it is trained; see `quick`.

    Attributes:
        every: Steps between two of them.
        envs: Ids of environments, or patterns.
        split: Of these, those of one split only.
        challenges: How many of those that match: as many of each kind, spread over their names.
        episodes: On each.
        jobs: Worker processes.
        sandbox: As for `gymnasium.make`.
        engine: That serves the student; see `synthgym.train.serving.serve`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    every: int = Field(gt=0)
    envs: list[str] = ["synthgym/*"]
    split: Literal["train", "heldout"] | None = "heldout"
    challenges: int = Field(default=8, gt=0)
    episodes: int = Field(default=1, gt=0)
    jobs: int = Field(default=2, gt=0)
    sandbox: str = "auto"
    engine: Literal["auto", "vllm", "transformers"] = "auto"
    temperature: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    max_tokens: int = Field(default=200, gt=0)


class SFTSettings(BaseModel):
    """How it is trained. The defaults are the small student's.

    Attributes:
        learning_rate: At its highest; a cosine takes it to 0 at the end.
        batch: Conversations a step.
        micro_batch: Conversations at once, of which `batch` must be a multiple; the others are accumulated.
        epochs: Passes over the samples, renamed copies included.
        max_steps: Steps of the optimizer, however many passes that makes; instead of `epochs`.
        max_tokens: Tokens trained on, however many passes that makes; instead of `epochs`.
        max_length: Tokens of the longest conversation, unless the model's own context is shorter.
        too_long: What becomes of longer ones: left out (``drop``), or trained on in parts, of which each begins with
            the briefing and shows the turns before it (``window``). Both are counted; none is cut without a word.
        copies: Copies of each conversation with other names (see `augmentation`). For large models: 0.
        lora: The adapter that is trained; None trains all weights.
        dtype: Of the weights that the model is loaded with; ``auto``: as they are on disk.
        filter: Which episodes of trajectory stores are trained on.
        weights: How often each of them is.
        mask_failed_turns: Replies whose command failed are shown and not learned.
        packing: Whether conversations are packed to `max_length` (kept apart). Worth it on a GPU; on a CPU attention
            over the whole pack makes it half as fast as padding conversations of like length.
        liger: Kernels of Liger, on a GPU.
        warmup_steps: Steps in which the learning rate rises.
        gradient_checkpointing: Less memory, more time; for large models.
        held_out: Share of the challenges (of the conversations, where no challenge is known) whose loss is measured and
            that are not trained on.
        held_out_steps: Steps between two measurements of it.
        benchmark: Plays a few episodes with the student every so many steps; None for never.
        checkpoint_steps: Steps between checkpoints, rounded up to whole tens.
        threads: CPU threads; sums depend on it, so it is a setting, and not what the machine has.
        report_to: Where figures go beside the folder's own file: ``tensorboard``, ``trackio``, ``wandb``; none by
            default in a recipe of one's own.
        seed: Of names and order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    learning_rate: float = Field(default=1e-3, gt=0, allow_inf_nan=False)
    batch: int = Field(default=4, gt=0)
    micro_batch: int = Field(default=4, gt=0)
    epochs: float = Field(default=1.0, gt=0, le=1e4)
    max_steps: int | None = Field(default=None, gt=0, le=10**7)
    max_tokens: int | None = Field(default=None, gt=0, le=10**12)
    max_length: int = Field(default=2048, gt=0)
    too_long: Literal["drop", "window"] = "drop"
    copies: int = Field(default=0, ge=0, le=1000)
    lora: LoRASettings | None = None
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"
    filter: FilterSettings = FilterSettings(submitted=True, min_improvement=0.0)
    weights: WeightSettings = WeightSettings()
    mask_failed_turns: bool = False
    packing: bool = False
    liger: bool = False
    warmup_steps: int = Field(default=20, ge=0)
    adam_beta2: float = Field(default=0.98, gt=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0, le=1e3)
    gradient_checkpointing: bool = False
    held_out: float = Field(default=0.0, ge=0, lt=1)
    held_out_steps: int = Field(default=50, gt=0)
    benchmark: QuickSettings | None = None
    checkpoint_steps: int = Field(default=200, gt=0)
    threads: int = Field(default=THREADS, gt=0, le=1024)
    report_to: list[Literal["tensorboard", "trackio", "wandb"]] = []
    seed: int = Field(default=0, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _fits(self) -> SFTSettings:
        if self.batch % self.at_once:
            raise ValueError(f"batch: expected a multiple of micro_batch ({self.micro_batch}), got {self.batch}")
        if self.max_steps and self.max_tokens:
            raise ValueError("max_steps, max_tokens: expected one of them at most, got both")
        if self.packing and (self.max_tokens or self.held_out):
            raise ValueError("packing: goes with epochs or max_steps, and without held_out")
        return self

    @property
    def at_once(self) -> int:
        """Conversations in one forward pass."""
        return min(self.micro_batch, self.batch)
