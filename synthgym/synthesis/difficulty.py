"""How hard a challenge proves to be: episodes of an agent in the challenge's own environment."""

from __future__ import annotations

import statistics
from pathlib import Path

from synthgym.agents.episode import run_episode
from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.agents.trajectory import Trajectory
from synthgym.base.errors import GraderError, SandboxError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.reward import improvement
from synthgym.registry.challenge import Calibration, Challenge
from synthgym.synthesis.checks import CheckFailed


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
        ModelError: The agent's model cannot be reached.
    """
    if k < 1:
        raise UserError(f"attempts: expected at least 1, got {k}")
    agent = parse_spec(agent_spec)
    env = ChallengeEnv(str(folder.parent), folder.name, sandbox=sandbox)
    try:
        episodes = [run_episode(env, agent, seed=seed) for seed in range(k)]
    except (SandboxError, GraderError) as error:
        raise CheckFailed("agent check", f"an episode of agent {agent.name!r} broke down: {error}") from error
    finally:
        env.close()
    solved = [episode for episode in episodes if (episode.outcome.improvement or 0.0) > 0]
    return Calibration(
        solve_rate=len(solved) / k,
        attempts=k,
        time_to_first_improvement=statistics.fmean(_first(each, env.challenge) for each in solved) if solved else None,
    )


def _first(episode: Trajectory, challenge: Challenge) -> int:
    """The number of the step in which a validation first showed an improvement; else that of the final grade."""
    for number, step in enumerate(episode.steps, 1):
        if any(improvement(score, challenge) > 0 for score in step.validations):
            return number
    return len(episode.steps)
