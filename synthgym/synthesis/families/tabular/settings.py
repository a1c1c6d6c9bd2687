"""Settings of a starter: what they mean, what they are called, and from which values they start."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

Value = bool | int | float

DECOYS = ("verbose", "digits")
"""Concepts that change nothing that counts."""


@dataclass(frozen=True)
class Concept:
    """A kind of setting.

    Attributes:
        names: What it may be called; `rare` are used in the held-out split only.
        notes: Wordings of its comment.
        weak: Defaults that leave much to gain.
        fair: Defaults that need no change.
    """

    names: tuple[str, ...]
    rare: tuple[str, ...]
    notes: tuple[str, ...]
    weak: tuple[Value, ...]
    fair: tuple[Value, ...]


CONCEPTS: dict[str, Concept] = {
    "penalty": Concept(
        ("penalty", "ridge", "l2", "shrinkage"),
        ("l2_penalty", "weight_penalty"),
        ("penalty on the weights", "strength of the penalty", "penalty, larger is flatter"),
        (20000.0, 50000.0, 100000.0),
        (1.0, 3.0),
    ),
    "smoothing": Concept(
        ("smoothing", "var_floor", "smooth"),
        ("var_smoothing",),
        ("smoothing added to each variance", "smoothing of the variances"),
        (300.0, 1000.0),
        (0.3,),
    ),
    "degree": Concept(
        ("degree", "powers", "order"),
        ("max_degree",),
        ("highest power of a column", "powers of each column"),
        (1,),
        (2,),
    ),
    "cross": Concept(
        ("cross", "products", "interactions"),
        ("use_products",),
        ("add products of columns", "multiply columns in pairs"),
        (False,),
        (True, False),
    ),
    "squares": Concept(
        ("squares", "add_squares", "squared"), ("with_squares",), ("add squared columns",), (False,), (True, False)
    ),
    "scale": Concept(
        ("scale", "standardise", "rescale", "normalise"),
        ("scale_columns",),
        ("bring columns to one scale", "same scale for all columns"),
        (False,),
        (True,),
    ),
    "impute": Concept(
        ("impute", "fill_means"),
        ("impute_gaps",),
        ("fill gaps with means, not 0",),
        (False,),
        (True,),
    ),
    "balance": Concept(
        ("balance", "reweight", "class_weights"),
        ("balance_classes",),
        ("weigh rare classes up", "make up for rare classes"),
        (False,),
        (True,),
    ),
    "log": Concept(
        ("log_target", "use_log"), ("fit_log",), ("fit the log of the target", "work on log counts"), (False,), (True,)
    ),
    "rate": Concept(
        ("rate", "step_size", "learning_rate"),
        ("step_rate",),
        ("size of a step", "how far a step goes"),
        (0.0005, 0.001, 0.002),
        (0.1,),
    ),
    "epochs": Concept(
        ("epochs", "passes", "iterations"),
        ("n_epochs",),
        ("passes over the data", "number of updates"),
        (4, 5, 8),
        (80,),
    ),
    "rounds": Concept(
        ("rounds", "stages", "steps"), ("n_rounds",), ("rounds of fitting", "number of rounds"), (1, 2, 3), (60,)
    ),
    "cuts": Concept(
        ("cuts", "thresholds"), ("n_cuts",), ("cut points a column", "thresholds tried a column"), (1,), (8,)
    ),
    "bins": Concept(("bins", "buckets"), ("n_bins",), ("bins a column", "number of bins"), (2,), (12,)),
    "depth": Concept(("depth", "levels"), ("max_depth",), ("questions asked in a row", "depth of a tree"), (1,), (4,)),
    "units": Concept(
        ("units", "n_features", "hidden"),
        ("n_units",),
        ("number of random features", "random features used"),
        (4, 5, 8),
        (60,),
    ),
    "neighbours": Concept(
        ("neighbours", "k", "nearest"),
        ("n_neighbours",),
        ("neighbours that vote", "how many neighbours count"),
        (1, 200, 300, 400),
        (9, 12),
    ),
    "width": Concept(
        ("width", "bandwidth", "radius"),
        ("kernel_width",),
        ("width of the kernel", "how far a point reaches"),
        (10.0, 20.0, 30.0),
        (0.15, 0.25),
    ),
    "prototypes": Concept(
        ("prototypes", "centres", "clusters"),
        ("n_centres",),
        ("centres a class", "points that stand for a class"),
        (1,),
        (8,),
    ),
    "use_rows": Concept(
        ("use_rows", "max_rows", "row_limit"),
        ("n_rows",),
        ("training rows used", "only the first rows"),
        (20, 30, 40),
        (100000,),
    ),
    "verbose": Concept(("verbose", "debug", "echo"), ("chatty",), ("print the sizes", "print more"), (), (False,)),
    "digits": Concept(
        ("digits", "decimals", "precision"), ("n_digits",), ("digits kept", "round to this many digits"), (), (6, 8)
    ),
    "use_columns": Concept(
        ("use_columns", "max_columns", "column_limit"),
        ("n_columns",),
        ("columns used", "only the first columns"),
        (1, 2),
        (1000,),
    ),
}


@dataclass(frozen=True)
class Setting:
    """One line of a settings block."""

    concept: str
    name: str
    value: Value
    note: str


def draw(rng: random.Random, concepts: Sequence[str], weak: set[str], heldout: bool) -> list[Setting]:
    """Names, values and comments for concepts; those in `weak` get a weak default."""
    settings = []
    for concept in concepts:
        what = CONCEPTS[concept]
        names = what.names + (what.rare * 2 if heldout else ())
        value = rng.choice(what.weak if concept in weak else what.fair)
        settings.append(Setting(concept, rng.choice(names), value, rng.choice(what.notes)))
    rng.shuffle(settings)
    return settings
