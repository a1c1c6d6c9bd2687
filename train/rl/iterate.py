"""`synthgym train iterate`: expert iteration, the simplest way to learn from one's own episodes.

In every round the student plays each challenge some times. Its successes join those of earlier rounds and the data it
was given; the model it began as is fine-tuned on all of them, and is the student of the next round.

    OUT/run.json                which run this is
    OUT/episodes/, OUT/steps/   as of `synthgym train rl`: a step is a round
    OUT/round-<k>/kept.jsonl.zst  successes up to this round
    OUT/round-<k>/student/      the student that was trained on them
    OUT/metrics.jsonl           a line for each round
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from synthgym.agents.trajectories.store import Store, read_episodes, write_packed
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.base.files.run_folder import claim, held
from synthgym.base.progress import Progress, Silent
from synthgym.base.validation import validated
from synthgym.train.extras import needs_train
from synthgym.train.reproducible import THREADS, reproducible
from synthgym.train.rl.collecting.groups import Notes
from synthgym.train.rl.collecting.rewards import solved
from synthgym.train.rl.metrics import METRICS_FILE, MetricsFile
from synthgym.train.rl.run import ADDED, EPISODES, RUN_FILE, STEPS, nothing_done, revision_of
from synthgym.train.rl.settings import ChatSettings, CurriculumSettings, RLSettings
from synthgym.train.sft.settings import SFTSettings


class IterateSettings(BaseModel):
    """How rounds are run.

    Attributes:
        rounds: Of playing and training.
        num_generations: Episodes on each challenge in a round.
        per_challenge: Successes of a challenge that are kept, of all rounds together: the best ones.
        sft: Of the training in each round.
        temperature: Of sampling.
        max_completion_length: Tokens of one reply.
        episodes_at_once: Episodes that run at the same time.
        engine: As in `RLSettings`.
        chat: As in `RLSettings`.
        threads: Of generation in this process.
        seed: Of environments and sampling.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

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


class Round(BaseModel):
    """What came of a round.

    Attributes:
        improvement: Mean of the episodes that the student played.
        solved: Share of them that beat the starter.
        fresh: Successes of this round that were not had before.
        kept: Successes that were trained on, of all rounds.
        student: Trained on them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    step: int
    episodes: int
    improvement: float
    solved: float
    fresh: int
    kept: int
    loss: float
    student: Path


def train_iterate(
    env_ids: Iterable[str],
    model: str | Path,
    out: str | Path,
    settings: IterateSettings | None = None,
    *,
    data: Iterable[str | Path] = (),
    sandbox: str = "auto",
    env_options: dict[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[Round]:
    """Runs the rounds; those that are done are not run again.

    Args:
        env_ids: Ids of environments to play in.
        model: The student of the first round, and what every round's training begins with.
        out: New, empty, or of the same run.
        settings: See `IterateSettings`.
        data: Trajectories or conversations that are trained on in every round beside the successes.
        sandbox: As for `gymnasium.make`.
        env_options: Further settings for `gymnasium.make`.
        progress: Moves on by one with every round.

    Raises:
        UserError: An argument is not what it should be, or there is nothing to learn from.
        InfrastructureError: Nothing works any more. What was finished is kept.

    Example:
        >>> [each.solved for each in train_iterate(["synthgym/wine-v0"], "runs/student", "runs/iterate")]
        [0.25, 0.5, 0.5]
    """
    needs_train()
    from synthgym.train.rl.collecting.collector import check_challenges

    settings, progress, out = settings or IterateSettings(), progress or Silent(), Path(out).absolute()
    names, given = check_challenges(env_ids), [str(Path(each).absolute()) for each in data]
    identity = {
        "command": "train iterate",
        "model": str(model),
        "environments": names,
        "env_options": dict(env_options or {}),
        "data": given,
        "settings": settings.model_dump(exclude={"episodes_at_once", "retries"}, mode="json"),
    }
    identity["revision"] = revision_of(str(model))
    with held(out):
        return _rounds(names, str(model), given, out, identity, settings, env_options or {}, sandbox, progress)


def _rounds(
    names: list[str],
    model: str,
    given: list[str],
    out: Path,
    identity: dict[str, Any],
    settings: IterateSettings,
    env_options: dict[str, Any],
    sandbox: str,
    progress: Progress,
) -> list[Round]:
    claim(out, RUN_FILE, identity, lambda _: nothing_done(out), added=ADDED)
    store, metrics = Store(out / EPISODES), MetricsFile(out / METRICS_FILE)
    store.claim({"command": "train iterate"})
    done = _rounds_of(metrics)
    metrics.rewind(len(done))
    progress.advance(len(done))
    make_options = {"sandbox": sandbox, **env_options}
    for number in range(len(done), settings.rounds):
        student = str(done[-1].student if done else model)
        played = _play(number, student, names, store, out, settings, make_options)
        found = _round(number, str(model), played, given, out, settings)
        metrics.add(found.model_dump(mode="json"))
        done.append(found)
        progress.advance(1, f"improvement {found.improvement:.3f}, {found.kept} successes")
    return done


def _rounds_of(metrics: MetricsFile) -> list[Round]:
    return [validated(Round.model_validate, line, str(metrics.path)) for line in metrics.read()]


def choose(records: Iterable[Trajectory], per_challenge: int) -> list[Trajectory]:
    """The successes that are trained on: of each challenge the best, and of those that did the same the first.

    A success beats the starter by more than twice the noise. Equally good ones keep their order.
    """
    by_challenge: dict[str, list[Trajectory]] = defaultdict(list)
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for record in records:
        did = (record.env_id, tuple(step.action for step in record.steps))
        if solved(record) and did not in seen:
            seen.add(did)
            by_challenge[record.env_id].append(record)
    chosen = []
    for _, found in sorted(by_challenge.items()):
        chosen += sorted(found, key=lambda record: -(record.outcome.improvement or 0.0))[:per_challenge]
    return chosen


def _play(
    number: int,
    student: str,
    names: list[str],
    store: Store,
    out: Path,
    settings: IterateSettings,
    make_options: dict[str, Any],
) -> list[Trajectory]:
    """The episodes of a round, which are kept in the store."""
    from synthgym.train.rl.collecting.collector import Collector
    from synthgym.train.rl.collecting.feed import Feed
    from synthgym.train.rl.generation.endpoint import open_endpoint
    from synthgym.train.rl.policy import load_policy

    playing = settings.playing(len(names))
    with store.writing(), reproducible(settings.threads), contextlib.ExitStack() as stack:
        policy = load_policy(student, playing)
        endpoint = open_endpoint(policy, playing, out / f"round-{number}")
        stack.callback(endpoint.close)
        collector = Collector(names, playing, endpoint, store, Notes(out / STEPS), make_options)
        feed = Feed(collector, endpoint, playing, "cpu")
        stack.callback(feed.close)
        collected = feed.collect(number)
        return [record for group in collected.groups for record in group.records]


def _round(
    number: int, model: str, played: list[Trajectory], data: list[str], out: Path, settings: IterateSettings
) -> Round:
    """Chooses what is trained on, and trains."""
    from synthgym.train.models.resolve import resolve
    from synthgym.train.sft.run import sft

    folder, before = out / f"round-{number}", out / f"round-{number - 1}" / "kept.jsonl.zst"
    earlier = list(read_episodes(before)) if before.exists() else []
    kept = choose([*earlier, *played], settings.per_challenge)
    if not kept and not data:
        raise UserError(
            f"round {number + 1}: none of {len(played)} episodes beat its starter, so there is nothing to learn from; "
            "begin with a model that was trained on some successes: synthgym train sft"
        )
    folder.mkdir(parents=True, exist_ok=True)
    sources = [*data]
    if kept:
        write_packed(kept, folder / "kept.jsonl.zst")
        sources.append(str(folder / "kept.jsonl.zst"))
    source = resolve(model)
    report = sft(source.folder, sources, folder / "student", settings.sft, revision=source.revision)
    known = {record.episode_id for record in earlier}
    return Round(
        step=number + 1,
        episodes=len(played),
        improvement=_mean([record.outcome.improvement or 0.0 for record in played]),
        solved=_mean([float(solved(record)) for record in played]),
        fresh=sum(record.episode_id not in known for record in kept),
        kept=len(kept),
        loss=report.loss,
        student=folder / "student",
    )


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
