"""How hard a challenge proves to be: episodes of an agent in the challenge's own environment."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from synthgym.agents.agent import Usage
from synthgym.agents.episode import run_episode
from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import GraderError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.reward import improvement
from synthgym.registry.challenge import Calibration, Challenge
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.verification.whose_fault import retried_if_sandbox_dies


@dataclass(frozen=True)
class Attempt:
    """One episode.

    Attributes:
        improvement: Of the final submission; 0 without one.
        first: The number of the step in which a score better than the baseline was first seen; None if none was.
        prompt_tokens: What the agent's model read.
        completion_tokens: What it wrote.
        cost: In US dollars; 0 where no price is known.
    """

    improvement: float
    first: int | None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0


def check_by_agent(
    report: Report, folder: Path, filled: Challenge, attempts: int, agent: AgentSpec, sandbox: str
) -> Challenge:
    """Lets an agent try the challenge as it was measured: a copy, for until all is well nothing is written.

    Returns:
        The challenge with how hard it proved to be.

    Raises:
        CheckFailed: See `attempt`.
    """
    with tempfile.TemporaryDirectory(prefix="synthgym-attempt-") as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy)
        filled.save(copy)
        found = attempt(copy, attempts, agent, sandbox)
    report.passed.append("agent check")
    report.calibration = found.model_dump()
    return filled.model_copy(update={"calibration": found})


def attempt(folder: Path, k: int, agent_spec: str | AgentSpec = "scripted", sandbox: str = "auto") -> Calibration:
    """Lets an agent try a verified challenge, and counts how often and how soon it gains on the baseline.

    Args:
        folder: The challenge's folder; nothing is written there.
        k: Episodes, with the seeds 0 to k − 1.
        agent_spec: Who tries; see `synthgym.agents.specs`. An agent that raises has had its attempt.
        sandbox: Backend.

    Returns:
        The share of episodes whose final submission is better than the baseline beyond the noise; and after how many
        steps, on average over these, the first such score was seen.

    Raises:
        CheckFailed: ``agent check``: the environment broke down, which no agent may bring about.
        UserError: There is no such agent, `k` is below 1, or the challenge was not verified.
        SandboxError: No sandbox works here now.
        ModelError: The agent's model cannot be reached.
    """
    if k < 1:
        raise UserError(f"attempts: expected at least 1, got {k}")
    agent = parse_spec(agent_spec)
    return calibration([attempt_once(folder, seed, agent, sandbox) for seed in range(k)])


def attempt_once(folder: Path, seed: int, agent: AgentSpec, sandbox: str) -> Attempt:
    """One episode of `attempt`; see there."""
    env = ChallengeEnv(str(folder.parent), folder.name, sandbox=sandbox)
    try:
        episode = retried_if_sandbox_dies(partial(run_episode, env, agent, seed=seed), sandbox)
    except (CheckFailed, GraderError) as error:
        raise CheckFailed("agent check", f"an episode of agent {agent.name!r} broke down: {error}") from error
    finally:
        env.close()
    gained, usage = episode.outcome.improvement or 0.0, episode.usage or Usage()
    return Attempt(
        gained,
        _first(episode, env.challenge) if gained > 0 else None,
        usage.prompt_tokens,
        usage.completion_tokens,
        usage.cost or 0.0,
    )


def calibration(attempts: Sequence[Attempt]) -> Calibration:
    """What attempts say of a challenge."""
    solved = [each.first for each in attempts if each.first is not None]
    return Calibration(
        solve_rate=len(solved) / len(attempts),
        attempts=len(attempts),
        time_to_first_improvement=statistics.fmean(solved) if solved else None,
    )


def _first(episode: Trajectory, challenge: Challenge) -> int:
    """The number of the step in which a validation first showed an improvement; else that of the final grade."""
    for number, step in enumerate(episode.steps, 1):
        if any(improvement(score, challenge) > 0 for score in step.validations):
            return number
    return len(episode.steps)
