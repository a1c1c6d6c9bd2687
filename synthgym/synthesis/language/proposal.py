"""What a challenge is to be about: the model's proposal, checked against the data that there really is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from synthgym.registry.metrics import METRICS
from synthgym.synthesis.column_names import class_columns, target_column
from synthgym.synthesis.language.data.source import Source
from synthgym.synthesis.language.data.tables import Column, Table
from synthgym.synthesis.language.settings import GENERATED

LEAST_ROWS = 400
"""Rows with a target that data must have: the hidden ones are half of them at most."""

_MOST_CLASSES = 50
_MOST_PROBABILITIES = 20
_LEAST_VALUES = 8


class Proposal(BaseModel):
    """As the model writes it; `prompts/proposal.j2` says what the fields mean."""

    title: str
    question: str
    datasets: list[str]
    config: str | None = None
    target: str = ""
    kind: Literal["file", "module"] = "file"
    metric: str
    direction: Literal["higher", "lower"]
    split: Literal["random", "stratified", "grouped", "ordered"] = "random"
    split_column: str | None = None
    cpu_seconds: float = Field(default=10.0)
    why_hard: str


class Topics(BaseModel):
    """As the model writes them; see `prompts/topics.j2`."""

    topics: list[str]


@dataclass(frozen=True)
class Form:
    """What is handed in.

    Attributes:
        columns: Of predictions.csv.
        direction: Of the metric.
        metric_kind: ``label``, ``value``, ``probability``; empty for a module.
        positive: The class that is 1, for a metric that ranks.
        classes: For probabilities of several classes the class of each column; see
            `synthgym.synthesis.column_names`.
    """

    columns: tuple[str, ...]
    direction: Literal["higher", "lower"]
    metric_kind: str
    positive: str = ""
    classes: tuple[str, ...] = ()


def problems(proposal: Proposal) -> list[str]:
    """What is wrong with a proposal, whatever the data."""
    found = []
    generated = proposal.datasets[:1] == [GENERATED]
    if not proposal.datasets:
        found.append("datasets: expected at least one name, got none")
    if not proposal.title.strip() or not proposal.question.strip():
        found.append("title and question: expected a text each")
    if generated != (proposal.kind == "module"):
        found.append("kind: expected 'module' for generated data, and 'file' for every data set")
    if proposal.kind == "file" and proposal.metric not in METRICS:
        found.append(f"metric: expected one of {', '.join(METRICS)}; got {proposal.metric!r}")
    if proposal.kind == "module" and not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", proposal.metric):
        found.append(f"metric: expected a name in small letters and underscores, got {proposal.metric!r}")
    if proposal.split in ("grouped", "ordered") and proposal.kind == "file" and not proposal.split_column:
        found.append(f"split_column: expected the column for the split {proposal.split!r}, got none")
    return found


def misfits(proposal: Proposal, source: Source) -> list[tuple[str, str]]:
    """What does not fit between a proposal and its data: (kind, text) each."""
    table = table_of(proposal, source)
    names = ", ".join(column.name for each in source.tables for column in each.columns[:60])
    if table is None:
        return [("no target", f"target: no column {proposal.target!r} in the data; its columns are {names}")]
    column = table.column(proposal.target)
    assert column is not None
    found = []
    if column.distinct < 2:
        return [("constant target", f"target: column {column.name!r} has {column.distinct} distinct value(s)")]
    if table.rows - column.missing < LEAST_ROWS:
        rows = table.rows - column.missing
        found.append(("too few rows", f"{table.file} has {rows} rows with a target; at least {LEAST_ROWS} are needed"))
    if what := _misfit_of_metric(proposal.metric, column):
        found.append(("metric", f"metric: {proposal.metric} {what}; {column.name!r} has {column.distinct} values"))
    if proposal.split_column and not any(each.column(proposal.split_column) for each in source.tables):
        found.append(("no column", f"split_column: no column {proposal.split_column!r}; the columns are {names}"))
    return found


def _misfit_of_metric(metric: str, column: Column) -> str | None:
    kind = METRICS[metric].kind
    if kind == "label" and column.distinct > _MOST_CLASSES:
        return f"is for at most {_MOST_CLASSES} classes"
    if kind == "value" and (column.low is None or column.distinct < _LEAST_VALUES):
        return f"is for numbers with at least {_LEAST_VALUES} values"
    if METRICS[metric].ranks and column.distinct != 2:
        return "is for two classes"
    if kind == "probability" and column.distinct > _MOST_PROBABILITIES:
        return f"is for at most {_MOST_PROBABILITIES} classes"
    if kind == "probability" and len(set(column.examples)) < column.distinct:
        return "is for classes whose names are short enough to name columns after"
    return None


def table_of(proposal: Proposal, source: Source) -> Table | None:
    """The table that has the target."""
    return next((table for table in source.tables if table.column(proposal.target)), None)


def form_of(proposal: Proposal, source: Source | None) -> Form:
    """What is handed in for a proposal that fits its data."""
    if source is None:
        return Form((), proposal.direction, "")
    metric = METRICS[proposal.metric]
    table = table_of(proposal, source)
    assert table is not None
    column = table.column(proposal.target)
    assert column is not None
    others = {each.name for each in table.columns if each is not column}
    classes = tuple(sorted(column.examples))
    if metric.kind == "probability" and not metric.ranks:
        columns = class_columns(column.name, classes, others)
        return Form(columns, metric.direction, metric.kind, classes=classes)
    name = target_column(column.name, others)
    positive = classes[-1] if metric.kind == "probability" else ""
    return Form((name,), metric.direction, metric.kind, positive)
