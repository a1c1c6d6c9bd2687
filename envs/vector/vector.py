"""Many environments, of one challenge or of several, stepped at once in threads.

Gymnasium's own asynchronous mode puts observations into shared memory, which corrupts text; and a process for each
environment buys nothing here, since the work happens in the sandboxes' own processes.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from gymnasium.wrappers import TimeLimit
from numpy.typing import NDArray

from synthgym.base.counts import count
from synthgym.base.errors import InfrastructureError, UserError
from synthgym.envs.env import OF_A_VECTOR, ChallengeEnv
from synthgym.envs.step_limits import LimitedSpec, limit_within
from synthgym.envs.turns import Turns
from synthgym.envs.vector.at_once import AtOnce

Flags = NDArray[np.bool_]
TextEnv = gym.Env[str, str]
Wrapping = Callable[[TextEnv], TextEnv]


def vector(
    ids: str | EnvSpec | Iterable[str | EnvSpec], *, copies: int = 1, wrappers: Sequence[Wrapping] = (), **settings: Any
) -> ThreadVectorEnv:
    """A vector of environments by their ids: any challenges together, and any of them several times.

    Args:
        ids: One environment for each. An id may occur again: each is an environment of its own. The spec of a vector
            that `gymnasium.make_vec` made stands for as many as that has.
        copies: Each id so many times, one after another: the groups that GRPO compares.
        wrappers: Put around each environment, in this order.
        **settings: For `gymnasium.make`: ``sandbox``, ``reward``, ``max_steps``, ``max_episode_steps``, ...

    Raises:
        UserError: No ids, copies that are no count, or a wrapper that gives no environment.
        gymnasium.error.Error: No such environment.

    Example:
        >>> envs = synthgym.vector(["synthgym/wine-v0", "synthgym/coins-v0"], copies=4)
        >>> observations, infos = envs.reset(seed=0)
    """
    named = [one for each in ([ids] if isinstance(ids, str | EnvSpec) else ids) for one in _singles(each)]
    copies = count("copies", copies)

    def making(name: str | EnvSpec) -> Callable[[], TextEnv]:
        return lambda: _wrapped(gym.make(name, **settings), wrappers)

    return ThreadVectorEnv([making(name) for name in named for _ in range(copies)])


def challenge_vector(
    num_envs: int = 1,
    *,
    wrappers: Sequence[Wrapping] = (),
    max_episode_steps: int | None = None,
    **settings: Any,
) -> ThreadVectorEnv:
    """What `gymnasium.make_vec` makes: `num_envs` copies of one environment.

    Args:
        num_envs: How many.
        wrappers: Put around each, in this order. `gymnasium.make_vec` itself refuses them for every vector but its own;
            `vector` takes them.
        max_episode_steps: As for `gymnasium.make`: the smaller of this and ``max_steps`` holds; -1 is none.
        **settings: Those of `ChallengeEnv`.
    """
    num_envs = count("num_envs", num_envs)
    if max_episode_steps is not None and max_episode_steps != -1:
        max_episode_steps = count("max_episode_steps", max_episode_steps)

    def make() -> TextEnv:
        env: TextEnv = ChallengeEnv(**settings)
        if max_episode_steps is not None and max_episode_steps != -1:
            env = TimeLimit(env, max_episode_steps)
        return _wrapped(env, wrappers)

    return ThreadVectorEnv([make] * num_envs)


class ThreadVectorEnv(VectorEnv[tuple[str, ...], Sequence[str], NDArray[Any]]):
    """Environments whose observations and actions are text, each in its own sandbox.

    No automatic reset: a sandbox is started only when asked for. An environment whose episode is over ignores its
    action and repeats its last observation with reward 0, until it is reset, by itself with
    ``reset(options={"reset_mask": mask})``, a boolean array of shape (num_envs,).

    A sandbox that dies and a grader that fails end the episode of their environment, and no other: it is reported as
    truncated, with the reward NaN, which is no number that anybody could learn from, and with the error's text in
    ``infos["infrastructure_error"]`` (None elsewhere; the mask ``infos["_infrastructure_error"]`` says where). A reset
    gives it another sandbox. A reset after which none of those asked for could start raises.

    Ctrl-C ends the commands that run, and is raised; what they had earned is paid by the next step. One thread at a
    time uses a vector: a reset and `finish` end the commands of another thread's step. In a forked process no episode
    goes on, as the sandboxes are the parent's: a reset starts others.

    Observations are a tuple of `num_envs` texts, actions any sequence of them; rewards have shape (num_envs,), float64.
    Infos are put together as Gymnasium's own vectors do it.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["ansi"],
        "render_fps": 1,
        "autoreset_mode": AutoresetMode.DISABLED,
    }

    def __init__(self, env_fns: Sequence[Callable[[], TextEnv]]) -> None:
        """Makes the environments, one by each function.

        Raises:
            UserError: There are none, one is no environment, or their spaces differ.
        """
        if not env_fns:
            raise UserError("a vector needs at least one environment")
        self.envs = [_environment(make(), f"environment {index}") for index, make in enumerate(env_fns)]
        self._spec: EnvSpec | None = None
        self.num_envs = num_envs = len(self.envs)
        self.render_mode = self.envs[0].render_mode
        self.single_observation_space = self.envs[0].observation_space
        self.single_action_space = self.envs[0].action_space
        for index, env in enumerate(self.envs):
            spaces = (env.observation_space, env.action_space)
            if spaces != (self.single_observation_space, self.single_action_space):
                expected = (self.single_observation_space, self.single_action_space)
                raise UserError(f"environment {index}: expected the first one's spaces {expected}, got {spaces}")
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._turns = Turns()
        self._at_once = AtOnce(self.envs)
        self._observations = [""] * num_envs
        self._infos: list[dict[str, Any]] = [{} for _ in range(num_envs)]
        self._failures: list[str | None] = [None] * num_envs
        self._unpaid = np.zeros(num_envs)
        self._terminated: Flags = np.zeros(num_envs, dtype=bool)
        self._truncated: Flags = np.zeros(num_envs, dtype=bool)

    @property
    def spec(self) -> EnvSpec | None:
        """What it was made from by `gymnasium.make_vec`, with the limit on steps that holds; None if otherwise."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        most = limit_within(self.envs[0])
        if spec is not None:
            single = _without(spec, *OF_A_VECTOR, "max_episode_steps")
            for env in self.envs:  # each is as if `gymnasium.make` had made it
                env.unwrapped.spec = copy.deepcopy(single)
            if most is not None:
                spec = LimitedSpec.of(_without(spec, "max_episode_steps"), most)
        self._spec = spec

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Starts episodes, in all environments or in those of ``options["reset_mask"]``.

        A single seed gives environment i the seed + i. One that cannot start is truncated before it began; see the
        class.

        Raises:
            InfrastructureError: None of those asked for could start.
            UserError: An option that nobody knows.
            gymnasium.error.ClosedEnvironmentError: The vector was closed.
        """
        with self._turns.take(self._at_once.interrupt):
            self._check_open()
            options = dict(options or {})
            mask = self._mask("reset_mask", options.pop("reset_mask", None))
            seeds = self._seeds(seed)
            self._take_in_the_rest()
            chosen = np.flatnonzero(mask)
            results = self._at_once.run(
                chosen, lambda i: self.envs[i].reset(seed=seeds[i], options=options or None), self._take_in_reset
            )
            self._raise_others(results)
            failures = [result for result in results.values() if isinstance(result, InfrastructureError)]
            if failures and len(failures) == len(results):
                raise failures[0]
            return tuple(self._observations), self._collected(chosen)

    def step(
        self, actions: Sequence[str]
    ) -> tuple[tuple[str, ...], NDArray[Any], NDArray[Any], NDArray[Any], dict[str, Any]]:
        """Runs one command in each environment whose episode is not over, all at once.

        Raises:
            gymnasium.error.ResetNeeded: An environment has no episode; nothing was run.
            gymnasium.error.ClosedEnvironmentError: The vector was closed.
            Exception: What else came of an environment, such as of its reward function; a note names it. Its episode is
                over, with the reward NaN. The others' step is done: the next one pays what they earned in this.
        """
        with self._turns.take():
            self._check_open()
            if len(actions) != self.num_envs:
                raise ValueError(f"actions: expected {self.num_envs}, got {len(actions)}")
            for index, action in enumerate(actions):
                if not isinstance(action, str):  # before any of the others is stepped
                    raise TypeError(f"actions[{index}]: expected text for the shell (str), got {type(action).__name__}")
            self._take_in_the_rest()
            running = self._running()
            self._check_started(running)
            results = self._at_once.run(running, lambda i: self.envs[i].step(actions[i]), self._take_in_step)
            return (
                tuple(self._observations),
                self._paid(results),
                self._terminated.copy(),
                self._truncated.copy(),
                self._collected(np.arange(self.num_envs)),
            )

    def finish(self, mask: Flags | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        """Ends episodes that are not over, all or those of `mask`, as `ChallengeEnv.finish` does.

        Returns:
            What the ends pay, 0 for an episode that was over; and the infos of all environments.

        Raises:
            gymnasium.error.ResetNeeded: One of them has no episode; none was ended.
            gymnasium.error.ClosedEnvironmentError: The vector was closed.
            Exception: As in `step`.
        """
        with self._turns.take(self._at_once.interrupt):
            self._check_open()
            chosen = self._mask("mask", mask)
            self._take_in_the_rest()
            running = [index for index in self._running() if chosen[index]]
            self._check_started(running)
            results = self._at_once.run(
                running,
                lambda i: self.envs[i].unwrapped.finish(),  # type: ignore[attr-defined]
                self._take_in_finish,
            )
            return self._paid(results), self._collected(np.arange(self.num_envs))

    def render(self) -> tuple[str | None, ...]:  # type: ignore[override]
        """The environments' last observations, for ``render_mode="ansi"``."""
        return tuple(env.render() for env in self.envs)  # type: ignore[misc]

    def close_extras(self, **kwargs: Any) -> None:
        """Ends all sandboxes."""
        for env in self.envs:
            env.close()
        self._at_once.close()

    # -- parts -------------------------------------------------------------------------------------------------------

    def _mask(self, name: str, mask: Any) -> Flags:
        if mask is None:
            return np.ones(self.num_envs, dtype=bool)
        flags = np.asarray(mask)
        if flags.shape != (self.num_envs,):
            raise ValueError(f"{name}: expected shape ({self.num_envs},), got {flags.shape}")
        if flags.dtype != np.bool_:  # numbers could be indices
            raise TypeError(f"{name}: expected booleans, got {flags.dtype}")
        return flags

    def _seeds(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if not isinstance(seed, Iterable):
            return [operator.index(seed) + index for index in range(self.num_envs)]
        seeds = [None if one is None else operator.index(one) for one in seed]
        if len(seeds) != self.num_envs:
            raise ValueError(f"seed: expected {self.num_envs} seeds, got {len(seeds)}")
        return seeds

    def _running(self) -> list[int]:
        """Whose episodes are not over; one that was ended by itself is found to be."""
        for index, env in enumerate(self.envs):
            inner = env.unwrapped
            if isinstance(inner, ChallengeEnv) and inner.over and not self._over(index):
                self._take_in_end(index, inner.finish()[1])
        return [index for index in range(self.num_envs) if not self._over(index)]

    def _over(self, index: int) -> bool:
        return bool(self._terminated[index] or self._truncated[index])

    def _take_in_the_rest(self) -> None:
        """What came of a call that was interrupted."""
        self._raise_others(self._at_once.rest())

    def _take_in_reset(self, index: int, result: Any) -> None:
        if isinstance(result, Exception) and not isinstance(result, InfrastructureError):
            return  # to be raised
        self._terminated[index] = self._truncated[index] = False
        self._unpaid[index] = 0.0
        self._observations[index], self._infos[index] = ("", {}) if self._failed(index, result) else result

    def _take_in_step(self, index: int, result: Any) -> None:
        if self._failed(index, result):
            self._unpaid[index] = np.nan
            return
        self._observations[index], reward, terminated, truncated, self._infos[index] = result
        self._unpaid[index] += reward
        self._terminated[index], self._truncated[index] = terminated, truncated

    def _take_in_finish(self, index: int, result: Any) -> None:
        if self._failed(index, result):
            self._unpaid[index] = np.nan
            return
        reward, info = result
        self._unpaid[index] += reward
        self._take_in_end(index, info)

    def _take_in_end(self, index: int, info: dict[str, Any]) -> None:
        self._infos[index] = info
        self._terminated[index] = info["exit_status"] == "submitted"
        self._truncated[index] = not self._terminated[index]

    def _raise_others(self, results: dict[int, Any]) -> None:
        """Raises the first error that is the caller's to put right, with its environment; the rest is kept by now."""
        for index, result in results.items():
            if isinstance(result, Exception) and not isinstance(result, InfrastructureError):
                result.add_note(f"(environment {index} of the vector)")
                raise result

    def _paid(self, results: dict[int, Any]) -> NDArray[Any]:
        """What was earned and not yet told, unless there is an error to raise: then it is told by the next step."""
        self._raise_others(results)
        rewards, self._unpaid = self._unpaid, np.zeros(self.num_envs)
        return rewards

    def _check_open(self) -> None:
        if self.closed:
            raise gym.error.ClosedEnvironmentError("the vector was closed; make another")

    def _check_started(self, indices: Iterable[int]) -> None:
        """That nothing is run in one environment where it cannot be in another."""
        for index in indices:
            inner = self.envs[index].unwrapped
            if isinstance(inner, ChallengeEnv) and (reason := inner.idle):
                raise gym.error.ResetNeeded(f"environment {index}: {reason}; call reset() first")

    def _failed(self, index: int, result: Any) -> bool:
        """Whether this is no result but an error, which ends the episode; a failure of infrastructure is noted."""
        ours = isinstance(result, InfrastructureError)
        self._failures[index] = f"{type(result).__name__}: {result}" if ours else None
        if isinstance(result, Exception):
            self._truncated[index] = True
        return isinstance(result, Exception)

    def _collected(self, indices: Iterable[int]) -> dict[str, Any]:
        """The infos of some environments as Gymnasium's vectors give them, with what failed."""
        infos: dict[str, Any] = {}
        failures, failed = np.full(self.num_envs, None), np.zeros(self.num_envs, dtype=bool)
        for index in indices:
            infos = self._add_info(infos, self._infos[index], int(index))
            failures[index], failed[index] = self._failures[index], self._failures[index] is not None
        return {**infos, "infrastructure_error": failures, "_infrastructure_error": failed}


def _wrapped(env: TextEnv, wrappers: Sequence[Wrapping]) -> TextEnv:
    for index, wrapper in enumerate(wrappers):
        env = _environment(wrapper(env), f"wrappers[{index}]")
    return env


def _environment(made: object, which: str) -> TextEnv:
    if not isinstance(made, gym.Env):
        raise UserError(f"{which}: expected an environment, got {type(made).__name__}")
    return made


def _singles(name: str | EnvSpec) -> list[str | EnvSpec]:
    """What `gymnasium.make` takes for each of the environments that are meant."""
    if not isinstance(name, EnvSpec) or not OF_A_VECTOR & name.kwargs.keys():
        return [name]
    return [_without(name, *OF_A_VECTOR)] * count("num_envs", name.kwargs.get("num_envs", 1))


def _without(spec: EnvSpec, *left_out: str) -> EnvSpec:
    """A copy of a spec with fewer settings."""
    fewer = copy.deepcopy(spec)
    fewer.kwargs = {name: value for name, value in fewer.kwargs.items() if name not in left_out}
    return fewer
