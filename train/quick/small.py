"""Trajectories in, a servable student out: filter, export, tokenizer, base model, fine-tuning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from synthgym.agents.trajectories.export import export_messages
from synthgym.agents.trajectories.filters import Filter, FilterSettings
from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.base.files.outputs import write_json
from synthgym.base.files.paths import build_once
from synthgym.base.json_reading import read_object
from synthgym.base.progress import show_progress
from synthgym.train.extras import needs_train
from synthgym.train.small.base import MAKING_FILE, make_base

BASE, STUDENT = "base", "student"
_MESSAGES, _REPORT = "messages.jsonl", "training.json"


def train_student(
    sources: Sequence[Path],
    out: Path,
    *,
    steps: int,
    copying_steps: int = 400,
    reading_steps: int = 240,
    copies: int = 8,
    seed: int = 0,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Trains the small student on the trajectories of stores and packed files; see `synthgym.train.small.student`.

    Writes ``out/messages.jsonl``, the warmed-up model ``out/base``, the trained one ``out/student`` and
    ``out/training.json``. What an earlier call of the same arguments has finished is kept. The same trajectories and
    arguments give the same student, bit for bit on one machine; what varies is the time it takes.

    Args:
        sources: Trajectory stores or packed files. Kept are episodes with a successful submission that fit the context.
        out: Folder.
        steps: Of the fine-tuning, of four conversations each.
        copying_steps: Of the base model's warm-up; see `synthgym.train.small.warmup`.
        reading_steps: Of its reading; see `synthgym.train.small.pretraining`.
        copies: Further copies of each conversation, with other names.
        seed: Decides everything random.
        say: Told, line by line, what happens.

    Returns:
        What `training.json` holds: yields of the filter by source, tokens, steps, loss.

    Raises:
        UserError: A source is missing, no trajectory passes the filter, or `out` holds another training.
        MissingDependencyError: The extra `train` is not installed.
    """
    needs_train()
    from synthgym.train.sft.run import SFTSettings, sft

    settings = {"steps": steps, "copying_steps": copying_steps, "reading_steps": reading_steps, "copies": copies}
    Store(out).claim({"command": "train", **settings, "seed": seed}, {"sources": [str(source) for source in sources]})
    report_file = out / _REPORT
    if report_file.exists():
        report = read_object(report_file, finite=False)
        say("trained already")
        return report
    kept, yields = _filtered(sources)
    export_messages(kept, out / _MESSAGES)
    say(f"{len(kept)} trajectories of {sum(found['seen'] for found in yields.values())} to learn from")
    base = build_once(
        out / BASE, lambda folder: make_base(out / _MESSAGES, folder, copying_steps, reading_steps, copies, seed, say)
    )
    with show_progress("fine-tuning", steps) as progress:
        fine = SFTSettings(max_steps=steps, copies=copies, seed=seed)
        trained = sft(base, out / _MESSAGES, out / STUDENT, fine, progress)
    say(f"student: {trained.steps} steps, {trained.accuracy:.1%} of the teacher's tokens right")
    report = {
        "trajectories": yields,
        "base": read_object(base / MAKING_FILE, finite=False),
        **trained.figures(),
    }
    write_json(report_file, report)
    return report


def _filtered(sources: Sequence[Path]) -> tuple[list[Trajectory], dict[str, Any]]:
    """What is worth learning from, and for each source how much of it was and why the rest was not."""
    kept: list[Trajectory] = []
    yields: dict[str, Any] = {}
    for source in sources:
        keep = Filter(FilterSettings(submitted=True, min_improvement=0.0))
        # In one order, whichever worker finished first: of two alike the filter keeps the first.
        kept += keep(sorted(read_episodes(source), key=lambda record: record.episode_id))
        yields[source.name] = keep.report.model_dump(exclude={"environments"})
    if not kept:
        raise UserError(f"no trajectory in {', '.join(map(str, sources))} has a successful submission")
    return kept, yields
