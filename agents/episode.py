"""One episode: an environment, an agent, a seed; out comes a `Trajectory`.

What goes wrong is told apart as `synthgym.base.errors` states it. An agent that raises is data: its episode is
recorded with the exit status ``agent_error``. Infrastructure (a dead sandbox, a broken grader, an endpoint that is
gone) is raised, and no record is made; but what breaks in the agent's hands a second time is the agent's, and recorded
as ``sandbox_died`` or ``grader_failed``. Nothing here catches Ctrl-C.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, cast

import gymnasium

from synthgym.agents.agent import Agent, Info, Stop, as_agent, check_agent
from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.failures import of_one_challenge
from synthgym.agents.plain_json import writable
from synthgym.agents.source import source_hash
from synthgym.agents.specs import AgentSpec
from synthgym.agents.tracebacks import error_line
from synthgym.agents.trajectories.trajectory import Outcome, Reset, Step, Trajectory, episode_id, versions
from synthgym.base.errors import AgentError, InfrastructureError, Stopped, UserError
from synthgym.base.seeds import derive_seed

if TYPE_CHECKING:
    from synthgym.envs.env import ChallengeEnv

AGENT_ERROR = "agent_error"
AGENT_STOPPED = "agent_stopped"

_LONGEST_ERROR = 4000
_LONGEST_TEXT = 1_000_000


class Watcher(Protocol):
    """Follows an episode while it runs: a journal, a terminal."""

    def begin(self, observation: str, info: Info) -> None:
        """The environment was reset."""

    def step(self, step: Step, info: Info) -> None:
        """A step was made."""


def run_episode(
    env: gymnasium.Env[str, str],
    agent: object,
    *,
    seed: int = 0,
    sample: int = 0,
    env_id: str | None = None,
    agent_name: str | None = None,
    watcher: Watcher | None = None,
    attempt: int = 1,
    broken: bool = False,
) -> Trajectory:
    """Runs one episode to its end.

    Args:
        env: An environment of synthgym. It is reset, not closed.
        agent: Anything `as_agent` takes, or an `AgentSpec`.
        seed: Decides everything random in the environment, and in agents that take a seed.
        sample: Which episode with this seed it is. The environment is the same in all of them; an agent is made with
            another seed for each.
        env_id: As recorded; default: the id of the environment's spec.
        agent_name: As recorded; default: the agent's own name.
        watcher: Told of every step.
        attempt: Which attempt at this episode it is, as recorded.
        broken: Whether in an earlier attempt the sandbox died or the grader failed in play: once is nobody's fault, a
            second time the episode is recorded.

    Raises:
        InfrastructureError: The episode could not be finished through no fault of the agent. `in_play` says whether the
            next attempt is to be told of it, as `broken`.
        SpecError: The challenge is not what it says, or cannot be played here.
        UserError: A sample below 0, or a setting that no environment can be played with.

    Example:
        >>> env = gymnasium.make("synthgym/wine-v0")
        >>> run_episode(env, lambda observation, info: "python train.py && submit").outcome.improvement
        0.0
    """
    started = time.monotonic()
    env_id = env_id or (env.spec.id if env.spec else type(env.unwrapped).__name__)
    if sample < 0:
        raise UserError(f"sample: expected at least 0, got {sample}")
    luck = derive_seed("sample", seed, sample) if sample else seed
    with of_one_challenge(env_id, getattr(env.unwrapped, "sandbox", None)):
        observation, info = env.reset(seed=seed)
    if watcher:
        watcher.begin(observation, info)
    face: Agent | None = None
    status: str | None = AGENT_ERROR
    error: str | None = None
    episode = _Episode(env, watcher, observation, info, broken)
    try:
        face = agent.make(luck) if isinstance(agent, AgentSpec) else as_agent(agent, seed=luck, name=agent_name)
        status, error = episode.run(face)
    except AgentError as raised:
        error = _cut_error(redact(str(raised)))
    name = agent_name or (face.name if face else _name_of(agent))
    return Trajectory(
        episode_id=episode_id(env_id, name, seed, sample),
        env_id=env_id,
        agent=name,
        agent_hash=agent.source if isinstance(agent, AgentSpec) else source_hash(agent),
        seed=seed,
        sample=sample,
        **_challenge_fields(info),
        reset=Reset(observation=observation),
        steps=episode.steps,
        messages=(face.messages if face else None) or [],
        earlier=face.earlier if face else [],
        calls=face.calls if face else [],
        attempts=attempt,
        outcome=episode.outcome(status, error),
        usage=face.usage if face else None,
        seconds=round(time.monotonic() - started, 4),
        versions=versions(),
    )


class _Episode:
    """The loop, and what it has gathered."""

    def __init__(
        self, env: gymnasium.Env[str, str], watcher: Watcher | None, observation: str, info: Info, broken: bool
    ) -> None:
        self.env, self.watcher = env, watcher
        self.observation, self.info = observation, info
        self.steps: list[Step] = []
        self.over = False
        self._broken, self._how = broken, ""

    def run(self, agent: Agent) -> tuple[str | None, str | None]:
        """Steps until the episode is over; returns exit status and the reason of an agent that stopped."""
        try:
            self._ask(agent.reset)
            while not self.over:
                action = self._ask(agent)
                if not isinstance(action, str):
                    raise AgentError(f"expected a command (str), got {type(action).__name__}: {action!r:.200}")
                self._step(writable(action), agent.content)
        except Stop as stop:
            if stop.submit:
                self._step("submit", None)
            return (self.info.get("exit_status") if self.over else AGENT_STOPPED), redact(str(stop.reason))
        return self.info.get("exit_status"), self._how or None

    def _ask(self, method: Callable[[str, Info], Any]) -> Any:
        """Calls the agent; what it raises, `sys.exit` included, becomes an `AgentError` with its traceback."""
        try:
            return method(self.observation, self.info)
        except (InfrastructureError, Stop, Stopped):
            raise
        except (Exception, SystemExit) as error:
            text = "".join(traceback.format_exception(error.with_traceback(_inner(error))))
        raise AgentError(text.rstrip())

    def _step(self, action: str, content: str | None) -> None:
        known = len(self.info.get("scores") or ())
        try:
            observation, reward, terminated, truncated, info = self.env.step(action)
        except InfrastructureError as error:
            if not (self._broken and error.in_play):
                raise
            self._how = str(error)
            reward, info = cast("ChallengeEnv", self.env.unwrapped).finish()
            observation, terminated, truncated = f"[{info['exit_status']}; the episode is over]", False, True
        self.observation, self.info, self.over = observation, info, terminated or truncated
        step = Step(
            content=content if content is None else _bounded(content),
            action=_bounded(action),
            observation=observation,
            reward=float(reward),
            returncode=info.get("returncode"),
            elapsed=round(float(info.get("elapsed") or 0.0), 4),
            validations=list(info.get("scores") or ())[known:],
        )
        self.steps.append(step)
        if self.watcher:
            self.watcher.step(step, info)

    def outcome(self, status: str | None, error: str | None) -> Outcome:
        submission = self.info.get("submission") or {}
        accepted = bool(submission.get("accepted")) and self.over
        return Outcome(
            exit_status=status,
            error=error,
            score=submission.get("score") if accepted else None,
            improvement=submission.get("improvement") if accepted else None,
            return_=sum(step.reward for step in self.steps),
            validations=list(self.info.get("scores") or ()),
            steps=len(self.steps),
            accepted_submission=accepted,
        )


def _cut_error(text: str) -> str:
    """What is recorded of a traceback: its end, where the exception is, and of a long message the beginning."""
    if len(text) <= _LONGEST_ERROR:
        return text
    named = error_line(text)
    _, _, end = text[-_LONGEST_ERROR:].partition("\n")
    return end if named and named in end else f"{named}\n[…]\n{text[-_LONGEST_ERROR:]}"


def _bounded(text: str) -> str:
    """What is recorded of a text: all of it, unless no environment would have read it."""
    left_out = len(text) - _LONGEST_TEXT
    return text if left_out <= 0 else f"{text[:_LONGEST_TEXT]}\n[… {left_out} characters left out …]"


def _name_of(agent: object) -> str:
    return agent.name if isinstance(agent, AgentSpec) else check_agent(agent)


def _inner(error: BaseException) -> Any:
    """The traceback from the agent's own code on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename in (__file__, as_agent.__code__.co_filename):
        trace = trace.tb_next
    return trace


def _challenge_fields(info: Info) -> dict[str, Any]:
    """What a score means without the challenge at hand."""
    known = {
        name: info.get(name) for name in ("challenge_hash", "metric", "direction", "baseline", "reference", "noise")
    }
    return {name: value for name, value in known.items() if value is not None}
