"""One attempt at one episode of a group: an environment made for it, the policy's agent, and who waits for whom."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import gymnasium
from gymnasium.envs.registration import EnvSpec

from synthgym.agents.agent import Info
from synthgym.agents.chat.agent import ChatAgent
from synthgym.agents.episode import run_episode
from synthgym.agents.failures import of_one_challenge
from synthgym.agents.source import source_hash
from synthgym.agents.specs import AgentSpec
from synthgym.agents.trajectories.trajectory import Step, Trajectory
from synthgym.base.errors import InfrastructureError, Stopped
from synthgym.base.seeds import derive_seed
from synthgym.train.rl.clock import SharedClock
from synthgym.train.rl.collecting.groups import Draw
from synthgym.train.rl.generation.endpoint import Endpoint

T = TypeVar("T")


def agent_name(policy: int) -> str:
    """How records call the policy after so many steps."""
    return f"step-{policy:06d}"


class Timed(gymnasium.Wrapper[str, str, str, str]):
    """Has a clock run between one step and the next: while the agent asks its model.

    Args:
        env: The environment.
        asking: The clock, of all episodes together.
    """

    def __init__(self, env: gymnasium.Env[str, str], asking: SharedClock) -> None:
        super().__init__(env)
        self._asking, self._runs = asking, False

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
        self._stop()
        self.env.close()

    def _timed(self, call: Callable[[], T]) -> T:
        self._stop()
        found = call()
        self._asking.begin()
        self._runs = True
        return found

    def _stop(self) -> None:
        if self._runs:
            self._runs = False
            self._asking.end()


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
        asking: Runs while at least one episode waits for the model.
    """

    def __init__(self, endpoint: Endpoint, make_options: dict[str, Any]) -> None:
        self.endpoint, self.make_options = endpoint, make_options
        self.stopper = Stopper()
        self.asking = SharedClock()
        self._source = source_hash(ChatAgent)  # once, for all episodes

    def run(
        self, env_spec: EnvSpec, draw: Draw, sample: int, policy: int, attempt: int = 1, broken: bool = False
    ) -> Trajectory:
        """One attempt; the last two are as for `run_episode`.

        Raises:
            InfrastructureError: It could not be finished. The agent that asks the policy is part of what has to work:
                what it raises, such as a template that refuses a conversation, is no reward of 0.
        """
        # The environment is the same in all of a group; each sample has its own luck, as `run_episode` has it.
        name = agent_name(policy)
        luck = derive_seed("sample", draw.seed, sample) if sample else draw.seed
        with of_one_challenge(draw.env_id, self.make_options.get("sandbox", "auto")):
            made = gymnasium.make(env_spec, disable_env_checker=True, **self.make_options)
        env = Timed(made, self.asking)
        try:
            record = run_episode(
                env,
                AgentSpec(text="policy", name=name, target=self.endpoint.agent(luck), source=self._source),
                seed=draw.seed,
                sample=sample,
                env_id=draw.env_id,
                agent_name=name,
                watcher=self.stopper,
                attempt=attempt,
                broken=broken,
            )
        finally:
            with contextlib.suppress(InfrastructureError):  # it may be closed because it is dead
                env.close()
        if record.outcome.exit_status == "agent_error":
            lines = (record.outcome.error or "").strip().splitlines() or ["no reason is known"]
            raise InfrastructureError(f"the policy could not be asked: {lines[-1]}")
        return record
