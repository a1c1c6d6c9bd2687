"""`synthgym train rl`: from a model and challenges to a better model, by its own episodes.

Every step draws challenges, runs groups of episodes with the weights as they are, and trains on what made some of a
group better than others. A run that was killed, at any moment, goes on when it is called again with the same arguments.

    OUT/run.json         which run this is
    OUT/episodes/        a trajectory store: every episode once, with its tokens
    OUT/steps/           a note for each step: which episodes it was trained on, and what the curriculum knew then
    OUT/checkpoints/     the last ones, and TensorBoard's files
    OUT/adapters/        the last adapters that were served
    OUT/metrics.jsonl    a line for each step
    OUT/student/         in the end: the adapter, or the model
    OUT/rl.json          in the end: a report
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from synthgym.agents.store import Store
from synthgym.base.errors import OutputFolderError, UserError
from synthgym.base.outputs import whole_file
from synthgym.base.progress import Progress, Silent
from synthgym.train.extra import needs_train
from synthgym.train.reproducible import one_process, reproducible
from synthgym.train.rl.groups import Notes
from synthgym.train.rl.metrics import METRICS_FILE, MetricsFile
from synthgym.train.rl.settings import RLSettings

REPORT_FILE = "rl.json"
STUDENT = "student"
EPISODES, STEPS, CHECKPOINTS = "episodes", "steps", "checkpoints"

_OF_NO_ACCOUNT = {"episodes_at_once", "micro_tokens", "restarts", "retries", "report_to", "checkpoints"}
"""Settings that may change from one start of a run to the next."""


class RLReport(BaseModel):
    """How a run went.

    Attributes:
        steps: Of the optimizer.
        trained: Of these, steps that had anything to train on.
        episodes: That were finished.
        groups: That were run.
        used: Of these, groups whose rewards differed.
        lost: Episodes that infrastructure ended for good.
        first: Mean improvement in the first tenth of the steps.
        last: In the last tenth.
        engine: That sampled.
        seconds: By part; interrupted runs included.
        student: What was trained, as it is served.
        base: The model that it was trained from, without an adapter.
        revision: Which state of it; see `ModelSource`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: int
    trained: int
    episodes: int
    groups: int
    used: int
    lost: int
    first: float
    last: float
    engine: str
    seconds: dict[str, float]
    student: Path
    base: str = ""
    revision: str = ""


def train_rl(
    env_ids: Iterable[str],
    model: str | Path,
    out: str | Path,
    settings: RLSettings | None = None,
    *,
    adapter: str | Path | None = None,
    sandbox: str = "auto",
    env_options: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> RLReport:
    """Trains a model by reinforcement.

    Args:
        env_ids: Ids of environments to train in.
        model: Folder of a model with its tokenizer, or of an adapter that names its model.
        out: New, empty, or of the same run: an unfinished one is continued, a finished one is returned as it is.
        settings: See `RLSettings`.
        adapter: Folder of an adapter to go on with.
        sandbox: As for `gymnasium.make`.
        env_options: Further settings for `gymnasium.make`.
        progress: Moves on by one with every step; at first by what an earlier run has done.

    Raises:
        UserError: An argument is not what it should be, `out` holds something else, the training diverged, memory or
            disk is full.
        InfrastructureError: Nothing works any more. What was finished is kept.
        MissingDependencyError: The extra `train` is not installed.

    Example:
        >>> train_rl(["synthgym/wine-v0"], "runs/student", "runs/rl", RLSettings(steps=20)).last
        0.61
    """
    needs_train()
    one_process()
    from synthgym.train.rl.collector import check_challenges

    settings, progress, out = settings or RLSettings(), progress or Silent(), Path(out).absolute()
    names = check_challenges(env_ids)
    identity = {
        "command": "train rl",
        "model": str(model),
        "adapter": str(adapter) if adapter else None,
        "environments": names,
        "env_options": dict(env_options or {}),
        "settings": settings.model_dump(exclude=_OF_NO_ACCOUNT, mode="json"),
    }
    claim(out, identity)
    if (out / REPORT_FILE).exists():
        return RLReport.model_validate_json((out / REPORT_FILE).read_bytes())
    store = Store(out / EPISODES)
    store.claim({"command": "train rl"})
    with store.writing(), reproducible(settings.threads), _told():
        run = _Run(names, str(model), out, settings, Path(adapter) if adapter else None)
        with contextlib.closing(run):
            return run.train(store, {"sandbox": sandbox, **(env_options or {})}, progress)


class _Run:
    """The parts of a run, and the order in which they are ended."""

    def __init__(self, names: list[str], model: str, out: Path, settings: RLSettings, adapter: Path | None) -> None:
        from synthgym.train.rl.policy import load_policy

        self.names, self.out, self.settings = names, out, settings
        self.policy = load_policy(model, settings, adapter)
        self._stack = contextlib.ExitStack()

    def close(self) -> None:
        """Ends everything."""
        self._stack.close()

    def train(self, store: Store, make_options: dict[str, Any], progress: Progress) -> RLReport:
        """Trains to the end, from the last whole checkpoint if there is one."""
        from synthgym.train.rl.collector import Collector
        from synthgym.train.rl.endpoint import open_endpoint
        from synthgym.train.rl.feed import Feed
        from synthgym.train.rl.trainer import PolicyTrainer
        from synthgym.train.rl.watching import Watch
        from synthgym.train.sft.trainer import last_checkpoint
        from synthgym.train.student import quiet_libraries

        settings, out = self.settings, self.out
        endpoint = self._stack.enter_context(_closed(open_endpoint(self.policy, settings, out)))
        notes = Notes(out / STEPS)
        collector = Collector(self.names, settings, endpoint, store, notes, make_options)
        feed = Feed(collector, endpoint, settings, str(self.policy.model.device))
        self._stack.callback(feed.close)
        metrics = MetricsFile(out / METRICS_FILE)
        watch = Watch(feed, metrics, collector.kinds, progress)
        with quiet_libraries():
            trainer = PolicyTrainer(self.policy, feed, settings, out / CHECKPOINTS, watch)
        watch.trainer, feed.shares = trainer, trainer.shares
        last = last_checkpoint(out / CHECKPOINTS)
        metrics.rewind(int(last.name.split("-")[1]) if last else 0)
        with quiet_libraries():
            trainer.train(resume_from_checkpoint=str(last) if last else None)
        student = self.policy.save(out / STUDENT)
        report = _report(notes, metrics, endpoint.engine, student).model_copy(
            update={"base": str(self.policy.folder), "revision": self.policy.revision}
        )
        with whole_file(out / REPORT_FILE) as file:
            file.write(report.model_dump_json(indent=1).encode() + b"\n")
        return report


def claim(out: Path, identity: dict[str, Any]) -> None:
    """Makes the folder this run's, or finds that it is.

    Raises:
        OutputFolderError: It holds something else.
    """
    path = out / "run.json"
    if path.exists():
        there = json.loads(path.read_text(encoding="utf-8")).get("run", {})
        if there != json.loads(json.dumps(identity)):
            other = sorted(name for name in {*there, *identity} if there.get(name) != identity.get(name))
            raise OutputFolderError(
                f"{out}: holds another training run (other {', '.join(other)}); name another folder, or give the same "
                "arguments to go on with it"
            )
        return
    if out.is_dir() and any(out.iterdir()):
        raise OutputFolderError(f"{out}: expected a new or empty folder, or one of an earlier run; name another folder")
    with whole_file(path) as file:
        file.write(json.dumps({"run": identity, "notes": {"begun": time.time()}}, indent=1).encode() + b"\n")


@contextlib.contextmanager
def _closed(endpoint: Any) -> Iterator[Any]:
    try:
        yield endpoint
    finally:
        endpoint.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Says what to do where memory runs out."""
    import torch

    try:
        yield
    except (torch.OutOfMemoryError, RuntimeError, MemoryError) as error:
        short = isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)
        if not short:
            raise
        raise UserError(
            "memory ran out; give smaller micro_tokens, then max_length, or turn on gradient_checkpointing; with "
            "generation in this process also a smaller episodes_at_once. The last checkpoint is kept: the same command "
            "goes on from it"
        ) from error


def _report(notes: Notes, metrics: MetricsFile, engine: str, student: Path) -> RLReport:
    lines = metrics.read()
    tenth = max(1, len(lines) // 10)
    groups = [group for note in notes for group in note.groups]
    seconds: dict[str, float] = {}
    for line in lines:
        for name, value in line.items():
            if name.startswith("seconds/"):
                part = name.removeprefix("seconds/")
                seconds[part] = round(seconds.get(part, 0.0) + value, 3)
    return RLReport(
        steps=len(lines),
        trained=sum(bool(line.get("batch/sequences")) for line in lines),
        episodes=sum(len(group.episodes) for group in groups),
        groups=len(groups),
        used=sum(group.used for group in groups),
        lost=sum(group.lost for group in groups),
        first=_mean([line["improvement"] for line in lines[:tenth]]),
        last=_mean([line["improvement"] for line in lines[-tenth:]]),
        engine=engine,
        seconds=seconds,
        student=student,
    )


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
