"""Whether a challenge's tables are what its proposal says of them: how rows were split, and what the target is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.workspace import Prepared
from synthgym.registry.csv_table import NotCsv, csv_rows
from synthgym.synthesis.language.data.source import Source
from synthgym.synthesis.language.proposal import Proposal, table_of
from synthgym.synthesis.leaks.cells import numbers_in
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.public_rules import training_tables
from synthgym.synthesis.report import CheckFailed
from synthgym.synthesis.tables.tables import Table, read_tables
from synthgym.synthesis.verification.limited_process import run_limited

SPLIT_FILE = "split.csv"
"""In the private folder: the column that a split goes by, where an agent must not have it."""

_STRATIFIED = 0.5
"""How far from equal shares a stratified split may be, in standard deviations of a random one."""
_STRATIFIED_VALUES = 0.75
"""The same for the mean rank of values, which strata of unknown width leave some play."""
_RANDOM = 5.5
"""The same for a random split: by chance once in twenty million."""
_ROUNDING = 2.0
"""Rows of a class by which rounding may be off."""


@dataclass(frozen=True)
class Declared:
    """What of a proposal shows in the tables.

    Attributes:
        split: How rows were split.
        by: The column that groups, orders or stratifies them; empty where the target does, or nothing.
        target: The column that is predicted.
        distinct: How many values it has in the data.
        low: Its smallest value there, of numbers.
        high: Its largest one.
    """

    split: str
    by: str
    target: str
    distinct: int
    low: float | None
    high: float | None

    @classmethod
    def of(cls, proposal: Proposal, source: Source | None) -> Declared | None:
        """What a proposal declares; None for a module, which has no rows."""
        table = table_of(proposal, source) if source and proposal.kind == "file" else None
        column = table.column(proposal.target) if table else None
        if column is None:
            return None
        by = proposal.split_column or ""
        return cls(proposal.split, by, column.name, column.distinct, column.low, column.high)

    def problem(self, prepared: Prepared, grader: FileGrader) -> tuple[str, str] | None:
        """What is not as declared, if anything: the check that fails, ``split`` or ``target``, and the reason."""
        try:
            columns = grader.challenge.submission.columns
            found = run_limited(_Look(self, prepared.workspace, prepared.private, HiddenLabels.of(grader), columns))
        except CheckFailed as failure:
            return failure.check, failure.reason
        return (found[0], found[1]) if found else None

    def in_tables(
        self, workspace: Path, private: Path, hidden: HiddenLabels, answer: list[str]
    ) -> tuple[str, str] | None:
        """The same of the files; they are read in this process."""
        if wrong := self._target(hidden):
            return "target", wrong
        tables = {table.name: table for table in read_tables(workspace, len(hidden))}
        train, test = tables.get("data/train.csv"), tables.get("data/test.csv")
        if train is None or test is None:
            return "split", "expected the tables train.csv and test.csv in the folder PUBLIC"
        if self.split in ("grouped", "ordered"):
            values = self._values(train, test, private)
            if isinstance(values, str):
                return "split", values
            wrong = (self._grouped if self.split == "grouped" else self._ordered)(*values)
        else:
            learnt = training_tables([train], test, hidden, answer)
            wrong = self._shares(learnt[0].labels, hidden) if learnt else None
        return ("split", wrong) if wrong else None

    def _target(self, hidden: HiddenLabels) -> str | None:
        if hidden.values is not None and self.low is not None and self.high is not None:
            low, high = float(hidden.values.min()), float(hidden.values.max())
            slack = 1e-6 * max(abs(self.low), abs(self.high), 1e-12)
            if low < self.low - slack or high > self.high + slack:
                return (
                    f"labels.csv has values from {low:g} to {high:g}, but in the data {self.target!r} goes from "
                    f"{self.low:g} to {self.high:g}: write the true values"
                )
        elif hidden.classes is not None and hidden.distinct > self.distinct:
            return f"labels.csv has {hidden.distinct} classes, but {self.target!r} has {self.distinct} values"
        return None

    def _values(self, train: Table, test: Table, private: Path) -> tuple[list[str], list[str]] | str:
        """The column of the split for the rows to learn from and the hidden ones; or why there is none."""
        if self.by in train.columns and self.by in test.columns:
            return train.columns[self.by], test.columns[self.by]
        wanted = (
            f"the split is by {self.by!r}, so that train.csv and test.csv both need that column, or the folder PRIVATE "
            f"a file {SPLIT_FILE} with the header table,{self.by} and a line for each row of train.csv (table is "
            "train), then of test.csv (table is test)"
        )
        try:
            rows = list(csv_rows((private / SPLIT_FILE).read_bytes()))
        except (OSError, NotCsv):
            return wanted
        if not rows or [cell.strip() for cell in rows[0]] != ["table", self.by] or any(len(row) != 2 for row in rows):
            return wanted
        parts = {name: [cell.strip() for table, cell in rows[1:] if table == name] for name in ("train", "test")}
        if len(parts["train"]) != train.rows or len(parts["test"]) != test.rows:
            return wanted
        return parts["train"], parts["test"]

    def _grouped(self, train: Sequence[str], test: Sequence[str]) -> str | None:
        groups, known = set(_plain(test)), set(_plain(train))
        if shared := groups & known:
            return (
                f"the split is grouped by {self.by!r}, but {len(shared)} of the {len(groups)} groups of test.csv are "
                f"in train.csv too, such as {min(shared)!r}: all rows of a group belong on one side"
            )
        if len(groups) + len(known) == len(train) + len(test):
            return f"the split is grouped by {self.by!r}, but no two rows have the same value there"
        return None

    def _ordered(self, train: Sequence[str], test: Sequence[str]) -> str | None:
        order = numbers_in([*train, *test])
        if order is None:
            return (
                f"the split is ordered by {self.by!r}, but its values are neither numbers nor times such as "
                f"2024-05-31 or 2024-05-31 14:00:00; write them so, in the tables or in {SPLIT_FILE}"
            )
        known, hidden = order[: len(train)], order[len(train) :]
        if not np.isfinite(known).any() or not np.isfinite(hidden).any():
            return f"the split is ordered by {self.by!r}, but a table has no value there"
        early = int(np.sum(hidden < np.nanmax(known)))
        if early:
            return (
                f"the split is ordered by {self.by!r}, but {early} of the {len(hidden)} rows of test.csv come before "
                "the last row of train.csv: the latest rows are the hidden ones"
            )
        return None

    def _shares(self, known: HiddenLabels, hidden: HiddenLabels) -> str | None:
        """Whether the target is spread over both sides as a random or a stratified split spreads it."""
        stratified = self.split == "stratified"
        if stratified and self.by not in ("", self.target):
            return None  # by something else than the target, which need not be in the tables
        for what, off, sd, rounding in _differences(known, hidden):
            allowed = _RANDOM if not stratified else _STRATIFIED if hidden.classes is not None else _STRATIFIED_VALUES
            if off > rounding + allowed * sd:
                how = "stratified" if stratified else "random"
                return (
                    f"the split is {how}, but {what} that is {off / sd if sd else math.inf:.1f} standard deviations "
                    f"of a random split away from train.csv's; shuffle, by a seed from SECRET, before rows are split"
                    f"{', within each class or quantile of the target,' if stratified else ''} and leave none out after"
                )
        return None


@dataclass(frozen=True)
class _Look:
    """A job for a process apart."""

    declared: Declared
    workspace: Path
    private: Path
    hidden: HiddenLabels
    answer: list[str]

    def __call__(self) -> tuple[str, str] | None:
        return self.declared.in_tables(self.workspace, self.private, self.hidden, self.answer)


def _plain(cells: Sequence[str]) -> list[str]:
    """Values as they are compared: 7.0 is 7, and what is empty belongs to no group."""
    numbers = numbers_in(cells) if all(cell[:1].isdigit() or cell[:1] in "-+" for cell in cells) else None
    if numbers is not None and np.all(np.isfinite(numbers)):
        return [f"{number:.12g}" for number in numbers]
    return [cell for cell in cells if cell]


def _differences(known: HiddenLabels, hidden: HiddenLabels) -> Iterator[tuple[str, float, float, float]]:
    """Of each class its hidden rows, of values their mean rank: what, how far off, its deviation, what rounding is."""
    m, total = len(hidden), len(hidden) + len(known)
    finite = (total - m) / (total - 1)
    if hidden.classes is not None and known.classes is not None:
        count = int(max(hidden.classes.max(), known.classes.max())) + 1
        ours, theirs = (np.bincount(each, minlength=count) for each in (hidden.classes, known.classes))
        for number in range(count):
            share = float(ours[number] + theirs[number]) / total
            name = hidden.names[number] if number < len(hidden.names) else str(number)
            sd = math.sqrt(m * share * (1 - share) * finite)
            yield (
                f"test.csv has a share of class {name!r}",
                abs(float(ours[number]) - m * share),
                sd,
                _ROUNDING,
            )
    else:
        ranks = _ranks(np.concatenate([hidden.series, known.series]))
        sd = float(ranks.std()) * math.sqrt(finite / m)
        yield "test.csv has a mean rank of the target", abs(float(ranks[:m].mean() - ranks.mean())), sd, 0.5


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2
