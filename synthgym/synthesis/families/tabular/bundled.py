"""Tables from scikit-learn's bundled data. Each belongs to one split.

They are public, so that remembering them must not help: rows are permuted, columns are chosen, jittered, given other
units and names that say nothing; the target is another column, or another question about the same rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from synthgym.registry.challenge import Dataset
from synthgym.synthesis.families.tabular.sources import Source, units

_TELLING = [c for c in range(30) if c % 10 in (0, 2, 3, 6, 7)]
"""Columns of the breast cancer table for size and concavity: they nearly give the diagnosis."""
_OTHER = [c for c in range(30) if c not in _TELLING]


def _values(rng: random.Random, **known: Any) -> dict[str, Any]:
    """Values for `prepare.py`; what generators use is off."""
    off = {"noise": 0, "cuts": [], "flip": 0, "rare": None, "missing": 0}
    return off | {"extra": rng.choice([0, 0, 2]), "jitter": rng.choice([0.02, 0.04])} | known


def _cancer(rng: random.Random) -> Source:
    """569 tissue samples: the diagnosis, or one measurement from others."""
    if rng.random() < 0.55:
        labels = rng.choice([["benign", "malignant"], ["clear", "suspect"], ["healthy", "ill"]])
        target, predict = "finding", None
        use = sorted(rng.sample(_OTHER, rng.randint(5, 8)) + rng.sample(_TELLING, rng.randint(0, 2)))
    else:
        labels = []
        target, predict = rng.choice(["measure", "quantity", "level"]), rng.choice([5, 6, 7, 10, 13, 23, 25, 26, 27])
        use = sorted(rng.sample([c for c in range(30) if c % 10 != predict % 10], rng.randint(6, 12)))
    values = _values(
        rng,
        predict=predict,
        use=use,
        flip=rng.choice([0, 0, 0.05]) if labels else 0,
        hidden=rng.randrange(240, 290, 10),
        rows=569 - rng.randrange(20),
    )
    return Source(
        kind="cancer",
        slug="cells",
        title=f"Cell nuclei: {' or '.join(labels) or 'a hidden measurement'}",
        topic="diagnosis of tissue samples" if labels else "measurements of cell nuclei",
        domain="medicine",
        rows="tissue samples",
        target=target,
        columns=[""] * len(use),
        labels=labels,
        cores=("neighbours", "bayes", "descent", "ridge", "prototypes", "stumps", "bins", "kernel"),
        dataset=Dataset(source="sklearn", files=["breast_cancer.csv"]),
        few_columns=True,
        values=values,
    )


def _digits(rng: random.Random) -> Source:
    """1,797 images of digits: which digit, a group of digits or not, one group against another, a part of the image."""
    predict = rng.choice(["digit", "group", "group", "pair", "ink"])
    # In a profile, sums over rows and over columns, the rest would give a hidden part away.
    view = "pool" if predict == "ink" else rng.choice(["mix", "pool", "profile"])
    width = rng.randint(10, 24) if view == "mix" else 16
    chosen = rng.sample(range(10), 6)
    group, other = sorted(chosen[: rng.randint(3, 5)]), []
    if predict == "pair":
        group, other = sorted(chosen[:3]), sorted(chosen[3:])
    elif rng.random() < 0.4:
        group = [1, 3, 5, 7, 9]
    values = _values(
        rng,
        predict=predict,
        view=view,
        d=width,
        group=group,
        other=other,
        # Corners of the image are always blank.
        hide=rng.choice([5, 6, 9, 10]),
        hidden=rng.randrange(340, 440, 20) if predict == "pair" else rng.randrange(500, 800, 20),
        rows=1797 - rng.randrange(20),
    )
    labels = rng.choice([["left", "right"], ["inside", "outside"], ["blue", "red"]])
    question = f"one of {', '.join(map(str, group))}" + (f", or of {', '.join(map(str, other))}" if other else "")
    if predict == "digit":
        labels, question = [f"d{digit}" for digit in range(10)], "which digit"
    elif predict == "ink":
        labels, question = [], "ink of a hidden part"
    return Source(
        kind="digits",
        slug="digits",
        title=f"Scanned digits: {question}",
        topic="handwriting",
        domain="images",
        rows="scanned digits",
        target=rng.choice(["class", "kind", "sign"]) if labels else "ink",
        columns=[""] * (width - (predict == "ink")),
        labels=labels,
        cores=("neighbours", "prototypes", "descent", "ridge", "bayes", "features", "kernel"),
        dataset=Dataset(source="sklearn", files=["digits.csv.gz"]),
        few_columns=rng.random() < 0.6,
        values=values,
    )


def _diabetes(rng: random.Random) -> Source:
    """442 patients: the course of their diabetes or a laboratory value, as a number or in two classes."""
    predict = rng.choice([10, 10, 4, 4, 5, 5, 6, 7, 7, 8])
    labels = rng.choice([["mild", "severe"], ["gentle", "steep"]]) if rng.random() < 0.4 else []
    rest = [c for c in range(11) if c != predict]
    use = sorted(rng.sample(rest, rng.randint(8, 10)))
    target = rng.choice(["course", "grade"] if labels else ["marker", "index", "outcome"])
    values = _values(
        rng,
        predict=predict,
        use=use,
        cuts=[rng.choice([0.4, 0.5, 0.6])] if labels else [],
        hidden=rng.randrange(200, 221, 4),
        rows=442 - rng.randrange(10),
    )
    return Source(
        kind="diabetes",
        slug="clinic",
        title=f"Clinic patients: {' or '.join(labels) or 'a laboratory value'}",
        topic="patients with diabetes",
        domain="medicine",
        rows="patients",
        target=target,
        columns=[""] * len(use),
        labels=labels,
        cores=("ridge", "descent", "neighbours", "kernel", "bins", "stumps"),
        dataset=Dataset(source="sklearn", files=["diabetes_data_raw.csv.gz", "diabetes_target.csv.gz"]),
        few_columns=True,
        values=values,
    )


KINDS: dict[str, dict[str, Callable[[random.Random], Source]]] = {
    "train": {"cancer": _cancer, "digits": _digits},
    "heldout": {"diabetes": _diabetes},
}
"""Bundled tables of each split."""


def draw(rng: random.Random, split: str, kind: str) -> Source:
    """Draws a question about a bundled table."""
    source = KINDS[split][kind](rng)
    width = len(source.columns) + source.values["extra"]
    style = rng.choice(
        ["m{}", "col_{}", "f{:02d}", "reading_{}"] if split == "train" else ["v{}", "item_{:02d}", "x_{}"]
    )
    source.columns = [style.format(number) for number in sorted(rng.sample(range(1, max(40, 2 * width)), width))]
    source.count = source.values["rows"]
    source.values |= units(rng, width)
    return source
