"""What a proposal declares of rows and target is compared with the tables that were made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Baseline, Challenge, Dataset, Metric, Reference, Submission
from synthgym.synthesis.language.data.source import Source
from synthgym.synthesis.language.data.tables import Column, Table
from synthgym.synthesis.language.declared import Declared
from synthgym.synthesis.language.proposal import Proposal

N = 900
RNG = np.random.default_rng(3)
SITE, DAY, X = np.arange(N) // 9, np.arange(N) // 3, RNG.normal(size=N)
KIND = np.array(["ash", "birch", "oak"])[np.searchsorted([-0.5, 1.2], X)]
AMOUNT = X * 3 + RNG.normal(size=N)
SHUFFLED = RNG.permutation(N)
BY_SITE = np.isin(SITE, RNG.permutation(100)[:34])
Columns = dict[str, Any]


def csv_of(columns: Columns) -> str:
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n"


def made(
    place: Path, hidden: np.ndarray, columns: Columns, y: Any, metric: str, split_file: str | None = None
) -> tuple[Prepared, FileGrader]:
    """What a `prepare.py` leaves that hides these rows; and its grader."""
    asked = np.asarray(hidden) if np.asarray(hidden).dtype != bool else np.flatnonzero(hidden)
    known = np.setdiff1d(np.arange(N), asked)
    y = np.asarray(y)
    data, private = place / "workspace" / "data", place / "private"
    data.mkdir(parents=True)
    private.mkdir()
    rows = {name: np.asarray(cells) for name, cells in columns.items()}
    (data / "train.csv").write_text(csv_of({name: cells[known] for name, cells in rows.items()} | {"y": y[known]}))
    (data / "test.csv").write_text(csv_of({name: cells[asked] for name, cells in rows.items()}))
    (private / "labels.csv").write_text(csv_of({"y": y[asked]}))
    if split_file:
        parts = [("train", value) for value in SITE[known]] + [("test", value) for value in SITE[asked]]
        (private / "split.csv").write_text(f"table,{split_file}\n" + "".join(f"{part},{v}\n" for part, v in parts))
    challenge = Challenge(
        id="x",
        title="x",
        description="x",
        dataset=Dataset(source="generated"),
        submission=Submission(path="p.csv", kind="file", columns=["y"]),
        metric=Metric(name=metric, direction="higher" if metric == "accuracy" else "lower"),
        baseline=Baseline(command="true"),
        reference=Reference(command="true"),
    )
    prepared = Prepared("0" * 32, place / "workspace", private, place)
    return prepared, FileGrader(challenge, prepared)


def declared(split: str, by: str = "", low: float = -20, high: float = 20, distinct: int = N) -> Declared:
    return Declared(split, by, "y", distinct, low, high)


TABLE = {"site": SITE, "day": [f"2024-01-01 {d // 60:02d}:{d % 60:02d}:00" for d in DAY], "x": X}
BARE = {"x": X}

RIGHT: dict[str, Callable[[Path], tuple[Declared, tuple[Prepared, FileGrader]]]] = {
    "random": lambda p: (declared("random"), made(p, SHUFFLED[:300], TABLE, AMOUNT, "rmse")),
    "random, classes": lambda p: (declared("random"), made(p, SHUFFLED[:300], TABLE, KIND, "accuracy")),
    "stratified": lambda p: (declared("stratified"), made(p, stratified(KIND), TABLE, KIND, "accuracy")),
    "stratified, values": lambda p: (declared("stratified"), made(p, stratified(tenths(AMOUNT)), BARE, AMOUNT, "mae")),
    "grouped": lambda p: (declared("grouped", "site"), made(p, BY_SITE, TABLE, AMOUNT, "rmse")),
    "grouped, in a file": lambda p: (declared("grouped", "site"), made(p, BY_SITE, BARE, AMOUNT, "rmse", "site")),
    "ordered": lambda p: (declared("ordered", "day"), made(p, np.arange(N) >= 600, TABLE, AMOUNT, "rmse")),
    "ordered, shuffled within": lambda p: (
        declared("ordered", "day"), made(p, RNG.permutation(np.arange(601, N)), TABLE, AMOUNT, "rmse")
    ),
    "ordered by numbers": lambda p: (declared("ordered", "site"), made(p, np.arange(N) >= 603, TABLE, X, "rmse")),
}  # fmt: skip

WRONG: dict[str, tuple[Callable[[Path], tuple[Declared, tuple[Prepared, FileGrader]]], str, str]] = {
    "random, but the end": (
        lambda p: (declared("random"), made(p, np.argsort(AMOUNT)[600:], TABLE, AMOUNT, "rmse")), "split", "is random",
    ),
    "random, but one class": (
        lambda p: (declared("random"), made(p, np.argsort(X)[500:], TABLE, KIND, "accuracy")), "split", "of class",
    ),
    "stratified, but hardly": (
        lambda p: (declared("stratified"), made(p, lopsided(), TABLE, KIND, "accuracy")), "split", "is stratified",
    ),
    "grouped, but at random": (
        lambda p: (declared("grouped", "site"), made(p, SHUFFLED[:300], TABLE, AMOUNT, "rmse")), "split",
        "groups of test.csv are in train.csv too",
    ),
    "grouped, one group is torn": (
        lambda p: (declared("grouped", "site"), made(p, np.arange(N) >= 598, TABLE, AMOUNT, "rmse")), "split",
        "1 of the 34 groups",
    ),
    "grouped, at random, in a file": (
        lambda p: (declared("grouped", "site"), made(p, SHUFFLED[:300], BARE, AMOUNT, "rmse", "site")), "split",
        "groups of test.csv",
    ),
    "grouped, but by what": (
        lambda p: (declared("grouped", "site"), made(p, BY_SITE, BARE, AMOUNT, "rmse")), "split", "split.csv",
    ),
    "grouped, in a file of something else": (
        lambda p: (declared("grouped", "site"), made(p, BY_SITE, BARE, AMOUNT, "rmse", "place")), "split", "split.csv",
    ),
    "grouped by the row": (
        lambda p: (declared("grouped", "x"), made(p, BY_SITE, BARE, AMOUNT, "rmse")), "split", "no two rows",
    ),
    "ordered, but the first": (
        lambda p: (declared("ordered", "day"), made(p, np.arange(N) < 300, TABLE, AMOUNT, "rmse")), "split", "300 of",
    ),
    "ordered, but at random": (
        lambda p: (declared("ordered", "site"), made(p, SHUFFLED[:300], TABLE, AMOUNT, "rmse")), "split", "come before",
    ),
    "ordered by words": (
        lambda p: (declared("ordered", "w"), made(p, np.arange(N) >= 600, {"w": ["a", "b"] * 450}, AMOUNT, "rmse")),
        "split", "neither numbers nor times",
    ),
    "a target of other values": (
        lambda p: (declared("random", low=0, high=5), made(p, SHUFFLED[:300], TABLE, AMOUNT, "rmse")), "target",
        "goes from 0 to 5",
    ),
    "a target of more classes": (
        lambda p: (declared("random", distinct=2), made(p, SHUFFLED[:300], TABLE, KIND, "accuracy")), "target",
        "3 classes",
    ),
}  # fmt: skip


def stratified(classes: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [
            rows[: round(len(rows) / 3)]
            for c in np.unique(classes)
            if len(rows := RNG.permutation(np.flatnonzero(classes == c)))
        ]
    )


def tenths(values: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.quantile(values, np.linspace(0.1, 0.9, 9)), values)


def lopsided() -> np.ndarray:
    """Fewer of the commonest class than its share: what a random split gives one time in three."""
    birch, others = np.flatnonzero(KIND == "birch"), np.flatnonzero(KIND != "birch")
    few = round(len(birch) / 3) - 8
    return np.concatenate([birch[:few], RNG.permutation(others)[: 300 - few]])


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_as_declared(name: str, tmp_path: Path) -> None:
    asked, (prepared, grader) = RIGHT[name](tmp_path)
    assert asked.problem(prepared, grader) is None


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_as_declared(name: str, tmp_path: Path) -> None:
    make, check, said = WRONG[name]
    asked, (prepared, grader) = make(tmp_path)
    found = asked.problem(prepared, grader)
    assert found is not None
    assert found[0] == check
    assert said in found[1]


def test_what_is_declared_of_data() -> None:
    column = Column(name="y", type="f", distinct=9, missing=0, examples=(), low=1.0, high=2.0)
    source = Source(Dataset(source="generated"), (Table(file="t.csv", rows=N, columns=(column,), head=()),))
    fields = {"title": "T", "question": "Q", "datasets": ["d"], "metric": "rmse", "direction": "lower", "why_hard": ""}
    proposal = Proposal.model_validate({**fields, "target": "y", "split": "ordered", "split_column": "t"})
    assert Declared.of(proposal, source) == Declared("ordered", "t", "y", 9, 1.0, 2.0)
    assert Declared.of(proposal.model_copy(update={"kind": "module"}), None) is None
