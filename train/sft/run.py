"""Supervised fine-tuning with TRL: from a base model and conversations to a student that can be served.

Works alike for the small student (minutes on a CPU) and a model of the Hugging Face Hub (a GPU). Steps bound it, never
the clock: the same base, conversations (in any order) and settings give the same weights, bit for bit on one machine. A
run that was killed goes on from its last checkpoint when it is called again with the same arguments, and ends with the
weights it would have had.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.outputs import whole_file
from synthgym.base.progress import Progress, Silent
from synthgym.train.extra import needs_train
from synthgym.train.models.template import prepare
from synthgym.train.reproducible import THREADS, reproducible
from synthgym.train.sft.data import (
    IGNORED,
    Conversation,
    Samples,
    encode_all,
    read_conversations,
    to_dataset,
    with_copies,
)
from synthgym.train.student import load_student, quiet_libraries, save_student
from synthgym.train.tokenizer import pieces_of_names

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

REPORT_FILE = "sft.json"
_RUN_FILE = "sft-run.json"
_CHECKPOINTS = "checkpoints"
_LOG_STEPS = 10


class SFTSettings(BaseModel):
    """How it is trained. The defaults are the small student's.

    Attributes:
        learning_rate: At its highest; a cosine takes it to 0 at the end.
        batch: Conversations a step.
        micro_batch: Conversations at once, of which `batch` must be a multiple; the others are accumulated.
        epochs: Passes over the samples, renamed copies included.
        max_steps: Steps of the optimizer, however many passes that makes; instead of `epochs`.
        max_length: Tokens; longer conversations are left out and counted, and so are those that the model's own
            context does not hold.
        copies: Copies of each conversation with other names (see `renaming`). For large models: 0.
        packing: Whether conversations are packed to `max_length` (kept apart). Worth it on a GPU; on a CPU attention
            over the whole pack makes it half as fast as padding conversations of like length.
        warmup_steps: Steps in which the learning rate rises.
        gradient_checkpointing: Less memory, more time; for large models.
        checkpoint_steps: Steps between checkpoints, rounded up to whole tens.
        threads: CPU threads; sums depend on it, so it is a setting, and not what the machine has.
        seed: Of names and order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    learning_rate: float = Field(default=1e-3, gt=0)
    batch: int = Field(default=4, gt=0)
    micro_batch: int = Field(default=4, gt=0)
    epochs: float = Field(default=1.0, gt=0)
    max_steps: int | None = Field(default=None, gt=0)
    max_length: int = Field(default=2048, gt=0)
    copies: int = Field(default=0, ge=0)
    packing: bool = False
    warmup_steps: int = Field(default=20, ge=0)
    adam_beta2: float = 0.98
    weight_decay: float = 0.0
    gradient_checkpointing: bool = False
    checkpoint_steps: int = Field(default=200, gt=0)
    threads: int = Field(default=THREADS, gt=0)
    seed: int = 0

    @model_validator(mode="after")
    def _batches_fit(self) -> SFTSettings:
        if self.batch % self.at_once:
            raise ValueError(f"batch: expected a multiple of micro_batch ({self.micro_batch}), got {self.batch}")
        return self

    @property
    def at_once(self) -> int:
        """Conversations in one forward pass."""
        return min(self.micro_batch, self.batch)


@dataclass(frozen=True)
class SFTReport:
    """What was trained on, and how it went.

    Attributes:
        conversations: As read, without renamed copies.
        samples: Trained on, copies included.
        too_long: Left out because they are longer than `max_length`.
        tokens: Of the samples.
        learned: Tokens of the samples that count.
        longest: Tokens of the longest conversation, left out or not.
        seconds: Training, interrupted runs included.
        steps: Steps of the optimizer.
        epochs: Passes over the samples.
        loss: At the end, smoothed.
        accuracy: Share of learned tokens that were the model's first choice, at the end, smoothed.
        history: ``[step, loss]``, every ten steps and at the end.
    """

    conversations: int
    samples: int
    too_long: int
    tokens: int
    learned: int
    longest: int
    seconds: float
    steps: int
    epochs: float
    loss: float
    accuracy: float
    history: list[list[float]] = field(default_factory=list)


def sft(
    base: str | Path,
    messages: str | Path | Iterable[str | Path],
    out: str | Path,
    settings: SFTSettings | None = None,
    progress: Progress | None = None,
) -> SFTReport:
    """Trains `base` on conversations and saves the result, with the chat template it was trained with, to `out`.

    Args:
        base: Folder of a model with its tokenizer, or a name on the Hugging Face Hub.
        messages: Files of exported conversations.
        out: New, empty, or of the same run: an unfinished one is continued, a finished one is returned as it is.
        settings: See `SFTSettings`.
        progress: Moves on by one with every step; at first by what an earlier run has done.

    Raises:
        UserError: A file is not what it should be, nothing in it fits, or `out` holds something else.
        MissingDependencyError: The extra `train` is not installed.

    Example:
        >>> report = sft("runs/base", "runs/messages.jsonl", "runs/student", SFTSettings(max_steps=1000))
    """
    needs_train()
    settings, progress, out = settings or SFTSettings(), progress or Silent(), Path(out)
    # What is learned must not hang on the order in which workers finished their episodes.
    conversations = sorted(read_conversations(messages), key=json.dumps)
    identity = _identity(base, conversations, settings)
    finished = _finished(out, identity)
    if finished:
        return finished
    model, tokenizer = load_student(base)
    with reproducible(settings.threads), quiet_libraries():
        prepare(tokenizer, model)
        copies = with_copies(conversations, settings.copies, settings.seed, pieces_of_names(tokenizer))
        samples = encode_all(tokenizer, copies, min(settings.max_length, _context(model)))
        _claim(out, identity)
        course = _train(model, tokenizer, samples, out / _CHECKPOINTS, settings, progress)
    save_student(model, tokenizer, out)
    report = SFTReport(
        conversations=len(conversations),
        samples=len(samples.kept),
        too_long=samples.too_long,
        tokens=samples.tokens,
        learned=samples.learned,
        longest=samples.longest,
        **course,
    )
    temporary = out / f".{REPORT_FILE}.new"
    temporary.write_text(json.dumps(asdict(report), indent=1, allow_nan=False) + "\n", encoding="utf-8")
    temporary.replace(out / REPORT_FILE)
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)
    return report


def _identity(base: str | Path, conversations: list[Conversation], settings: SFTSettings) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(conversations, sort_keys=True).encode()).hexdigest()
    return {"base": str(base), "messages": digest, "settings": settings.model_dump()}


def _finished(out: Path, identity: dict[str, Any]) -> SFTReport | None:
    """The report of the run, if it is finished.

    Raises:
        OutputFolderError: The folder holds something else.
    """
    run_file = out / _RUN_FILE
    if run_file.exists():
        if json.loads(run_file.read_text(encoding="utf-8")) != identity:
            raise OutputFolderError(
                f"{out}: holds another training run (other base, conversations or settings); name another folder"
            )
        report = out / REPORT_FILE
        return SFTReport(**json.loads(report.read_text(encoding="utf-8"))) if report.exists() else None
    if out.is_dir() and any(out.iterdir()):
        raise OutputFolderError(f"{out}: expected a new or empty folder, or one of an earlier run; name another folder")
    return None


def _claim(out: Path, identity: dict[str, Any]) -> None:
    """Makes the folder this run's; not before it is known that there is something to train."""
    out.mkdir(parents=True, exist_ok=True)
    with whole_file(out / _RUN_FILE) as file:
        file.write(json.dumps(identity, indent=1).encode() + b"\n")


def _context(model: Any) -> int:
    """Tokens that the model was made for."""
    return int(getattr(model.config.get_text_config(), "max_position_embeddings", None) or sys.maxsize)


def _train(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    samples: Samples,
    checkpoints: Path,
    settings: SFTSettings,
    progress: Progress,
) -> dict[str, Any]:
    import torch
    from trl import SFTConfig

    from synthgym.train.sft.trainer import ConversationTrainer, collate_padded

    arguments = SFTConfig(
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
        bf16=torch.cuda.is_available(),
        seed=settings.seed,
        data_seed=settings.seed,
        logging_steps=_LOG_STEPS,
        save_strategy="steps",
        # Between two logged figures a checkpoint would lose a part of the second.
        save_steps=-(-settings.checkpoint_steps // _LOG_STEPS) * _LOG_STEPS,
        save_total_limit=2,
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=False,
        # Tokens and labels are made already; only packing is left to TRL.
        dataset_kwargs={"skip_prepare_dataset": not settings.packing},
        gradient_checkpointing=settings.gradient_checkpointing,  # TRL's default is to have it
    )
    trainer = ConversationTrainer(
        model=model,
        args=arguments,
        train_dataset=to_dataset(samples),
        processing_class=tokenizer,
        data_collator=None if settings.packing else collate_padded(tokenizer.pad_token_id or 0, IGNORED),
        settings=settings,
        progress=progress,
    )
    trainer.run(checkpoints)
    if not all(torch.isfinite(weights).all() for weights in model.parameters()):
        raise UserError(
            f"the training diverged: its weights are no numbers any more; give a learning_rate below "
            f"{settings.learning_rate:g}, and a new folder"
        )
    course: dict[str, Any] = trainer.course()
    return course
