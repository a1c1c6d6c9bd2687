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
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import FileError, OutputFolderError, UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.files.run_folder import claim, held, read_identity
from synthgym.base.json_reading import read_object
from synthgym.base.progress import Progress, Silent
from synthgym.train.checkpoints import last_checkpoint
from synthgym.train.extras import needs_train
from synthgym.train.models.resolve import resolve
from synthgym.train.models.source import content_hash
from synthgym.train.out_of_memory import explained_out_of_memory
from synthgym.train.reproducible import one_process, reproducible
from synthgym.train.rl.collecting.groups import Notes
from synthgym.train.rl.metrics import METRICS_FILE, MetricsFile
from synthgym.train.rl.settings import RLSettings

REPORT_FILE = "rl.json"
STUDENT = "student"
EPISODES, STEPS, CHECKPOINTS = "episodes", "steps", "checkpoints"
RUN_FILE = "run.json"
_LESS_MEMORY = (
    "micro_tokens, then max_length, or turn on gradient_checkpointing; with generation in this process also a smaller "
    "episodes_at_once"
)

ADDED = ("revision", "adapter_hash")
"""Of what a run is told by, what earlier releases did not note."""

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
    from synthgym.train.rl.collecting.collector import check_challenges

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
    identity["revision"] = revision_of(str(model))
    identity["adapter_hash"] = _hash_of(Path(adapter)) if adapter else None
    with held(out):
        noted = read_identity(out / RUN_FILE) or {}
        if adapter and noted.get("adapter_hash") == identity["adapter_hash"]:
            identity["adapter"] = noted.get("adapter")  # the same one, wherever it is now
        claim(out, RUN_FILE, identity, lambda _: nothing_done(out), added=ADDED)
        if finished := _finished(out):
            return finished
        return _trained(
            names, str(model), out, settings, adapter, {"sandbox": sandbox, **(env_options or {})}, progress
        )


def _finished(out: Path) -> RLReport | None:
    """The report of the run in the folder, if it is finished and its student is there.

    Raises:
        OutputFolderError: The report is damaged.
    """
    report = out / REPORT_FILE
    if not report.exists() or not any((out / STUDENT).glob("*.safetensors")):
        return None
    try:
        return RLReport.model_validate(read_object(report, finite=False))
    except (FileError, ValueError):
        raise OutputFolderError(f"{report}: cannot be read as what a training wrote; name a new folder") from None


def _trained(
    names: list[str],
    model: str,
    out: Path,
    settings: RLSettings,
    adapter: str | Path | None,
    make_options: dict[str, Any],
    progress: Progress,
) -> RLReport:
    store = Store(out / EPISODES)
    store.claim({"command": "train rl"})
    with store.writing(), reproducible(settings.threads), explained_out_of_memory(_LESS_MEMORY):
        run = _Run(names, model, out, settings, Path(adapter) if adapter else None)
        with contextlib.closing(run):
            return run.train(store, make_options, progress)


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
        from synthgym.train.models.quiet import quiet_libraries
        from synthgym.train.rl.callback import StepCallback
        from synthgym.train.rl.collecting.collector import Collector
        from synthgym.train.rl.collecting.feed import Feed
        from synthgym.train.rl.generation.endpoint import open_endpoint
        from synthgym.train.rl.optimizing.trainer import PolicyTrainer

        settings, out = self.settings, self.out
        endpoint = self._stack.enter_context(_closed(open_endpoint(self.policy, settings, out)))
        notes = Notes(out / STEPS)
        collector = Collector(self.names, settings, endpoint, store, notes, make_options)
        feed = Feed(collector, endpoint, settings, str(self.policy.model.device))
        self._stack.callback(feed.close)
        metrics = MetricsFile(out / METRICS_FILE)
        watch = StepCallback(feed, metrics, collector.kinds, progress)
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


def nothing_done(out: Path) -> bool:
    """Whether no run in the folder has finished an episode, a step or a round."""
    return not (
        any((out / STEPS).glob("*"))
        or any((out / CHECKPOINTS).glob("checkpoint-*"))
        or any(path.stat().st_size for path in (out / EPISODES).glob("episodes-*"))
        or any(out.glob("round-*/student"))
        or (out / REPORT_FILE).exists()
    )


def revision_of(model: str) -> str:
    """Which state of a model, or of an adapter and the model that it names, a run begins with.

    Raises:
        UserError: There is no such model.
    """
    from synthgym.train.rl.policy import policy_parts

    name, adapter = policy_parts(model, None)
    own = [content_hash(adapter)] if adapter else []
    return "+".join([resolve(name).revision, *own])


def _hash_of(adapter: Path) -> str:
    if not adapter.is_dir():
        raise UserError(f"{adapter}: expected the folder of a saved LoRA adapter; there is no such folder")
    return content_hash(adapter)


@contextlib.contextmanager
def _closed(endpoint: Any) -> Iterator[Any]:
    try:
        yield endpoint
    finally:
        endpoint.close()


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
