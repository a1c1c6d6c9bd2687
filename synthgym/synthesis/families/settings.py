"""Settings of a starter: what they mean, what they are called, and the file formats that hold them.

Starters are written against ``S.<concept>``. A layout gives each concept's expression (``PENALTY``,
``cfg["penalty"]``, …), the lines that define or load the settings, and the files that hold them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

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
        (True,),
    ),
    "squares": Concept(
        ("squares", "add_squares", "squared"), ("with_squares",), ("add squared columns",), (False,), (True,)
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
        (2, 3, 4),
        (60,),
    ),
    "neighbours": Concept(
        ("neighbours", "k", "nearest"),
        ("n_neighbours",),
        ("neighbours that vote", "how many neighbours count"),
        (1, 300, 400),
        (9, 12),
    ),
    "width": Concept(
        ("width", "bandwidth", "radius"),
        ("kernel_width",),
        ("width of the kernel", "how far a point reaches"),
        (20.0, 30.0),
        (1.0,),
    ),
    "prototypes": Concept(
        ("prototypes", "centres", "clusters"), ("n_centres",), ("centres a class", "points that stand for a class"), (1,), (8,)
    ),
    "use_rows": Concept(
        ("use_rows", "max_rows", "row_limit"),
        ("n_rows",),
        ("training rows used", "only the first rows"),
        (20, 30, 40),
        (100000,),
    ),
    "verbose": Concept(
        ("verbose", "debug", "echo"), ("chatty",), ("print the sizes", "print more"), (), (False,)
    ),
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


@dataclass(frozen=True)
class Layout:
    """Where settings stand and how code reaches them.

    Attributes:
        lines: Code that defines or loads the settings.
        expressions: Code for each concept's value.
        outside: The settings live in a file of their own (its name is in `file`).
        imports: Modules that `lines` needs.
    """

    lines: list[str]
    expressions: dict[str, str]
    file: str = ""
    body: str = ""
    imports: tuple[str, ...] = ()
    flags: str = field(default="")

    @property
    def outside(self) -> bool:
        """Whether the main file does not hold the settings itself."""
        return bool(self.file)


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


def _aligned(lines: list[tuple[str, str]], rng: random.Random, mark: str = "#") -> list[str]:
    """Code with its comments, in one column or not, all of them or none."""
    style = rng.random()
    if style < 0.1:
        return [code for code, _ in lines]
    width = max(len(code) for code, _ in lines) if style < 0.45 else 0
    return [f"{code:<{width}}  {mark} {note}" for code, note in lines]


def _constants(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    upper = rng.random() < 0.6
    names = {s.concept: s.name.upper() if upper else s.name for s in settings}
    lines = [(f"{s.name.upper() if upper else s.name} = {s.value}", s.note) for s in settings]
    return Layout(_aligned(lines, rng), names)


def _dictionary(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    name = rng.choice(["options", "knobs"] if heldout else ["config", "params", "CONFIG"])
    lines = _aligned([(f'    "{s.name}": {s.value},', s.note) for s in settings], rng)
    return Layout([f"{name} = {{", *lines, "}"], {s.concept: f'{name}["{s.name}"]' for s in settings})


def _class(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    name = rng.choice(["Settings", "Options", "Setup"])
    lines = _aligned([(f"    {s.name} = {s.value}", s.note) for s in settings], rng)
    return Layout([f"class {name}:", *lines], {s.concept: f"{name}.{s.name}" for s in settings})


def _json(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    file = rng.choice(["options.json", "setup.json"] if heldout else ["config.json", "params.json", "settings.json"])
    body = json.dumps({s.name: s.value for s in settings}, indent=rng.choice([1, 2, 4])) + "\n"
    load = f'cfg = json.load(open("{file}"))'
    return Layout([load], {s.concept: f'cfg["{s.name}"]' for s in settings}, file, body, ("json",))


def _ini(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    file = rng.choice(["setup.ini", "run.ini"] if heldout else ["config.ini", "model.ini", "settings.ini"])
    section = rng.choice(["model", "fit", "method"])
    equals = rng.choice([" = ", "="])
    lines = _aligned([(f"{s.name}{equals}{json.dumps(s.value)}", s.note) for s in settings], rng, rng.choice("#;"))
    load = [
        'ini = configparser.ConfigParser(inline_comment_prefixes="#;")',
        f'ini.read("{file}")',
        f'cfg = {{name: json.loads(value) for name, value in ini["{section}"].items()}}',
    ]
    body = "\n".join([f"[{section}]", *lines]) + "\n"
    return Layout(load, {s.concept: f'cfg["{s.name}"]' for s in settings}, file, body, ("configparser", "json"))


def _module(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    name = rng.choice(["options", "knobs"] if heldout else ["config", "settings", "params"])
    lines = _aligned([(f"{s.name} = {s.value}", s.note) for s in settings], rng)
    head = rng.choice(['"""Settings of the baseline."""\n', "# Settings, read by the main script.\n", ""])
    return Layout(
        [f"import {name} as cfg"],
        {s.concept: f"cfg.{s.name}" for s in settings},
        f"{name}.py",
        head + "\n".join(lines) + "\n",
    )


def _text(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    file = rng.choice(["settings.yaml", "setup.yaml", "options.yml"])
    lines = _aligned([(f"{s.name}: {json.dumps(s.value)}", s.note) for s in settings], rng)
    load = [
        f'lines = [line.split("#")[0].split(":") for line in open("{file}")]',
        "cfg = {name: json.loads(value) for name, value in lines}",
    ]
    return Layout(load, {s.concept: f'cfg["{s.name}"]' for s in settings}, file, "\n".join(lines) + "\n", ("json",))


def _arguments(settings: list[Setting], rng: random.Random, heldout: bool) -> Layout:
    file = rng.choice(["run.sh", "start.sh", "train.sh"])
    flags = " ".join(f"{s.name}={json.dumps(s.value)}" for s in settings)
    load = [
        'pairs = [argument.split("=") for argument in sys.argv[1:]]',
        "cfg = {name: json.loads(value) for name, value in pairs}",
    ]
    return Layout(load, {s.concept: f'cfg["{s.name}"]' for s in settings}, file, "", ("json", "sys"), flags)


LayoutMaker = Callable[[list[Setting], random.Random, bool], Layout]

LAYOUTS: dict[str, dict[str, tuple[LayoutMaker, int]]] = {
    "train": {
        "constants": (_constants, 5),
        "dictionary": (_dictionary, 2),
        "json": (_json, 2),
        "ini": (_ini, 2),
        "module": (_module, 2),
        "arguments": (_arguments, 1),
    },
    "heldout": {
        "constants": (_constants, 4),
        "dictionary": (_dictionary, 2),
        "json": (_json, 2),
        "ini": (_ini, 1),
        "module": (_module, 2),
        "class": (_class, 2),
        "text": (_text, 1),
    },
}
"""Layouts and their weights; each split has some of its own."""


def lay_out(settings: list[Setting], rng: random.Random, split: str) -> tuple[str, Layout]:
    """Draws a layout for the split."""
    table: dict[str, Any] = LAYOUTS[split]
    name = rng.choices(list(table), [weight for _, weight in table.values()])[0]
    maker: LayoutMaker = table[name][0]
    return name, maker(settings, rng, split == "heldout")
