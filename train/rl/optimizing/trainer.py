"""TRL's GRPO loss on batches that we collect: each step of the optimizer has one, in as many passes as it needs.

What a batch's passes share is weighted so that their sum is what TRL would compute of the batch in one. Imported only
where the extra `train` is installed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback, Trainer
from trl import GRPOConfig, GRPOTrainer

from synthgym.base.errors import UserError
from synthgym.train.kernels.attention import row_of
from synthgym.train.kernels.fit import fit
from synthgym.train.kernels.head import log_probabilities
from synthgym.train.models.saving import saving
from synthgym.train.rl.callback import StepCallback
from synthgym.train.rl.optimizing.batches import Batch, Pass
from synthgym.train.rl.optimizing.correction import corrected
from synthgym.train.rl.optimizing.prefix_tree import tree_of
from synthgym.train.rl.policy import Policy
from synthgym.train.rl.settings import RLSettings

BatchSource = Callable[[int], Batch]
"""Gives the batch of a step; called once for each, in order."""

_BY_TOKENS = ("bnpo",)
_WHOLE = ("dapo", "cispo", "vespo")
"""Losses that TRL divides by the tokens of the whole batch already."""
_SCALING = ("final_logit_softcapping", "logit_scale", "output_multiplier", "lm_head_multiplier", "logits_scaling")
"""What a model's settings may say of its logits; TRL's head knows what to do with it."""


class Diverged(UserError):
    """The loss or the gradient is no number any more."""


class PolicyTrainer(GRPOTrainer):  # type: ignore[misc]
    """`GRPOTrainer` that is given its batches, and has no head where nothing counts.

    Args:
        policy: In training.
        source: Of its batches.
        settings: See `RLSettings`.
        folder: Of its checkpoints.
        watch: Told of every step.

    Attributes:
        optimisation: Seconds of forward and backward passes and of the optimizer in the step at hand.
        collecting: Seconds in which it waited for a batch.
        saving: Seconds of checkpoints since the last step was logged.
        shares: Whether what sequences of a pass have in common is computed once.
    """

    def __init__(
        self, policy: Policy, source: BatchSource, settings: RLSettings, folder: Path, watch: StepCallback
    ) -> None:
        self._source, self._settings = source, settings
        self._at_hand: Pass = {}
        self._stale = False
        self.optimisation = self.collecting = self.saving = 0.0
        self._watch = watch
        self.batch = Batch()
        super().__init__(
            model=policy.model,
            reward_funcs=_unused,
            args=_arguments(settings, folder),
            train_dataset=Dataset.from_dict({"prompt": [""] * settings.steps * settings.num_generations}),
            processing_class=policy.tokenizer,
            callbacks=[watch],
        )
        self.remove_callback(PrinterCallback)
        # TRL's own name for having the probabilities of another engine; nothing else asks for it in training.
        self.use_vllm = settings.vllm_importance_sampling_correction
        text = self.accelerator.unwrap_model(self.model).config.get_text_config()
        self.shares = False
        self._plain = self.accelerator.device.type == "cpu" and all(
            getattr(text, name, None) is None for name in _SCALING
        )

        if self._plain and policy.adapted and self.ref_model is None:
            inner = self.accelerator.unwrap_model(self.model)
            self.shares = fit(inner, inner.get_base_model())

    def get_train_dataloader(self) -> Any:
        """A number for each step: batches come from elsewhere."""
        return torch.utils.data.DataLoader([{"step": step} for step in range(self._settings.steps)], batch_size=1)

    def training_step(self, model: Any, inputs: Any, num_items_in_batch: Any = None) -> torch.Tensor:
        """All passes of a step's batch, forward and backward.

        Raises:
            Diverged: The loss is no number.
        """
        start = time.monotonic()
        self.batch = batch = self._source(self.state.global_step)
        self._stale = batch.stale > 0
        self.collecting = time.monotonic() - start
        model.train()
        loss = torch.zeros((), device=self.accelerator.device)
        for each in batch.passes:
            self.current_gradient_accumulation_steps = self._share(batch, each)
            if self.beta:
                each["ref_per_token_logps"] = self._reference(each)
            part = self.compute_loss(model, each)
            if not torch.isfinite(part):
                raise Diverged(_diverged("loss", self._settings, self.state.global_step))
            self.accelerator.backward(part)
            loss += part.detach()
        self.optimisation = time.monotonic() - start - self.collecting
        return loss

    def _share(self, batch: Batch, each: Pass) -> float:
        """What TRL divides a pass's loss by, so that all passes together weigh what the batch would in one."""
        if self.loss_type in _WHOLE:
            return 1.0
        if self.loss_type in _BY_TOKENS:
            return batch.counted / max(1.0, float(each["tool_mask"].sum()))
        return batch.rows / len(each["prompt_ids"])

    def _compute_loss(self, model: Any, inputs: Pass) -> torch.Tensor:
        self._at_hand = inputs
        try:
            loss: torch.Tensor = super()._compute_loss(model, inputs)
        finally:
            self._at_hand = {}
        return loss

    def _get_per_token_logps_and_entropies(
        self, model: Any, input_ids: torch.Tensor, attention_mask: torch.Tensor, logits_to_keep: int, **options: Any
    ) -> tuple[torch.Tensor, torch.Tensor | None, None]:
        """TRL's, the same numbers where a token counts, and 0 elsewhere: nothing looks at those."""
        counted = self._at_hand["tool_mask"].bool()
        if self._plain:
            found = self._on_cpu(model, input_ids, counted)
        else:
            labels = input_ids.masked_fill(~torch.nn.functional.pad(counted, (1, 0)), -100)
            with self.accelerator.autocast():
                outputs = model(input_ids=input_ids, attention_mask=attention_mask, labels=labels, fused_lm_head=True)
            found = outputs.log_probs, outputs.entropy
        if torch.is_grad_enabled():
            self._correct(found[0].detach(), counted)
        return *found, None

    def _on_cpu(
        self, model: Any, input_ids: torch.Tensor, counted: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Logits of the counted tokens only; rows are padded on the right, where causal attention does not look."""
        inner = self.accelerator.unwrap_model(model)
        inner = inner.get_base_model() if hasattr(inner, "get_base_model") else inner
        if self.shares:
            return self._in_a_row(inner, input_ids, counted)
        hidden = inner.base_model(input_ids=input_ids, use_cache=False).last_hidden_state[:, :-1][counted]
        logits = inner.get_output_embeddings()(hidden).float() / self.temperature
        every = logits.log_softmax(-1)
        told = every.gather(1, input_ids[:, 1:][counted][:, None])[:, 0]
        with torch.no_grad():
            entropy = -(every.exp() * every).sum(-1)
        zeros = told.new_zeros(counted.shape)
        return zeros.masked_scatter(counted, told), zeros.masked_scatter(counted, entropy)

    def _in_a_row(
        self, inner: Any, input_ids: torch.Tensor, counted: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """The same with kernels of our own: one row, in which what sequences have in common stands once."""
        lengths = (self._at_hand["completion_mask"].sum(1) + 1).tolist()
        tree = tree_of([ids[:length].tolist() for ids, length in zip(input_ids, lengths, strict=True)])
        row, positions = torch.tensor([tree.ids]), torch.tensor([tree.positions])
        with row_of(tree.runs):
            hidden = inner.model(input_ids=row, position_ids=positions, use_cache=False).last_hidden_state[0]
        # Where a counted token stands, and what it is said after: the same for all sequences that have it in common.
        where, after = [], []
        for places, its in zip(map(torch.tensor, tree.places), counted, strict=True):
            its = its[: len(places) - 1]
            where.append(places[1:][its])
            after.append(places[:-1][its])
        wanted, of_wanted = torch.cat(where).unique(return_inverse=True)
        before = torch.empty_like(wanted)
        before[of_wanted] = torch.cat(after)
        told, entropy = log_probabilities(hidden[before], inner.lm_head.weight, row[0, wanted], self.temperature)
        zeros = told.new_zeros(counted.shape)
        return zeros.masked_scatter(counted, told[of_wanted]), zeros.masked_scatter(counted, entropy[of_wanted])

    def _correct(self, logps: torch.Tensor, counted: torch.Tensor) -> None:
        """Puts beside a pass what the sampled tokens' probabilities there and here make of it, and logs how far off.

        Of a batch that this very policy sampled, what differs is rounding: the loss is weighted by the ratio, as TRL
        does. Of a stale one, the probabilities at sampling are the old ones that the loss clips by.
        """
        each, settings = self._at_hand, self._settings
        sampled = each["sampling_per_token_logps"]
        for name, value in corrected(logps, sampled, counted, settings, self._stale).items():
            if isinstance(value, torch.Tensor):
                each[name] = value
            else:
                self._metrics["train"][f"sampling/{name}"].append(value)

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def _reference(self, each: Pass) -> torch.Tensor:
        """Log-probabilities of the model as it was at first."""
        self._at_hand = each
        ids = torch.cat([each["prompt_ids"], each["completion_ids"]], dim=1)
        there = torch.cat([each["prompt_mask"], each["completion_mask"]], dim=1)
        kept = each["completion_ids"].shape[1]
        if self.ref_model is not None:
            return self._get_per_token_logps_and_entropies(self.ref_model, ids, there, kept)[0]
        from trl.trainer.utils import use_adapter

        inner = self.accelerator.unwrap_model(self.model)
        with use_adapter(inner, adapter_name="ref" if "ref" in inner.peft_config else None):
            return self._get_per_token_logps_and_entropies(self.model, ids, there, kept)[0]

    def _clip_grad_norm(self, model: Any) -> Any:
        norm = super()._clip_grad_norm(model)
        if norm is not None and not math.isfinite(float(norm)):
            raise Diverged(_diverged("gradient", self._settings, self.state.global_step))
        return norm

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        start = time.monotonic()
        with saving(Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"):
            Trainer._save_checkpoint(self, model, trial)  # TRL's writes a card beside it
        self.saving += time.monotonic() - start

    def log(self, logs: dict[str, float], *arguments: Any, **options: Any) -> None:
        """Adds what we know of the step to what TRL logs."""
        found = {
            name: [each for each in values if not math.isnan(each)] for name, values in self._metrics["train"].items()
        }
        logs |= {name: sum(values) / len(values) for name, values in found.items() if values}
        self._watch.add(logs, self.state.global_step)
        super().log(logs, *arguments, **options)


def _diverged(what: str, settings: RLSettings, step: int) -> str:
    return (
        f"step {step + 1}: the {what} is no number any more; the last checkpoint is kept. Give a learning_rate below "
        f"{settings.learning_rate:g} or a max_grad_norm below {settings.max_grad_norm:g}, and a new folder"
    )


def _unused(**_: Any) -> list[float]:
    raise AssertionError("rewards come from the environments")


def _arguments(settings: RLSettings, folder: Path) -> GRPOConfig:
    same = [
        "learning_rate",
        "lr_scheduler_type",
        "warmup_steps",
        "adam_beta2",
        "weight_decay",
        "max_grad_norm",
        "gradient_checkpointing",
        "loss_type",
        "epsilon",
        "epsilon_high",
        "delta",
        "beta",
        "importance_sampling_level",
        "scale_rewards",
        "temperature",
        "mask_truncated_completions",
        "top_entropy_quantile",
        "max_completion_length",
        "num_generations",
        "vllm_importance_sampling_correction",
        "vllm_importance_sampling_mode",
        "vllm_importance_sampling_clip_max",
        "vllm_importance_sampling_clip_min",
        "seed",
    ]
    on_gpu = torch.cuda.is_available()
    return GRPOConfig(
        output_dir=str(folder),
        per_device_train_batch_size=settings.num_generations,
        gradient_accumulation_steps=1,
        max_steps=settings.steps,
        bf16=on_gpu and settings.dtype == "bfloat16",
        logging_steps=1,
        save_strategy="steps",
        save_steps=settings.checkpoint_steps,
        save_total_limit=settings.checkpoints,
        report_to=settings.report_to,
        disable_tqdm=True,
        dataloader_pin_memory=False,
        **{name: getattr(settings, name) for name in same},
    )
