"""Starter code of tabular challenges: a weak method, a settings block, a layout, names."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from synthgym.registry.metrics import MetricDef
from synthgym.synthesis.families.render import rename, render
from synthgym.synthesis.families.tabular.layouts import Layout, lay_out
from synthgym.synthesis.families.tabular.settings import Setting, draw


@dataclass(frozen=True)
class Core:
    """A method.

    Attributes:
        words: What the description calls it.
        concepts: Settings it has.
        handicaps: Settings that may start from weak values, those of one group at a time: each can then be seen to
            help by itself. ``scale``: it compares rows, and columns come in units of their own.
        classes_only: It cannot predict numbers.
        random: It draws random numbers, so its result may depend on ``SEED``.
    """

    words: tuple[str, ...]
    concepts: tuple[str, ...]
    handicaps: tuple[tuple[str, ...], ...]
    classes_only: bool = False
    random: bool = False

    @property
    def compares_rows(self) -> bool:
        """Whether columns must have one scale."""
        return ("scale",) in self.handicaps


CORES: dict[str, Core] = {
    "ridge": Core(
        ("ridge regression", "least squares with a penalty"),
        ("penalty", "degree", "cross"),
        (("penalty",), ("degree", "cross")),
    ),
    "descent": Core(
        ("a linear model by gradient descent", "gradient descent"),
        ("rate", "epochs", "squares"),
        (("rate",), ("epochs", "squares")),
    ),
    "neighbours": Core(
        ("nearest neighbours", "a vote of near rows"), ("neighbours",), (("neighbours",), ("neighbours",), ("scale",))
    ),
    "bayes": Core(("naive Bayes", "Gaussian naive Bayes"), ("smoothing",), (("smoothing",),), classes_only=True),
    "bins": Core(
        ("binned means", "a sum of step curves"),
        ("bins", "rounds", "rate"),
        (("rounds", "bins"), ("rate",)),
    ),
    "stumps": Core(
        ("boosted stumps", "a few decision stumps"),
        ("rounds", "rate", "cuts"),
        (("rounds", "cuts"), ("rounds",), ("rate",)),
    ),
    "ferns": Core(
        ("random ferns", "small random trees"),
        ("rounds", "depth", "rate"),
        (("rounds",), ("rounds",), ("depth",), ("rate",)),
        random=True,
    ),
    "features": Core(
        ("random cosine features", "random features and ridge"),
        ("units", "penalty"),
        (("units",), ("units",), ("penalty",), ("scale",)),
        random=True,
    ),
    "kernel": Core(("a kernel smoother", "a weighted mean of near rows"), ("width",), (("width",), ("scale",))),
    "prototypes": Core(
        ("nearest centres", "class centres"), ("prototypes",), (("prototypes",), ("scale",)), classes_only=True
    ),
}

SHRINKING = {"penalty", "rate", "smoothing", "width"}
"""Settings whose weak values shrink what is predicted and hardly change its order: no handicap where only the likeliest
class, or the order, counts."""


@dataclass(frozen=True)
class Table:
    """What a starter must know of the data and the submission."""

    train_csv: str
    test_csv: str
    first: bool
    labels: list[str]
    metric: MetricDef
    submission: str
    columns: list[str]
    missing: bool
    counts: bool
    rare: bool
    few_columns: bool = False

    @property
    def probabilities(self) -> bool:
        """Whether a probability is asked for of each class."""
        return self.metric.kind == "probability" and not self.metric.ranks


@dataclass
class Starter:
    """Files of a workspace, and what a description says of them."""

    core: str
    files: dict[str, str] = field(default_factory=dict)
    command: str = ""
    main: str = ""
    settings_file: str = ""
    words: str = ""


MAINS = {
    "train": ("train.py", "baseline.py", "fit.py", "run.py", "start.py"),
    "heldout": ("solve.py", "main.py", "predict.py", "go.py"),
}
FOLDERS = {"train": ("src", "lib"), "heldout": ("tools", "parts")}
SUBJECTS = (
    ("X", "Y", "Q"),
    ("A", "T", "B"),
    ("known", "target", "new"),
    ("inputs", "targets", "queries"),
    ("X", "Y", "X_test"),
)


def _settings(core: Core, table: Table, rng: random.Random, heldout: bool) -> list[Setting]:
    concepts = list(core.concepts)
    weak = set(rng.choice([group for group in core.handicaps if group != ("scale",) or not table.few_columns]))
    if "scale" in weak or (core.compares_rows and rng.random() < 0.25):
        concepts.append("scale")
    if table.missing:
        weak.add("impute")
    if table.counts and rng.random() < 0.8:
        weak.add("log")
    if table.rare and table.metric.by_class:
        weak.add("balance")
    by_order = bool(table.labels) and not table.probabilities
    if table.few_columns or (by_order and weak & SHRINKING) or table.metric.ranks:
        weak.add("use_columns")
    elif "scale" not in weak and rng.random() < 0.25:
        weak.add("use_columns" if core.classes_only else rng.choice(["use_rows", "use_columns"]))
    concepts += sorted(weak - set(concepts))
    if rng.random() < 0.4:
        concepts.append(rng.choice(["verbose", "digits"]))
    return draw(rng, concepts, weak, heldout)


_SCALING = "    X, Q = ((Z - X.mean(0)) / (X.std(0) + 1e-9) for Z in (X, Q))"


def _body(core_name: str, uses: set[str], labels: bool, seed: str) -> str:
    """The function `predict`, with the steps that settings ask for before its own."""
    text = render("tabular/cores.py.j2", core=core_name, uses=uses, labels=labels, seed=seed)
    head, rest = text.split("\n", 1)
    steps = []
    if "use_rows" in uses:
        steps.append("    X, Y = X[:S.use_rows], Y[:S.use_rows]")
    if "use_columns" in uses:
        steps.append("    X, Q = X[:, :S.use_columns], Q[:, :S.use_columns]")
    if "impute" in uses:
        steps += [
            "    gap = np.nanmean(X, 0) if S.impute else 0.0",
            "    X, Q = (np.where(np.isnan(Z), gap, Z) for Z in (X, Q))",
        ]
    if "scale" in uses:
        steps += ["    if S.scale:", f"    {_SCALING}"]
    elif CORES[core_name].compares_rows:
        steps.append(_SCALING)
    return "\n".join([head, *steps, rest])


def _ending(table: Table, uses: set[str], call: str) -> list[str]:
    """From the tables to the submission."""
    lines = ['train, test = (np.loadtxt(f"data/{name}", delimiter=",", skiprows=1, dtype=str)']
    lines.append(f'               for name in ("{table.train_csv}", "{table.test_csv}"))')
    if table.first:
        lines.append("X, y, Q = train[:, 1:].astype(float), train[:, 0], test.astype(float)")
    else:
        lines.append("X, y, Q = train[:, :-1].astype(float), train[:, -1], test.astype(float)")
    if table.labels:
        lines += ["classes = np.unique(y)", "Y = (y[:, None] == classes) * 1.0"]
    else:
        lines.append("Y = y.astype(float)[:, None]")
        if "log" in uses:
            lines += ["if S.log:", "    Y = np.log1p(Y)"]
    lines.append(f"F = {call}")
    if "digits" in uses:
        lines.append("F = np.round(F, S.digits)")
    if "log" in uses:
        lines += ["if S.log:", "    F = np.expm1(F)"]
    if "balance" in uses:
        lines += ["if S.balance:", "    F = F / Y.mean(0)"]
    out = "F"
    if table.probabilities:
        lines += ["F = np.clip(F, 0.03, 1)", "F /= F.sum(1, keepdims=True)"]
    elif table.metric.ranks:
        out = "F[:, 1]"
    elif table.labels:
        out = "classes[F.argmax(1)]"
    if "verbose" in uses:
        lines += ["if S.verbose:", "    print(X.shape, Q.shape)"]
    header = ",".join(table.columns)
    lines.append(f'np.savetxt("{table.submission}", {out}, fmt="%s", delimiter=",", header="{header}", comments="")')
    return lines


def _named(text: str, layout: Layout, names: dict[str, str]) -> str:
    for concept, expression in layout.expressions.items():
        text = text.replace(f"S.{concept}", expression) if f"S.{concept}" in text else text
    return rename(text, names)


def make(core_name: str, table: Table, rng: random.Random, split: str) -> Starter:
    """Draws settings, layout and names, and writes the files."""
    core = CORES[core_name]
    settings = _settings(core, table, rng, split == "heldout")
    uses = {setting.concept for setting in settings}
    kind, layout = lay_out(settings, rng, split)
    main = rng.choice(MAINS[split])
    names = dict(zip(("X", "Y", "Q"), rng.choice(SUBJECTS), strict=True))
    words = rng.choice(core.words)
    starter = Starter(core_name, main=main, words=words, command=f"python {main}")

    by_seed = core.random and rng.random() < 0.4
    seed = 'int(os.environ.get("SEED", 0))' if by_seed else str(rng.randrange(100))
    body = _body(core_name, uses, bool(table.labels), seed)
    apart = bool(layout.file) and rng.random() < 0.5
    call = "predict(X, Y, Q, cfg)" if apart else "predict(X, Y, Q)"
    if apart:
        body = body.replace("predict(X, Y, Q)", "predict(X, Y, Q, cfg)", 1)
    needs = set(layout.imports) | ({"os"} if by_seed and not apart else set())
    head = [rng.choice([f'"""Baseline: {words}."""', f"# {words}", f'"""{words.capitalize()}, a first try."""'])]
    head += [f"import {name}" for name in sorted(needs)] + ["import numpy as np"]
    if kind == "module":
        head += layout.lines
    if apart:
        folder, module = rng.choice(FOLDERS[split]), rng.choice(["model", core_name, "method"])
        head.append(f"from {folder}.{module} import predict")
        starter.files[f"{folder}/{module}.py"] = _named(
            ("import os\n" if by_seed else "") + "import numpy as np\n\n\n" + body, layout, names
        )
    loading = [] if kind == "module" else ["", *layout.lines]
    definition = [] if apart else ["", "", *body.rstrip().split("\n")]
    gap = [""] if apart or kind == "module" else ["", ""]
    ending = _ending(table, uses, call)
    code = "\n".join([*definition, *gap, *ending]) + "\n"
    starter.files[main] = "\n".join([*head, *loading]) + "\n" + _named(code, layout, names)
    if layout.file:
        starter.settings_file = layout.file
        starter.files[layout.file] = layout.body
    if layout.flags:
        starter.command = f"sh {layout.file}"
        starter.files[layout.file] = f"python {main} {layout.flags}\n"
    return starter
