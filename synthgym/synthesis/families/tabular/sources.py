"""The data of a tabular challenge, drawn or bundled: what starters and templates need to know of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from synthgym.registry.challenge import Dataset


@dataclass
class Source:
    """A drawn table.

    Attributes:
        kind: Which template draws or reads it.
        slug: Beginning of the challenge's id.
        rows: What the rows are.
        target: The column to predict.
        columns: The other columns.
        labels: The classes in sorted order; empty for a regression.
        cores: Methods that suit it.
        rare: One class is much rarer than the other.
        count: Number of rows.
        few_columns: Its starter should begin with few of the columns: all together nearly give the answer.
        values: For the template of `prepare.py`.
    """

    kind: str
    slug: str
    title: str
    topic: str
    domain: str
    rows: str
    target: str
    columns: list[str]
    labels: list[str]
    cores: tuple[str, ...]
    dataset: Dataset = field(default_factory=lambda: Dataset(source="generated"))
    rare: bool = False
    count: int = 0
    few_columns: bool = False
    values: dict[str, Any] = field(default_factory=dict)


def units(rng: random.Random, width: int) -> dict[str, Any]:
    """Numbers for `prepare.py` that give each column, and the target, a unit of its own."""
    sizes = [10 ** rng.uniform(-1.5, 1.5) for _ in range(width)]
    # One column outweighs the others, so that distances mean little before columns are brought to one scale.
    sizes[rng.randrange(width)] = max(sizes) * rng.uniform(30, 80)
    scales = [float(f"{size:.3g}") for size in sizes]
    return {
        "scales": scales,
        "offsets": [float(f"{scale * rng.uniform(-3, 3):.3g}") for scale in scales],
        "target_scale": float(f"{10 ** rng.uniform(-0.5, 2):.3g}"),
        "target_offset": round(rng.uniform(-50, 300), 1),
    }
