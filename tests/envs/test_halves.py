"""The two hidden halves: drawn from the answers alone, and alike."""

from __future__ import annotations

from pathlib import Path

import challenges
import numpy as np
import pytest

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.grading.halves import stratified_halves
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge

DRAW = np.random.default_rng(3)

ANSWERS = {
    "numbers": DRAW.normal(size=(501,)),
    "heavy tails": DRAW.standard_cauchy(size=(400,)),
    "few numbers": DRAW.integers(4, size=(333,)).astype(float),
    "labels": np.array(["ash", "birch", "oak"])[DRAW.choice(3, p=[0.9, 0.07, 0.03], size=400)],
    "one label": np.full(200, "oak"),
    "one-hot": np.eye(5)[DRAW.integers(5, size=600)],
    "several columns": DRAW.normal(size=(301, 3)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_halves_are_apart_whole_and_alike(name: str) -> None:
    answers = ANSWERS[name]
    halves = stratified_halves(answers, b"identity")
    told, final = halves["validate"], halves["final"]
    assert sorted([*told, *final]) == list(range(len(answers)))
    assert len(final) - len(told) == len(answers) % 2
    first = answers.reshape(len(answers), -1)[:, 0]
    if first.dtype.kind == "U" or len(np.unique(first)) < 10:
        for value in np.unique(first):
            assert abs(np.sum(first[told] == value) - np.sum(first[final] == value)) <= 2
    else:
        ranks = np.argsort(np.argsort(first))
        for share in (0.1, 0.5, 0.9):
            assert abs(np.quantile(ranks[told], share) - np.quantile(ranks[final], share)) <= 2


def test_the_answers_decide_and_nothing_else() -> None:
    answers = ANSWERS["numbers"]
    once, again = (stratified_halves(answers, b"the same")["final"] for _ in range(2))
    other = stratified_halves(answers, b"another")["final"]
    assert once.tolist() == again.tolist()
    assert once.tolist() != other.tolist()


def test_rows_fall_by_lot(tmp_path: Path) -> None:
    """Neither by their place in the table nor, among equals, by their order."""
    told = stratified_halves(np.zeros(4000), b"x")["validate"]
    assert abs(np.mean(told) - 2000) < 100
    assert abs(np.mean(told % 2) - 0.5) < 0.05


def test_another_description_leaves_the_halves(tmp_path: Path) -> None:
    found = []
    for text in ("Predict y.", "Predict y, please."):
        folder = challenges.write_table(tmp_path, verified=False)
        challenge = load_challenge(folder)
        challenge.description = text
        challenge.save(folder)
        grader = FileGrader(challenge, prepare(challenge, folder))
        found.append(grader.halves["final"].tolist())
    assert found[0] == found[1]
