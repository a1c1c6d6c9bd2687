"""Tables drawn by a generator. Generators and subjects are divided between the splits."""

from __future__ import annotations

import random
from typing import Any

from synthgym.synthesis.families.render import data
from synthgym.synthesis.families.tabular.sources import Source, units

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "train": {
        "interactions": ("ridge", "features", "kernel", "stumps", "ferns"),
        "steps": ("stumps", "ferns", "bins", "neighbours", "features"),
        "periodic": ("bins", "features", "kernel", "neighbours", "ridge", "ferns", "stumps"),
        "rings": ("ridge", "descent", "neighbours", "kernel", "features", "bins", "bayes"),
        "mixture": ("prototypes", "neighbours", "bayes", "kernel", "descent", "ridge", "features"),
        "counts": ("ridge", "descent", "stumps", "bins"),
    },
    "heldout": {
        "friedman": ("ridge", "bins", "features", "ferns", "stumps", "kernel", "neighbours"),
        "bumps": ("kernel", "neighbours", "features", "ferns", "bins"),
        "checker": ("neighbours", "kernel", "features", "ferns"),
        "spirals": ("neighbours", "kernel", "features", "prototypes", "ferns"),
        "counts": ("ridge", "descent", "stumps", "bins"),
    },
}
"""Generators of each split, and the methods that suit them."""

_CLASSES = ("rings", "mixture", "checker", "spirals")
_PLANE = ("checker", "spirals", "bumps")


def _columns_used(rng: random.Random, kind: str) -> int:
    """How many columns the target depends on."""
    fixed = {"friedman": 5, "spirals": 2, "checker": 2}
    ranges = {"rings": (2, 4), "bumps": (2, 3), "periodic": (2, 4)}
    return fixed.get(kind) or rng.randint(*ranges.get(kind, (4, 7)))


def _labels(rng: random.Random, kind: str, choices: list[list[str]]) -> list[str]:
    """Classes of a classification; none for a regression."""
    if kind == "counts" or (kind not in _CLASSES and rng.random() >= 0.4):
        return []
    if kind == "checker":
        choices = [labels for labels in choices if len(labels) == 2]
    return sorted(rng.choice(choices))


def _values(rng: random.Random, kind: str, labels: list[str]) -> dict[str, Any]:
    """Sizes, noise, gaps, and what each generator wants to know."""
    hidden = rng.randrange(400, 720, 20)
    rows = hidden + rng.randrange(420, 1000, 20)
    scored = kind not in ("counts", *_CLASSES)  # a score comes first; classes are its levels
    levels = [round(i / len(labels), 3) for i in range(1, len(labels))]
    rare = len(labels) == 2 and kind not in _PLANE and rng.random() < 0.3
    return {
        "drawn": int(rows * 1.7) if rare else rows,
        "rows": rows,
        "hidden": hidden,
        "d": _columns_used(rng, kind),
        "extra": rng.choice([0, 0, 1] if kind in _PLANE else [0, 1, 2, 3]),
        "noise": rng.choice([0.05, 0.1, 0.2, 0.3]) if scored else 0,
        "flip": rng.choice([0, 0, 0.03, 0.08]) if labels else 0,
        "missing": rng.choice([0.05, 0.1]) if kind not in ("rings", *_PLANE) and rng.random() < 0.25 else 0,
        "rare": [rng.randrange(2), 0.25] if rare else None,
        "cuts": levels if scored else [],
        "edges": levels,
        "jitter": 0,
        "terms": rng.randint(5, 12),
        "linear": rng.choice([0.2, 0.5, 1.0]),
        "low": 2,
        "high": rng.choice([5, 7]),
        "spread": rng.choice([0.1, 0.2] if kind == "bumps" else [0.6, 0.8]),
        "level": rng.choice([1.0, 2.0]),
        "blur": {"rings": 0.08, "checker": 0.02, "spirals": 0.05}.get(kind, 0),
        "cells": rng.choice([2, 3]),
        "turns": rng.choice([1.5, 2.0]),
        "clumps": rng.randint(2, 3),
        "apart": round(rng.uniform(1.2, 1.8), 2),
    }


def draw(rng: random.Random, split: str, kind: str) -> Source:
    """Draws a table of that kind about one of the split's subjects."""
    theme = rng.choice(data("tabular/themes.yaml")[split])
    labels = _labels(rng, kind, theme["labels"])
    values = _values(rng, kind, labels)
    width = values["d"] + values["extra"]
    rows: str = theme["rows"]
    return Source(
        kind=kind,
        slug=theme["slug"],
        title=f"{rows.capitalize()}: {' or '.join(labels) or theme['value'].replace('_', ' ')}",
        topic=f"{'classification' if labels else 'regression'} of {rows}",
        domain=theme["domain"],
        rows=rows,
        target=rng.choice(["state", "class", "kind", "status", "label"]) if labels else theme["value"],
        columns=rng.sample(theme["columns"], width),
        labels=labels,
        cores=KINDS[split][kind],
        rare=values["rare"] is not None,
        count=values["rows"],
        values=values | units(rng, width),
    )
