"""What an episode pays: in numbers alone, and in real episodes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import challenges
import gymnasium
import numpy as np
import pytest

from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.reward import REWARDS, ImprovementReward, ScoreEvent, improvement, make_reward
from synthgym.registry.challenge import Challenge

MAKE = """for k in 1 2 3; do
  sed -i "s/^KEEP = .*/KEEP = $k/" train.py; python train.py; mv predictions.csv p$k.csv
done"""
WORSE = "(echo y; for i in $(seq 300); do echo 9; done) > p0.csv"


def spec(direction: str = "higher", baseline: float = 0.5, reference: float = 0.9, noise: float = 0.02) -> Challenge:
    challenge = challenges.table_spec("line")
    challenge.metric.direction = direction  # type: ignore[assignment]
    challenge.baseline.mean, challenge.reference.score, challenge.noise = baseline, reference, noise
    return challenge


@pytest.mark.parametrize(
    ("score", "expected"),
    [(0.5, 0), (0.519, 0), (0.481, 0), (0.7, 0.5), (0.9, 1), (1.2, 1.75), (5, 2), (0.3, -0.5), (-3, -1)],
)
def test_improvement(score: float, expected: float) -> None:
    assert improvement(score, spec()) == pytest.approx(expected)


def test_improvement_where_lower_is_better() -> None:
    challenge = spec("lower", baseline=2.0, reference=1.0)
    assert improvement(1.5, challenge) == pytest.approx(0.5)
    assert improvement(3.0, challenge) == pytest.approx(-1.0)


def test_improvement_needs_a_verified_challenge() -> None:
    with pytest.raises(SpecError, match="synthgym verify"):
        improvement(1.0, spec(noise=None))  # type: ignore[arg-type]


def test_rewards_add_up_to_the_final_improvement_whatever_was_validated() -> None:
    for seed in range(300):
        draw = random.Random(seed)
        reward, best, paid = ImprovementReward(), 0.0, 0.0
        for _ in range(draw.randrange(8)):
            value = draw.uniform(-1, 2)
            got = reward(ScoreEvent("validate", value, value))
            assert got == pytest.approx(max(value - best, 0.0))
            best, paid = max(best, value), paid + got
        final = draw.choice([draw.uniform(-1, 2), 0.0])
        assert paid + reward(ScoreEvent("final", final, final)) == pytest.approx(final)


def test_unknown_reward() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'improvement'"):
        make_reward("improvment", spec())


def play(env: ChallengeEnv, order: list[int], final: int) -> tuple[float, dict[str, Any]]:
    env.reset(seed=0)
    total = env.step(f"{MAKE}; {WORSE}")[1]
    for which in order:
        total += env.step(f"cp p{which}.csv predictions.csv && validate")[1]
    _, reward, terminated, truncated, info = env.step(f"cp p{final}.csv predictions.csv && submit")
    assert (terminated, truncated) == (True, False)
    return total + reward, info


@pytest.mark.parametrize("seed", range(3))
def test_the_return_is_the_held_out_improvement_of_the_submission(
    make_env: Callable[..., ChallengeEnv], seed: int
) -> None:
    draw = random.Random(seed)
    env = make_env(reward="improvement")
    order, final = [draw.randrange(4) for _ in range(5)], draw.randrange(4)
    total, info = play(env, order, final)
    assert total == pytest.approx(info["improvement"])
    assert info["improvement"] == pytest.approx(improvement(info["score"], env.challenge))
    assert len(info["scores"]) == 5
    assert info["best_score"] == min(info["scores"])


def test_the_other_rewards(make_env: Callable[..., ChallengeEnv]) -> None:
    total, info = play(make_env(reward="submit_only"), [3, 1], 3)
    assert total == pytest.approx(info["improvement"])
    total, info = play(make_env(reward="score"), [3, 1], 3)
    assert total == -info["score"]

    events = []

    def own(event: ScoreEvent) -> float:
        events.append(event)
        return 10.0

    total, info = play(make_env(reward=own), [1, 3], 3)
    assert total == 30.0
    assert [event.kind for event in events] == ["validate", "validate", "final"]
    assert events[-1].score == info["score"]
    assert events[-1].improvement == info["improvement"]


def test_without_a_submission_an_episode_is_worth_nothing(make_env: Callable[..., ChallengeEnv]) -> None:
    for reward in ("improvement", "submit_only", "score"):
        env = make_env(reward=reward, max_steps=1)
        env.reset(seed=0)
        _, earned, terminated, truncated, info = env.step("true")
        assert (earned, terminated, truncated, info["score"]) == (0.0, False, True, None)
        assert info["submission"]["accepted"] is False


def test_progress_that_is_not_handed_in_is_paid_back(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env(max_steps=3)
    env.reset(seed=0)
    env.step(MAKE)
    _, gained, *_ = env.step("cp p3.csv predictions.csv; validate")
    assert gained > 0.9
    _, settled, terminated, truncated, info = env.step("cp p1.csv predictions.csv; validate")
    assert (terminated, truncated, info["exit_status"]) == (False, True, "step_limit")
    assert gained + settled == pytest.approx(info["improvement"])
    assert info["improvement"] < 0.1


@pytest.mark.parametrize(
    "value",
    [None, "3", float("nan"), float("inf"), 10**400, 10**5000, [1.0], np.zeros(2), 1j],
    ids=lambda value: type(value).__name__,
)
def test_a_reward_function_must_give_a_number(make_env: Callable[..., ChallengeEnv], value: Any) -> None:
    def broken(event: ScoreEvent) -> Any:
        return value

    env = make_env(reward=broken)
    env.reset(seed=0)
    with pytest.raises(
        UserError, match=r"reward function .*broken: expected a finite number for ScoreEvent\(kind='vali"
    ):
        env.step("python train.py; validate")
    for again in (lambda: env.step("true"), env.finish):
        with pytest.raises(gymnasium.error.ResetNeeded, match=r"ended by an error \(UserError: reward function"):
            again()


@pytest.mark.parametrize(
    "value", [2, True, np.float32(2.5), np.array(3.0), np.array([3.0])], ids=lambda value: type(value).__name__
)
def test_any_kind_of_number_is_a_reward(value: Any) -> None:
    reward = make_reward(lambda event: value, spec())(ScoreEvent("final", 0.1, 0.5))
    assert (type(reward), reward) == (float, float(np.asarray(value).item()))


def test_a_reward_is_a_name_or_a_function(make_env: Callable[..., ChallengeEnv]) -> None:
    with pytest.raises(UserError, match=f"expected one of {', '.join(REWARDS)} or a function of a ScoreEvent"):
        make_env(reward=1.0)
