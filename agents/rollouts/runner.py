"""Runs the jobs of a rollout: each process with its environment, and its own file of the store."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec

from synthgym.agents.episode import run_episode
from synthgym.agents.failures import of_one_challenge
from synthgym.agents.rollouts.plan import Job
from synthgym.agents.specs import AgentSpec
from synthgym.agents.trajectories.resuming import Done
from synthgym.agents.trajectories.shard_writer import ShardWriter
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import InfrastructureError, SpecError, UserError
from synthgym.base.jobs.pools import run_jobs


class JobQueue:
    """Jobs to be handed out; unlike a generator, it may be filled again after it ran empty."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = deque(jobs)

    def append(self, job: Job) -> None:
        """Hands it out after those that are there."""
        self._jobs.append(job)

    def drop(self, env_id: str) -> int:
        """Takes out the jobs of an environment; returns how many there were."""
        before = len(self._jobs)
        self._jobs = deque(job for job in self._jobs if job.env_id != env_id)
        return before - len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return self

    def __next__(self) -> Job:
        if not self._jobs:
            raise StopIteration
        return self._jobs.popleft()


def outcomes_of(
    runner: JobRunner, queue: JobQueue, jobs: int
) -> Generator[tuple[Job, Done | None, Exception | None], None, None]:
    """What comes of each job, in the order in which they end: how its episode ended, or why it did not.

    Raises:
        UserError: What would meet every other episode too.
    """
    with contextlib.closing(run_jobs(runner, queue, workers=jobs)) as outcomes:  # type: ignore[type-var]
        for outcome in outcomes:
            if isinstance(outcome.error, UserError) and not isinstance(outcome.error, SpecError):
                raise outcome.error  # `of_one_challenge` says that it would meet every other episode too
            yield outcome.job, outcome.value, outcome.error


class JobRunner:
    """Runs jobs in one process; owns that process's environment and its shard of the store."""

    def __init__(self, folder: Path, agent: AgentSpec, make_options: dict[str, Any]) -> None:
        self.folder, self.agent, self.make_options = folder, agent, make_options
        self._env: tuple[str, gymnasium.Env[str, str]] | None = None
        self._writer: ShardWriter | None = None

    def __call__(self, job: Job) -> Done:
        """One attempt: a record in the store, or an exception."""
        if self._writer is None:
            self._begin()
        header = {"env_id": job.env_id, "agent": self.agent.name, **job.which()}
        journal = Store(self.folder).journal(job.episode_id, header)
        try:
            record = run_episode(
                self._environment(job),
                self.agent,
                seed=job.seed,
                sample=job.sample,
                env_id=job.env_id,
                agent_name=self.agent.name,
                watcher=journal,
                attempt=job.attempt,
                broken=job.broken,
            )
            assert self._writer
            self._writer.add(record)
        except BaseException:
            journal.close()
            self._close_env()  # whatever state it is in, the next attempt begins with a fresh one
            raise
        journal.finish()
        return Done.of(record.model_dump(include={"challenge_hash", "agent_hash", "attempts", "outcome"}))

    def close(self) -> None:
        """Closes the environment and lets go of the shard."""
        self._close_env()
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _begin(self) -> None:
        self._writer = Store(self.folder).writer()
        if multiprocessing.parent_process() is not None:  # a worker: nobody else will close what it holds
            atexit.register(self.close)

    def _environment(self, job: Job) -> gymnasium.Env[str, str]:
        if self._env is None or self._env[0] != job.env_spec:
            self._close_env()
            with of_one_challenge(job.env_id, self.make_options.get("sandbox")):
                env = gymnasium.make(EnvSpec.from_json(job.env_spec), disable_env_checker=True, **self.make_options)
            self._env = (job.env_spec, env)
        return self._env[1]

    def _close_env(self) -> None:
        if self._env is not None:
            env = self._env[1]
            self._env = None
            with contextlib.suppress(InfrastructureError):  # it may be closed because it is dead
                env.close()
