"""Agents × challenges × seeds → scores.

A benchmark folder::

    run.json                 settings
    episodes/<agent>/        the trajectory store of one agent
    scores.jsonl             one line per finished episode, made from the stores
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from synthgym.agents.rollout import Event, Summary, rollout, unfinished
from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.agents.trajectories.layout import EPISODES, agent_of, stores
from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.messages import warn
from synthgym.train.evaluation.scores import SCORES_FILE, ScoreRecord

_LONGEST_NAME = 80


def benchmark(
    env_ids: Sequence[str],
    agents: Iterable[str | AgentSpec],
    *,
    out: str | Path,
    episodes: int = 1,
    jobs: int = 1,
    seed: int = 0,
    sandbox: str = "auto",
    env_options: dict[str, Any] | None = None,
    retry: Collection[str] = (),
    preflight: bool = False,
    fresh: bool = False,
    progress: Callable[[str, Event], None] | None = None,
) -> dict[str, Summary]:
    """Runs every agent on the same challenges and seeds. The same call resumes; more agents or episodes extend it.

    Args:
        env_ids: Ids of registered environments.
        agents: Specs as `synthgym.agents.specs` has them; ``NAME=SPEC`` gives an agent the name it is compared by.
        out: The benchmark folder. It must be new, empty, or this benchmark's.
        episodes: Per agent and environment.
        jobs: Worker processes.
        seed: Of the first episode.
        sandbox: As for `gymnasium.make`.
        env_options: Further settings for `gymnasium.make`, such as ``protocol``.
        retry: Exit statuses, such as ``agent_error``: recorded episodes that ended so are run again.
        preflight: Makes one short call to the model of every agent that has one before the first episode of any.
        fresh: Runs episodes again whose agent's code, or whose challenge, has changed since; see `rollout`.
        progress: Called with the agent's name after every attempt.

    Returns:
        A summary for each agent, by name. It counts as failed what could not be run, even where that is all: the others
        are run.

    Raises:
        UserError: Unknown environment or agent, two agents of one name, another run's folder.
        InfrastructureError: Nothing works any more. What was finished is kept.
    """
    folder = Path(out)
    specs = [parse_spec(agent) for agent in agents]
    names = [spec.name for spec in specs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise UserError(f"agents: two are called {twice.pop()!r}; name them apart with NAME=SPEC")
    if not env_ids or not specs:
        raise UserError("a benchmark needs at least one environment and one agent")
    options = {"env_options": env_options} if env_options else {}
    Store(folder).claim({"command": "benchmark", "seed": seed, **options}, {"envs": list(env_ids), "agents": names})
    for spec in specs:
        store = store_of(folder, spec.name)
        left = unfinished(env_ids, spec, out=store, episodes=episodes, seed=seed, retry=retry, fresh=fresh)
        if left and (doubt := spec.preflight(call=preflight)):
            warn(f"{doubt}; it may pass: going on", stacklevel=2)
    summaries = {}
    try:
        for spec in specs:
            told = None if progress is None else (lambda event, name=spec.name: progress(name, event))
            summaries[spec.name] = rollout(
                env_ids,
                spec,
                out=store_of(folder, spec.name),
                episodes=episodes,
                jobs=jobs,
                seed=seed,
                sandbox=sandbox,
                env_options=env_options,
                retry=retry,
                fresh=fresh,
                raise_if_none=False,  # what one agent has no room for, another may
                progress=told,
            )
    finally:
        if stores(folder):
            write_scores(folder)
    return summaries


def write_scores(folder: Path) -> int:
    """Makes `scores.jsonl` from the stores below `folder`, in one step. Returns the number of episodes."""
    records = [score_record(record) for record in read_episodes(folder)]
    records.sort(key=lambda record: (record.env_id, record.solver, record.seed))
    with whole_file(folder / SCORES_FILE) as file:
        for record in records:
            file.write(record.model_dump_json().encode() + b"\n")
    return len(records)


def score_record(record: Trajectory) -> ScoreRecord:
    """What a comparison needs of an episode; without an accepted submission its improvement counts as 0."""
    return ScoreRecord(
        env_id=record.env_id,
        challenge_hash=record.challenge_hash,
        solver=record.agent,
        seed=record.seed,
        metric=record.metric,
        direction="higher" if record.direction == "higher" else "lower",
        baseline=record.baseline if record.baseline is not None else 0.0,
        reference=record.reference,
        noise=record.noise or 0.0,
        scores=record.outcome.validations,
        final=record.outcome.score,
        improvement=record.outcome.improvement or 0.0,
        exit_status=record.outcome.exit_status,
        steps=record.outcome.steps,
        seconds=record.seconds,
        tokens=record.usage.tokens if record.usage else 0,
        attempts=record.attempts,
    )


def store_of(folder: Path, agent: str) -> Path:
    """The trajectory store of an agent in a benchmark folder, a folder of its own whatever its name.

    The names of agents hold colons and slashes, and may be long: where a folder cannot be called so, a hash tells those
    apart that look alike then. A folder that is the agent's already stays its own.
    """
    plain = re.sub(r"[^\w.+-]+", "-", agent).strip("-")[:_LONGEST_NAME]
    if plain in ("", ".", ".."):
        plain = "agent"
    own = folder / EPISODES / plain
    there = agent_of(own)
    if there == agent or (there is None and plain == agent):
        return own
    return own.with_name(f"{plain}-{hashlib.sha256(agent.encode()).hexdigest()[:8]}")
