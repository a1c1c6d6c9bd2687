"""Supervised fine-tuning with TRL: from a base model and what agents did to a student that can be served.

Works alike for the small student (minutes on a CPU), a pretrained model with a LoRA adapter on a CPU, and a model of
the Hugging Face Hub on a GPU. Steps or tokens bound it, never the clock: the same base, conversations (in any order)
and settings give the same weights, bit for bit on one machine. A run that was killed goes on from its last checkpoint
when it is called again with the same arguments, and ends with the weights it would have had.

::

    OUT/                 the student: an ordinary model folder, with the chat template it was trained with
    OUT/adapter/         with LoRA: the adapter alone, in PEFT's format
    OUT/sft.json         what was trained on, and how it went
    OUT/metrics.jsonl    what was logged, a line each
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError, OutputFolderError
from synthgym.base.files.outputs import write_json
from synthgym.base.files.run_folder import check_new, claim, held
from synthgym.base.json_reading import read_object
from synthgym.base.progress import Progress, Silent
from synthgym.train.conversations import Conversation, with_copies
from synthgym.train.extras import needs_train
from synthgym.train.models.lora import LoRASettings, with_adapter
from synthgym.train.models.quiet import quiet_libraries
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.models.template import prepare
from synthgym.train.out_of_memory import explained_out_of_memory
from synthgym.train.reproducible import one_process, reproducible
from synthgym.train.sft.dataset import SampleSet, write_samples
from synthgym.train.sft.settings import SFTSettings, WeightSettings
from synthgym.train.sft.sources import Example, Reading, paths_of
from synthgym.train.small.tokenizer import pieces_of_names

__all__ = ["LoRASettings", "SFTReport", "SFTSettings", "WeightSettings", "sft"]

REPORT_FILE = "sft.json"
ADAPTER = "adapter"
METRICS_FILE = "metrics.jsonl"
_RUN_FILE = "sft-run.json"
_CHECKPOINTS = "checkpoints"
_DATA = ".samples"
_LESS_MEMORY = "micro_batch, then max_length, or turn on gradient_checkpointing"


@dataclass(frozen=True)
class SFTReport:
    """What was trained on, and how it went.

    Attributes:
        conversations: As read, without renamed copies.
        samples: Trained on, copies included; those held out are not.
        too_long: Conversations left out because they are longer than `max_length`.
        windowed: Conversations of that kind that are trained on in parts.
        tokens: Of the samples.
        learned: Tokens of the samples that count.
        longest: Tokens of the longest conversation, left out or not.
        seconds: Training, interrupted runs included.
        steps: Steps of the optimizer.
        epochs: Passes over the samples.
        trained_tokens: Tokens that the model was shown in training.
        loss: At the end, smoothed.
        accuracy: Share of learned tokens that were the model's first choice, at the end, smoothed.
        held_out_loss: Of what was held out, at the end; None where nothing was.
        history: ``[step, loss]``, every ten steps and at the end.
        sources: For each source of episodes how many were seen, kept, and left out for what.
        base: What was trained.
        revision: Which state of it, where that is known.
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
    windowed: int = 0
    trained_tokens: int = 0
    held_out_loss: float | None = None
    sources: dict[str, Any] = field(default_factory=dict)
    base: str = ""
    revision: str = ""

    def figures(self) -> dict[str, Any]:
        """What quickstart's summary says of it."""
        names = ("conversations", "samples", "too_long", "tokens", "steps", "epochs", "loss", "seconds")
        return {**{name: getattr(self, name) for name in names}, "token_accuracy": self.accuracy}


def sft(
    base: str | Path,
    sources: str | Path | Iterable[str | Path],
    out: str | Path,
    settings: SFTSettings | None = None,
    progress: Progress | None = None,
    *,
    revision: str = "",
) -> SFTReport:
    """Trains `base` on conversations and saves the result, with the chat template it was trained with, to `out`.

    Args:
        base: Folder of a model with its tokenizer, or a name on the Hugging Face Hub.
        sources: Folders of rollouts or benchmarks, packed trajectories, files of exported conversations.
        out: New, empty, or of the same run: an unfinished one is continued, a finished one is returned as it is.
        settings: See `SFTSettings`.
        progress: Moves on by one with every step; at first by what an earlier run has done.
        revision: Which state of the model `base` is, for the record.

    Raises:
        UserError: A file is not what it should be, nothing in it fits, or `out` holds something else.
        MissingDependencyError: The extra `train` is not installed.

    Example:
        >>> report = sft("runs/base", "runs/teacher", "runs/student", SFTSettings(max_steps=1000))
    """
    needs_train()
    one_process()
    settings, progress, out = settings or SFTSettings(), progress or Silent(), Path(out)
    check_new(out, _RUN_FILE)
    model, tokenizer = load_model(base, dtype=settings.dtype)
    with held(out), reproducible(settings.threads), quiet_libraries(), explained_out_of_memory(_LESS_MEMORY):
        prepare(tokenizer, model)
        reading = Reading(
            paths_of(sources), settings.filter, settings.mask_failed_turns, None if settings.copies else tokenizer
        )
        work = out / _DATA
        try:
            samples = _tokenised(reading, tokenizer, work, settings, _context(model), progress)
            identity = {
                "base": str(base),
                "revision": revision,
                "samples": samples.digest,
                "settings": settings.model_dump(mode="json"),
            }
            claim(out, _RUN_FILE, identity, lambda _: not _done(out), added=["revision"], flat=True)
            if finished := _finished(out):
                return finished
            course = _train(model, tokenizer, base, samples, out, settings, progress)
            _save(model, tokenizer, base, out)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    counts = samples.counts
    report = SFTReport(
        conversations=counts.conversations // (settings.copies + 1),
        samples=course.pop("samples"),
        too_long=counts.too_long,
        windowed=counts.windowed,
        tokens=counts.tokens,
        learned=counts.learned,
        longest=counts.longest,
        sources=reading.yields,
        base=str(base),
        revision=revision,
        **course,
    )
    write_json(out / REPORT_FILE, asdict(report))
    shutil.rmtree(out / _CHECKPOINTS, ignore_errors=True)
    return report


def _tokenised(
    reading: Reading, tokenizer: Any, folder: Path, settings: SFTSettings, context: int, progress: Progress
) -> SampleSet:
    """All samples, on disk. Renamed copies need all conversations at once; they are for small sets."""
    examples: Iterable[Example] = reading
    if settings.copies:
        originals = sorted(reading, key=lambda example: json.dumps(example.messages))
        conversations = [example.messages for example in originals]
        copied = with_copies(conversations, settings.copies, settings.seed, pieces_of_names(tokenizer))
        examples = (_copy(originals, number, messages) for number, messages in enumerate(copied))
    return write_samples(
        examples,
        tokenizer,
        folder,
        max_length=min(settings.max_length, context),
        too_long=settings.too_long,
        sort=not settings.copies,
        told=lambda done: progress.advance(0, f"{done} conversations read"),
        left_out=lambda: reading.left_out,
    )


def _copy(originals: list[Example], number: int, messages: Conversation) -> Example:
    """One of the conversations, or a renamed copy: of the same challenge, worth the same, held out together."""
    at = number % len(originals)
    original = originals[at]
    origin = original.challenge or f"conversation {at}"
    return Example(messages, original.challenge, original.improvement, origin=origin)


def _finished(out: Path) -> SFTReport | None:
    """The report of the run in the folder, if it is finished and what it made is there.

    Raises:
        OutputFolderError: The report is damaged.
    """
    report = out / REPORT_FILE
    if not report.exists() or not any(out.glob("*.safetensors")):
        return None
    try:
        return SFTReport(**read_object(report, finite=False))
    except (FileError, TypeError):
        raise OutputFolderError(f"{report}: cannot be read as what a training wrote; name a new folder") from None


def _done(out: Path) -> bool:
    """Whether a run in the folder has made anything: a checkpoint, an adapter, a student."""
    made = [*(out / _CHECKPOINTS).glob("checkpoint-*"), *out.glob("*.safetensors")]
    return bool(made) or (out / ADAPTER).exists() or (out / REPORT_FILE).exists()


def _context(model: Any) -> int:
    """Tokens that the model was made for."""
    return int(getattr(model.config.get_text_config(), "max_position_embeddings", None) or sys.maxsize)


def _save(model: Any, tokenizer: Any, base: str | Path, out: Path) -> None:
    """The student as an ordinary model; an adapter is put into the base's weights, as exact as they are on disk."""
    trained = out / ADAPTER
    if not trained.is_dir():
        save_model(model, tokenizer, out)
        return
    from peft import PeftModel

    whole, _ = load_model(base)
    prepare(tokenizer, whole)
    save_model(PeftModel.from_pretrained(whole, str(trained)).merge_and_unload(), tokenizer, out)


def _train(
    model: Any,
    tokenizer: Any,
    base: str | Path,
    samples: SampleSet,
    out: Path,
    settings: SFTSettings,
    progress: Progress,
) -> dict[str, Any]:
    from synthgym.train.sft.quick_benchmark import QuickBenchmark
    from synthgym.train.sft.trainer import ConversationTrainer, arguments

    adapted = with_adapter(model, settings.lora, settings.seed) if settings.lora else model
    quick = None
    if settings.benchmark:
        quick = QuickBenchmark(settings.benchmark, Path(base), out, settings.lora.rank if settings.lora else None)
    trainer = ConversationTrainer(
        quick=quick,
        model=adapted,
        args=arguments(settings, out / _CHECKPOINTS),
        samples=samples,
        processing_class=tokenizer,
        settings=settings,
        progress=progress,
        metrics=out / METRICS_FILE,
    )
    try:
        trainer.run(out / _CHECKPOINTS)
    finally:
        if quick:
            quick.close()
    if settings.lora:
        adapted.save_pretrained(str(out / ADAPTER))
    return trainer.course()
