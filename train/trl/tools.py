"""Challenges for `GRPOTrainer(environment_factory=…)`: an episode whose commands are tools that the model calls.

TRL makes an object for each rollout of a batch, resets it, offers its public methods as tools, and asks it for the
reward in the end. What a tool raises TRL shows to the model as the tool's answer, and what `get_reward` raises ends
the training: so infrastructure that fails, and a challenge that cannot be played, are told to the model in words, and
the reward is None, which TRL leaves out.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from synthgym.agents.failures import fell_in_play, of_one_challenge
from synthgym.base.counts import count
from synthgym.base.errors import InfrastructureError, SpecError, Unplayable, UserError
from synthgym.base.jobs.forks import renew_in_forks
from synthgym.base.messages import logger
from synthgym.train.trl.environments import TextEnv, briefing, make
from synthgym.train.trl.episode import FAILED, OVER, Episode, Failure

log = logger(__name__)

_HOPELESS = 12
"""Episodes in a row, at least, that failed before training ends."""
_UNGRADED = ("improvement", "submit_only")
"""Rewards in which 0 says that nothing was handed in."""


def environment_factory(
    *,
    grade_unsubmitted: bool = True,
    at_once: int = 16,
    starts: int = 3,
    **settings: Any,
) -> Callable[[], ChallengeTools]:
    """What `GRPOTrainer` makes its environments with, for rows of `challenge_dataset`.

    Args:
        grade_unsubmitted: Whether an episode that the model never submitted is graded as one that met a limit: by the
            last submission that was validated, else by what lies there. Otherwise it is worth 0.
        at_once: Sandboxes that start at once at the beginning of a batch.
        starts: How often a sandbox is started that does not come up.
        **settings: For `gymnasium.make`: ``sandbox``, ``reward``, ``max_steps``, ``max_observation``, …

    Raises:
        UserError: A setting that is no count; or `grade_unsubmitted=False` with a reward in which 0 may be a good one.

    Example:
        >>> trainer = GRPOTrainer(
        ...     "Qwen/Qwen3-4B",
        ...     args=GRPOConfig("runs/grpo", max_completion_length=8192),
        ...     train_dataset=challenge_dataset("synthgym/*", "train", system="tools"),
        ...     environment_factory=environment_factory(),
        ... )
    """
    reward = settings.get("reward", _UNGRADED[0])
    if not grade_unsubmitted and reward not in _UNGRADED:
        raise UserError(
            f"grade_unsubmitted=False gives 0 to what was never submitted, which says nothing with reward={reward!r}; "
            f"take reward={' or '.join(map(repr, _UNGRADED))}, or leave grade_unsubmitted=False out"
        )
    return _Factory(settings, grade_unsubmitted, count("at_once", at_once), count("starts", starts))


class ChallengeTools:
    """An environment as TRL wants it; made by `environment_factory`. Its public methods are tools.
    TRL gives them to reward functions too: ``environments[i].info``.
    """

    def __init__(self, factory: _Factory) -> None:
        self._factory = factory
        self._held: dict[str, Any] = {}
        self._reward: tuple[float | None] | None = None
        self._unplayable: SpecError | None = None
        weakref.finalize(self, _close, self._held)

    def reset(self, env_id: str | None = None, seed: int = 0, prompt: object = None, **row: object) -> str | None:
        """Begins an episode; does not wait until its sandbox is there.

        Args:
            env_id: Of the challenge.
            seed: Decides everything random in the environment.
            prompt: The row's prompt.
            **row: The row's other columns.

        Returns:
            The briefing, for TRL to append to the prompt; None where the prompt has it, as in `challenge_dataset`.

        Raises:
            UserError: The row names no challenge.
        """
        if not isinstance(env_id, str):
            raise UserError("expected rows with a column env_id, the environment's id, as challenge_dataset makes them")
        self._reward, self._unplayable = None, None
        try:
            env = self._environment(env_id)
            missing = _missing(env, env_id, _last(prompt))
        except SpecError as error:
            log.warning("%s: the episode does not count: %s", env_id, error)
            self._unplayable = error
            self._held.pop("episode", None)
            return None
        self._held["episode"] = self._factory.begin(env, seed)
        return missing

    def bash(self, command: str) -> str:
        """Runs a command, or a script of several lines, in the workspace's shell and returns what it printed.

        Args:
            command: What to run. Variables, the current folder and background jobs live on between commands.

        Returns:
            What it printed.
        """
        if not isinstance(command, str):
            return f"Nothing was run: expected the command as text, got {type(command).__name__}."
        return self._step(command)

    def validate(self) -> str:
        """Scores the submission as it stands, on hidden data. The number of validations is limited.

        Returns:
            The score, and how it compares with the best one before.
        """
        return self._step("validate")

    def submit(self) -> str:
        """Hands in the submission as it stands, and ends the episode.

        Returns:
            Whether it was taken.
        """
        return self._step("submit")

    def get_reward(self) -> float | None:
        """The episode's return; what the model left unsubmitted is handed in first. Called again, it is the same.

        Returns:
            None where infrastructure failed, or the challenge cannot be played: TRL leaves the sample out.

        Raises:
            InfrastructureError: It failed in many episodes in a row: nothing could be learned any more.
            UserError: A setting or the reward function is not what it should be; or many episodes in a row were of
                challenges that cannot be played.
        """
        if self._reward is None:
            if self._unplayable:
                self._factory.episode_ended(self._unplayable)
                self._reward = (None,)
                return None
            if (episode := self._episode) is None:
                return None
            self._reward = (self._factory.end(episode),)
        return self._reward[0]

    @property
    def info(self) -> dict[str, Any]:
        """As the environment last gave it; empty before the first command."""
        return self._episode.info if self._episode else {}

    @property
    def _episode(self) -> Episode | None:
        episode: Episode | None = self._held.get("episode")
        return episode

    def _step(self, command: str) -> str:
        if self._unplayable:
            return FAILED
        if self._episode is None or self._reward is not None:
            return OVER.format(self.info.get("exit_status") or "there is none")
        return self._episode.step(command)

    def _environment(self, env_id: str) -> TextEnv:
        """The one of the episode before, where that was of the same challenge."""
        if self._episode:
            self._episode.leave()
        if self._held.get("env_id") != env_id:
            self._held |= {"env": make(env_id, self._factory.settings), "env_id": env_id}
        env: TextEnv = self._held["env"]
        return env


def _close(held: dict[str, Any]) -> None:
    if episode := held.get("episode"):
        episode.close()


def _missing(env: TextEnv, env_id: str, prompt: str) -> str | None:
    """What a prompt lacks of the briefing.

    Raises:
        SpecError: The challenge cannot be played here.
        UserError: It has another briefing of the challenge, made with other settings.
    """
    try:
        with of_one_challenge(env_id, getattr(env.unwrapped, "sandbox", None)):
            told = briefing(env)
    except InfrastructureError:  # the episode will fail for it
        return None
    if told in prompt:
        return None
    if told.splitlines()[0] in prompt.splitlines():
        raise UserError(
            f"{env_id}: the prompt's briefing is not what the episode shows; give challenge_dataset and "
            f"environment_factory the same settings, such as max_steps"
        )
    return f"\n\n{told}" if prompt.strip() else told


def _last(prompt: object) -> str:
    """The text of a prompt's last message."""
    content = prompt[-1].get("content") if isinstance(prompt, list) and prompt else None
    if isinstance(content, list):  # in parts
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


class _Factory:
    """Makes the environments of one trainer, starts sandboxes at once, and sees when nothing works any more."""

    def __init__(self, settings: dict[str, Any], grade_unsubmitted: bool, at_once: int, starts: int) -> None:
        self.settings, self._graded, self._at_once, self._starts = settings, grade_unsubmitted, at_once, starts
        self._made = self._failed = 0
        self._renew()
        renew_in_forks(self, _Factory._renew)

    def __reduce__(self) -> tuple[type[_Factory], tuple[Any, ...]]:
        return _Factory, (self.settings, self._graded, self._at_once, self._starts)

    def __call__(self) -> ChallengeTools:
        """Another environment."""
        self._made += 1
        return ChallengeTools(self)

    def begin(self, env: TextEnv, seed: int) -> Episode:
        """Begins an episode beside others."""
        return Episode(env, seed, self._threads, self._starts)

    def end(self, episode: Episode) -> float | None:
        """The return of an episode; None where it does not count.

        Raises:
            InfrastructureError: As many before.
            SpecError: The same, the last as its challenge cannot be played.
        """
        reward = episode.end(graded=self._graded)
        self.episode_ended(episode.failure)
        return reward

    def episode_ended(self, failure: Failure | None) -> None:
        """Notes how an episode ended.

        Raises:
            InfrastructureError: See `end`.
            SpecError: See `end`.
        """
        with self._lock:
            # What fell in play a model could bring about as often as it likes: no sign of a hopeless machine.
            self._failed = 0 if failure is None else self._failed + (not fell_in_play(failure))
            hopeless = self._failed >= max(_HOPELESS, 3 * self._made)
        if hopeless:
            kind = Unplayable if isinstance(failure, SpecError) else InfrastructureError
            raise kind(f"{self._failed} episodes in a row failed, the last with: {failure}") from failure

    def _renew(self) -> None:
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="synthgym-trl")
