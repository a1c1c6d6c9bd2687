"""What the model in these tests writes: topics, proposals and programs, all written by hand, good and broken.

A story is one candidate: a topic, the data set that is proposed for it (a small table that `table` makes), and the
programs. What is broken in it, and mended when the model is asked to, is in `breaks`; what is never mended in `flaw`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np

ROWS = 900


@dataclass(frozen=True)
class Story:
    """One candidate.

    Attributes:
        topic: What the model names, or is given.
        title: Of the challenge.
        dataset: Name on the Hub; ``generated`` for a module.
        columns: Four features of the table.
        target: Its target.
        kind: ``value``, ``label``, ``ranked``, ``classes``, or ``module``.
        breaks: Which program is broken at first, and how; see `BROKEN`.
        flaw: What is wrong for good; see `author_model`.
        grouped: Whether rows of one site stay together.
    """

    topic: str
    title: str
    dataset: str
    columns: tuple[str, str, str, str]
    target: str
    kind: str = "value"
    breaks: tuple[str, ...] = ()
    flaw: str = ""
    grouped: bool = False

    @property
    def features(self) -> list[str]:
        """The columns of its tables."""
        return sorted([*self.columns, *(["site"] if self.grouped else [])], reverse=True)

    @property
    def metric(self) -> str:
        """Its metric."""
        return {"value": "rmse", "label": "accuracy", "ranked": "roc_auc", "classes": "brier", "module": "mean_profit"}[
            self.kind
        ]

    @property
    def out(self) -> list[str]:
        """The columns of predictions.csv."""
        if self.kind == "classes":
            return [f"{self.target}_{name}" for name in CLASSES["classes"]]
        return [self.target]


CLASSES = {"label": ("high", "low", "medium"), "ranked": ("no", "yes"), "classes": ("amber", "green", "red")}


def table(story: Story) -> bytes:
    """The data set of a story as CSV: four features of which two work together, and the target."""
    rng = np.random.default_rng(sum(map(ord, story.dataset)))
    x = rng.normal(size=(ROWS, 4))
    signal = 0.7 * x[:, 0] + 1.5 * x[:, 1] * x[:, 2] + 0.2 * rng.normal(size=ROWS)
    if story.kind == "value":
        target = [f"{value:.4f}" for value in 10 + 3 * signal]
    elif story.kind == "ranked":
        target = [CLASSES["ranked"][int(value > 0.4)] for value in signal]
    else:
        cuts = np.quantile(signal, [0.3, 0.7])
        names = CLASSES["label"] if story.kind == "label" else CLASSES["classes"]
        order = ("low", "medium", "high") if story.kind == "label" else names
        target = [order[int(np.searchsorted(cuts, value))] for value in signal]
    if story.flaw == "constant target":
        target = ["1.5"] * ROWS
    lines = [",".join(["row", *(["site"] if story.grouped else []), *story.columns, story.target])]
    for number, (row, value) in enumerate(zip(x, target, strict=True)):
        site = [str(number // 9)] if story.grouped else []
        lines.append(",".join([str(number), *site, *(f"{cell:.4f}" for cell in row), value]))
    return ("\n".join(lines) + "\n").encode()


# -- programs ----------------------------------------------------------------------------------------------------------

PREPARE = '''"""Splits the table at random: 300 rows are hidden."""
import csv
import os
import random
from pathlib import Path

FEATURES = {features!r}
TARGET, OUT, CLASSES = {target!r}, {out!r}, {classes!r}
source, public, private = (Path(os.environ[name]) for name in ("SOURCE", "PUBLIC", "PRIVATE"))

with open(source / {file!r}, newline="") as file:
    rows = [row for row in csv.DictReader(file) if row[TARGET]]
random.Random("c2b1f0a86d5e4d0b9a37").shuffle(rows)
columns = sorted(FEATURES, reverse=True)


def inputs(row):
    return [f"{{float(row[name]) * 1.7:.5f}}" for name in columns]


def answers(row):
    if len(OUT) > 1:
        return [str(int(row[TARGET] == name)) for name in CLASSES]
    if CLASSES and len(CLASSES) == 2:
        return [str(int(row[TARGET] == CLASSES[1]))]
    return [row[TARGET]]


def write(path, header, lines):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\\n").writerows([header, *lines])


hidden, known = rows[:300], rows[300:]
write(public / "train.csv", columns + OUT, [inputs(row) + answers(row) for row in known])
write(public / "test.csv", columns, [inputs(row) for row in hidden])
write(private / "labels.csv", OUT, [answers(row) for row in hidden])
'''

AT_RANDOM = "hidden, known = rows[:300], rows[300:]"
BY_SITE = """hidden = [row for row in rows if int(row["site"]) % 3 == 0]
known = [row for row in rows if int(row["site"]) % 3]"""

FIT = '''"""{title}"""
import csv
import os

import numpy as np

OUT = {out!r}
seed = int(os.environ.get("SEED", "0"))


def read(name):
    with open(f"data/{{name}}.csv", newline="") as file:
        return list(csv.DictReader(file))


train, test = read("train"), read("test")
columns = [name for name in train[0] if name not in OUT]
X, Q = (np.array([[float(row[name]) for name in columns] for row in rows]) for rows in (train, test))
{features}
texts = [[row[name] for name in OUT] for row in train]
classes = sorted({{row[0] for row in texts}}) if {labels} else None
Y = np.array([[float(row[0] == name) for name in classes] for row in texts] if classes else texts, dtype=float)
weights, *_ = np.linalg.lstsq(X, Y, rcond=None)
F = Q @ weights
if classes:
    rows = [[classes[best]] for best in F.argmax(1)]
elif len(OUT) > 1:
    F = np.clip(F, 0.01, 1)
    rows = (F / F.sum(1, keepdims=True)).tolist()
else:
    rows = F.tolist()
with open("predictions.csv", "w", newline="") as file:
    csv.writer(file, lineterminator="\\n").writerows([OUT, *rows])
'''

ONE_COLUMN = """rng = np.random.default_rng(seed)
keep = rng.choice(len(X), 300, replace=False)
X, train = X[keep], [train[row] for row in keep]
X, Q = (np.hstack([np.ones((len(Z), 1)), Z[:, {first}:{after}]]) for Z in (X, Q))"""

SQUARES = """X, Q = (
    np.hstack([np.ones((len(Z), 1)), Z, *(Z[:, [i]] * Z[:, i:] for i in range(Z.shape[1]))]) for Z in (X, Q)
)"""

PREPARE_MODULE = '''"""Demand depends on the weather in a way that only the hidden instances know."""
import json
import os
import random

rng = random.Random(os.environ["SECRET"])
for folder, name in (("PUBLIC", "examples.json"), ("PRIVATE", "instances.json")):
    days = []
    for _ in range(400):
        warmth = rng.uniform(0, 10)
        days.append([round(warmth, 2), max(0, round(rng.gauss(5 + 3 * warmth, 4)))])
    with open(os.path.join(os.environ[folder], name), "w") as file:
        json.dump(days, file)
'''

EVALUATE_MODULE = '''"""Profit of ordering for days to come: 2 for each that is sold, -1 for each that is left."""
import json
import os
import random

from synthgym_grader import Module, write_result

days = json.load(open(os.path.join(os.environ["PRIVATE"], "instances.json")))
days = days[:200] if os.environ["PHASE"] == "validate" else days[200:]
module = Module(function="act", history=0)
module.reset(n=len(days), seed=int(os.environ["SEED"]))
profits = []
for (warmth, demand), order in zip(days, module.act([[warmth] for warmth, _ in days])):
    if isinstance(order, bool) or not isinstance(order, (int, float)) or not 0 <= order <= 1000:
        module.reject(f"expected a number from 0 to 1000, got {order!r}")
    sold = min(order, demand)
    profits.append(2 * sold - (order - sold))
mean = sum(profits) / len(profits)
write_result(mean, (sum((p - mean) ** 2 for p in profits) / len(profits) ** 2) ** 0.5)
'''

STRATEGY = '''"""Orders the same every day."""


def act(warmth):
    return 12
'''

BETTER_STRATEGY = '''"""Orders what is likely to be sold on a day so warm."""


def act(warmth):
    return 6.7 + 3 * warmth
'''


def programs(story: Story) -> dict[str, str]:
    """The programs of a story, all of them right."""
    if story.kind == "module":
        return {
            "prepare.py": PREPARE_MODULE,
            "evaluate.py": EVALUATE_MODULE,
            "strategy.py": STRATEGY,
            "better_strategy.py": BETTER_STRATEGY,
        }
    classes = list(CLASSES.get(story.kind, ()))
    labels = story.kind == "label"
    first = story.features.index(story.columns[0])
    prepare = PREPARE.format(
        features=story.features, target=story.target, out=story.out, classes=classes, file=file_of(story)
    )
    one = ONE_COLUMN.format(first=first, after=first + 1)
    return {
        "prepare.py": prepare.replace(AT_RANDOM, BY_SITE) if story.grouped else prepare,
        "baseline.py": FIT.format(title="A line through one column.", out=story.out, features=one, labels=labels),
        "reference.py": FIT.format(
            title="All columns, and their products.", out=story.out, features=SQUARES, labels=labels
        ),
    }


def file_of(story: Story) -> str:
    """The file of its data set."""
    return f"{story.dataset.partition('/')[2]}.csv"


@dataclass(frozen=True)
class Break:
    """A way in which a program is broken: which one, and what is written instead of what."""

    part: str
    old: str
    new: str
    check: str


BROKEN = {
    "a bracket is missing": Break(
        "prepare.py", "columns = sorted(FEATURES, reverse=True)", "columns = sorted(FEATURES, reverse=True", "prepare"
    ),
    "a column that is not there": Break("prepare.py", "row[TARGET]]", 'row["Target value"]]', "prepare"),
    "a file that is not there": Break("prepare.py", "with open(source / ", "with open(source / 'data' / ", "prepare"),
    "an import is missing": Break("baseline.py", "import csv\nimport os", "import os", "baseline"),
    "labels without a header": Break(
        "prepare.py",
        'write(private / "labels.csv", OUT, ',
        'write(private / "labels.csv", answers(hidden[0]), ',
        "prepare",
    ),
    "too few hidden rows": Break("prepare.py", "rows[:300], rows[300:]", "rows[:120], rows[120:]", "prepare"),
    "another header": Break(
        "baseline.py", "writerows([OUT, *rows])", 'writerows([["prediction"] * len(OUT), *rows])', "baseline"
    ),
    "a row is missing": Break("baseline.py", "[OUT, *rows]", "[OUT, *rows[1:]]", "baseline"),
    "another file": Break("baseline.py", 'open("predictions.csv"', 'open("submission.csv"', "baseline"),
    "it wants the network": Break(
        "baseline.py",
        'train, test = read("train")',
        'import urllib.request\nurllib.request.urlopen("https://example.org/train.csv")\ntrain, test = read("train")',
        "network",
    ),
    "it writes elsewhere": Break("baseline.py", 'open("predictions.csv"', 'open("/opt/predictions.csv"', "outside"),
    "the reference crashes": Break("reference.py", "weights, *_ = ", "weights = undefined_name, *_ = ", "reference"),
    "the reference is the starter": Break(
        "reference.py", SQUARES, "X, Q = X[:, :1] * 0 + 1, Q[:, :1] * 0 + 1", "impossible"
    ),
    "the target is left in": Break(
        "prepare.py",
        'write(public / "test.csv", columns, [inputs(row) for row in hidden])',
        'write(public / "test.csv", columns + ["note"], [inputs(row) + ["t" + row[TARGET]] for row in hidden])',
        "leaky",
    ),
    "groups are torn apart": Break("prepare.py", BY_SITE, AT_RANDOM, "split"),
    "it never ends": Break("reference.py", "weights, *_ = ", "while True:\n    pass\nweights, *_ = ", "slow"),
    "the strategy raises": Break("strategy.py", "return 12", "return warmth.order", "baseline"),
}
"""How programs are broken; `check` is the check that such a challenge fails."""


def proposal(story: Story, **changed: object) -> str:
    """What the model proposes, as JSON."""
    module = story.kind == "module"
    return json.dumps(
        {
            "title": story.title,
            "question": f"{story.title}: what can be told beforehand, for those who have to decide today?",
            "datasets": [story.dataset],
            "config": None,
            "target": "" if module else story.target,
            "kind": "module" if module else "file",
            "metric": story.metric,
            "direction": "lower" if story.metric in ("rmse", "brier") else "higher",
            "split": "grouped" if story.grouped else "random",
            "split_column": "site" if story.grouped else None,
            "cpu_seconds": 3,
            "why_hard": "Two of the measures only tell something together; a line through one of them misses it.",
            **changed,
        }
    )


def description(story: Story) -> str:
    """What the agent reads."""
    if story.kind == "module":
        return (
            "A kiosk orders ice cream every morning, before it knows how many people will come. Every portion that is "
            "sold earns 2, every one that is left costs 1. Write act(warmth), which is given the forecast of warmth "
            "from 0 to 10 and returns how many portions to order, a number from 0 to 1000. data/examples.json has past "
            "days as pairs of warmth and demand."
        )
    return (
        f"{story.title}. Every row is one case; the columns {', '.join(story.columns)} are what was measured "
        f"beforehand, in units of their own, and {', '.join(story.out)} is what came of it. Learn from data/train.csv "
        "and answer for every row of data/test.csv. The starter fits a line through one column; find out what the "
        "others tell."
    )


def fenced(program: str) -> str:
    """A program as models send it."""
    return f"Here it is:\n\n```python\n{program}```\n"


@dataclass
class Told:
    """What a story's model has been asked so far."""

    proposals: int = 0
    mended: set[str] = field(default_factory=set)
