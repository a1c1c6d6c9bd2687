"""What is known of groups before they are drawn, and the clock that their episodes share."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from synthgym.train.rl.clock import SharedClock
from synthgym.train.rl.collecting.groups import GroupNote, StepNote, first_draw
from synthgym.train.rl.settings import RLSettings


def note(step: int, used: list[bool]) -> StepNote:
    groups = [
        GroupNote(env_id=f"a/{number}-v0", seed=0, episodes=[], rewards=[], used=each)
        for number, each in enumerate(used)
    ]
    return StepNote(step=step, policy=step, groups=groups, curriculum={})


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], 4),
        ([[True] * 4], 4),
        ([[True, True, False, False]], 8),
        ([[True, True, True, False], [True, False, True, True]], 6),
        ([[True, False, False, False]], 8),  # not more than may be drawn again
        ([[False] * 8], 8),
    ],
)
def test_a_step_begins_with_as_many_groups_as_the_ones_before_needed(before: list[list[bool]], expected: int) -> None:
    settings = RLSettings(groups=4, max_redraws=4)
    assert first_draw([note(step, used) for step, used in enumerate(before)], settings) == expected


def test_a_shared_clock_runs_while_anybody_is_at_it() -> None:
    clock = SharedClock()

    def work(seconds: float) -> None:
        clock.begin()
        time.sleep(seconds)
        clock.end()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, [0.2, 0.3, 0.2, 0.1]))
    once = clock.seconds
    assert 0.3 <= once < 0.75  # not the sum
    time.sleep(0.1)
    assert clock.seconds == once
    clock.begin()
    time.sleep(0.05)
    assert clock.seconds >= once + 0.05
