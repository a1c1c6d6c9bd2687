"""Where a table comes from: scikit-learn's bundled data or a generator, and what is done to it.

A bundled table belongs to one split, and so do most generators. Bundled rows are permuted, jittered, given other units
and other column names, so that remembering the public table does not help.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from synthgym.registry.challenge import Dataset
from synthgym.synthesis.families.render import data

GENERATED = Dataset(source="generated")

SMOOTH = ("ridge", "descent", "neighbours", "bins", "stumps", "ferns", "features", "kernel")


@dataclass
class Source:
    """A drawn table: what words need, and `values` for `prepare.py`."""

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
    dataset: Dataset = field(default_factory=lambda: GENERATED)
    rare: bool = False
    count: int = 0
    values: dict[str, Any] = field(default_factory=dict)


KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "train": {
        "interactions": ("ridge", "descent", "features", "kernel", "stumps", "ferns"),
        "steps": ("stumps", "ferns", "bins", "neighbours", "features"),
        "periodic": ("bins", "features", "kernel", "neighbours", "ridge", "ferns", "stumps"),
        "rings": ("ridge", "descent", "neighbours", "kernel", "features", "bins", "bayes"),
        "mixture": ("prototypes", "neighbours", "bayes", "kernel", "descent", "ridge", "features"),
        "counts": ("ridge", "descent", "stumps", "bins"),
        "cancer": ("neighbours", "bayes", "descent", "ridge", "prototypes", "stumps", "bins", "kernel"),
        "digits": ("neighbours", "prototypes", "descent", "ridge", "bayes", "features", "kernel"),
    },
    "heldout": {
        "friedman": ("ridge", "bins", "features", "ferns", "stumps", "kernel", "neighbours"),
        "bumps": ("kernel", "neighbours", "features", "ferns", "bins"),
        "checker": ("neighbours", "kernel", "features", "ferns"),
        "spirals": ("neighbours", "kernel", "features", "prototypes", "ferns"),
        "counts": ("ridge", "descent", "stumps", "bins"),
        "diabetes": ("ridge", "descent", "neighbours", "kernel", "bins", "stumps"),
    },
}
"""Kinds of table in each split, and the methods that suit them."""

WEIGHTS = {"cancer": 3, "digits": 3, "diabetes": 3, "interactions": 2, "steps": 2}

CLASSES_ONLY = {"rings", "mixture", "checker", "spirals"}


def _units(rng: random.Random, width: int) -> dict[str, list[float]]:
    """A unit of its own for each column."""
    scales = [float(f"{10 ** rng.uniform(-1.5, 2.5):.3g}") for _ in range(width)]
    return {"scales": scales, "offsets": [float(f"{scale * rng.uniform(-3, 3):.3g}") for scale in scales]}


def _neutral(rng: random.Random, width: int, split: str) -> list[str]:
    """Column names that say nothing, for tables whose own names are public."""
    style = rng.choice(["m{}", "col_{}", "f{:02d}", "reading_{}"] if split == "train" else ["v{}", "item_{:02d}", "x_{}"])
    return [style.format(number) for number in sorted(rng.sample(range(1, max(40, 2 * width)), width))]


def _generated(rng: random.Random, split: str, kind: str) -> Source:
    theme = rng.choice(data("themes.yaml")[split])
    classes = kind in CLASSES_ONLY or (kind != "counts" and rng.random() < 0.4)
    labels: list[str] = sorted(rng.choice(theme["labels"])) if classes else []
    if kind == "checker" and len(labels) > 2:
        labels = labels[:2]
    hidden = rng.randrange(400, 720, 20)
    train = rng.randrange(420, 1000, 20)
    d = {"friedman": 5, "spirals": 2, "checker": 2, "rings": rng.randint(2, 4), "bumps": rng.randint(2, 3)}.get(
        kind, rng.randint(4, 7)
    )
    if kind == "periodic":
        d = rng.randint(2, 4)
    noisy = kind not in ("counts", *CLASSES_ONLY)
    values: dict[str, Any] = {
        "drawn": train + hidden,
        "rows": train + hidden,
        "hidden": hidden,
        "d": d,
        "noise": rng.choice([0.05, 0.1, 0.2, 0.3]) if noisy else 0,
        "cuts": [],
        "flip": rng.choice([0, 0, 0.03, 0.08]) if classes else 0,
        "rare": None,
        "jitter": 0,
        "extra": rng.choice([0, 1, 2, 3]) if kind not in ("checker", "spirals", "bumps") else rng.choice([0, 0, 1]),
        "missing": rng.choice([0.05, 0.1]) if rng.random() < 0.2 and kind not in ("checker", "spirals", "rings") else 0,
        "terms": rng.randint(5, 12),
        "linear": rng.choice([0.2, 0.5, 1.0]),
        "low": 2,
        "high": rng.choice([5, 7]),
        "spread": rng.choice([0.1, 0.2]) if kind == "bumps" else rng.choice([0.7, 1.0]),
        "level": rng.choice([1.0, 2.0]),
        "blur": {"rings": 0.08, "checker": 0.02, "spirals": 0.05}.get(kind, 0),
        "cells": rng.choice([2, 3]),
        "turns": rng.choice([1.5, 2.0]),
        "clumps": rng.randint(1, 3),
        "apart": round(rng.uniform(1.2, 1.8), 2),
    }
    if classes:
        k = len(labels)
        values["edges"] = [round(i / k, 3) for i in range(1, k)]
        if noisy:
            values["cuts"] = values["edges"]
        if k == 2 and rng.random() < 0.3 and kind not in ("checker", "spirals"):
            values["rare"] = [rng.randrange(2), 0.25]
            values["drawn"] = int(values["drawn"] * 1.7)
    width = d + values["extra"]
    columns = rng.sample(theme["columns"], width)
    target = theme["value"] if not labels else rng.choice(["state", "class", "kind", "status", "label"])
    values |= _units(rng, width)
    values |= {"target_scale": float(f"{10 ** rng.uniform(-0.5, 2):.3g}"), "target_offset": round(rng.uniform(-50, 300), 1)}
    what = listed_title(labels) if labels else theme["value"].replace("_", " ")
    return Source(
        kind,
        theme["slug"],
        f"{theme['rows'].capitalize()}: {what}",
        f"{'classification' if labels else 'regression'} of {theme['rows']}",
        theme["domain"],
        theme["rows"],
        target,
        columns,
        labels,
        KINDS[split][kind],
        rare=bool(values["rare"]),
        values=values,
    )


def listed_title(labels: list[str]) -> str:
    """Classes as a title names them."""
    return " or ".join(labels)


def _bundled(rng: random.Random, split: str, kind: str) -> Source:
    values: dict[str, Any] = {
        "noise": 0, "cuts": [], "flip": 0, "rare": None, "extra": rng.choice([0, 0, 2]), "missing": 0,
        "jitter": rng.choice([0.02, 0.04]), "predict": None, "use": [], "group": [], "other": [], "hide": 0, "view": "", "d": 0,
    }  # fmt: skip
    labels: list[str] = []
    if kind == "cancer":
        slug, rows, domain, count, file = "cells", "tissue samples", "medicine", 569, ["breast_cancer.csv"]
        values["hidden"] = rng.randrange(240, 290, 10)
        if rng.random() < 0.55:
            labels, target = rng.choice([["benign", "malignant"], ["clear", "suspect"], ["healthy", "ill"]]), "finding"
            values["use"] = sorted(rng.sample(range(30), rng.randint(6, 14)))
            if rng.random() < 0.3:
                values["flip"] = 0.05
        else:
            target = rng.choice(["measure", "quantity", "level"])
            values["predict"] = rng.choice([5, 6, 7, 10, 13, 23, 25, 26, 27])
            near = {values["predict"], values["predict"] % 10, values["predict"] % 10 + 10, values["predict"] % 10 + 20}
            values["use"] = sorted(rng.sample([c for c in range(30) if c not in near], rng.randint(6, 12)))
        width = len(values["use"])
        what = f"{listed_title(labels)}" if labels else "a hidden measurement"
        title = f"Cell nuclei: {what}"
    elif kind == "digits":
        slug, rows, domain, count, file = "digits", "scanned digits", "images", 1797, ["digits.csv.gz"]
        values["hidden"] = rng.randrange(500, 800, 20)
        values["view"] = rng.choice(["mix", "pool", "profile"])
        values["d"] = rng.randint(10, 24)
        width = {"mix": values["d"], "pool": 16, "profile": 16}[values["view"]]
        how = rng.choice(["digit", "group", "group", "pair", "ink"])
        values["predict"] = how
        target = rng.choice(["class", "kind", "sign"])
        if how == "digit":
            labels, what = [f"d{i}" for i in range(10)], "which digit"
        elif how == "ink":
            target, width = "ink", width - 1
            values["hide"] = rng.randrange(width)
            what = "ink of a hidden part"
            if values["view"] == "mix":
                values["view"] = "pool"
                width = 15
                values["hide"] = rng.choice([5, 6, 9, 10])
        else:
            some = rng.sample(range(10), 6)
            values["group"], values["other"] = (sorted(some[:3]), sorted(some[3:])) if how == "pair" else (sorted(some[: rng.randint(3, 5)]), [])
            if how == "group" and rng.random() < 0.4:
                values["group"] = [1, 3, 5, 7, 9]
            labels = rng.choice([["left", "right"], ["inside", "outside"], ["blue", "red"]])
            what = f"is it one of {', '.join(map(str, values['group']))}"
            values["hidden"] = rng.randrange(340, 440, 20) if how == "pair" else values["hidden"]
        title = f"Scanned digits: {what}"
    else:
        slug, rows, domain, count, file = "clinic", "patients", "medicine", 442, ["diabetes_data_raw.csv.gz", "diabetes_target.csv.gz"]
        values["hidden"] = rng.randrange(200, 221, 4)
        values["predict"] = rng.choice([10, 10, 2, 4, 5, 6, 7, 8])
        values["use"] = [c for c in range(11) if c != values["predict"]]
        if values["predict"] == 10 and rng.random() < 0.5:
            labels, target = rng.choice([["mild", "severe"], ["gentle", "steep"]]), "course"
            values["cuts"] = [rng.choice([0.4, 0.5, 0.6])]
        else:
            target = rng.choice(["marker", "index", "outcome"])
        dropped = rng.sample(values["use"], rng.randint(0, 2))
        values["use"] = [c for c in values["use"] if c not in dropped]
        width = len(values["use"])
        title = f"Clinic patients: {listed_title(labels) if labels else 'a laboratory value'} ({target})"
    values |= {"rows": count - rng.randrange(0, 20), "drawn": count, **_units(rng, width + values["extra"])}
    values |= {"target_scale": float(f"{10 ** rng.uniform(-0.5, 2):.3g}"), "target_offset": round(rng.uniform(-50, 300), 1)}
    columns = _neutral(rng, width + values["extra"], split)
    topic = f"{'classification' if labels else 'regression'} of {rows}"
    return Source(
        kind, slug, title, topic, domain, rows, target, columns, labels, KINDS[split][kind],
        dataset=Dataset(source="sklearn", files=file), values=values,
    )  # fmt: skip


def draw_source(rng: random.Random, split: str) -> Source:
    """Draws a table for the split."""
    kinds = list(KINDS[split])
    kind = rng.choices(kinds, [WEIGHTS.get(name, 1) for name in kinds])[0]
    maker = _bundled if kind in ("cancer", "digits", "diabetes") else _generated
    source = maker(rng, split, kind)
    source.values["seed"] = rng.randrange(10**6)
    source.count = source.values["rows"]
    return source
