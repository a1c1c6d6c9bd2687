"""The curriculum: what differs comes first, what never does falls away, and all of it follows from the seed."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from synthgym.train.rl.collecting.curriculum import Curriculum
from synthgym.train.rl.settings import CurriculumSettings

TABLES = [f"tables/{number}-v0" for number in range(20)]
GAMES = [f"games/{number}-v0" for number in range(20)]


def outcomes(env_id: str, rng: random.Random) -> tuple[list[float], list[bool]]:
    """Games always earn the same; tables something between nothing and all."""
    rewards = [0.0] * 4 if env_id in GAMES else [rng.choice([0.0, rng.random()]) for _ in range(4)]
    return rewards, [reward > 0.04 for reward in rewards]


def trained(seed: int, steps: int, by: str = "spread", resumed: bool = False) -> tuple[Curriculum, list[list[str]]]:
    settings = CurriculumSettings.model_validate({"by": by})
    curriculum, rng = Curriculum(TABLES + GAMES, settings, seed), random.Random(1)
    drawn = []
    for step in range(steps):
        if resumed:
            state, curriculum = curriculum.state(), Curriculum(TABLES + GAMES, settings, seed)
            curriculum.restore(state)
        drawn.append(curriculum.draw(step, 4))
        for env_id in drawn[-1]:
            curriculum.note(env_id, *outcomes(env_id, rng))
    return curriculum, drawn


def test_games_fall_away_by_themselves() -> None:
    _, drawn = trained(0, 60)
    late = Counter(env_id.split("/")[0] for step in drawn[30:] for env_id in step)
    assert late["tables"] > 0.9 * late.total()
    assert {env_id for step in drawn for env_id in step} >= set(TABLES)
    _, uniform = trained(0, 60, by="uniform")
    late = Counter(env_id.split("/")[0] for step in uniform[30:] for env_id in step)
    assert 0.35 < late["tables"] / late.total() < 0.65


def test_a_kind_of_which_none_is_worth_it_is_explored_last() -> None:
    def new_in(kinds: dict[str, str]) -> Counter[str]:
        curriculum, rng = Curriculum(TABLES + GAMES, CurriculumSettings(explore=1.0), 0, kinds), random.Random(1)
        for step in range(5):
            for env_id in curriculum.draw(step, 4):
                curriculum.note(env_id, *outcomes(env_id, rng))
        return Counter(name.split("/")[0] for step in range(5, 30) for name in curriculum.draw(step, 1))

    told = new_in({name: name.split("/")[0] for name in TABLES + GAMES})
    untold = new_in({})
    assert told["tables"] / told.total() > 0.75 > 0.6 > untold["tables"] / untold.total()


@pytest.mark.parametrize("explore", [0.0, 1.0])
def test_no_kind_falls_away_altogether(explore: float) -> None:
    def games(kind_floor: float) -> float:
        kinds = {name: name.split("/")[0] for name in TABLES + GAMES}
        curriculum = Curriculum(TABLES + GAMES, CurriculumSettings(explore=explore, kind_floor=kind_floor), 0, kinds)
        known, rng = (TABLES + GAMES, TABLES[:5] + GAMES[:5])[int(explore)], random.Random(1)
        for env_id in known * 8:
            curriculum.note(env_id, *outcomes(env_id, rng))
        drawn = [curriculum.draw(step, 1)[0] for step in range(400)]
        return sum(name in GAMES for name in drawn) / len(drawn)

    assert abs(games(0.3) - 0.3) < 0.07
    assert games(0.0) < 0.2
    assert abs(games(0.9) - 0.5) < 0.07  # more than there is for two kinds: both alike


def test_a_seed_decides_it_and_a_state_goes_on() -> None:
    assert trained(3, 25)[1] == trained(3, 25)[1] == trained(3, 25, resumed=True)[1]
    assert trained(3, 25)[1] != trained(4, 25)[1]


def test_weights() -> None:
    curriculum = Curriculum(["half", "rare", "never", "always"], CurriculumSettings(), 0)
    curriculum.note("half", [0.0, 0.0, 0.8, 0.8], [False, False, True, True])
    curriculum.note("rare", [0.0, 0.0, 0.0, 0.8], [False, False, False, True])
    curriculum.note("never", [0.0] * 4, [False] * 4)
    curriculum.note("always", [0.8] * 4, [True] * 4)
    found = [curriculum.weight(name) for name in ("half", "rare", "never", "always")]
    assert found[0] > found[1] > found[2] == found[3] == 0.02
    curriculum.note("half", [0.8] * 4, [True] * 4)
    assert 0.02 < curriculum.weight("half") < found[0]  # what was known of it fades
    curriculum.note("half", [], [])  # all of its episodes were lost: nothing is known that was not before
    assert curriculum.seen["half"].groups == 2


def test_a_step_draws_each_once_and_not_what_cannot_be_run() -> None:
    curriculum = Curriculum(TABLES, CurriculumSettings(), 0)
    curriculum.leave_out(TABLES[0])
    first = curriculum.draw(0, 6)
    second = curriculum.draw(0, 30, besides=first, turn=1)
    assert len(set(first + second)) == len(first) + len(second) == 19
    assert TABLES[0] not in first + second
