"""One attempt at one episode of a group: an environment made for it, the policy's agent, and the time each took."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import gymnasium
from gymnasium.envs.registration import EnvSpec

from synthgym.agents.agent import Info
from synthgym.agents.chat import ChatAgent
from synthgym.agents.episode import run_episode
from synthgym.agents.source import source_hash
from synthgym.agents.specs import AgentSpec
from synthgym.agents.trajectory import Step, Trajectory
from synthgym.base.errors import InfrastructureError, Stopped
from synthgym.base.seeds import derive_seed
from synthgym.train.rl.endpoint import Endpoint
from synthgym.train.rl.groups import Draw

T = TypeVar("T")


def agent_name(policy: int) -> str:
    """How records call the policy after so many steps."""
    return f"step-{policy:06d}"


class Timed(gymnasium.Wrapper[str, str, str, str]):
    """Measures the time spent in an environment."""

    seconds = 0.0

    def reset(self, **options: Any) -> tuple[str, dict[str, Any]]:
        """As the environment's."""
        found: tuple[str, dict[str, Any]] = self._timed(lambda: self.env.reset(**options))
        return found

    def step(self, action: str) -> tuple[str, Any, bool, bool, dict[str, Any]]:
        """As the environment's."""
        found: tuple[str, Any, bool, bool, dict[str, Any]] = self._timed(lambda: self.env.step(action))
        return found

    def close(self) -> None:
        """As the environment's."""
        self._timed(self.env.close)

    def _timed(self, call: Callable[[], T]) -> T:
        start = time.monotonic()
        try:
            return call()
        finally:
            self.seconds += time.monotonic() - start


class Stopper:
    """Ends episodes between two steps, once it is told to."""

    def __init__(self) -> None:
        self.told = threading.Event()

    def begin(self, observation: str, info: Info) -> None:
        """The environment was reset."""
        self._look()

    def step(self, step: Step, info: Info) -> None:
        """A step was made."""
        self._look()

    def _look(self) -> None:
        if self.told.is_set():
            raise Stopped


class EpisodeRunner:
    """Runs episodes of the policy; may be used by several threads at once.

    Attributes:
        environments: Seconds spent in environments, of all threads together.
        episodes: Seconds of episodes, of all threads together.
    """

    def __init__(self, endpoint: Endpoint, make_options: dict[str, Any]) -> None:
        self.endpoint, self.make_options = endpoint, make_options
        self.stopper = Stopper()
        self.environments = self.episodes = 0.0
        self._lock = threading.Lock()
        self._source = source_hash(ChatAgent)  # once: parsing source in several threads at a time can fail

    def run(self, env_spec: EnvSpec, draw: Draw, sample: int, policy: int) -> Trajectory:
        """One attempt.

        Raises:
            InfrastructureError: It could not be finished.
        """
        start = time.monotonic()
        # The environment is the same in all of a group; each sample has its own luck, as `run_episode` has it.
        name = agent_name(policy)
        luck = derive_seed("sample", draw.seed, sample) if sample else draw.seed
        env = Timed(gymnasium.make(env_spec, disable_env_checker=True, **self.make_options))
        try:
            return run_episode(
                env,
                AgentSpec(text="policy", name=name, target=self.endpoint.agent(luck), source=self._source),
                seed=draw.seed,
                sample=sample,
                env_id=draw.env_id,
                agent_name=name,
                watcher=self.stopper,
            )
        finally:
            with contextlib.suppress(InfrastructureError):  # it may be closed because it is dead
                env.close()
            with self._lock:
                self.environments += env.seconds
                self.episodes += time.monotonic() - start
