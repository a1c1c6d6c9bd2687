"""Many episodes: environments × seeds with one agent, in worker processes, into a store.

The plan is a set of episodes, each named by environment, agent and seed; what the store already holds is left out, so
the same command resumes. A seed decides its episode: the order and the number of workers do not. An agent that fails is
recorded. Infrastructure that fails is tried again on a fresh environment, then left for the next run; so are, at once,
an episode whose conversation the endpoint will not have, and all episodes of a challenge that is not what it says or
whose briefing the model has no room for (`synthgym.agents.failures`). What breaks in an agent's hands a second
time, in this run or a later one, is the agent's doing: it buys one more attempt, and every record says which it is.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gymnasium.envs.registration import EnvSpec

from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.failures import Failures, fell_in_play
from synthgym.agents.rollouts.environments import check_options, find_env
from synthgym.agents.rollouts.plan import Job, plan_jobs, seeds_of
from synthgym.agents.rollouts.recorded import continued, known_statuses, outdated, recorded_of
from synthgym.agents.rollouts.runner import JobQueue, JobRunner, outcomes_of
from synthgym.agents.rollouts.summary import Event, Summary, sum_up
from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.agents.trajectories.store import Store
from synthgym.base.counts import count
from synthgym.base.errors import InfrastructureError, UserError
from synthgym.base.jobs.pickling import leave_if_imported, pack
from synthgym.base.messages import warn

__all__ = ["Event", "Summary", "rollout", "unfinished"]


def rollout(
    env_ids: Iterable[str],
    agent: str | AgentSpec | Any,
    *,
    out: str | Path,
    episodes: int = 1,
    samples: int = 1,
    jobs: int = 1,
    seed: int = 0,
    sandbox: str = "auto",
    env_options: dict[str, Any] | None = None,
    retries: int = 2,
    retry: Collection[str] = (),
    preflight: bool = False,
    fresh: bool = False,
    raise_if_none: bool = True,
    progress: Callable[[Event], None] | None = None,
) -> Summary:
    """Runs `episodes` episodes in each environment and keeps their records in the folder `out`.

    Episode k of every environment has the seed `seed` + k, whoever the agent is, so that agents can be compared in
    pairs. The same call resumes; more environments or more episodes extend the run.

    Args:
        env_ids: Ids of registered environments.
        agent: A spec (see `synthgym.agents.specs`), or a function, class or instance.
        out: Folder of the store. It must be new, empty, or this run's.
        episodes: Per environment: seeds.
        samples: Episodes with each seed. The environment is the same in them, a sampling agent's luck another.
        jobs: 1 runs here; more start that many processes.
        seed: Of the first episode.
        sandbox: As for `gymnasium.make`.
        env_options: Further settings for `gymnasium.make`, such as ``max_steps``.
        retries: How often an episode is tried again after infrastructure failed.
        retry: Exit statuses, such as ``agent_error``: recorded episodes of the plan that ended so are run again.
        preflight: Makes one short call to the agent's model before the first episode. What can be known without a call,
            such as that there is no key, is looked at anyway.
        fresh: Runs recorded episodes of the plan again that were made with other code of the agent, or with an earlier
            state of the challenge. Without it, the first are kept with a warning, the second are an error.
        raise_if_none: Raises where no episode could be run for what is wrong with the challenges, or as the model has
            no room for their briefings. Without it the summary counts them as failed, as it counts some of them.
        progress: Called in this process after every attempt.

    Raises:
        UserError: Unknown environment, agent or setting, another run's folder, a full disk, an endpoint that refuses,
            an agent that cannot be sent to worker processes.
        SpecError: No challenge is what it says, and nothing else failed.
        ModelRefused: The model has room for no challenge's briefing, and nothing else failed.
        InfrastructureError: Nothing works any more. What was finished is kept.

    Example:
        >>> rollout(["synthgym/wine-v0"], "scripted", episodes=4, out="runs/first", jobs=2).finished
        4
    """
    leave_if_imported()
    started = time.monotonic()
    spec = parse_spec(agent)
    env_specs = [find_env(env_id) for env_id in env_ids]
    options = dict(env_options or {})
    _check(spec, env_specs, options, episodes, jobs)
    retry = known_statuses(retry)
    plan = plan_jobs(env_specs, spec, seeds_of(seed, episodes), count("samples", samples))
    store = Store(Path(out).absolute())  # an agent may change the current folder
    store.claim(
        {"command": "rollout", "agent": spec.name, "seed": seed, "env_options": options},
        {"agent_spec": spec.text, "sandbox": sandbox, "started": _now()},
    )
    summary = Summary(planned=len(plan))
    with store.writing(), _one_interrupt():
        recorded = recorded_of(store, plan)
        again = {name for name, done in recorded.items() if done.exit_status in retry}
        kept = {name: done for name, done in recorded.items() if name not in again}
        again |= outdated(store, spec, plan, env_specs, kept, fresh)
        if len(recorded) - len(again) < len(plan) and (doubt := spec.preflight(call=preflight)):
            warn(f"{doubt}; it may pass: going on", stacklevel=2)
        if again:
            store.take_out(again)
            recorded = {name: done for name, done in recorded.items() if name not in again}
        summary.resumed = len(recorded)
        earlier = store.attempts(spec.source)
        queue = JobQueue(continued(job, earlier) for job in plan if job.episode_id not in recorded)
        failures = Failures(retries, jobs)
        runner = JobRunner(store.folder, spec, {"sandbox": sandbox, **options})
        # Both are closed here and now, whatever happens: workers must be gone before the store is let go.
        with contextlib.closing(runner), contextlib.closing(outcomes_of(runner, queue, jobs)) as outcomes:
            for job, done, error in outcomes:
                if done is not None:
                    failures.finished(job.env_id)
                    recorded[job.episode_id] = done
                    summary.finished += 1
                elif error is not None:
                    _note_failure(store, spec, job, error)
                    tried = earlier[job.episode_id].count if job.episode_id in earlier else 0
                    verdict = failures.judge(job.env_id, job.attempt - tried, error)
                    if verdict == "again":
                        queue.append(replace(job, attempt=job.attempt + 1, broken=job.broken or fell_in_play(error)))
                        summary.retries += 1
                    else:
                        summary.failed += 1 + (queue.drop(job.env_id) if verdict == "challenge" else 0)
                if progress:
                    text = f"{type(error).__name__}: {error}" if error else None
                    progress(Event(job.env_id, job.seed, done, text, len(recorded), len(plan), job.sample))
                if error is not None and failures.hopeless:
                    raise InfrastructureError(
                        f"{failures.in_a_row} attempts in a row failed, the last with: {error}. What was finished is "
                        f"kept in {store.folder}; put this right and give the same command again"
                    ) from error
    if raise_if_none and not recorded and (unsound := failures.of_challenges):
        raise unsound
    sum_up(summary, recorded.values())
    summary.seconds = round(time.monotonic() - started, 3)
    return summary


@contextlib.contextmanager
def _one_interrupt() -> Iterator[None]:
    """Lets Ctrl-C interrupt once: impatience must not break the cleaning up that the first one began."""
    if threading.current_thread() is not threading.main_thread():  # only there can handlers be set
        yield
        return

    def interrupt(*_: object) -> None:
        signal.signal(signal.SIGINT, lambda *_: None)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


def unfinished(
    env_ids: Iterable[str],
    agent: str | AgentSpec | Any,
    *,
    out: str | Path,
    episodes: int = 1,
    samples: int = 1,
    seed: int = 0,
    retry: Collection[str] = (),
    fresh: bool = False,
) -> int:
    """How many episodes `rollout` would run, given the same, or at most with `fresh`; nothing is written."""
    plan = plan_jobs([find_env(env_id) for env_id in env_ids], parse_spec(agent), seeds_of(seed, episodes), samples)
    retry = known_statuses(retry)
    there = Store(out).done() if Path(out).is_dir() else {}
    return sum(fresh or job.episode_id not in there or there[job.episode_id].exit_status in retry for job in plan)


def _check(agent: AgentSpec, env_specs: list[EnvSpec], options: dict[str, Any], episodes: int, jobs: int) -> None:
    if not env_specs:
        raise UserError("a rollout needs at least one environment; see: synthgym list")
    count("episodes", episodes)
    count("jobs", jobs)
    for env_spec in env_specs:
        check_options(env_spec, options)
    if jobs > 1 and agent.target is not None:
        try:
            pack(agent.target)
        except UserError as error:
            raise UserError(f"agent {agent.name!r}: {error}") from None


def _note_failure(store: Store, agent: AgentSpec, job: Job, error: Exception) -> None:
    text = redact(f"{type(error).__name__}: {error}")
    notes = redact("\n".join(getattr(error, "__notes__", [])))
    store.add_failure(
        {
            "episode_id": job.episode_id,
            "env_id": job.env_id,
            "agent": agent.name,
            "agent_hash": agent.source,
            **job.which(),
            "error": text,
            "in_play": fell_in_play(error),
            "details": notes[-4000:],
            "time": _now(),
        }
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
