"""Many episodes: environments × seeds with one agent, in worker processes, into a store.

The plan is a set of episodes, each named by environment, agent and seed; what the store already holds is left out, so
the same command resumes. A seed decides its episode: the order and the number of workers do not. An agent that fails is
recorded. Infrastructure that fails is tried again on a fresh environment, then left for the next run; so are, at once,
an episode whose conversation the endpoint will not have, and all episodes of a challenge that is not what it says or
whose briefing the model has no room for (`synthgym.agents.failures`). What breaks in an agent's hands a second
time, in this run or a later one, is the agent's doing: it buys one more attempt, and every record says which it is.
"""

from __future__ import annotations

import atexit
import contextlib
import inspect
import itertools
import multiprocessing
import operator
import signal
import statistics
import threading
import time
import warnings
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec, load_env_creator
from pydantic import BaseModel

from synthgym.agents.endpoint.redaction import redact
from synthgym.agents.episode import AGENT_ERROR, AGENT_STOPPED, run_episode
from synthgym.agents.failures import Failures, fell_in_play, of_one_challenge
from synthgym.agents.specs import AgentSpec, parse_spec
from synthgym.agents.trajectories.store import Attempts, Done, ShardWriter, Store
from synthgym.agents.trajectories.trajectory import episode_id
from synthgym.base.counts import count
from synthgym.base.errors import InfrastructureError, OutputFolderError, SpecError, UnknownNameError, UserError
from synthgym.base.jobs.parcels import leave_if_imported, pack
from synthgym.base.jobs.pools import run_jobs
from synthgym.base.messages import warn
from synthgym.envs.registration import register_all
from synthgym.envs.session import BROKEN

_STATUSES = (AGENT_ERROR, AGENT_STOPPED, "submitted", "step_limit", "budget", "finished", *BROKEN)
"""How episodes end."""


class Summary(BaseModel):
    """What came of a rollout.

    Attributes:
        planned: Episodes asked for.
        resumed: Of these, already in the store.
        finished: Of these, run now.
        failed: Of these, left undone: infrastructure failed, an endpoint refuses a conversation, or a challenge is not
            what it says; the same command tries them again.
        retries: Failed attempts that were made again.
        attempts: Attempts that the recorded episodes took, those of earlier runs included: one each, unless
            infrastructure failed them.
        broken: Recorded episodes in which the agent broke its sandbox or the grader; see `run_episode`.
        agent_errors: Recorded episodes in which the agent raised.
        agent_error: What it mostly raised, in a line; the tracebacks are in the records, as ``outcome.error``.
        submitted: Recorded episodes with an accepted submission.
        mean_improvement: Over all recorded episodes, one without an accepted submission counting 0; None without any.
        seconds: Wall-clock time of this run.
    """

    planned: int = 0
    resumed: int = 0
    finished: int = 0
    failed: int = 0
    retries: int = 0
    attempts: int = 0
    broken: int = 0
    agent_errors: int = 0
    agent_error: str | None = None
    submitted: int = 0
    mean_improvement: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Event:
    """Something came of an attempt: exactly one of `done` and `error` is set.

    Attributes:
        recorded: Episodes in the store by now, of `planned`.
    """

    env_id: str
    seed: int
    done: Done | None
    error: str | None
    recorded: int
    planned: int
    sample: int = 0


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
    retry = _statuses(retry)
    plan = _plan(env_specs, spec, _seeds(seed, episodes), count("samples", samples))
    store = Store(Path(out).absolute())  # an agent may change the current folder
    store.claim(
        {"command": "rollout", "agent": spec.name, "seed": seed, "env_options": options},
        {"agent_spec": spec.text, "sandbox": sandbox, "started": _now()},
    )
    summary = Summary(planned=len(plan))
    with store.writing(), _one_interrupt():
        recorded = _already(store, plan)
        again = {name for name, done in recorded.items() if done.exit_status in retry}
        kept = {name: done for name, done in recorded.items() if name not in again}
        again |= _outdated(store, spec, plan, env_specs, kept, fresh)
        if len(recorded) - len(again) < len(plan) and (doubt := spec.preflight(call=preflight)):
            warn(f"{doubt}; it may pass: going on", stacklevel=2)
        if again:
            store.take_out(again)
            recorded = {name: done for name, done in recorded.items() if name not in again}
        summary.resumed = len(recorded)
        earlier = store.attempts(spec.source)
        queue = _Queue(_continued(job, earlier) for job in plan if job.episode_id not in recorded)
        failures = Failures(retries, jobs)
        runner = _Runner(store.folder, spec, {"sandbox": sandbox, **options})
        # Both are closed here and now, whatever happens: workers must be gone before the store is let go.
        with contextlib.closing(runner), contextlib.closing(_outcomes(runner, queue, jobs)) as outcomes:
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
    _sum_up(summary, recorded.values())
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
    plan = _plan([find_env(env_id) for env_id in env_ids], parse_spec(agent), _seeds(seed, episodes), samples)
    retry = _statuses(retry)
    there = Store(out).done() if Path(out).is_dir() else {}
    return sum(fresh or job.episode_id not in there or there[job.episode_id].exit_status in retry for job in plan)


def find_env(env_id: str) -> EnvSpec:
    """The spec of a registered environment.

    Raises:
        UnknownNameError: No such environment; suggests the nearest.
    """
    import synthgym  # noqa: F401  its import registers the known collections

    with contextlib.suppress(gymnasium.error.Error, ModuleNotFoundError):
        return gymnasium.spec(env_id)
    try:  # an index may have said otherwise than its specs, which are what is listed
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            register_all(believe="cache")
        return gymnasium.spec(env_id)
    except (gymnasium.error.Error, ModuleNotFoundError):
        known = [name for name in gymnasium.registry if "/" in name] or list(gymnasium.registry)
        raise UnknownNameError("environment", env_id, known, "See: synthgym list") from None


def _check(agent: AgentSpec, env_specs: list[EnvSpec], options: dict[str, Any], episodes: int, jobs: int) -> None:
    if not env_specs:
        raise UserError("a rollout needs at least one environment; see: synthgym list")
    count("episodes", episodes)
    count("jobs", jobs)
    for env_spec in env_specs:
        _check_options(env_spec, options)
    if jobs > 1 and agent.target is not None:
        try:
            pack(agent.target)
        except UserError as error:
            raise UserError(f"agent {agent.name!r}: {error}") from None


def _check_options(env_spec: EnvSpec, options: dict[str, Any]) -> None:
    """Raises `UnknownNameError` for a setting that the environment cannot be made with."""
    if not options or env_spec.entry_point is None:
        return
    entry_point = env_spec.entry_point
    made_by = load_env_creator(entry_point) if isinstance(entry_point, str) else entry_point
    parameters = inspect.signature(made_by).parameters.values()
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        return
    known = {each.name for each in parameters} | {"max_episode_steps"}
    for name in options:
        if name not in known:
            raise UnknownNameError("setting of the environment", name, known, f"(env_options, for {env_spec.id})")


def _seeds(first: int, episodes: int) -> range:
    """The seeds of an environment's episodes."""
    try:
        first = operator.index(first)
    except TypeError:
        raise UserError(f"seed: expected a whole number, got {first!r:.80} ({type(first).__name__})") from None
    if first < 0:
        raise UserError(f"seed: expected at least 0, got {first}")
    return range(first, first + count("episodes", episodes))


def _statuses(given: Collection[str]) -> Collection[str]:
    """Exit statuses, as far as episodes can end so."""
    given = [given] if isinstance(given, str) else given
    for status in given:
        if status not in _STATUSES:
            raise UnknownNameError("exit status", status, _STATUSES, "(retry)")
    return given


def _plan(env_specs: list[EnvSpec], agent: AgentSpec, seeds: range, samples: int) -> list[Job]:
    """Environments one after the other: a worker that stays with one need not make it anew."""
    jobs = {}
    for env_spec in env_specs:
        text = env_spec.to_json()
        for seed, sample in itertools.product(seeds, range(samples)):
            name = episode_id(env_spec.id, agent.name, seed, sample)
            jobs[name] = Job(name, env_spec.id, text, seed, sample)
    return list(jobs.values())


def _already(store: Store, plan: list[Job]) -> dict[str, Done]:
    """What the store holds of the plan."""
    there = store.done()
    return {job.episode_id: there[job.episode_id] for job in plan if job.episode_id in there}


def _outdated(
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


class _Queue:
    """Jobs to be handed out; unlike a generator, it may be filled again after it ran empty."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = deque(jobs)

    def append(self, job: Job) -> None:
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


def _outcomes(
    runner: _Runner, queue: _Queue, jobs: int
) -> Generator[tuple[Job, Done | None, Exception | None], None, None]:
    with contextlib.closing(run_jobs(runner, queue, workers=jobs)) as outcomes:  # type: ignore[type-var]
        for outcome in outcomes:
            if isinstance(outcome.error, UserError) and not isinstance(outcome.error, SpecError):
                raise outcome.error  # `of_one_challenge` says that it would meet every other episode too
            yield outcome.job, outcome.value, outcome.error


class _Runner:
    """Runs jobs in one process; owns that process's environment and its shard of the store."""

    def __init__(self, folder: Path, agent: AgentSpec, make_options: dict[str, Any]) -> None:
        self.folder, self.agent, self.make_options = folder, agent, make_options
        self._env: tuple[str, gymnasium.Env[str, str]] | None = None
        self._writer: ShardWriter | None = None

    def __call__(self, job: Job) -> Done:
        """One attempt: a record in the store, or an exception."""
        if self._writer is None:
            self._begin()
        journal = Store(self.folder).journal(
            job.episode_id, {"env_id": job.env_id, "agent": self.agent.name, **_which(job)}
        )
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


def _note_failure(store: Store, agent: AgentSpec, job: Job, error: Exception) -> None:
    text = redact(f"{type(error).__name__}: {error}")
    notes = redact("\n".join(getattr(error, "__notes__", [])))
    store.add_failure(
        {
            "episode_id": job.episode_id,
            "env_id": job.env_id,
            "agent": agent.name,
            "agent_hash": agent.source,
            **_which(job),
            "error": text,
            "in_play": fell_in_play(error),
            "details": notes[-4000:],
            "time": _now(),
        }
    )


def _continued(job: Job, earlier: Mapping[str, Attempts]) -> Job:
    """The job after what earlier runs have tried of it."""
    found = earlier.get(job.episode_id)
    return replace(job, attempt=found.count + 1, broken=found.broken) if found else job


def _which(job: Job) -> dict[str, int]:
    """Which attempt a job is, beside environment and agent."""
    return {"seed": job.seed, **({"sample": job.sample} if job.sample else {}), "attempt": job.attempt}


def _sum_up(summary: Summary, recorded: Iterable[Done]) -> None:
    improvements = []
    raised = Counter[str]()
    for done in recorded:
        improvements.append(done.improvement or 0.0)
        summary.submitted += done.improvement is not None
        summary.attempts += done.attempts
        summary.broken += done.exit_status in BROKEN
        if done.exit_status == AGENT_ERROR:
            raised[done.error or "no word of it"] += 1
    summary.agent_errors = raised.total()
    summary.agent_error = raised.most_common(1)[0][0] if raised else None
    if improvements:
        summary.mean_improvement = statistics.fmean(improvements)  # the same in any order


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
