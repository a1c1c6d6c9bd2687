"""What a store holds of a rollout already, and which of it is to be run again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from gymnasium.envs.registration import EnvSpec

from synthgym.agents.episode import AGENT_ERROR, AGENT_STOPPED
from synthgym.agents.rollouts.plan import Job
from synthgym.agents.specs import AgentSpec
from synthgym.agents.trajectories.resuming import Attempts, Done
from synthgym.agents.trajectories.store import Store
from synthgym.base.errors import OutputFolderError, UnknownNameError
from synthgym.base.messages import warn
from synthgym.envs.session import BROKEN

_STATUSES = (AGENT_ERROR, AGENT_STOPPED, "submitted", "step_limit", "budget", "finished", *BROKEN)
"""How episodes end."""


def known_statuses(given: Collection[str]) -> Collection[str]:
    """Exit statuses, as far as episodes can end so."""
    given = [given] if isinstance(given, str) else given
    for status in given:
        if status not in _STATUSES:
            raise UnknownNameError("exit status", status, _STATUSES, "(retry)")
    return given


def recorded_of(store: Store, plan: list[Job]) -> dict[str, Done]:
    """What the store holds of the plan."""
    there = store.done()
    return {job.episode_id: there[job.episode_id] for job in plan if job.episode_id in there}


def outdated(
    store: Store, agent: AgentSpec, plan: list[Job], env_specs: list[EnvSpec], recorded: dict[str, Done], fresh: bool
) -> set[str]:
    """Which recorded episodes are to be run again, as the agent's code or the challenge is another now.

    Raises:
        OutputFolderError: A challenge is, and `fresh` is not asked for.
    """
    hashes = {spec.id: str(spec.kwargs.get("content_hash") or "") for spec in env_specs}
    other_code, other_challenge = set(), set()
    for job in plan:
        if (done := recorded.get(job.episode_id)) is None:
            continue
        expected = hashes[job.env_id]
        if expected and done.challenge_hash and done.challenge_hash != expected:
            if not fresh:
                raise OutputFolderError(
                    f"{store.folder}: holds episodes of {job.env_id} as it was (content {done.challenge_hash}); it is "
                    f"now {expected}, and scores of the two do not compare; name a new folder, or run them anew with "
                    "--fresh (fresh=True)"
                )
            other_challenge.add(job.episode_id)
        if done.agent_hash != agent.source or not agent.source:
            other_code.add(job.episode_id)
    if fresh:
        return other_code | other_challenge
    if known := {recorded[name].agent_hash for name in other_code} - {""}:
        changed = sum(bool(recorded[name].agent_hash) for name in other_code)
        warn(
            f"{store.folder}: the code of agent {agent.name!r} has changed (source {', '.join(sorted(known))} before, "
            f"{agent.source or 'unknown'} now); {changed} of its episodes there are from before; run them anew with "
            "--fresh (fresh=True)",
            stacklevel=3,
        )
    return set()


def continued(job: Job, earlier: Mapping[str, Attempts]) -> Job:
    """The job after what earlier runs have tried of it."""
    found = earlier.get(job.episode_id)
    return replace(job, attempt=found.count + 1, broken=found.broken) if found else job
