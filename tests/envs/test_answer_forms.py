"""What a submitted function may answer: everything else is refused before an evaluator sees it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from synthgym.envs.tools.answer_forms import checked
from synthgym.registry.mlgym.table import BENCHMARK, AnswerForm

BLOTTO = {"integers": 6, "sum": 120}
MOVE = {"one_of": [0, 1]}
NEXT = {"decision": True}
CLAUSES, ASSIGNED = [[1, -2, 3], [-3, 4]], {1: True, 3: False}


class Sly(int):
    """A number that is larger than it says."""

    def __gt__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    ("form", "answer", "plain"),
    [
        (BLOTTO, [20, 20, 20, 20, 20, 20], None),
        (BLOTTO, (120, 0, 0, 0, 0, 0), [120, 0, 0, 0, 0, 0]),
        (BLOTTO, [np.int64(20)] * 6, [20] * 6),
        (BLOTTO, [0] * 6, None),
        (MOVE, 1, None),
        (MOVE, np.int32(0), 0),
        (NEXT, (4, True), None),
        (NEXT, [np.int64(2), np.bool_(False)], (2, False)),
    ],
)
def test_answers_of_the_form(form: dict[str, Any], answer: Any, plain: Any) -> None:
    found = checked(answer, form, (CLAUSES, ASSIGNED))
    assert found == (answer if plain is None else plain)
    for value in [found] if form is MOVE else found:
        assert type(value) in (int, bool)


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        *((BLOTTO, [120]), (BLOTTO, []), (BLOTTO, [20] * 7), (BLOTTO, [True] * 6), (BLOTTO, [121, 0, 0, 0, 0, 0])),
        *((BLOTTO, [-1, 21, 20, 20, 20, 20]), (BLOTTO, [20.0] * 6), (BLOTTO, "202020"), (BLOTTO, {20, 21, 19, 18})),
        *((BLOTTO, None), (BLOTTO, [[20]] * 6), (BLOTTO, np.full(6, 20)), (BLOTTO, [np.full(1, 20)] * 6)),
        *((BLOTTO, [Sly(20)] * 6), (BLOTTO, [np.float64(20)] * 6), (BLOTTO, {0: 20, 1: 20})),
        *((MOVE, True), (MOVE, 2), (MOVE, 1.0), (MOVE, "1"), (MOVE, [1]), (MOVE, None), (MOVE, np.bool_(True))),
        *((MOVE, np.array([1])), (MOVE, Sly(1)), (MOVE, -1)),
        *((NEXT, (1, True)), (NEXT, (3, False)), (NEXT, (9, True)), (NEXT, (-2, True)), (NEXT, (None, True))),
        *((NEXT, (2, 1)), (NEXT, (2, "False")), (NEXT, (2, None)), (NEXT, 2), (NEXT, (2,)), (NEXT, (2, True, 1))),
        *((NEXT, ("2", True)), (NEXT, (True, True))),
    ],
)
def test_other_answers(form: dict[str, Any], answer: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        checked(answer, form, (CLAUSES, ASSIGNED))


def test_no_variable_only_where_none_is_left() -> None:
    everything = {1: True, 2: True, 3: True, 4: True}
    assert checked((None, True), NEXT, (CLAUSES, everything)) == (None, True)
    assert checked((None, None), NEXT, ([], {})) == (None, False)


def test_each_of_mlgyms_games_declares_the_form_of_its_answers() -> None:
    games = ("battleOfSexes", "prisonersDilemma", "blotto", "3SATTime")
    assert all(BENCHMARK[name].answer for name in games)
    for wrong in ({}, {"one_of": [1], "integers": 2, "sum": 3}, {"integers": 6}, {"sum": 2}, {"length": 2}):
        with pytest.raises(ValueError):
            AnswerForm.model_validate(wrong)
