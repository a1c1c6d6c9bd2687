"""The bootstrap against theory, pairing, and what is left out."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from synthgym.base.errors import UserError
from synthgym.train.evaluation.scores import ScoreRecord
from synthgym.train.evaluation.stats import MOST_PAIRED, compare, interval, resampled_means


def episode(solver: str, env: int, improvement: float, seed: int = 0, **more: object) -> ScoreRecord:
    fields = {
        "env_id": f"ns/c{env:03}-v0",
        "challenge_hash": f"{env}",
        "solver": solver,
        "seed": seed,
        "metric": "accuracy",
        "direction": "higher",
        "baseline": 0.5,
        "reference": 1.0,
        "final": 0.5 + improvement / 2,
        "improvement": improvement,
        "steps": 4,
    }
    return ScoreRecord.model_validate(fields | more)


def test_intervals_are_as_wide_as_theory_says() -> None:
    values = np.random.default_rng(0).normal(0.4, 0.3, 60)
    found = compare([episode("a", i, float(v)) for i, v in enumerate(values)]).summaries["a"].improvement
    half = 1.96 * values.std() / math.sqrt(60)
    assert found.mean == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for seed in range(200):
        values = rng.exponential(1.0, (1, 40))
        found = interval(float(values.mean()), resampled_means(values, repeats=1000, seed=seed)[:, 0])
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 1.0 <= found.high
    assert 0.86 <= hits / 200 <= 0.99


def test_differences_are_paired() -> None:
    """Challenges differ much, solvers by a constant: two wide intervals, and no doubt about the difference."""
    hard = np.random.default_rng(2).normal(0, 1, 30)
    records = [episode("base", i, float(h)) for i, h in enumerate(hard)]
    records += [episode("student", i, float(h) + 0.1) for i, h in enumerate(hard)]
    comparison = compare(records)
    base, student = (comparison.summaries[name].improvement for name in ("base", "student"))
    assert base.high is not None
    assert student.low is not None
    assert student.low < base.high
    difference = comparison.difference("student", "base")
    assert comparison.differences == [difference]
    assert difference.improvement.low == pytest.approx(0.1)
    assert difference.improvement.high == pytest.approx(0.1)
    assert difference.improvement.clear
    turned = comparison.difference("base", "student").improvement
    assert (turned.mean, turned.low) == pytest.approx((-0.1, -0.1))
    with pytest.raises(KeyError):
        comparison.difference("base", "teacher")


def test_of_many_solvers_the_furthest_are_compared_with_each_other() -> None:
    many = 3 * MOST_PAIRED
    records = [episode(f"s{i}", env, i / 100 + env / 10) for i in range(many) for env in range(3)]
    found = compare(records, repeats=50)
    furthest = [f"s{i}" for i in reversed(range(many))]
    assert found.order == furthest
    assert len(found.differences) == MOST_PAIRED * (MOST_PAIRED - 1) // 2
    assert {each.first for each in found.differences} == set(furthest[: MOST_PAIRED - 1])
    assert found.difference("s1", "s0").improvement.mean == pytest.approx(0.01)
    assert found.difference("s0", furthest[0]).improvement.mean == pytest.approx(-(many - 1) / 100)
    with pytest.raises(KeyError):
        found.difference("s0", "s0")


def test_more_episodes_of_a_challenge_are_no_more_challenges() -> None:
    values = [0.0, 1.0, 0.2, 0.7, 0.1]
    once = [episode("a", i, v) for i, v in enumerate(values)]
    often = [episode("a", i, v, seed) for i, v in enumerate(values) for seed in range(8)]
    assert compare(often).summaries["a"].improvement == compare(once).summaries["a"].improvement
    assert compare(often).summaries["a"].episodes == 40


@pytest.mark.parametrize(
    ("final", "improvement", "solved"),
    [(0.61, 0.22, True), (0.58, 0.16, False), (0.42, -0.16, False), (None, 0.0, False), (0.54, 0.0, False)],
)
def test_solved_is_beyond_luck(final: float | None, improvement: float, solved: bool) -> None:
    assert episode("a", 0, improvement, final=final, noise=0.05).solved is solved


def test_solved_is_a_mean_over_challenges_of_shares_of_episodes() -> None:
    records = [episode("a", 0, 0.5, 0), episode("a", 0, 0.0, 1), episode("a", 1, -0.5), episode("a", 2, 0.1)]
    summary = compare(records).summaries["a"]
    assert summary.solved.mean == pytest.approx((0.5 + 0 + 1) / 3)
    assert summary.improvement.mean == pytest.approx((0.25 - 0.5 + 0.1) / 3)
    assert summary.steps == 4


def test_only_challenges_all_solvers_have_are_compared() -> None:
    records = [episode("a", i, 0.5) for i in range(4)] + [episode("b", i, 0.4) for i in range(3)]
    comparison = compare(records)
    assert comparison.env_ids == ["ns/c000-v0", "ns/c001-v0", "ns/c002-v0"]
    assert comparison.left_out == ["ns/c003-v0"]
    assert comparison.summaries["a"].episodes == 3
    with pytest.raises(UserError, match="each of a, b has an episode on, found none"):
        compare([episode("a", 0, 0.5), episode("b", 1, 0.5)])


def test_one_challenge_gives_no_interval() -> None:
    found = compare([episode("a", 0, 0.5, seed) for seed in range(9)]).summaries["a"].improvement
    assert (found.mean, found.low, found.high, found.clear) == (0.5, None, None, False)


def test_the_seed_decides() -> None:
    table = np.random.default_rng(3).normal(size=(2, 50))
    assert (resampled_means(table, 500, seed=1) == resampled_means(table, 500, seed=1)).all()
    assert (resampled_means(table, 500, seed=1) != resampled_means(table, 500, seed=2)).any()


def test_many_challenges_are_no_burden() -> None:
    table = np.random.default_rng(4).normal(size=(3, 5000))
    start = time.process_time()
    means = resampled_means(table, repeats=2000)
    assert time.process_time() - start < 5
    assert means.std(axis=0) == pytest.approx(table.std(axis=1) / math.sqrt(5000), rel=0.1)
