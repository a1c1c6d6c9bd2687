"""Names of columns made of names of classes: no two the same, whatever signs are in them, and the same every time."""

from __future__ import annotations

import re

import pytest

from synthgym.synthesis.column_names import class_columns, target_column


@pytest.mark.parametrize(
    ("classes", "names"),
    [
        (["A", "B"], ["y_A", "y_B"]),
        (["x ray", "MRI (3 T)"], ["y_x_ray", "y_MRI_3_T"]),
        (["<=50K", ">50K"], ["y_at_most_50K", "y_above_50K"]),
        (["-1", "1"], ["y_minus_1", "y_1"]),
        (["A", "A+", "A-", "B"], ["y_A", "y_A_plus", "y_A_minus", "y_B"]),
        (["A+", "A-", "A_plus"], ["y_A_plus_2", "y_A_minus", "y_A_plus"]),
        (["a b", "a  b", "a_b"], ["y_a_b", "y_a_b_2", "y_a_b_3"]),
        (["☀", "☁"], ["y_black_sun_with_rays", "y_cloud"]),
        (["C", "C#", "C++"], ["y_C", "y_C_hash", "y_C_plus_plus"]),
        (["yes", "Yes"], ["y_yes", "y_Yes"]),
    ],
)
def test_of_classes(classes: list[str], names: list[str]) -> None:
    assert list(class_columns("y", classes)) == names
    assert class_columns("y", classes) == class_columns("y", classes, ["other"])


def test_of_many_odd_classes_no_two_are_the_same() -> None:
    signs = ["", " ", "-", "+", "<", "<=", "--", "\u2028", "\x00", "é", "🂡", "_"]
    classes = [before + text + after for text in ("", "1", "ab") for before in signs for after in signs]
    classes = list(dict.fromkeys(classes))
    names = class_columns("income (EUR)", classes, ["p_income_EUR_1"])
    assert len(set(names)) == len(classes)
    assert all(re.fullmatch(r"\w+", name) for name in names)


def test_other_columns_keep_their_names() -> None:
    assert class_columns("kind", ["A", "B"], ["kind_A", "x"]) == ("p_kind_A", "p_kind_B")
    assert target_column("amount (EUR)", ["x"]) == "amount_EUR"
    assert target_column("amount (EUR)", ["amount_EUR"]) == "amount_EUR_target"
    assert target_column("%", []) == "target"
