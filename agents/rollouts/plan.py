"""The plan of a rollout: which episodes, in which environments, with which seeds."""

from __future__ import annotations

import itertools
import operator
from dataclasses import dataclass

from gymnasium.envs.registration import EnvSpec

from synthgym.agents.specs import AgentSpec
from synthgym.agents.trajectories.trajectory import episode_id
from synthgym.base.counts import count
from synthgym.base.errors import UserError


@dataclass(frozen=True)
class Job:
    """One attempt at one episode. `env_spec` is JSON: it names all a worker needs to make the environment; `broken` is
    as for `run_episode`.
    """

    episode_id: str
    env_id: str
    env_spec: str
    seed: int
    sample: int = 0
    attempt: int = 1
    broken: bool = False

    def __str__(self) -> str:
        return f"{self.env_id} seed {self.seed}" + (f" sample {self.sample}" if self.sample else "")

    def which(self) -> dict[str, int]:
        """Which attempt it is, beside environment and agent."""
        return {"seed": self.seed, **({"sample": self.sample} if self.sample else {}), "attempt": self.attempt}


def seeds_of(first: int, episodes: int) -> range:
    """The seeds of an environment's episodes."""
    try:
        first = operator.index(first)
    except TypeError:
        raise UserError(f"seed: expected a whole number, got {first!r:.80} ({type(first).__name__})") from None
    if first < 0:
        raise UserError(f"seed: expected at least 0, got {first}")
    return range(first, first + count("episodes", episodes))


def plan_jobs(env_specs: list[EnvSpec], agent: AgentSpec, seeds: range, samples: int) -> list[Job]:
    """Environments one after the other: a worker that stays with one need not make it anew."""
    jobs = {}
    for env_spec in env_specs:
        text = env_spec.to_json()
        for seed, sample in itertools.product(seeds, range(samples)):
            name = episode_id(env_spec.id, agent.name, seed, sample)
            jobs[name] = Job(name, env_spec.id, text, seed, sample)
    return list(jobs.values())
