"""Resampled AUP: only what the runs could have given, paired, the same for a seed, and soon done."""

from __future__ import annotations

import itertools
import random
import time

import numpy as np
import pytest

from synthgym.train.evaluation.aup import BASELINE, MODES, Run, Task, aup, resample, resampling

TASKS = {"t": Task("higher", 1.0), "u": Task("lower", 10.0)}
RESULTS = {
    "a": {"t": [Run.of([2.0, 1.5]), Run.of([4.0])], "u": [Run.of([5.0])]},
    "b": {"t": [Run.of([3.0])], "u": [Run.of([8.0]), Run.of([])]},
}


def possible(robust: bool) -> set[tuple[float, ...]]:
    """AUP of all solvers in both modes, for every way to draw the runs again."""
    found = set()
    for first, second in itertools.product(itertools.product(range(2), repeat=2), repeat=2):
        drawn = {
            "a": {"t": [RESULTS["a"]["t"][i] for i in first], "u": RESULTS["a"]["u"]},
            "b": {"t": RESULTS["b"]["t"], "u": [RESULTS["b"]["u"][i] for i in second]},
        }
        standings = aup(TASKS, drawn, robust=robust)
        found.add(
            tuple(round(getattr(standings, mode).aup[solver], 9) for mode in MODES for solver in (BASELINE, "a", "b"))
        )
    return found


@pytest.mark.parametrize("at_once", [2_000_000, 60])
@pytest.mark.parametrize("robust", [False, True])
def test_resamples_are_the_standings_of_runs_drawn_again(
    robust: bool, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resampling, "_CELLS", at_once)
    found = resample(TASKS, RESULTS, resamples=400, robust=robust)
    columns = [found.areas[mode][solver] for mode in MODES for solver in (BASELINE, "a", "b")]
    assert {len(column) for column in columns} == {400}
    assert {tuple(round(float(each), 9) for each in row) for row in zip(*columns, strict=True)} == possible(robust)
    assert found.standings.to_dict() == aup(TASKS, RESULTS, robust=robust).to_dict()


def test_a_seed_decides_the_resamples() -> None:
    def lows(seed: int) -> list[float | None]:
        found = resample(TASKS, RESULTS, resamples=7, seed=seed)
        return [found.interval(mode, solver).low for mode in MODES for solver in (BASELINE, "a", "b")]

    assert lows(1) == lows(1)
    assert len({tuple(lows(seed)) for seed in range(8)}) > 1


def test_the_interval_is_of_percentiles() -> None:
    found = resample(TASKS, RESULTS, resamples=400)
    interval = found.interval("best", "a")
    assert interval.mean == found.standings.best.aup["a"]
    assert (interval.low, interval.high) == tuple(np.quantile(found.areas["best"]["a"], [0.025, 0.975]))
    assert interval.low < interval.high


def test_the_axis_is_held() -> None:
    """The baseline's ratio is 9 or 2; the axis ends at log10 ceil(9.45) = 1 in any case."""
    tasks, results = {"t": Task("higher", 1.0)}, {"a": {"t": [Run.of([9.0]), Run.of([2.0])]}}
    found = resample(tasks, results, resamples=400)
    assert found.areas["best"]["a"] == pytest.approx(np.ones(400))  # the best everywhere has all of it
    assert len(set(found.areas["best"][BASELINE])) == 2


def test_gains_are_paired() -> None:
    found = resample(TASKS, RESULTS, resamples=400)
    gain = found.gain("last", "a", BASELINE)
    assert gain is not None
    areas = found.areas["last"]
    assert gain.mean == pytest.approx(found.standings.last.aup["a"] / found.standings.last.aup[BASELINE] - 1)
    assert (gain.low, gain.high) == tuple(np.quantile(areas["a"] / areas[BASELINE] - 1, [0.025, 0.975]))
    itself = found.gain("last", "a", "a")
    assert itself is not None
    assert (itself.mean, itself.low, itself.high) == (0, 0, 0)


def test_no_interval_where_nothing_can_come_out_otherwise() -> None:
    single = {"a": {"t": [Run.of([2.0])], "u": [Run.of([5.0])]}, "b": {"t": [Run.of([3.0])]}}
    for found in (resample(TASKS, single), resample(TASKS, RESULTS, resamples=0)):
        interval = found.interval("best", "a")
        assert (interval.low, interval.high) == (None, None)
        gain = found.gain("best", "a", "b")
        assert gain is not None
        assert gain.low is None


def test_no_gain_over_nothing() -> None:
    """Nobody solved anything: all areas are 0."""
    found = resample({"t": Task("higher", -1.0)}, {"a": {"t": [Run.of([-2.0]), Run.of([])]}})
    assert found.gain("best", "a", BASELINE) is None
    assert found.interval("best", "a").high == 0


def test_a_thousand_resamples_of_mlgyms_size_take_about_a_second() -> None:
    rng = random.Random(0)
    tasks = {f"t{i}": Task(rng.choice(["higher", "lower"]), rng.uniform(0.2, 2)) for i in range(13)}
    results = {
        f"s{i}": {name: [Run.of([rng.uniform(0.02, 4) for _ in range(5)]) for _ in range(4)] for name in tasks}
        for i in range(13)
    }
    for robust in (False, True):
        start = time.perf_counter()
        resample(tasks, results, resamples=1000, robust=robust)
        assert time.perf_counter() - start < 3
