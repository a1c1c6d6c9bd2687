"""Supervised fine-tuning with TRL: from a base model and conversations to a student that can be served.

Works alike for the small student (minutes on a CPU) and a model of the Hugging Face Hub (a GPU; see `recipes/`). A run
that was killed goes on from its last checkpoint when it is called again with the same arguments.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.progress import Progress, Silent
from synthgym.train.data import (
    IGNORED,
    Conversation,
    Samples,
    encode_all,
    marks_generation,
    read_conversations,
    to_dataset,
    with_copies,
)
from synthgym.train.extra import needs_train
from synthgym.train.student import load_student, quiet_libraries, save_student
from synthgym.train.tokenizer import pieces_of_names

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

REPORT_FILE = "sft.json"
_RUN_FILE = "sft-run.json"
_CHECKPOINTS = "checkpoints"


class SFTSettings(BaseModel):
    """How it is trained. The defaults are the small student's.

    Attributes:
        learning_rate: At its highest; a cosine takes it to 0 at the end, also when time is what ends it.
        batch: Conversations a step.
        micro_batch: Conversations at once; `batch` divided by it are accumulated.
        epochs: Passes over the samples, renamed copies included.
        max_seconds: Training ends by then; the learning rate has fallen to 0.
        max_length: Tokens; longer conversations are left out and counted.
        copies: Copies of each conversation with other names (see `renaming`). For large models: 0.
        packing: Whether conversations are packed to `max_length` (kept apart). Worth it on a GPU; on a CPU attention
            over the whole pack makes it half as fast as padding conversations of like length.
        warmup_steps: Steps in which the learning rate rises.
        gradient_checkpointing: Less memory, more time; for large models.
        checkpoint_seconds: Time between checkpoints.
        seed: Of names and order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    learning_rate: float = Field(default=1e-3, gt=0)
    batch: int = Field(default=4, gt=0)
    micro_batch: int = Field(default=4, gt=0)
    epochs: float = Field(default=1.0, gt=0)
    max_seconds: float | None = Field(default=None, gt=0)
    max_length: int = Field(default=2048, gt=0)
    copies: int = Field(default=0, ge=0)
    packing: bool = False
    warmup_steps: int = Field(default=20, ge=0)
    adam_beta2: float = 0.98
    weight_decay: float = 0.0
    gradient_checkpointing: bool = False
    checkpoint_seconds: float = Field(default=60.0, gt=0)
    seed: int = 0


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
        history: ``[seconds, step, loss]`` now and then.
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
        progress: Moves on by one with every step.

    Raises:
        UserError: A file is not what it should be, nothing in it fits, or `out` holds something else.
        MissingDependencyError: The extra `train` is not installed.

    Example:
        >>> report = sft("runs/base", "runs/messages.jsonl", "runs/student", SFTSettings(max_seconds=240))
    """
    needs_train()
    settings, progress, out = settings or SFTSettings(), progress or Silent(), Path(out)
    conversations = read_conversations(messages)
    finished = _claim(out, _identity(base, conversations, settings))
    if finished:
        return finished
    model, tokenizer = load_student(base)
    _keep_template(tokenizer, base)
    copies = with_copies(conversations, settings.copies, settings.seed, pieces_of_names(tokenizer))
    samples = encode_all(tokenizer, copies, settings.max_length)
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
    temporary.write_text(json.dumps(asdict(report), indent=1) + "\n", encoding="utf-8")
    temporary.replace(out / REPORT_FILE)
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)
    return report


def _identity(base: str | Path, conversations: list[Conversation], settings: SFTSettings) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(conversations, sort_keys=True).encode()).hexdigest()
    return {"base": str(base), "messages": digest, "settings": settings.model_dump()}


def _claim(out: Path, identity: dict[str, Any]) -> SFTReport | None:
    """Makes the folder this run's. The report, if the run is finished."""
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
    out.mkdir(parents=True, exist_ok=True)
    run_file.write_text(json.dumps(identity, indent=1) + "\n", encoding="utf-8")
    return None


def _keep_template(tokenizer: PreTrainedTokenizerBase, base: str | Path) -> None:
    """Gives a known model's tokenizer the template that marks what is generated.

    It is saved with the student, so that serving shows exactly what training showed.
    """
    from trl import get_training_chat_template

    if not marks_generation(tokenizer.chat_template):
        try:
            tokenizer.chat_template = get_training_chat_template(tokenizer) or tokenizer.chat_template
        except ValueError as error:
            raise UserError(
                f"this model's chat template marks no generation, and TRL has no such variant: {error}"
            ) from error


def _train(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    samples: Samples,
    checkpoints: Path,
    settings: SFTSettings,
    progress: Progress,
) -> dict[str, Any]:
    import torch
    from transformers.trainer_utils import get_last_checkpoint
    from trl import SFTConfig

    from synthgym.train.timed import TimedTrainer, collate_padded

    with quiet_libraries():
        arguments = SFTConfig(
            output_dir=str(checkpoints),
            per_device_train_batch_size=settings.micro_batch,
            gradient_accumulation_steps=max(1, settings.batch // settings.micro_batch),
            num_train_epochs=settings.epochs,
            learning_rate=settings.learning_rate,
            adam_beta2=settings.adam_beta2,
            weight_decay=settings.weight_decay,
            max_length=settings.max_length,
            packing=settings.packing,
            packing_strategy="bfd",
            train_sampling_strategy="random" if settings.packing else "group_by_length",
            bf16=torch.cuda.is_available(),
            seed=settings.seed,
            data_seed=settings.seed,
            logging_steps=10,
            save_strategy="no",
            save_total_limit=1,
            report_to=[],
            disable_tqdm=True,
            dataloader_pin_memory=False,
            # Tokens and labels are made already; only packing is left to TRL.
            dataset_kwargs={"skip_prepare_dataset": not settings.packing},
            gradient_checkpointing=settings.gradient_checkpointing,  # TRL's default is to have it
        )
        trainer = TimedTrainer(
            model=model,
            args=arguments,
            train_dataset=to_dataset(samples),
            processing_class=tokenizer,
            data_collator=None if settings.packing else collate_padded(tokenizer.pad_token_id, IGNORED),
            settings=settings,
            progress=progress,
        )
        last = get_last_checkpoint(str(checkpoints)) if checkpoints.is_dir() else None
        trainer.train(resume_from_checkpoint=last)
    course: dict[str, Any] = trainer.course()
    return course
