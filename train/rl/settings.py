"""How a policy is trained by reinforcement: typed settings, by TRL's names where TRL has them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from synthgym.train.models.lora import LoRASettings
from synthgym.train.reproducible import THREADS
from synthgym.train.rl.collecting.rewards import RewardName
from synthgym.train.sft.settings import SFTSettings

LossType = Literal["grpo", "dr_grpo", "dapo", "bnpo", "cispo", "sapo", "luspo", "vespo"]
CorrectionMode = Literal["token_truncate", "token_mask", "sequence_truncate", "sequence_mask"]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChatSettings(_Settings):
    """How the policy is asked; as in an agent's spec.

    Attributes:
        prompt: Name or path of the system prompt.
        format_tries: Replies in a row without exactly one command that end an episode.
        context: Tokens of a conversation, replies included; None for the model's own.
    """

    prompt: str = "short"
    format_tries: int = Field(default=3, gt=0)
    context: int | None = Field(default=None, gt=0)


class CurriculumSettings(_Settings):
    """How challenges are drawn; see `synthgym.train.rl.collecting.curriculum`.

    Attributes:
        by: ``spread``, the one the student shows, or ``uniform``: every challenge alike.
        explore: Share of draws that go to challenges not seen yet, as long as there are any.
        memory: How much of what was known of a challenge stays when it is seen again.
        floor: Least weight of a challenge, of 1 at most: none is given up for good.
        kind_floor: Least share of draws of each kind of challenge: what is not played any more is forgotten, and
            nothing tells. Of more kinds than it allows for, all are drawn alike.
    """

    by: Literal["spread", "uniform"] = "spread"
    explore: float = Field(default=0.3, ge=0, le=1)
    memory: float = Field(default=0.5, ge=0, lt=1)
    floor: float = Field(default=0.02, gt=0, le=1)
    kind_floor: float = Field(default=0.15, ge=0, lt=1)


class RLSettings(_Settings):
    """All of a run but its model and its challenges.

    Attributes:
        steps: Of the optimizer, each on a batch of its own.
        groups: Groups whose rewards vary that a step waits for.
        num_generations: Episodes in a group: one challenge, one seed of the environment.
        max_redraws: Further groups a step may draw for those whose rewards do not vary.
        retries: How often an episode is tried again after infrastructure failed; then it leaves its group.
        episodes_at_once: Episodes that run at the same time.
        restarts: How often in a row a server that is gone is started again.
        max_steps: Of an episode, where its environment allows more: its slowest episodes are what a step waits for.
        overlap: Whether the next batch is collected while the last one is trained on: it is then one step stale.
        reward: ``submit_only`` pays the final improvement; ``shaped`` adds `shaping` times the best one validated.
        shaping: For ``shaped``.
        truncated: What an episode earns that a limit ended: what was ``graded`` then, or ``nothing``.
        curriculum: How challenges are drawn.
        chat: How the policy is asked.
        lora: The adapter that is trained; None trains the whole model.
        dtype: Of the model's weights, in training and where it is served; those that are trained are float32.
        max_completion_length: Tokens of one reply.
        temperature: Of sampling, and of the probabilities that are trained.
        max_length: Tokens of a sequence; longer ones are left out of the loss and counted.
        micro_tokens: Tokens of one forward pass, padding included; lower it where memory runs out.
        engine: Who answers: ``vllm``, ``transformers``: here, in this process; or ``auto``: vLLM where it is installed.
        learning_rate: Of Adam; at its highest, where the schedule changes it.
        lr_scheduler_type: How the learning rate goes on after `warmup_steps`, by transformers' names.
        warmup_steps: Steps in which the learning rate rises.
        adam_beta2: Adam's memory of squared gradients.
        weight_decay: Of Adam.
        max_grad_norm: Longer gradients are scaled down to this length.
        gradient_checkpointing: Less memory, more time; for large models.
        loss_type: How the losses of a batch's tokens are averaged, by TRL's names.
        epsilon: How far below 1 the ratio of new to old probabilities goes before the loss stops following it.
        epsilon_high: The same above 1; None takes `epsilon`.
        delta: With two-sided clipping: the largest ratio of new to old probabilities; None for none.
        beta: Weight of the divergence from the model as it was at first; 0 keeps no copy of that.
        importance_sampling_level: Whether ratios of probabilities are taken of tokens or of whole sequences (GSPO).
        scale_rewards: Whose deviation advantages are divided by: the ``group``'s, the ``batch``'s, or ``none``'s.
        mask_truncated_completions: Whether replies that were cut off at `max_completion_length` have no loss.
        top_entropy_quantile: Share of the tokens that are trained on: those that the policy is least sure of.
        vllm_importance_sampling_correction: Whether the loss is corrected for the server's probabilities being others
            than the trainer's. Of a stale batch the server's are taken as the old ones instead, and clipped.
        vllm_importance_sampling_mode: Whether too large a correction is cut down (``truncate``) or its loss left out
            (``mask``), for each token or each sequence.
        vllm_importance_sampling_clip_max: The largest correction; None for no bound.
        vllm_importance_sampling_clip_min: The smallest one; None for no bound.
        checkpoint_steps: Steps between checkpoints.
        checkpoints: That are kept.
        report_to: Trackers by TRL's names: ``tensorboard``, ``wandb``, ``trackio``.
        threads: CPU threads of training and of generation here; sums depend on it.
        seed: Of challenges, environments and sampling.
    """

    steps: int = Field(default=50, gt=0)
    groups: int = Field(default=4, gt=0)
    num_generations: int = Field(default=8, ge=2)
    max_redraws: int = Field(default=4, ge=0)
    retries: int = Field(default=2, ge=0)
    episodes_at_once: int = Field(default=8, gt=0)
    restarts: int = Field(default=3, ge=0)
    max_steps: int | None = Field(default=None, gt=0)
    overlap: bool = False

    reward: RewardName = "submit_only"
    shaping: float = Field(default=0.25, ge=0, allow_inf_nan=False)
    truncated: Literal["graded", "nothing"] = "graded"
    curriculum: CurriculumSettings = CurriculumSettings()
    chat: ChatSettings = ChatSettings()

    lora: LoRASettings | None = LoRASettings(rank=16, alpha=32)
    dtype: Literal["float32", "bfloat16"] = "float32"
    max_completion_length: int = Field(default=256, gt=0)
    temperature: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    max_length: int = Field(default=2048, gt=0)
    micro_tokens: int = Field(default=8192, gt=0)
    engine: Literal["auto", "vllm", "transformers"] = "auto"

    learning_rate: float = Field(default=1e-5, gt=0, allow_inf_nan=False)
    lr_scheduler_type: Literal["constant", "constant_with_warmup", "linear", "cosine"] = "constant_with_warmup"
    warmup_steps: int = Field(default=0, ge=0)
    adam_beta2: float = Field(default=0.99, gt=0, lt=1)
    weight_decay: float = Field(default=0.0, ge=0, le=1e3)
    max_grad_norm: float = Field(default=1.0, gt=0)
    gradient_checkpointing: bool = False

    loss_type: LossType = "dapo"
    epsilon: float = Field(default=0.2, gt=0)
    epsilon_high: float | None = Field(default=0.28, gt=0)
    delta: float | None = Field(default=None, gt=0)
    beta: float = Field(default=0.0, ge=0)
    importance_sampling_level: Literal["token", "sequence"] = "token"
    scale_rewards: Literal["group", "batch", "none"] = "group"
    mask_truncated_completions: bool = False
    top_entropy_quantile: float = Field(default=1.0, gt=0, le=1)
    vllm_importance_sampling_correction: bool = True
    vllm_importance_sampling_mode: CorrectionMode = "token_truncate"
    vllm_importance_sampling_clip_max: float | None = Field(default=2.0, gt=0)
    vllm_importance_sampling_clip_min: float | None = Field(default=None, ge=0)

    checkpoint_steps: int = Field(default=1, gt=0)
    checkpoints: int = Field(default=2, gt=0)
    report_to: list[Literal["tensorboard", "trackio", "wandb"]] = ["tensorboard"]
    threads: int = Field(default=THREADS, gt=0, le=1024)
    seed: int = Field(default=0, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.max_completion_length >= self.max_length:
            raise ValueError(
                f"max_completion_length: expected less than max_length ({self.max_length}), "
                f"got {self.max_completion_length}"
            )
        if self.chat.context is not None and self.chat.context <= self.max_completion_length:
            raise ValueError(
                f"chat.context: expected more than max_completion_length ({self.max_completion_length}), "
                f"got {self.chat.context}"
            )
        if self.max_length > self.micro_tokens:
            raise ValueError(
                f"micro_tokens: expected room for a sequence of max_length ({self.max_length}), got {self.micro_tokens}"
            )
        return self


class IterateSettings(_Settings):
    """How rounds of expert iteration are run.

    Attributes:
        rounds: Of playing and training.
        num_generations: Episodes on each challenge in a round.
        per_challenge: Successes of a challenge that are kept, of all rounds together: the best ones.
        sft: Of the training in each round.
        temperature: Of sampling.
        max_completion_length: Tokens of one reply.
        episodes_at_once: Episodes that run at the same time.
        retries: How often an episode is tried again after infrastructure failed; then it is left out.
        engine: As in `RLSettings`.
        chat: As in `RLSettings`.
        threads: Of generation in this process.
        seed: Of environments and sampling.
    """

    rounds: int = Field(default=3, gt=0)
    num_generations: int = Field(default=4, ge=2)
    per_challenge: int = Field(default=4, gt=0)
    sft: SFTSettings = SFTSettings()
    temperature: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    max_completion_length: int = Field(default=256, gt=0)
    episodes_at_once: int = Field(default=8, gt=0)
    retries: int = Field(default=2, ge=0)
    engine: Literal["auto", "vllm", "transformers"] = "auto"
    chat: ChatSettings = ChatSettings()
    threads: int = Field(default=THREADS, gt=0, le=1024)
    seed: int = Field(default=0, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self.playing(1)  # raises what is wrong with how a round is played
        return self

    def playing(self, challenges: int) -> RLSettings:
        """How a round is played: every challenge once, none again."""
        same = "num_generations temperature max_completion_length episodes_at_once retries engine chat threads seed"
        return RLSettings(
            steps=self.rounds,
            groups=challenges,
            max_redraws=0,
            curriculum=CurriculumSettings(by="uniform"),
            lora=None,
            dtype="bfloat16" if self.sft.dtype == "bfloat16" else "float32",
            max_length=self.sft.max_length,
            micro_tokens=max(self.sft.max_length, 8192),
            **{name: getattr(self, name) for name in same.split()},
        )
