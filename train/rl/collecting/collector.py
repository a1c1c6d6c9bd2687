"""Collects a step's batch: draws challenges, runs their groups, and draws again for those that teach nothing.

What is drawn follows from the seed and from what came of the draws before, in the order of the plan and not of
finishing. Episodes are kept in a store as they finish, and a finished step in a note; so a run that was killed reads
the steps it had collected, and runs of a step that it had begun only what is missing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.failures import Failures, fell_in_play
from synthgym.agents.rollouts.environments import find_env
from synthgym.agents.trajectories.shard_writer import ShardWriter
from synthgym.agents.trajectories.store import Store
from synthgym.agents.trajectories.trajectory import Trajectory, episode_id
from synthgym.base.errors import InfrastructureError, SpecError, SynthgymError, UserError
from synthgym.base.seeds import derive_seed
from synthgym.train.challenge_kinds import kinds_of
from synthgym.train.rl.collecting.curriculum import Curriculum
from synthgym.train.rl.collecting.episodes import EpisodeRunner, agent_name
from synthgym.train.rl.collecting.groups import LOOKED_BACK, Draw, Group, GroupNote, Notes, StepNote, first_draw
from synthgym.train.rl.collecting.rewards import reward_of, solved
from synthgym.train.rl.generation.endpoint import Endpoint
from synthgym.train.rl.settings import RLSettings


@dataclass
class Collected:
    """A step's groups, and the note of them."""

    note: StepNote
    groups: list[Group]

    @property
    def used(self) -> list[Group]:
        """Those that are trained on."""
        return [group for group, note in zip(self.groups, self.note.groups, strict=True) if note.used]


class Collector:
    """Collects batches, one after the other. Inside `Store.writing` of its store.

    Args:
        env_ids: Challenges to draw from.
        settings: See `RLSettings`.
        endpoint: Who answers.
        store: Of the episodes.
        notes: Of the steps.
        make_options: For `gymnasium.make`.
        tell: Told of every finished episode, and of attempts that failed.
    """

    def __init__(
        self,
        env_ids: Iterable[str],
        settings: RLSettings,
        endpoint: Endpoint,
        store: Store,
        notes: Notes,
        make_options: dict[str, Any] | None = None,
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.settings, self.endpoint, self.store, self.notes, self.tell = settings, endpoint, store, notes, tell
        self._specs = {env_id: find_env(env_id) for env_id in env_ids}
        names = list(self._specs)
        self.kinds = kinds_of(names)
        self.curriculum = Curriculum(names, settings.curriculum, settings.seed, self.kinds)
        self._runner = EpisodeRunner(endpoint, {"max_episode_steps": settings.max_steps, **(make_options or {})})
        self._writer: ShardWriter = store.writer()
        self._recorded = {record.episode_id: record for record in store}
        self._failures = Failures(settings.retries, settings.episodes_at_once)
        self._lock = threading.Lock()
        self._failed = 0
        self._last: Exception | None = None
        self._threads = ThreadPoolExecutor(settings.episodes_at_once, "synthgym-episode")

    def collect(self, step: int, policy: int) -> Collected:
        """The batch of a step.

        Args:
            step: Of the training, from 0.
            policy: Version of the weights that the endpoint answers with.

        Raises:
            InfrastructureError: Nothing works any more, or no episode of the step could be played. What was finished is
                kept.
            UserError: The challenges themselves, or the model's context, are why.
        """
        if (known := self.collected_before(step)) is not None:
            return known
        if (before := self.notes.read(step - 1)) is not None:  # what a run that was ended had seen
            self.curriculum.restore(before.curriculum)
        start, asked = time.monotonic(), self._runner.asking.seconds
        self._failed = 0
        groups: list[Group] = []
        lately = [each for back in range(LOOKED_BACK, 0, -1) if (each := self.notes.read(step - back)) is not None]
        wanted, turn = first_draw(lately, self.settings), 0
        redraws = self.settings.groups + self.settings.max_redraws - wanted
        while wanted > 0:
            drawn = self.curriculum.draw(step, wanted, {group.draw.env_id for group in groups}, turn)
            if not drawn:
                break
            found = self._run([Draw(name, derive_seed("rl", self.settings.seed, step, name)) for name in drawn], policy)
            groups += found
            missing = self.settings.groups - sum(group.teaches for group in groups)
            wanted = min(missing, redraws)
            redraws, turn = redraws - wanted, turn + 1
        if not any(group.records for group in groups):
            raise self._none_played(step)
        note = StepNote(
            step=step,
            policy=policy,
            groups=[self._note_of(group) for group in groups],
            curriculum=self.curriculum.state(),
            failures=self._failed,
            seconds=round(time.monotonic() - start, 3),
            generation=round(self._runner.asking.seconds - asked, 3),
        )
        self.notes.write(note)
        return Collected(note, groups)

    def collected_before(self, step: int) -> Collected | None:
        """The batch of a step that was collected before, by a run that was ended."""
        note = self.notes.read(step)
        if note is None or not all(name in self._recorded for group in note.groups for name in group.episodes):
            return None
        self.curriculum.restore(note.curriculum)
        return Collected(note, [self._read(group) for group in note.groups])

    def forget(self, collected: Collected) -> None:
        """Lets go of records that were trained on."""
        for group in collected.groups:
            for record in group.records:
                self._recorded.pop(record.episode_id, None)

    def close(self) -> None:
        """Ends what still runs. The endpoint is closed before, so that nobody waits for an answer."""
        self._runner.stopper.told.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._writer.close()

    def stop(self) -> None:
        """Tells running episodes to end at their next step."""
        self._runner.stopper.told.set()

    # -- groups ------------------------------------------------------------------------------------------------------

    def _run(self, draws: list[Draw], policy: int) -> list[Group]:
        """Runs groups; all of their episodes at once, as far as they may."""
        jobs = [(draw, sample) for draw in draws for sample in range(self.settings.num_generations)]
        futures: list[Future[Trajectory | None]] = [
            self._threads.submit(self._episode, draw, sample, policy) for draw, sample in jobs
        ]
        groups = {draw: Group(draw) for draw in draws}
        try:
            for (draw, _), future in zip(jobs, futures, strict=True):
                record = future.result()
                if record is None:
                    groups[draw].lost += 1
                else:
                    groups[draw].records.append(record)
        except BaseException:
            self.stop()
            for future in futures:
                future.cancel()
            raise
        for draw, group in groups.items():
            group.rewards = [reward_of(record, self.settings) for record in group.records]
            self.curriculum.note(draw.env_id, group.rewards, [solved(record) for record in group.records])
        return list(groups.values())

    def _episode(self, draw: Draw, sample: int, policy: int) -> Trajectory | None:
        """The record of an episode: from the store, else of the first attempt that works; None where none did."""
        name = episode_id(draw.env_id, agent_name(policy), draw.seed, sample)
        with self._lock:
            if (known := self._recorded.get(name)) is not None:
                return known
        attempt, broken = 1, False
        while True:
            starts = self.endpoint.starts
            try:
                if draw.env_id in self.curriculum.left_out:
                    return None
                record = self._runner.run(self._specs[draw.env_id], draw, sample, policy, attempt, broken)
            except (InfrastructureError, SpecError) as error:
                if self._runner.stopper.told.is_set():
                    raise
                self._note_failure(draw, sample, policy, attempt, error)
                self.endpoint.revive()
                if self.endpoint.starts != starts:
                    continue  # the server died: that says nothing of the episode, and has a bound of its own
                if not self._again(draw, attempt, error):
                    return None
                attempt, broken = attempt + 1, broken or fell_in_play(error)
            else:
                return self._keep(record)

    def _keep(self, record: Trajectory) -> Trajectory:
        with self._lock:
            self._writer.add(record)
            self._recorded[record.episode_id] = record
            self._failures.finished(record.env_id)
        self.tell(f"improvement {record.outcome.improvement or 0.0:.2f}")
        return record

    def _none_played(self, step: int) -> SynthgymError:
        """Why a step has no episode at all: it would be trained on nothing, and so would those after it."""
        why = self._failures.of_challenges
        if isinstance(why, UserError):
            return why
        last = f"; the last attempt failed with: {self._last}" if self._last else ""
        return InfrastructureError(
            f"no episode of step {step + 1} could be played{last}. All failures are in {self.store.folder}/"
            "failures.jsonl; put this right and give the same command again"
        )

    def _note_failure(self, draw: Draw, sample: int, policy: int, attempt: int, error: Exception) -> None:
        with self._lock:
            self._failed, self._last = self._failed + 1, error
            self.store.add_failure(
                {
                    "env_id": draw.env_id,
                    "agent": agent_name(policy),
                    "seed": draw.seed,
                    "sample": sample,
                    "attempt": attempt,
                    "error": redact(f"{type(error).__name__}: {error}"),
                }
            )

    def _again(self, draw: Draw, attempt: int, error: Exception) -> bool:
        """Whether an attempt that failed is made again.

        Raises:
            InfrastructureError: There have been too many in a row.
        """
        with self._lock:
            verdict = self._failures.judge(draw.env_id, attempt, error)
            if verdict == "challenge":
                self.curriculum.leave_out(draw.env_id)
            if self._failures.hopeless:
                raise InfrastructureError(
                    f"{self._failures.in_a_row} attempts in a row failed, the last with: {error}. What was finished is "
                    "kept; put this right and give the same command again"
                ) from error
        return verdict == "again"

    def _note_of(self, group: Group) -> GroupNote:
        return GroupNote(
            env_id=group.draw.env_id,
            seed=group.draw.seed,
            episodes=[record.episode_id for record in group.records],
            rewards=group.rewards,
            lost=group.lost,
            used=group.teaches,
        )

    def _read(self, note: GroupNote) -> Group:
        records = [self._recorded[name] for name in note.episodes]
        return Group(Draw(note.env_id, note.seed), records, note.rewards, note.lost)


def check_challenges(env_ids: Iterable[str]) -> list[str]:
    """Ids of environments to train in, each once.

    Raises:
        UserError: There is none.
        UnknownNameError: One is not known.
    """
    found = list(dict.fromkeys(env_ids))
    if not found:
        raise UserError("there is no challenge to train on; see: synthgym list --split train")
    for env_id in found:
        find_env(env_id)
    return found
