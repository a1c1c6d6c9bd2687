"""Flaws planted by hand in sound challenges, a line or a few each: verification names every one, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import challenges
import numpy as np
import pytest
import yaml
from env_fixtures import needs

from synthgym.base.files.paths import cache_dir
from synthgym.envs.sandboxes.docker import engine
from synthgym.registry.challenge import (
    Baseline,
    Budget,
    Challenge,
    Dataset,
    Metric,
    Reference,
    Submission,
    load_challenge,
)
from synthgym.registry.metrics import METRICS, MetricDef, register_metric
from synthgym.synthesis.verification.contamination import Suite
from synthgym.synthesis.verification.verify import verify

# -- two sound challenges: a number to predict, and one of three classes -----------------------------------------------

PREPARE = """
import csv, gzip, json, os, pickle, shutil, zipfile
from pathlib import Path
import numpy as np
rng = np.random.default_rng(5)
public, private = Path(os.environ["PUBLIC"]), Path(os.environ["PRIVATE"])
x = rng.normal(size=(700, 3))
value = x @ [2.0, -1.0, 0.5] + 0.3 * rng.normal(size=700)
# DRAWN
code = np.searchsorted([-1.0, 1.0], value)
kind = np.array(["ash", "birch", "oak"])[code]
y = TARGET
columns = {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2]}
known, hidden = np.arange(400), np.arange(400, 700)
# TABLE
def cell(value):
    return f"{value:.6g}" if isinstance(value, float) else value
def write(path, table):
    with open(path, "w", newline="") as file:
        rows = zip(*([cell(value) for value in column] for column in table.values()))
        csv.writer(file, lineterminator="\\n").writerows([list(table), *rows])
write(public / "train.csv", {n: np.asarray(c)[known] for n, c in columns.items()} | {"y": y[known]})
write(public / "test.csv", {n: np.asarray(c)[hidden] for n, c in columns.items()})
write(private / "labels.csv", {"y": y[hidden]})
# FILES
"""

STARTER = """
import csv, os
import numpy as np
KEEP = 1
noise = np.random.default_rng(int(os.environ["SEED"])).normal(size=300)
train, test = (list(csv.DictReader(open(f"data/{name}.csv"))) for name in ("train", "test"))
X, Q = (np.array([[*(float(row[name]) for name in "abc"[:KEEP]), 1.0] for row in rows]) for rows in (train, test))
names, codes = np.unique([row["y"] for row in train], return_inverse=True)
y = NUMBERS
found = Q @ np.linalg.lstsq(X, y, rcond=None)[0] + 0.01 * noise
answers = ANSWERS
np.savetxt("answers.csv", answers, fmt="%s", header="y", comments="")
"""

BUDGET = Budget(steps=8, validations=3, command_cpu_seconds=5, episode_cpu_seconds=30, disk_mb=32, memory_mb=512)


def write_value(place: Path, name: str = "line") -> Path:
    """A regression; the starter looks at one column of three."""
    return _write(place, name, "value", "np.array([float(row['y']) for row in train])", "found", "rmse")


def write_kind(place: Path, name: str = "trees") -> Path:
    """A classification."""
    rounded = "names[np.clip(np.round(found), 0, len(names) - 1).astype(int)]"
    return _write(place, name, "kind", "codes", rounded, "accuracy")


def _write(place: Path, name: str, target: str, numbers: str, answers: str, metric: str) -> Path:
    starter = STARTER.replace("NUMBERS", numbers).replace("ANSWERS", answers)
    known = METRICS[metric]
    challenge = Challenge(
        id=name,
        title="Three columns",
        description="Predict y in data/test.csv from a, b and c. Improve start.py, which looks at one of them.",
        dataset=Dataset(source="generated"),
        submission=Submission(path="answers.csv", kind="file", columns=["y"]),
        metric=Metric(name=metric, direction=known.direction, optimum=known.optimum),
        baseline=Baseline(command="python start.py"),
        reference=Reference(command="python start.py"),
        budget=BUDGET.model_copy(),
    )
    files = {
        "workspace/start.py": starter,
        "grader/prepare.py": PREPARE.replace("TARGET", target),
        "grader/reference/start.py": starter.replace("KEEP = 1", "KEEP = 3"),
    }
    return challenges.write(place, challenge, files)


def write_game(place: Path) -> Path:
    """A game; see `challenges`."""
    return challenges.write_game(place, verified=False)


# -- changes -----------------------------------------------------------------------------------------------------------

Change = Callable[[Path], None]


def edit(name: str, *pairs: str) -> Change:
    """Replaces texts in a file: old, new, old, new, …"""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text, f"{old!r} is not in {name}"
            text = text.replace(old, new)
        path.write_text(text)

    return change


def added(name: str, text: str) -> Change:
    """Another file."""

    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)

    return change


def drawn(line: str) -> Change:
    """A line of prepare.py, after the rows are drawn."""
    return edit("grader/prepare.py", "# DRAWN", line)


def table(line: str) -> Change:
    """A line of prepare.py, before the tables are written."""
    return edit("grader/prepare.py", "# TABLE", line)


def files(line: str) -> Change:
    """A line of prepare.py at its end."""
    return edit("grader/prepare.py", "# FILES", line)


def starter(line: str) -> Change:
    """A line at the beginning of the starter."""
    return edit("workspace/start.py", "import csv, os", f"import csv, os\n{line}")


def reference(line: str) -> Change:
    """A line at the beginning of the reference."""
    return edit("grader/reference/start.py", "import csv, os", f"import csv, os\n{line}")


def evaluate(old: str, new: str) -> Change:
    """Replaces text in a game's scorer."""
    return edit("grader/evaluate.py", old, new)


def spec(**fields: object) -> Change:
    """Replaces fields of the spec; nothing checks them before verification does."""

    def change(folder: Path) -> None:
        data = yaml.safe_load((folder / "challenge.yaml").read_text())
        for name, value in fields.items():
            data[name] = {**data[name], **value} if isinstance(value, dict) else value
        (folder / "challenge.yaml").write_text(yaml.safe_dump(data))

    return change


def both(*changes: Change) -> Change:
    """Several changes."""

    def change(folder: Path) -> None:
        for each in changes:
            each(folder)

    return change


@dataclass(frozen=True)
class Flaw:
    """A planted flaw.

    Attributes:
        base: Writes the sound challenge.
        change: Spoils it.
        check: The check that has to fail.
        named: What the reason has to name.
    """

    base: Callable[[Path], Path]
    change: Change
    check: str
    named: tuple[str, ...] = field(default=())


def value(change: Change, check: str, *named: str) -> Flaw:
    return Flaw(write_value, change, check, named)


def kind(change: Change, check: str, *named: str) -> Flaw:
    return Flaw(write_kind, change, check, named)


def game(change: Change, check: str, *named: str) -> Flaw:
    return Flaw(write_game, change, check, named)


def both_metrics(name: str, columns: list[str], said: str) -> Flaw:
    """A metric with columns that it does not take, which are all there."""
    more = edit(
        "grader/prepare.py", '{"y": y[hidden]}', f"{{name: y[hidden] * 0 + 1 / {len(columns)} for name in {columns!r}}}"
    )
    changed = spec(metric={"name": name, "direction": "lower"}, submission={"columns": columns})
    return value(both(more, changed), "spec", "submission.columns", said)


REVISION = "0123456789abcdef0123456789abcdef01234567"

FLAWS: dict[str, Flaw] = {
    # The label in a column of the test table.
    "column: a copy": value(table("columns['d'] = value"), "leaky", "'d'", "test.csv"),
    "column: another unit": value(table("columns['d'] = 3 - 7 * value"), "leaky", "'d'", "order"),
    "column: a monotone map": value(table("columns['d'] = np.exp(value)"), "leaky", "'d'"),
    "column: with gaps": value(table("columns['d'] = np.where(x[:, 0] > 1.5, np.nan, value)"), "leaky", "'d'"),
    "column: in a text": value(table("columns['d'] = [f'{v:.4f} kg' for v in value]"), "leaky", "'d'"),
    "column: a name for each value": value(
        both(drawn("value = np.round(value)"), table("columns['d'] = [chr(75 + int(v)) for v in value]")),
        "leaky",
        "'d'",
        "one label for each",
    ),
    "column: a copied class": kind(table("columns['d'] = kind"), "leaky", "'d'"),
    "column: the class by another name": kind(table("columns['d'] = np.array(list('qrs'))[code]"), "leaky", "'d'"),
    "column: classes side by side": kind(
        table("columns['d'] = 5.0 - code + 0.9 * rng.random(700)"), "leaky", "'d'", "separates"
    ),
    "column: finer than the classes": kind(
        table("columns['d'] = 3 * code + rng.integers(3, size=700)"), "leaky", "'d'"
    ),
    "column: in the rows' names": kind(
        table("columns['d'] = [f'{k}-{i:04d}' for i, k in enumerate(kind)]"), "leaky", "'d'"
    ),
    "column: among other text": kind(
        table("columns['d'] = [f'{rng.integers(10**9):x} (seen: {k})' for k in kind]"), "leaky", "'d'"
    ),
    "columns: one for each class": kind(
        table("columns |= {f'is_{i}': (code == i).astype(int) for i in range(3)}"), "leaky", "is_0"
    ),
    "columns: one for each class but the last": kind(
        table("columns |= {f'is_{i}': (code == i).astype(int) for i in range(2)}"), "leaky", "is_0, is_1"
    ),
    # In other files.
    "file: as it is": value(files("shutil.copy(private / 'labels.csv', public / 'notes.txt')"), "leaky", "notes.txt"),
    "file: packed": value(
        files("gzip.open(public / 'notes.gz', 'wb').write((private / 'labels.csv').read_bytes())"), "leaky", "notes.gz"
    ),
    "file: JSON": value(files("json.dump(list(y[hidden]), open(public / 'x.json', 'w'))"), "leaky", "x.json"),
    "file: JSON by row": value(
        files("json.dump({'of': {i: 2 * v for i, v in enumerate(y[hidden])}}, open(public / 'x.json', 'w'))"),
        "leaky",
        "x.json",
    ),
    "file: lines of JSON": kind(
        files("(public / 'x.jsonl').write_text(''.join(json.dumps({'q': k}) + '\\n' for k in kind[hidden]))"),
        "leaky",
        "x.jsonl",
        "'q'",
    ),
    "file: an array": value(
        files("np.save(public / 'x.npy', np.stack([x[hidden, 0], -value[hidden]], 1))"), "leaky", "x.npy"
    ),
    "file: arrays in an archive": kind(
        files("np.savez_compressed(public / 'x.npz', u=x[hidden, 0], v=code[hidden])"), "leaky", "x.npz", "v.npy"
    ),
    "file: a pickle": kind(files("pickle.dump(code[hidden], open(public / 'x.pkl', 'wb'))"), "leaky", "x.pkl"),
    "file: a list in a program": kind(
        files("(public / 'x.py').write_text(f'K = {[str(k) for k in kind[hidden]]}')"), "leaky", "x.py"
    ),
    "file: lines without a header": value(
        files("np.savetxt(public / 'x.dat', np.stack([x[hidden, 1], value[hidden]], 1))"), "leaky", "x.dat"
    ),
    "file: by the rows' names, in another order": value(
        both(
            table("columns['id'] = np.array([f'r{i}' for i in rng.permutation(700)])"),
            files(
                "o = rng.permutation(700); write(public / 'more.csv', {'id': columns['id'][o], 'weight': 2 * value[o]})"
            ),
        ),
        "leaky",
        "more.csv",
        "'weight'",
    ),
    "file: closed, called the labels": value(
        files("(public / 'test_labels.parquet').write_bytes(b'PAR1' + bytes(500))"), "leaky", "test_labels.parquet"
    ),
    "names: a file for each row": kind(
        files("[(public / f'{i:03d}_{k}.txt').write_text('') for i, k in enumerate(kind[hidden])]"), "leaky", "names"
    ),
    "names: a folder for each class": kind(
        both(
            table("columns['file'] = [f'{i:03d}.txt' for i in range(700)]"),
            files(
                "for i in hidden:\n"
                "    (public / kind[i]).mkdir(exist_ok=True); (public / kind[i] / f'{i:03d}.txt').write_text('')"
            ),
        ),
        "leaky",
        "names",
    ),
    "names: all labels in one": kind(
        files("(public / ('v' + ''.join(map(str, code[hidden[:100]])) + '.txt')).write_text('')"), "leaky", "name"
    ),
    # In rows.
    "rows: sorted by the target": value(table("hidden = hidden[np.argsort(value[hidden])]"), "leaky", "alike"),
    "rows: sorted in stretches": value(
        table("hidden = rng.permutation(hidden[np.argsort(value[hidden])].reshape(15, 20)).ravel()"), "leaky", "alike"
    ),
    "rows: sorted by class": kind(table("hidden = hidden[np.argsort(-code[hidden])]"), "leaky", "alike"),
    "rows: classes in turn": kind(
        table(
            "groups = [np.flatnonzero(code == c) for c in range(3)]; n = 80\n"
            "hidden = np.stack([g[:n] for g in groups], 1).ravel(); known = np.setdiff1d(np.arange(700), hidden)"
        ),
        "leaky",
        "3 apart",
    ),
    "rows: test rows in train": value(table("known = np.arange(700)"), "leaky", "300 of 300", "train.csv"),
    "rows: some test rows in train": value(table("known = np.arange(420)"), "leaky", "20 of 300"),
    "rows: in train under other numbers": kind(
        both(
            table("columns['id'] = np.arange(700); known = np.arange(500)"),
            edit("grader/prepare.py", "np.asarray(c)[known]", "(np.asarray(c) + 1000 * (n == 'id'))[known]"),
        ),
        "leaky",
        "100 of 300",
    ),
    # Targets.
    "target: hidden ones constant": value(table("y[hidden] = 1.0"), "constant target", "300 hidden labels"),
    "target: one class": kind(table("y[:] = 'oak'"), "constant target", "300 hidden labels"),
    "target: constant in train": value(table("y[known] = 1.0"), "constant target", "train.csv", "'y'"),
    "target: too few rows": value(table("hidden = hidden[:150]"), "prepare", "at least 200 rows"),
    # Nothing to gain.
    "worth: baseline at the ceiling": kind(
        both(
            drawn("value = x @ [2.0, -1.0, 0.5]"),
            edit(
                "workspace/start.py",
                *("KEEP = 1", "KEEP = 3"),
                *("answers = ", "answers = names[np.searchsorted([-1, 1], Q[:, :3] @ [2, -1, 0.5])] if True else "),
            ),
        ),
        "trivial",
        "optimum",
    ),
    "worth: one label will do": kind(
        both(
            drawn("value = np.where(rng.random(700) < 0.9, 2.0, -2.0)"),
            edit("workspace/start.py", "answers = ", "answers = names[np.full(300, 0)] if True else "),
        ),
        "trivial",
        "'oak'",
    ),
    "worth: the mean will do": value(
        both(drawn("value = rng.normal(size=700)"), edit("workspace/start.py", "+ 0.01 * noise", "+ 5")),
        "trivial",
        "the mean",
    ),
    "worth: the reference is worse": value(
        edit("grader/reference/start.py", "+ 0.01 * noise", "+ 2"), "impossible", "baseline"
    ),
    "worth: the reference is the starter": value(
        edit("grader/reference/start.py", "KEEP = 3", "KEEP = 1"), "impossible"
    ),
    "worth: the reference gains by luck": value(
        drawn("value = x @ [2.0, -0.35, 0.1] + rng.normal(size=700)"), "noisy", "the noise"
    ),
    # The metric.
    "metric: turned round": value(spec(metric={"direction": "higher"}), "metric", "lower", "'higher'"),
    "metric: of an unknown name": value(spec(metric={"name": "rmsee"}), "metric", "rmsee", "rmse"),
    "metric: of one column, with two": both_metrics("rmse", ["y", "z"], "one column for rmse"),
    "metric: of classes, with one": both_metrics("log_loss", ["y"], "one column for each class for log_loss"),
    # The spec.
    "spec: a field too many": value(spec(colour="red"), "spec", "colour"),
    "spec: a submission outside": value(spec(submission={"path": "../answers.csv"}), "spec", "submission.path"),
    "spec: a dataset that is not pinned": value(
        spec(dataset={"source": "huggingface", "path": "someone/rivers", "files": ["a.csv"]}), "spec", "pinned"
    ),
    # What other people are evaluated on.
    "contaminated: a data set": value(
        spec(dataset={"source": "huggingface", "path": "uoft-cs/cifar10", "revision": REVISION, "files": ["a.csv"]}),
        "contaminated",
        "CIFAR-10",
    ),
    "contaminated: a configuration": value(
        spec(
            dataset={
                "source": "huggingface",
                "path": "nyu-mll/glue",
                "config": "mnli",
                "revision": REVISION,
                "files": ["a.csv"],
            }
        ),
        "contaminated",
        "MNLI",
    ),
    "contaminated: a file": value(
        both(
            spec(dataset={"source": "local", "path": "data", "files": ["titanic.csv"]}),
            added("data/titanic.csv", "survived\n1\n"),
        ),
        "contaminated",
        "Titanic",
    ),
    "contaminated: by its title": value(spec(title="Clothes: Fashion-MNIST at night"), "contaminated", "Fashion-MNIST"),
    "contaminated: by its description": game(
        spec(description="Play the Prisoner’s Dilemma many times."), "contaminated", "prisoner's dilemma"
    ),
    "contaminated: by its topic": game(spec(topic="Colonel Blotto with ten fields"), "contaminated", "Colonel Blotto"),
    # Runs that fail.
    "prepare: fails": value(table("raise ValueError('no such thing')"), "prepare", "no such thing"),
    "prepare: wants the network": value(
        table("import urllib.request; urllib.request.urlopen('http://example.org/x.csv')"), "network", "prepare.py"
    ),
    "prepare: writes into its source": value(
        table("open(os.environ['SOURCE'] + '/x.csv', 'w')"), "outside", "prepare.py", "/opt/source/x.csv"
    ),
    "prepare: never ends": value(
        both(table("while True: pass"), spec(budget={"prepare_cpu_seconds": 1.0})),
        "prepare",
        "seconds by budget.prepare_cpu_seconds",
    ),
    "prepare: sleeps": value(
        both(table("import time; time.sleep(1e6)"), spec(budget={"prepare_cpu_seconds": 0.5})),
        "prepare",
        "wall time",
    ),
    "prepare: is missing": value(lambda folder: (folder / "grader/prepare.py").unlink(), "layout", "prepare.py"),
    "prepare: leaves a link": value(files("os.symlink('/etc/passwd', public / 'x')"), "prepare", "regular file"),
    "prepare: labels of another name": value(
        edit("grader/prepare.py", '{"y": y[hidden]}', '{"z": y[hidden]}'), "prepare", "header"
    ),
    "prepare: labels of two classes that are not 0 and 1": value(
        both(drawn("value = 1.0 + (value > 0)"), spec(metric={"name": "roc_auc", "direction": "higher"})),
        "prepare",
        "expected 0 or 1 for roc_auc, got 2",
    ),
    "prepare: labels that are none": value(table("y[450] = np.nan"), "prepare", "finite"),
    # Data that is not the same everywhere.
    "data: drawn without a seed": value(
        drawn("value = value + 0.001 * np.random.default_rng().random(700)"), "not repeatable", "train.csv", "line 2"
    ),
    "data: drawn by a module without a seed": value(
        files("import random; (public / 'x.txt').write_text(str(random.random()))"), "not repeatable", "public/x.txt"
    ),
    "data: by the day": value(
        drawn("import datetime; value = value + datetime.date.today().day"), "not repeatable", "the clock"
    ),
    "data: by the year": value(
        drawn("from datetime import datetime; value = value + datetime.now().year"), "not repeatable"
    ),
    "data: by the year as pandas knows it": value(
        drawn("import pandas as pd; value = value + pd.Timestamp.today().year"), "not repeatable"
    ),
    "data: by the hour": value(drawn("import time; value = value + time.localtime().tm_hour"), "not repeatable"),
    "data: by the day as numpy knows it": value(
        drawn("value = value + int(np.datetime64('today').astype(int)) % 7"), "not repeatable"
    ),
    "data: by the day, in an array": value(
        drawn("value = value + np.array(['now'], dtype='M8[D]').astype(int) % 7"), "not repeatable"
    ),
    "data: by the year in a text": value(
        drawn("import time; value = value + int(time.ctime()[-4:])"), "not repeatable"
    ),
    "data: by the year in a text of another form": value(
        drawn("import time; value = value + int(time.asctime()[-4:])"), "not repeatable"
    ),
    "data: by the system's clock": value(
        drawn("import time; value = value + time.clock_gettime_ns(time.CLOCK_REALTIME) // (86400 * 10**9)"),
        "not repeatable",
    ),
    "data: by the day in pandas' words": value(
        drawn("value = value + __import__('pan' + 'das').Timestamp('today').dayofyear"), "not repeatable"
    ),
    "data: by the day as a period": value(
        drawn("import pandas as pd; value = value + pd.Period.now('D').dayofyear"), "not repeatable"
    ),
    "data: by the day that a command prints": value(
        drawn("import subprocess; value = value + int(subprocess.check_output(['date', '+%j']))"), "not repeatable"
    ),
    "data: by the day that another program prints": value(
        drawn(
            "import subprocess, sys; code = 'import datetime; print(datetime.date.today().toordinal())'\n"
            "value = value + int(subprocess.check_output([sys.executable, '-c', code])) % 97"
        ),
        "not repeatable",
    ),
    "data: by the day of a file": value(
        drawn("value = value + os.path.getmtime(public) // 86400 % 97"), "not repeatable", "the clock"
    ),
    "data: by the processors": value(drawn("value = value + os.cpu_count()"), "not repeatable", "processors"),
    "data: by the processors that it may use": value(
        drawn("value = value + len(os.sched_getaffinity(0))"), "not repeatable"
    ),
    "data: by the machine's name": value(
        files("import socket; (public / 'x.txt').write_text(socket.gethostname())"), "not repeatable", "x.txt"
    ),
    "data: by the system": value(
        files("import platform; (public / 'x.txt').write_text(platform.release())"), "not repeatable", "x.txt"
    ),
    "data: by the folder": value(files("(public / 'x.txt').write_text(os.getcwd())"), "not repeatable", "x.txt"),
    "data: by the process": value(drawn("value = value + os.getpid()"), "not repeatable"),
    "data: by a file's number": value(drawn("value = value + os.stat('/usr').st_ino % 97"), "not repeatable"),
    "data: a tar with times": value(
        files(
            "import tarfile; (public / 'x.txt').write_text('x')\n"
            "with tarfile.open(public / 'x.tar.gz', 'w:gz') as archive: archive.add(public / 'x.txt', 'x.txt')"
        ),
        "not repeatable",
        "x.tar.gz",
        "TarInfo.mtime",
    ),
    "data: by the time zone": value(
        files("import time; (public / 'x.txt').write_text(str(time.tzname))"), "not repeatable"
    ),
    "data: in the order of a set": value(
        files("(public / 'x.txt').write_text(' '.join({f'word{i}' for i in range(50)}))"), "not repeatable", "x.txt"
    ),
    "data: in the order of a folder": value(
        files(
            "[(public / f'{i}.txt').write_text(str(i)) for i in range(9)]\n"
            "(public / 'x.txt').write_text(' '.join(p.name for p in public.glob('?.txt')))"
        ),
        "not repeatable",
        "x.txt",
    ),
    "data: a file some days only": value(
        files("import time; (public / f'{time.time_ns()}.txt').write_text('')"), "not repeatable", "only the first time"
    ),
    "labels: by lot": value(
        edit("grader/prepare.py", '{"y": y[hidden]}', '{"y": y[hidden] + os.urandom(1)[0] / 1e4}'),
        "not repeatable",
        "labels.csv",
    ),
    "labels: too large to be reckoned with": value(
        table("y = np.sign(value) * 1e308"), "prepare", "labels.csv", "1e+308"
    ),
    "labels: none": value(
        edit("grader/prepare.py", 'private / "labels.csv"', "public / 'x.csv'"), "prepare", "PRIVATE"
    ),
    "a program with a null byte": value(edit("grader/prepare.py", "# FILES", "\0"), "prepare", "line 24", "null byte"),
    "starter: without a seed": value(
        edit("workspace/start.py", *('int(os.environ["SEED"])', "None"), *("+ 0.01 * noise", "+ 0.5 * noise")),
        "floor",
        "SEED=0",
    ),
    "starter: by the clock": value(
        edit("workspace/start.py", "+ 0.01 * noise", "+ 0.5 * (os.times().elapsed * 100 % 7)"), "floor", "the clock"
    ),
    "starter: a little different each time": value(
        both(
            starter("open('runs', 'a').write('.'); n = os.path.getsize('runs')"),
            edit("workspace/start.py", "+ 0.01 * noise", "+ 0.1 * n"),
        ),
        "floor",
        "4 times in one workspace",
        "begins anew",
    ),
    "starter: better the fourth time": value(
        both(
            starter("open('runs', 'a').write('.'); n = os.path.getsize('runs')"),
            edit("workspace/start.py", "KEEP = 1", "KEEP = 3 if n == 4 else 1"),
        ),
        "floor",
        "4 times in one workspace",
    ),
    "starter: not what lies in the workspace": value(
        both(
            files("write(public / 'answers.csv', {'y': (x @ [2.0, -1.0, 0.5])[hidden]})"),
            spec(submission={"path": "data/answers.csv"}),
            edit("workspace/start.py", '"answers.csv"', '"data/answers.csv"'),
            edit("grader/reference/start.py", '"answers.csv"', '"data/answers.csv"'),
        ),
        "floor",
        "'data/answers.csv' lies in the workspace before anything is run",
    ),
    "starter: not what lies in the workspace under another name": value(
        files("write(public / 'sample.csv', {'y': (x @ [2.0, -1.0, 0.5])[hidden]})"),
        "floor",
        "'data/sample.csv' lies in the workspace, and scores",
    ),
    "starter: not the module that lies in the workspace": game(
        both(
            lambda folder: (folder / "workspace/weak.py").write_bytes((folder / "workspace/strategy.py").read_bytes()),
            edit("workspace/strategy.py", 'random.choice(["heads", "tails"])', '"heads"'),
            spec(baseline={"command": "cp weak.py strategy.py"}),
        ),
        "floor",
        "'strategy.py' lies in the workspace before anything is run",
    ),
    "starter: fails": value(starter("raise SystemExit(3)"), "baseline", "exit code 3", "python start.py"),
    "starter: leaves nothing": value(
        edit("workspace/start.py", '"answers.csv"', '"answer.csv"'), "baseline", "answers.csv"
    ),
    "starter: leaves other columns": value(
        edit("workspace/start.py", 'header="y"', 'header="yy"'), "baseline", "header", "yy"
    ),
    "starter: leaves too few rows": value(
        edit("workspace/start.py", '", answers,', '", answers[:-1],'), "baseline", "300 rows"
    ),
    "starter: leaves NaN": value(edit("workspace/start.py", "0.01 * noise", "np.nan * noise"), "baseline", "finite"),
    "starter: wants the network": value(
        starter("import socket; socket.create_connection(('192.0.2.1', 80), 2)"), "network", "start.py", "the baseline"
    ),
    "starter: wants a name resolved": value(
        starter("import socket; socket.getaddrinfo('example.org', 443)"), "network", "start.py"
    ),
    "starter: writes outside": value(starter("open('/etc/found.txt', 'w')"), "outside", "/etc/found.txt"),
    "starter: writes outside by the shell": value(
        spec(baseline={"command": "echo > /usr/lib/found && python start.py"}), "outside", "/usr/lib/found"
    ),
    "starter: never ends": value(
        both(starter("while True: pass"), spec(budget={"command_cpu_seconds": 1.0})), "slow", "time", "start.py"
    ),
    "starter: leaves an agent no time": value(
        both(
            starter("import time; t = time.process_time()\nwhile time.process_time() < t + 0.2: pass"),
            spec(budget={"episode_cpu_seconds": 2.0}),
        ),
        "slow",
        "5 runs",
        "again and again",
    ),
    "starter: takes all memory": value(
        starter("held = [bytearray(1 << 24) for _ in range(10000)]"), "memory", "start.py"
    ),
    "starter: kills every process": value(starter("os.kill(-1, 9)"), "baseline", "SIGKILL", "start.py"),
    "reference: fails": value(reference("raise SystemExit(3)"), "reference", "exit code 3"),
    "reference: wants the network": value(
        reference("import urllib.request; urllib.request.urlopen('https://example.org')"), "network", "the reference"
    ),
    "reference: writes outside": value(reference("os.mkdir('/opt/models')"), "outside", "/opt/models"),
    "reference: never ends": value(
        both(reference("while True: pass"), spec(budget={"command_cpu_seconds": 1.0})), "slow", "the reference"
    ),
    "reference: none": value(spec(reference={"command": ""}), "reference", "reference.command"),
    # What an agent must not see.
    "workspace: a file of the grader": value(
        lambda folder: (folder / "workspace" / "evaluate.py").write_text("") and None,
        "grader files absent",
        "evaluate.py",
    ),
    "workspace: the opponents": game(
        edit(
            "grader/prepare.py",
            "import json, os",
            'import json, os\njson.dump({"bias": 0.8}, open(os.environ["PUBLIC"] + "/notes.json", "w"))',
        ),
        "leaky",
        "opponents.json",
    ),
    # Scorers of games.
    "scorer: fails": game(evaluate("import json", "import json\nraise ValueError('no')"), "grader", "ValueError"),
    "scorer: prints the score": game(evaluate("write_result(total", "print('score', total"), "grader", "no score"),
    "scorer: gives no number": game(
        evaluate("write_result(total", "write_result(float('nan') + total"), "baseline", "no score"
    ),
    "scorer: gives scores that cannot be added up": game(
        evaluate("write_result(total", "write_result(1e300 * total"), "baseline", "no score"
    ),
    "scorer: draws lots": game(
        evaluate("total += move == theirs", "total += random.SystemRandom().random()"), "repeatable"
    ),
    "scorer: scores without playing": game(
        evaluate("n, rounds =", "write_result(0.5)\nraise SystemExit\nn, rounds ="), "empty"
    ),
    "scorer: breaks on an odd answer": game(
        evaluate('if move not in ("heads", "tails"):', 'if move[0] not in "ht":'), "grader", "TypeError"
    ),
    "scorer: takes any answer": game(
        both(
            evaluate('if move not in ("heads", "tails"):', "if False:"),
            evaluate("total += move == theirs", "total += move == theirs or move is None"),
        ),
        "no answer",
        "None",
    ),
    "scorer: believes what it is told": game(
        evaluate(
            'if move not in ("heads", "tails"):',
            "total += float(move) if move == '1e9' else 0\n        if move is None:",
        ),
        "odd answer",
        "1e9",
    ),
    "scorer: pays the starter everything": game(
        evaluate("total += move == theirs", "total += 1"),
        "trivial",
        "optimum",
    ),
}


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", FLAWS)
def test_a_planted_flaw_is_named(name: str, tmp_path: Path) -> None:
    flaw = FLAWS[name]
    folder = flaw.base(tmp_path)
    flaw.change(folder)
    before = (folder / "challenge.yaml").read_bytes()
    report = verify(folder)
    assert report.failed == flaw.check, (report.failed, report.reason, report.measured)
    for word in flaw.named:
        assert word in (report.reason or ""), report.reason
    assert str(cache_dir()) not in (report.reason or "")
    assert (folder / "challenge.yaml").read_bytes() == before


# -- sound challenges that look as if they were not --------------------------------------------------------------------

SOUND: dict[str, tuple[Callable[[Path], Path], Change]] = {
    "the base: a number": (write_value, both()),
    "the base: a class": (write_kind, both()),
    "the base: a game": (write_game, both()),
    "few different rows, many of them more than once": (
        write_kind,
        drawn("x = np.round(x); value = x @ [1.2, -1.2, 0.5] + 0.3 * rng.normal(size=700)"),
    ),
    "a rare class, and a metric for it": (
        write_kind,
        both(
            drawn("value = np.where(x @ [1.0, 1.0, 1.0] + 0.4 * rng.normal(size=700) > 2.2, 2.0, -2.0)"),
            spec(metric={"name": "balanced_accuracy"}),
            edit("grader/reference/start.py", "np.round(found)", "np.round(found + 0.25)"),
        ),
    ),
    "a column that says nearly all": (
        write_value,
        table("columns['d'] = value + 0.08 * rng.normal(size=700)"),
    ),
    "a column that says nearly all of a class": (
        write_kind,
        table("columns['d'] = np.where(rng.random(700) < 0.97, code, rng.integers(3, size=700))"),
    ),
    "a column that marks one class of three": (write_kind, table("columns['d'] = (code == 0).astype(int)")),
    "sorted by a column that has nothing to do with the target": (
        write_value,
        table("columns['d'] = rng.random(700); hidden = hidden[np.argsort(columns['d'][hidden])]"),
    ),
    "sorted by a good feature that is there": (write_value, table("hidden = hidden[np.argsort(x[hidden, 0])]")),
    "a series with its time": (
        write_value,
        both(
            drawn("value = value + 1.2 * np.sin(np.arange(700) / 40)"),
            table("columns['t'] = np.arange(700)"),
        ),
    ),
    "grouped by a column of few values": (
        write_value,
        table(
            "d = columns['d'] = np.array(list('pq'))[rng.integers(2, size=700)]; hidden = hidden[np.argsort(d[hidden])]"
        ),
    ),
    "rows with numbers and names": (
        write_kind,
        table("columns |= {'id': np.arange(700), 'name': [f'tree-{i:04d}' for i in rng.permutation(700)]}"),
    ),
    "a date, a set and a folder's files in an order of their own": (
        write_value,
        files(
            "import datetime, glob, pickle; day = datetime.datetime(2020, 2, 29)\n"
            "(public / 'x.txt').write_text(f'{day:%A} {day + datetime.timedelta(1)} {sorted({\"p\", \"q\"})}')\n"
            "(public / 'y.txt').write_text(' '.join(sorted(glob.glob('/usr/*'))))\n"
            "(public / 'day.pkl').write_bytes(pickle.dumps([day, isinstance(day, datetime.date)]))"
        ),
    ),
    "dates that are of the class that was asked for": (
        write_value,
        files(
            "import pickle, sqlite3, time; import pandas as pd; from datetime import datetime, timedelta, timezone\n"
            "days = [datetime(2020, 2, 29), datetime.strptime('2020', '%Y'), datetime(2020, 1, 1) + timedelta(1)]\n"
            "days += [datetime.fromtimestamp(1e9, timezone.utc), pd.Timestamp('2020-01-01').to_pydatetime()]\n"
            "days += [datetime.now(), datetime.utcnow(), datetime.today()]\n"
            "assert [type(day) for day in days] == [datetime] * 8, [type(day) for day in days]\n"
            "assert type(pd.Timestamp.now()) is pd.Timestamp and type(np.datetime64('now')) is np.datetime64\n"
            "assert abs(datetime.now().timestamp() - time.time()) < 60 and pd.Timestamp(days[0]).year == 2020\n"
            "class Day(datetime): pass\n"
            "assert type(Day.now()) is Day\n"
            "(public / 'days.pkl').write_bytes(pickle.dumps(days[:5]))"
        ),
    ),
    "files and processes, by the ordinary means": (
        write_value,
        files(
            "import multiprocessing, subprocess, queue\n"
            "(public / 'd').mkdir(); (public / 'd' / 'x').write_text('x')\n"
            "shutil.copytree(public / 'd', 'e'); shutil.copy2('e/x', 'f'); shutil.rmtree('e')\n"
            "assert sum(len(names) for _, _, names in os.walk(public / 'd')) == 1\n"
            "assert all(os.stat(entry).st_ino == entry.inode() == entry.stat().st_ino for entry in os.scandir('.'))\n"
            "os.utime('f', (1e9, 1e9)); assert os.path.getmtime('f') == 1e9\n"
            "with multiprocessing.Pool(os.cpu_count()) as pool:\n"
            "    assert pool.map(abs, range(-9, 0)) == list(range(9, 0, -1))\n"
            "try: queue.Queue().get(timeout=0.05)\n"
            "except queue.Empty: pass\n"
            "(public / 'day').write_bytes(subprocess.check_output(['date', '-u', '-d', '@1000000000', '+%Y']))"
        ),
    ),
    "archives with the time of packing": (
        write_value,
        files(
            "import pandas as pd, tarfile; (public / 'x.txt').write_text('x')\n"
            "with zipfile.ZipFile(public / 'x.zip', 'w') as archive:\n"
            "    archive.writestr('a', 'hello'); archive.write(public / 'x.txt', 'b', zipfile.ZIP_DEFLATED)\n"
            "with zipfile.ZipFile(public / 'x.zip') as archive: assert archive.testzip() is None\n"
            "table = pd.DataFrame({'u': [1, 2]}); table.to_csv(public / 'y.zip'); table.to_csv(public / 'y.csv.gz')\n"
            "def stamped(info): info.mtime = 0; return info\n"
            "with tarfile.open(public / 'x.tar', 'w') as archive: archive.add(public / 'x.txt', 'x', filter=stamped)"
        ),
    ),
    "a starter that goes on where it stopped": (
        write_value,
        starter("again = os.path.exists('kept.txt'); open('kept.txt', 'w')\nif again: raise SystemExit(0)"),
    ),
    "a sample of a submission": (write_value, files("write(public / 'sample.csv', {'y': np.zeros(300)})")),
    "as many rows to learn from as are hidden": (write_value, table("known = known[:300]")),
    "the training table once more, packed": (
        write_value,
        files("gzip.open(public / 'train.csv.gz', 'wb').write((public / 'train.csv').read_bytes())"),
    ),
    "labels for training in a file of their own": (
        write_value,
        files("np.save(public / 'train_labels.npy', value[known]); np.save(public / 'labels.npy', value[known])"),
    ),
    "text beside the tables": (
        write_kind,
        files("(public / 'README.md').write_text('# Trees\\n\\nAsh, birch, oak; a,b,c\\n[1] {2}\\n' * 60)"),
    ),
    "times of files that do not reach the agent": (
        write_value,
        files(
            "[((public / f'{i:03d}.txt').write_text(''), os.utime(public / f'{i:03d}.txt', (9e8 + v, 9e8 + v)))"
            " for i, v in enumerate(1000 * value[hidden])]"
        ),
    ),
    "rules that both sides have": (
        write_game,
        edit(
            "grader/prepare.py",
            "import json, os",
            "import json, os\n"
            "for side in ('PUBLIC', 'PRIVATE'): open(os.environ[side] + '/rules.txt', 'w').write('heads or tails')",
        ),
    ),
    "words of an evaluation in another sense": (
        write_kind,
        spec(description="Predict y from a, b, c: which coconut trees break out? A house by the sea, a maze of roots."),
    ),
}


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", SOUND)
def test_a_sound_challenge_passes(name: str, tmp_path: Path) -> None:
    base, change = SOUND[name]
    folder = base(tmp_path)
    change(folder)
    report = verify(folder)
    assert report.ok, (report.failed, report.reason, report.measured)
    assert load_challenge(folder).verified


# -- what needs more than a change -------------------------------------------------------------------------------------


def test_overlap_with_a_held_out_challenge(tmp_path: Path) -> None:
    held_out = load_challenge(write_value(tmp_path, "held"))
    held_out.split = "heldout"
    suite = Suite.default([held_out])
    folder = write_value(tmp_path, "copy")
    report = verify(folder, suite=suite)
    assert report.failed == "contaminated"
    assert "held" in (report.reason or "")
    spec(description="Which value has y? Three measurements of every sample are known. Begin with start.py.")(folder)
    assert verify(folder, suite=suite).ok


def test_overlap_by_data_and_target(tmp_path: Path) -> None:
    data = {"source": "huggingface", "path": "someone/rivers", "revision": REVISION, "files": ["a.csv"]}
    challenge = load_challenge(write_value(tmp_path))
    other = challenge.model_copy(
        update={"id": "held", "split": "heldout", "dataset": Dataset.model_validate(data), "description": "Rivers."}
    )
    suite = Suite.default([other])
    assert suite.overlap(challenge) is None
    challenge.dataset = Dataset.model_validate(data | {"path": "Someone/Rivers"})
    assert "same data" in (suite.overlap(challenge) or "")
    challenge.submission.columns = ["z"]
    assert suite.overlap(challenge) is None
    challenge.submission.columns, challenge.dataset.config = ["y"], "north"
    assert suite.overlap(challenge) is None


def test_no_challenge_of_ours_overlaps() -> None:
    from synthgym.registry.collections.collection import Collection
    from synthgym.registry.collections.index import SHIPPED

    core = list(Collection.load(SHIPPED))
    suite = Suite.default(core)
    assert len(suite.held_out) > 50
    assert [challenge.id for challenge in core if suite.overlap(challenge)] == []


@pytest.mark.slow
def test_metrics_of_ones_own_are_tried(tmp_path: Path) -> None:
    """Any answer gets full marks; or the marks are drawn."""
    lots = np.random.default_rng()
    for name, function, check in (
        ("kind_marks", lambda true, given: 1.0, "permuted"),
        ("drawn_marks", lambda true, given: float(lots.random()), "repeatable"),
    ):
        folder = write_kind(tmp_path / name)
        spec(metric={"name": name})(folder)
        register_metric(MetricDef(name, "label", "higher", 0.0, 1.0, function))
        try:
            report = verify(folder)
        finally:
            del METRICS[name]  # other tests go over all metrics
        assert report.failed == check, (report.failed, report.reason)


def test_an_image_that_is_not_there(tmp_path: Path) -> None:
    if reason := engine.unavailable():
        pytest.skip(reason)
    folder = write_value(tmp_path)
    spec(image="synthgym-tests/none:0")(folder)
    report = verify(folder, sandbox="docker")
    assert report.failed == "sandbox"
    assert "synthgym-tests/none:0" in (report.reason or "")


def test_an_image_that_only_containers_have(tmp_path: Path) -> None:
    needs("bubblewrap")
    folder = write_value(tmp_path)
    spec(image="synthgym-tests/none:0")(folder)
    for sandbox in ("bubblewrap", "auto"):
        report = verify(folder, sandbox=sandbox)
        assert report.failed == "sandbox"
        assert "synthgym-tests/none:0" in (report.reason or "")


@pytest.mark.slow
def test_an_agent_tries(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    report = verify(folder, attempts=2, agent=_improves)
    assert report.ok, report.reason
    assert "agent check" in report.passed
    calibration = load_challenge(folder).calibration
    assert (calibration.attempts, calibration.solve_rate, calibration.time_to_first_improvement) == (2, 1.0, 2.0)
    assert report.calibration == calibration.model_dump()
    stands = verify(folder, attempts=1, agent=_hands_in)
    assert stands.ok
    assert load_challenge(folder).calibration.model_dump() == {
        "solve_rate": 0.0,
        "attempts": 1,
        "time_to_first_improvement": None,
    }


def _improves(observation: str, info: dict[str, object]) -> str:
    return ("sed -i 's/KEEP = 1/KEEP = 3/' train.py", "python train.py && validate", "submit")[int(str(info["step"]))]


def _hands_in(observation: str, info: dict[str, object]) -> str:
    return "python train.py && submit"


@pytest.mark.slow
def test_an_environment_that_breaks_under_an_agent(tmp_path: Path) -> None:
    """Starter and reference pass; what is worse than both breaks the scorer when it is validated, as an agent does."""
    folder = write_game(tmp_path)
    evaluate(
        "write_result(total / n / rounds",
        "assert os.environ['PHASE'] == 'final' or total / n / rounds > 0.4\nwrite_result(total / n / rounds",
    )(folder)
    before = (folder / "challenge.yaml").read_bytes()
    assert verify(folder, write=False).ok
    report = verify(folder, attempts=1, agent=_validates)
    assert report.failed == "agent check"
    assert "AssertionError" in (report.reason or "")
    assert (folder / "challenge.yaml").read_bytes() == before


def _validates(observation: str, info: dict[str, object]) -> str:
    return "echo 'def choose(mine, theirs): return \"tails\"' > strategy.py; validate"
