"""Who is paid for what: agents that only look busy gain nothing, and a dead sandbox changes nobody's advantage."""

from __future__ import annotations

import statistics
from typing import Any

import pytest

from synthgym.agents.trajectories.trajectory import Outcome, Reset, Trajectory
from synthgym.train.rl.collecting.rewards import improvement_of, reward_of, solved
from synthgym.train.rl.optimizing.advantages import advantages, rewards_differ, spread
from synthgym.train.rl.settings import RLSettings

SHAPED = RLSettings(reward="shaped", shaping=0.5)


def episode(
    status: str | None = "submitted", score: float | None = None, validations: list[float] | None = None
) -> Any:
    """A record on a challenge whose starter scores 1, whose best known score is 0 and whose noise is 0.02."""
    found = Trajectory(
        episode_id="e",
        env_id="e-v0",
        agent="a",
        seed=0,
        metric="rmse",
        direction="lower",
        baseline=1.0,
        reference=0.0,
        noise=0.02,
        reset=Reset(observation="o"),
        outcome=Outcome(
            exit_status=status, score=score, validations=validations or [], accepted_submission=score is not None
        ),
    )
    if score is not None:
        found.outcome.improvement = improvement_of(found, score)
    return found


PRINTS_SCORES = episode("step_limit", None)
"""Prints "validation score 0.0001" a dozen times, and hands nothing in."""
SUBMITS_STARTER = episode("submitted", 1.01)
LOOPS = episode("step_limit", 1.0, [1.0, 1.0, 1.0])
GIVES_NO_COMMAND = episode("agent_stopped", None)
WORSE = episode("submitted", 1.4)
IMPROVES = episode("submitted", 0.6, [0.62])


@pytest.mark.parametrize("settings", [RLSettings(), SHAPED, RLSettings(truncated="nothing")])
@pytest.mark.parametrize("scale", ["group", "batch", "none"])
@pytest.mark.parametrize("lazy", [PRINTS_SCORES, SUBMITS_STARTER, LOOPS, GIVES_NO_COMMAND, WORSE])
def test_only_improving_pays(settings: RLSettings, scale: Any, lazy: Trajectory) -> None:
    (found,) = advantages([[reward_of(lazy, settings), reward_of(IMPROVES, settings)]], scale)
    assert found[0] <= 0 < found[1]
    (alone,) = advantages([[reward_of(lazy, settings)] * 4], scale)
    assert alone == pytest.approx([0.0] * 4, abs=1e-6)


def test_what_an_episode_earns() -> None:
    plain = RLSettings()
    assert reward_of(IMPROVES, plain) == pytest.approx(0.4)
    assert reward_of(SUBMITS_STARTER, plain) == 0.0  # within the noise
    assert reward_of(WORSE, plain) == pytest.approx(-0.4)
    assert reward_of(PRINTS_SCORES, plain) == reward_of(GIVES_NO_COMMAND, plain) == 0.0
    ended = episode("step_limit", 0.5, [0.5])
    assert reward_of(ended, plain) == pytest.approx(0.5)
    assert reward_of(ended, RLSettings(truncated="nothing")) == 0.0
    assert reward_of(IMPROVES, SHAPED) == pytest.approx(0.4 + 0.5 * 0.38)
    assert reward_of(episode("agent_stopped", None, [0.5]), SHAPED) == pytest.approx(0.25)
    assert reward_of(episode("submitted", 2.5, [2.5]), SHAPED) == -1.0  # nothing for what is worse than the starter


def test_solved_is_clearly_better_than_the_starter() -> None:
    assert solved(IMPROVES)
    assert solved(episode("submitted", 0.95))
    assert not any(map(solved, [SUBMITS_STARTER, episode("submitted", 0.97), WORSE, PRINTS_SCORES]))


def test_a_dead_sandbox_changes_no_advantage() -> None:
    rewards = [0.1, 0.7, 0.4]
    (whole,) = advantages([rewards], "group")
    # The fourth episode of the group was lost to a dead sandbox: it has no record, and so no reward, not one of 0.
    (with_zero,) = advantages([[*rewards, 0.0]], "group")
    assert whole != pytest.approx(with_zero[:3])
    mean, sd = statistics.fmean(rewards), statistics.stdev(rewards)
    assert whole == pytest.approx([(each - mean) / (sd + 1e-4) for each in rewards])


def test_groups_that_teach_nothing() -> None:
    assert not rewards_differ([])
    assert not rewards_differ([0.4])
    assert not rewards_differ([0.3, 0.3, 0.3])
    assert rewards_differ([0.3, 0.3, 0.31])
    assert spread([1.0]) == 0.0
    assert advantages([[], [0.5]], "group") == [[], [0.0]]


def test_the_scale_of_a_batch() -> None:
    groups = [[0.0, 1.0], [0.4, 0.6]]
    by_batch = advantages(groups, "batch")
    sd = statistics.stdev([0.0, 1.0, 0.4, 0.6]) + 1e-4
    assert by_batch == [pytest.approx([-0.5 / sd, 0.5 / sd]), pytest.approx([-0.1 / sd, 0.1 / sd])]
    assert advantages(groups, "none")[1] == pytest.approx([-0.1, 0.1])
