"""Rollouts for `GRPOTrainer(rollout_func=…)`: whole episodes, as `synthgym rollout` runs them, in tokens as they were.

TRL trains on one sequence for each prompt. An episode is one as long as its conversation only grows; where older
observations were left out, or the chat template shows earlier replies otherwise than they were given, it is several,
and the one with the most sampled tokens is trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from synthgym.agents.agent import Info
from synthgym.agents.chat.agent import ChatAgent
from synthgym.agents.chat.settings import ChatSettings
from synthgym.agents.endpoint.errors import Flagged, ModelRefused, NoRoom
from synthgym.agents.endpoint.model import Model
from synthgym.agents.episode import run_episode
from synthgym.agents.failures import fell_in_play
from synthgym.agents.specs import AgentSpec
from synthgym.agents.trajectories.trajectory import Step, Trajectory
from synthgym.base.counts import count
from synthgym.base.errors import InfrastructureError, SpecError, UserError
from synthgym.base.messages import logger, warn
from synthgym.base.seeds import derive_seed
from synthgym.envs.session import BROKEN
from synthgym.train.sequences import sequences
from synthgym.train.trl.environments import challenge_env
from synthgym.train.trl.episode_threads import Crew
from synthgym.train.trl.own_model import OwnModel, Question, Sampled, generate
from synthgym.train.trl.spare_envs import SpareEnvs

log = logger(__name__)

Columns = dict[str, Any]
RolloutFunc = Callable[[list[Any], Any], Columns]
ModelName = str | Callable[[Any], str]

_HOPELESS = 12
"""Batches in a row of which no challenge can be played, after which training ends."""


def rollout_func(
    base_url: str | None = None,
    model: ModelName | None = None,
    *,
    chat: ChatSettings | None = None,
    retries: int = 2,
    at_once: int = 16,
    **settings: Any,
) -> RolloutFunc:
    """What `GRPOTrainer` makes completions with, for prompts of `challenge_dataset`.

    For each prompt it gives ``prompt_ids``, ``completion_ids``, ``logprobs`` and ``env_mask`` (1 for what the model
    sampled), and, for reward functions, ``improvement``, ``reward`` (the episode's return), ``exit_status``, ``steps``
    and ``sequences`` (how many the episode was; 0 if it failed). An episode that infrastructure failed is tried again,
    and then has an improvement and a reward of None; so has, at once, one whose challenge cannot be played any more.

    Args:
        base_url: An endpoint that serves the model and tells its tokens, as vLLM does. By default the trainer itself
            generates, by whatever its `GRPOConfig` says.
        model: The model's name at the endpoint; or a function that is given the trainer before each batch, puts its
            weights there, and returns the name to ask for.
        chat: How the model is asked. What it leaves out of temperature, top_p and max_tokens is the trainer's.
        retries: How often an episode is tried again.
        at_once: Episodes that run at once.
        **settings: For `gymnasium.make`: ``sandbox``, ``reward``, ``max_steps``, ``max_observation``, …

    Raises:
        UserError: A setting that is no count; only one of `base_url` and `model`.

    Example:
        >>> trainer = GRPOTrainer(
        ...     "Qwen/Qwen3-4B",
        ...     improvement_reward,
        ...     args=GRPOConfig("runs/grpo", max_completion_length=8192),
        ...     train_dataset=challenge_dataset("synthgym/*", "train"),
        ...     rollout_func=rollout_func(),
        ... )
    """
    if (base_url is None) != (model is None):
        raise UserError("rollout_func takes base_url and model together, or neither: then the trainer generates")
    again = retries if retries == 0 else count("retries", retries)
    return Rollouts(base_url, model, chat or ChatSettings(), again, count("at_once", at_once), settings)


@dataclass(frozen=True)
class Job:
    """An episode to be run: one for each prompt, in TRL's order, in which those of a group follow each other."""

    position: int
    env_id: str
    seed: int
    luck: int
    system: str


@dataclass(frozen=True)
class Played:
    """What came of a job. Without a record, infrastructure failed, or the challenge cannot be played."""

    record: Trajectory | None = None
    reward: float | None = None
    improvement: float | None = None
    exit_status: str | None = None
    logprobs: bool = True
    error: Exception | None = None


class Rollouts:
    """A batch of episodes whenever it is called; made by `rollout_func`."""

    def __init__(
        self,
        base_url: str | None,
        model: ModelName | None,
        chat: ChatSettings,
        retries: int,
        at_once: int,
        settings: dict[str, Any],
    ) -> None:
        self._base_url, self._model, self._chat = base_url, model, chat
        self._retries, self._at_once = retries, at_once
        self._envs = SpareEnvs(settings)
        self._warned = False
        self._unplayable = 0

    def __call__(self, prompts: list[Any], trainer: Any) -> Columns:
        """Runs an episode for each prompt.

        Raises:
            InfrastructureError: All failed.
            UserError: The prompts are not those of `challenge_dataset`; a setting, the model or its endpoint is not
                what it should be; or no challenge could be played for many batches.
        """
        jobs = _jobs(prompts, trainer)
        crew: Crew[Question, Sampled] = Crew(lambda questions: generate(trainer, questions))
        agent = self._agents(trainer, crew)
        works = [lambda job=job: self._play(job, agent, crew.check) for job in jobs]
        try:
            played = crew.run(works, self._at_once, self._envs.close)
        finally:
            self._envs.rest()
        self._see_failures([each.error for each in played])
        return self._columns(played, trainer)

    def _see_failures(self, errors: list[Exception | None]) -> None:
        """Ends training where nothing works. A batch may well be one challenge, which says nothing of others."""
        failed = [each for each in errors if each is not None]
        if not failed or len(failed) < len(errors):
            self._unplayable = 0
        elif all(isinstance(each, SpecError) for each in failed):
            self._unplayable += 1
            if self._unplayable >= _HOPELESS:
                raise failed[-1]
        else:
            raise InfrastructureError(f"all {len(failed)} episodes failed, the last with: {failed[-1]}") from failed[-1]

    def _agents(self, trainer: Any, crew: Crew[Question, Sampled]) -> Callable[[Job], ChatAgent]:
        """Makes the agent of an episode."""
        sampling = {"temperature": trainer.temperature, "top_p": trainer.top_p, "tokens": True}
        if self._base_url is None:
            chat = self._chat

            def model_of(job: Job) -> Any:
                return OwnModel(trainer, lambda question: crew.ask(job.position, question), chat.max_tokens)
        else:
            sampling["max_tokens"] = trainer.max_completion_length
            given = self._chat.model_dump(exclude_none=True, exclude_unset=True)
            chat = ChatSettings.model_validate({**sampling, **given, "tokens": True})
            name = self._model(trainer) if callable(self._model) else self._model

            def model_of(job: Job) -> Any:
                return name

        def agent(job: Job) -> ChatAgent:
            made = ChatAgent(cast("str | Model", model_of(job)), self._base_url, chat, seed=job.luck)
            made.system = job.system
            return made

        return agent

    def _play(self, job: Job, agent: Callable[[Job], ChatAgent], check: Callable[[], None]) -> Played:
        """An episode, tried again where infrastructure fails it; a challenge that cannot be played costs itself."""
        failure: Exception | None = None
        broken = False
        for _ in range(self._retries + 1):
            check()
            try:
                return self._attempt(job, agent(job), check, broken)
            except ModelRefused:
                raise
            except (NoRoom, Flagged, SpecError) as error:  # they would be the next time too
                failure = error
                break
            except InfrastructureError as error:
                failure, broken = error, broken or fell_in_play(error)
                log.info("%s, seed %d: %s: %s", job.env_id, job.seed, type(error).__name__, error)
        log.warning("%s, seed %d: the episode does not count: %s", job.env_id, job.seed, failure)
        return Played(error=failure)

    def _attempt(self, job: Job, agent: ChatAgent, check: Callable[[], None], broken: bool) -> Played:
        with self._envs.borrow(job.env_id) as env:
            named = AgentSpec("trl", agent.name, target=agent)  # nobody needs to look at its source
            record = run_episode(env, named, seed=job.seed, env_id=job.env_id, watcher=_Checking(check), broken=broken)
            if record.outcome.exit_status == "agent_error":  # ours: nobody else's code ran
                raise UserError(f"{job.env_id}: {record.outcome.error}")
            rest, info = challenge_env(env).finish()  # of an agent that stopped, and whose submission was refused
            if info["exit_status"] in BROKEN:  # what that pays is in the record
                rest = 0.0
        return Played(
            record,
            record.outcome.return_ + float(rest),
            float(info["improvement"]),
            info["exit_status"],
            getattr(agent.model, "logprobs", True),
        )

    def _columns(self, played: Sequence[Played], trainer: Any) -> Columns:
        names = ("prompt_ids", "completion_ids", "logprobs", "env_mask")
        columns: Columns = {name: [] for name in (*names, "sequences", "steps")}
        filler = trainer.eos_token_ids[0]
        for each in played:
            found = sequences(each.record.calls) if each.record else []
            if found:
                best = max(found, key=lambda sequence: sum(sequence.mask))
                start = best.mask.index(1)
                parts = best.ids[:start], best.ids[start:], best.logprobs[start:], best.mask[start:]
            else:  # TRL takes no empty completion
                parts = [filler], [filler], [0.0], [0]
            for name, part in zip(names, parts, strict=True):
                columns[name].append(part)
            columns["sequences"].append(len(found))
            columns["steps"].append(len(each.record.steps) if each.record else 0)
        for name in ("improvement", "reward", "exit_status"):
            columns[name] = [getattr(each, name) for each in played]
        if not all(each.logprobs for each in played):
            columns["logprobs"] = None
        self._warn(columns["sequences"])
        return columns

    def _warn(self, counts: list[int]) -> None:
        parted = sum(each > 1 for each in counts)
        if parted and not self._warned:
            self._warned = True
            warn(
                f"{parted} of {len(counts)} episodes are several sequences, of which TRL trains on one, the longest: a "
                "larger context or a smaller max_observation= keeps conversations whole; if none is shortened, the "
                "endpoint's chat template shows earlier replies otherwise than they were given (thoughts left out)",
                stacklevel=3,
            )


class _Checking:
    """Ends an episode whose batch has ended without it."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check

    def begin(self, observation: str, info: Info) -> None:
        """See `Watcher`."""
        self._check()

    def step(self, step: Step, info: Info) -> None:
        """See `Watcher`."""
        self._check()


def _jobs(prompts: Sequence[Any], trainer: Any) -> list[Job]:
    """What is to be run; the luck of each is its own, and another at each step of the training."""
    rank = getattr(getattr(trainer, "accelerator", None), "process_index", 0)
    step = getattr(getattr(trainer, "state", None), "global_step", 0)
    jobs = []
    for position, prompt in enumerate(prompts):
        last = prompt[-1] if isinstance(prompt, list) and prompt else {}
        env_id, seed = last.get("env_id"), last.get("seed")
        if env_id is None or seed is None:
            raise UserError(
                "rollout_func needs the prompts of challenge_dataset: TRL gives it nothing else of a row, and their "
                "messages name env_id and seed"
            )
        luck = derive_seed("trl", env_id, seed, step, rank, position)
        jobs.append(Job(position, env_id, seed, luck, _system(prompt)))
    return jobs


def _system(prompt: list[dict[str, Any]]) -> str:
    return prompt[0]["content"] if prompt[0]["role"] == "system" else ""
