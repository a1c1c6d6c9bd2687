"""What the folder of a finished training says: which files are the student, what it was trained from, on and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError, UserError
from synthgym.base.files.run_folder import read_identity
from synthgym.base.json_reading import read_object
from synthgym.train.models.folder import ADAPTER_FILE
from synthgym.train.rl.metrics import read_metrics
from synthgym.train.sharing.base import Base, find_base
from synthgym.train.sharing.without_paths import without_paths

_RUN, _SFT, _SFT_RUN, _RL, _METRICS = "run.json", "sft.json", "sft-run.json", "rl.json", "metrics.jsonl"


@dataclass(frozen=True)
class Table:
    """Figures under their names."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Trained:
    """A finished training.

    Attributes:
        method: Of the training, in words.
        tags: For the Hub.
        folder: Of the student: an ordinary model, or an adapter.
        adapter: Whether it is an adapter, which needs its base.
        lora: Whether an adapter was trained.
        base: What it was trained from.
        data: What it was trained on.
        settings: Every setting.
        figures: What the training was bounded by, and how it went.
        environments: Ids of the environments it was trained in.
    """

    method: str
    tags: list[str]
    folder: Path
    adapter: bool
    lora: bool
    base: Base
    data: Table
    settings: dict[str, Any]
    figures: dict[str, str]
    environments: list[str]


def read_trained(out: Path) -> Trained:
    """Reads the folder of a finished training.

    Raises:
        UserError: It is none, or it is not finished.
    """
    run = _json(out / _RUN).get("run")
    command = run.get("command") if isinstance(run, dict) else None
    try:
        finished, read = READERS.get(str(command), (_SFT, _sft))
        if (out / finished).exists():
            return read(out)
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # a field that is missing, or of another type
        raise FileError(f"{out}: its reports are not what a training wrote: {type(error).__name__}: {error}") from error
    raise UserError(f"{out}: expected the folder of a finished training; finish it first, with the same command")


def _sft(out: Path) -> Trained:
    report, run = _json(out / _SFT), read_identity(out / _SFT_RUN, flat=True) or {}
    lora = bool((run.get("settings") or {}).get("lora"))
    figures = {
        "steps of the optimizer": f"{report['steps']:,}",
        "passes over the samples": f"{report['epochs']:.2f}",
        "tokens trained on": f"{report.get('trained_tokens') or 0:,}",
        "samples": f"{report['samples']:,} of {report['conversations']:,} conversations",
        "tokens of the samples": f"{report['tokens']:,}, of which {report['learned']:,} are learned",
        "longer than max_length": f"{report['too_long']:,} left out, {report.get('windowed', 0):,} in parts",
        "loss at the end": f"{report['loss']:.4f}",
        "learned tokens that were the first choice": f"{report['accuracy']:.1%}",
    }
    if report.get("held_out_loss") is not None:
        figures["loss of what was held out"] = f"{report['held_out_loss']:.4f}"
    return Trained(
        method="supervised fine-tuning, on what agents did",
        tags=["sft"],
        folder=out,
        adapter=False,
        lora=lora,
        base=find_base(report.get("base") or run.get("base", ""), report.get("revision", "")),
        data=_sources(report.get("sources") or {}, report["conversations"]),
        settings=without_paths(run.get("settings") or {}),
        figures=figures,
        environments=[],
    )


def _rl(out: Path) -> Trained:
    report, run = _json(out / _RL), _json(out / _RUN)["run"]
    folder = out / "student"
    lines = list(_metrics(out / _METRICS))
    figures = {
        "steps of the optimizer": f"{report['steps']:,}, {report['trained']:,} of them with something to learn",
        "episodes": f"{report['episodes']:,} in {report['groups']:,} groups, of which {report['used']:,} were used",
        "episodes lost to infrastructure": f"{report['lost']:,}",
        "tokens trained on": f"{sum(int(line.get('batch/tokens') or 0) for line in lines):,}",
        "mean improvement, first tenth of the steps": f"{report['first']:.3f}",
        "mean improvement, last tenth": f"{report['last']:.3f}",
        "engine that sampled": str(report["engine"]),
    }
    adapter = (folder / ADAPTER_FILE).is_file()
    return Trained(
        method="reinforcement learning (GRPO), on its own episodes",
        tags=["grpo", "reinforcement-learning"],
        folder=folder,
        adapter=adapter,
        lora=adapter,
        base=find_base(report.get("base") or run["model"], report.get("revision", "")),
        data=_challenges(run["environments"]),
        settings=without_paths(run["settings"]),
        figures=figures,
        environments=list(run["environments"]),
    )


def _iterate(out: Path) -> Trained:
    """The student of the last round, which is one of SFT."""
    run = _json(out / _RUN)["run"]
    rounds = list(_metrics(out / _METRICS))
    if len(rounds) < run["settings"]["rounds"]:
        raise UserError(f"{out}: not finished; finish it first, with the same command")
    last = _sft(out / f"round-{len(rounds) - 1}" / "student")
    figures = {"rounds": f"{len(rounds):,}", "episodes": f"{sum(each['episodes'] for each in rounds):,}"}
    for each in rounds:
        told = f"mean improvement {each['improvement']:.3f}, {each['solved']:.0%} solved; {each['kept']} trained on"
        figures[f"round {each['step']}"] = told
    challenges = _challenges(run["environments"])
    return Trained(
        method="expert iteration: fine-tuning on its own successes, round after round",
        tags=["sft", "expert-iteration"],
        folder=last.folder,
        adapter=False,
        lora=last.lora,
        base=last.base,
        data=Table(last.data.head, [*last.data.rows, *([row[0], row[1], "", ""] for row in challenges.rows)]),
        settings=without_paths(run["settings"]),
        figures=figures | {f"last round: {name}": value for name, value in last.figures.items()},
        environments=list(run["environments"]),
    )


READERS: dict[str, tuple[str, Callable[[Path], Trained]]] = {
    "train rl": (_RL, _rl),
    "train iterate": (_RUN, _iterate),
}
"""By the command that a run was made with: the file without which it is not finished, and who reads its folder.

Of SFT, which Python calls too, no command is noted.
"""


def _sources(sources: dict[str, Any], conversations: int) -> Table:
    head = ["source", "episodes seen", "kept", "left out"]
    rows = []
    for name, found in without_paths(sources).items():
        dropped = ", ".join(f"{reason.replace('_', ' ')}: {count:,}" for reason, count in found["dropped"].items())
        rows.append([name, f"{found['seen']:,}", f"{found['kept']:,}", dropped or "none"])
    return Table(head, rows or [["exported conversations", f"{conversations:,}", f"{conversations:,}", "none"]])


def _challenges(env_ids: Iterable[str]) -> Table:
    counts = Counter(env_id.split("/")[0] for env_id in env_ids)
    return Table(["challenges of", "number"], [[f"{name}/*", f"{count:,}"] for name, count in sorted(counts.items())])


def _json(path: Path) -> dict[str, Any]:
    try:
        return read_object(path, finite=False)
    except FileNotFoundError:
        return {}


def _metrics(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from read_metrics(path)
    except FileNotFoundError:
        return
