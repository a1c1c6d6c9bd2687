"""Many environments of one challenge, stepped at once in threads.

Gymnasium's own asynchronous mode puts observations into shared memory, which corrupts text; and a process for each
environment buys nothing here, since the work happens in the sandboxes' own processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, ClassVar

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from synthgym.envs.env import ChallengeEnv

Flags = NDArray[np.bool_]


class ThreadVectorEnv(VectorEnv[tuple[str, ...], Sequence[str], NDArray[Any]]):
    """`num_envs` copies of one environment, each in its own sandbox.

    No automatic reset: a sandbox is started only when asked for. An environment whose episode is over ignores its
    action and repeats its last observation with reward 0, until it is reset, by itself with
    ``reset(options={"reset_mask": mask})``, a boolean array of shape (num_envs,).

    Observations are a tuple of `num_envs` texts, actions any sequence of them; rewards have shape (num_envs,), float64.
    """

    metadata: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "render_modes": ["ansi"],
        "render_fps": 1,
        "autoreset_mode": AutoresetMode.DISABLED,
    }

    made_of: ClassVar[type[ChallengeEnv]] = ChallengeEnv
    """What it has copies of."""

    def __init__(self, num_envs: int, **settings: Any) -> None:
        """Makes the environments; `settings` are those of `made_of`."""
        self.num_envs = num_envs
        self.envs = [self.made_of(**settings) for _ in range(num_envs)]
        self.render_mode = settings.get("render_mode")
        self.single_observation_space = self.envs[0].observation_space
        self.single_action_space = self.envs[0].action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._threads = ThreadPoolExecutor(num_envs, thread_name_prefix="synthgym-vector")
        self._observations = [""] * num_envs
        self._infos: list[dict[str, Any]] = [{} for _ in range(num_envs)]
        self._terminated: Flags = np.zeros(num_envs, dtype=bool)
        self._truncated: Flags = np.zeros(num_envs, dtype=bool)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Starts episodes, in all environments or in those of ``options["reset_mask"]``.

        A single seed gives environment i the seed + i.
        """
        options = dict(options or {})
        mask = np.asarray(options.pop("reset_mask", np.ones(self.num_envs, dtype=bool)), dtype=bool)
        if mask.shape != (self.num_envs,):
            raise ValueError(f"reset_mask: expected shape ({self.num_envs},), got {mask.shape}")
        if seed is None or isinstance(seed, int):
            seeds = [None if seed is None else seed + index for index in range(self.num_envs)]
        else:
            seeds = list(seed)
            if len(seeds) != self.num_envs:
                raise ValueError(f"seed: expected {self.num_envs} seeds, got {len(seeds)}")
        chosen = np.flatnonzero(mask)
        results = self._each(chosen, lambda i: self.envs[i].reset(seed=seeds[i], options=options or None))
        for index, (observation, info) in zip(chosen, results, strict=True):
            self._observations[index], self._infos[index] = observation, info
        self._terminated[mask] = self._truncated[mask] = False
        return tuple(self._observations), self._collected(chosen)

    def step(
        self, actions: Sequence[str]
    ) -> tuple[tuple[str, ...], NDArray[Any], NDArray[Any], NDArray[Any], dict[str, Any]]:
        """Runs one command in each environment whose episode is not over, all at once."""
        if len(actions) != self.num_envs:
            raise ValueError(f"actions: expected {self.num_envs}, got {len(actions)}")
        rewards = np.zeros(self.num_envs)
        running = np.flatnonzero(~(self._terminated | self._truncated))
        results = self._each(running, lambda i: self.envs[i].step(actions[i]))
        for index, (observation, reward, terminated, truncated, info) in zip(running, results, strict=True):
            self._observations[index], self._infos[index] = observation, info
            rewards[index] = reward
            self._terminated[index], self._truncated[index] = terminated, truncated
        every = np.arange(self.num_envs)
        return (
            tuple(self._observations),
            rewards,
            self._terminated.copy(),
            self._truncated.copy(),
            self._collected(every),
        )

    def render(self) -> tuple[str | None, ...]:  # type: ignore[override]
        """The environments' last observations, for ``render_mode="ansi"``."""
        return tuple(env.render() for env in self.envs)

    def close_extras(self, **kwargs: Any) -> None:
        """Ends all sandboxes."""
        for env in self.envs:
            env.close()
        self._threads.shutdown()

    def _each(self, indices: NDArray[np.intp], work: Callable[[int], Any]) -> list[Any]:
        """Runs `work` for each index in its own thread. All end before the first error, if any, is raised."""
        futures = [self._threads.submit(work, int(index)) for index in indices]
        wait(futures)
        return [future.result() for future in futures]

    def _collected(self, indices: NDArray[np.intp]) -> dict[str, Any]:
        """The infos of some environments as arrays over all, with a mask ``_<key>`` of those that they are of.

        Gymnasium's own way fails where one environment has None and another a number or a dictionary.
        """
        infos: dict[str, Any] = {}
        mask = np.zeros(self.num_envs, dtype=bool)
        mask[indices] = True
        for key in self._infos[indices[0]] if len(indices) else ():
            values = [self._infos[index][key] for index in indices]
            kinds = {type(value) for value in values}
            plain = len(kinds) == 1 and kinds <= {bool, int, float}
            infos[key] = np.zeros(self.num_envs, dtype=kinds.pop()) if plain else np.full(self.num_envs, None)
            for index, value in zip(indices, values, strict=True):
                infos[key][index] = value
            infos[f"_{key}"] = mask.copy()
        return infos
