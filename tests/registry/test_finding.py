"""Some of many challenges: as many of each kind, over all of their names, the same every time."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from synthgym.registry.collections.finding import Found, find_challenges, spread_over


@pytest.fixture(scope="module")
def held_out() -> list[Found]:
    return find_challenges(["synthgym/*"], "heldout")


def kinds(found: list[Found]) -> Counter[str]:
    return Counter(entry.kind for _, _, entry in found)


def test_as_many_of_each_kind_over_all_names(held_out: list[Found]) -> None:
    chosen = spread_over(held_out, 40)
    assert kinds(chosen) == {"file": 20, "module": 20}
    assert [name for name, *_ in chosen] == sorted({name for name, *_ in chosen})
    places = [at for at, each in enumerate(held_out) if each in chosen]
    assert max(after - before for before, after in itertools.pairwise(places)) < 10
    assert spread_over(held_out, 40) == chosen


@pytest.mark.parametrize("count", [1, 2, 7, 98, 1000])
def test_never_more_and_never_fewer(held_out: list[Found], count: int) -> None:
    assert len(spread_over(held_out, count)) == min(count, len(held_out))


def test_others_make_up_for_a_small_kind(held_out: list[Found]) -> None:
    games = [each for each in held_out if each[2].kind == "module"][:3]
    tables = [each for each in held_out if each[2].kind == "file"]
    assert kinds(spread_over(games + tables, 20)) == {"module": 3, "file": 17}
    assert spread_over([], 3) == []
