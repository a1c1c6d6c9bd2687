"""Means, differences and their intervals: a paired bootstrap over challenges.

What varies is which challenges were drawn; the episodes of one challenge are averaged first. So 24 challenges with
four episodes each are 24 observations and not 96. All solvers are resampled together: a hard draw is hard for
everyone, and the interval of a difference is narrower than two intervals side by side suggest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from synthgym.base.errors import UserError
from synthgym.train.evaluation.scores import ScoreRecord

Floats = NDArray[np.float64]

MOST_PAIRED = 20
"""Solvers of which each is compared with each."""

_CELLS = 4_000_000


@dataclass(frozen=True)
class Interval:
    """A mean and its percentile interval; no interval where there is but one challenge."""

    mean: float
    low: float | None
    high: float | None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class Summary:
    """One solver over the challenges that are compared.

    Attributes:
        improvement: Mean held-out improvement.
        solved: Share of episodes that beat the baseline by more than twice the noise.
        episodes: Number of episodes.
        steps: Actions an episode, on average.
        seconds: Wall clock an episode, on average.
        tokens: Tokens an episode, on average.
    """

    improvement: Interval
    solved: Interval
    episodes: int
    steps: float
    seconds: float
    tokens: float


@dataclass(frozen=True)
class Difference:
    """How much higher `first` stands than `second`, challenge by challenge."""

    first: str
    second: str
    improvement: Interval
    solved: Interval


@dataclass(frozen=True)
class Comparison:
    """Solvers on the challenges that all of them have episodes on.

    Attributes:
        summaries: Solver → its figures, in the order in which the solvers were given.
        differences: Every pair once of the `MOST_PAIRED` solvers that got furthest, the solver with the higher mean
            improvement first.
        env_ids: The challenges compared.
        left_out: Challenges that some solver has no episode on.
        level: What the intervals are meant to cover.
        order: All solvers, the highest mean improvement first.
    """

    summaries: dict[str, Summary]
    differences: list[Difference]
    env_ids: list[str]
    left_out: list[str]
    level: float
    order: list[str]
    _between: Callable[[str, str], Difference] = field(repr=False, compare=False)

    def difference(self, first: str, second: str) -> Difference:
        """The difference `first` − `second` of any two solvers, listed or not.

        Raises:
            KeyError: One is none of the solvers, or both are the same.
        """
        if first == second or not {first, second} <= self.summaries.keys():
            raise KeyError((first, second))
        if self.order.index(first) < self.order.index(second):
            return self._between(first, second)
        found = self._between(second, first)
        return Difference(first, second, _turned(found.improvement), _turned(found.solved))


def _turned(interval: Interval) -> Interval:
    low = None if interval.high is None else -interval.high
    high = None if interval.low is None else -interval.low
    return Interval(-interval.mean, low, high)


def resampled_means(table: Floats, repeats: int = 10_000, seed: int = 0) -> Floats:
    """Means of the rows of `table` over resamples of its columns, the same columns for every row.

    Args:
        table: One row a solver, one column a challenge.
        repeats: Number of resamples.
        seed: Decides the resamples.

    Returns:
        An array of (repeats, rows).
    """
    rows, columns = table.shape
    rng = np.random.default_rng(seed)
    means = np.empty((repeats, rows))
    step = max(1, _CELLS // columns)
    for start in range(0, repeats, step):
        count = min(step, repeats - start)
        times = rng.multinomial(columns, np.full(columns, 1 / columns), size=count)
        means[start : start + count] = times @ table.T / columns
    return means


def interval(mean: float, resampled: Floats, level: float = 0.95) -> Interval:
    """The percentile interval of a mean."""
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    return Interval(mean, float(low), float(high))


def compare(records: Sequence[ScoreRecord], level: float = 0.95, repeats: int = 10_000, seed: int = 0) -> Comparison:
    """Every solver's mean improvement and share solved, and their differences, with intervals.

    Only challenges that every solver has an episode on count: a solver whose hard episodes are still to come must not
    look better for it.

    Args:
        records: Episodes of a benchmark; see `load_benchmark`.
        level: What the intervals are meant to cover.
        repeats: Number of resamples.
        seed: Decides the resamples.

    Raises:
        UserError: There is no challenge that every solver has an episode on.
    """
    solvers = list(dict.fromkeys(record.solver for record in records))
    cells: dict[tuple[str, str], list[ScoreRecord]] = {}
    for record in records:
        cells.setdefault((record.solver, record.env_id), []).append(record)
    everything = sorted({record.env_id for record in records})
    env_ids = [env_id for env_id in everything if all((solver, env_id) in cells for solver in solvers)]
    if not env_ids:
        raise UserError(
            f"expected challenges that each of {', '.join(solvers) or 'the solvers'} has an episode on, found none; "
            "let the benchmark run on, or compare fewer solvers"
        )

    def means(value: Callable[[ScoreRecord], float]) -> Floats:
        """Solvers × challenges, averaged over episodes."""
        return np.array(
            [[np.mean([value(r) for r in cells[solver, env_id]]) for env_id in env_ids] for solver in solvers]
        )

    columns = {"improvement": means(lambda r: r.improvement), "solved": means(lambda r: float(r.solved))}
    resampled = {name: resampled_means(table, repeats, seed) for name, table in columns.items()}

    def between(name: str, i: int, j: int | None = None) -> Interval:
        table, samples = columns[name], resampled[name]
        mean = float(table[i].mean() - (0 if j is None else table[j].mean()))
        if len(env_ids) < 2:
            return Interval(mean, None, None)
        return interval(mean, samples[:, i] - (0 if j is None else samples[:, j]), level)

    summaries = {}
    for i, solver in enumerate(solvers):
        episodes = [record for env_id in env_ids for record in cells[solver, env_id]]
        summaries[solver] = Summary(
            improvement=between("improvement", i),
            solved=between("solved", i),
            episodes=len(episodes),
            steps=float(np.mean([record.steps for record in episodes])),
            seconds=float(np.mean([record.seconds for record in episodes])),
            tokens=float(np.mean([record.tokens for record in episodes])),
        )
    places = {solver: i for i, solver in enumerate(solvers)}

    def difference(first: str, second: str) -> Difference:
        i, j = places[first], places[second]
        return Difference(first, second, between("improvement", i, j), between("solved", i, j))

    order = sorted(solvers, key=lambda solver: -columns["improvement"][places[solver]].mean())
    differences = [difference(*pair) for pair in itertools.combinations(order[:MOST_PAIRED], 2)]
    left_out = [env_id for env_id in everything if env_id not in set(env_ids)]
    return Comparison(summaries, differences, env_ids, left_out, level, order, difference)
