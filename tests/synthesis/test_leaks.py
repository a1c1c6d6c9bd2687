"""What looks like a leak and is none passes; what gives the labels away is refused, in whatever form it comes.

Each case is a workspace as an agent would be given it, and the hidden labels; nothing is run.
"""

from __future__ import annotations

import base64
import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import pickle
import tarfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from synthgym.synthesis.leaks.chance import arrangements, chosen, excess, fewer, longest_repetition
from synthgym.synthesis.leaks.hidden_labels import HiddenLabels
from synthgym.synthesis.leaks.leaks import check_leaks
from synthgym.synthesis.report import CheckFailed, Report
from synthgym.synthesis.tables.tables import read_tables

Columns = Mapping[str, Sequence[Any]]
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def csv_of(columns: Columns) -> bytes:
    text = io.StringIO(newline="")
    cells = ([f"{c:.6g}" if isinstance(c, float) else c for c in column] for column in columns.values())
    csv.writer(text, lineterminator="\n").writerows([list(columns), *zip(*cells, strict=True)])
    return text.getvalue().encode()


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


@dataclass
class Case:
    """A workspace and its hidden labels.

    Attributes:
        labels: The hidden labels.
        files: Name → content, in `data/`.
        kind: ``label``, ``value``, or ``probability`` (one column).
        told: The description.
    """

    labels: Sequence[Any]
    files: dict[str, bytes] = field(default_factory=dict)
    kind: str = "value"
    told: str = ""

    def check(self, place: Path) -> None:
        for name, body in self.files.items():
            path = place / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        data = csv_of({"y": list(self.labels)})
        told = [row[0] for row in list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]]
        if self.kind == "value":
            hidden = HiddenLabels(values=np.array(told, dtype=np.float64))
        elif self.kind == "label":
            names, codes = np.unique(np.array(told), return_inverse=True)
            hidden = HiddenLabels(classes=codes.astype(np.intp), names=tuple(map(str, names)))
        else:
            hidden = HiddenLabels(classes=(np.array(told, dtype=np.float64) > 0.5).astype(np.intp))
        check_leaks(Report("x"), place, read_tables(place, len(hidden)), data, hidden, ["y"], self.told)


def split(
    columns: Columns, y: Sequence[Any], hidden: Sequence[int] | slice, kind: str = "value", **more: bytes
) -> Case:
    """A table whose rows `hidden` are asked for, and whose others are there to learn from."""
    rows = np.arange(len(y))
    asked = rows[hidden]
    known = np.setdiff1d(rows, asked)
    tables = {name: np.asarray(cells, dtype=object) for name, cells in columns.items()}
    target = np.asarray(y, dtype=object)
    return Case(
        list(target[asked]),
        {
            "train.csv": csv_of({name: cells[known] for name, cells in tables.items()} | {"y": target[known]}),
            "test.csv": csv_of({name: cells[asked] for name, cells in tables.items()}),
            **{name.replace("__", "."): body for name, body in more.items()},
        },
        kind,
    )


def times(n: int, pattern: str = "%Y-%m-%d %H:%M:%S") -> list[str]:
    start = np.datetime64("2020-01-06T00:00:00")
    return [(start + np.timedelta64(hour, "h")).astype(object).strftime(pattern) for hour in range(n)]


def walk(n: int, drift: float = 0.0, seed: int = 0) -> np.ndarray:
    return np.cumsum(rng(seed).normal(drift, 1, n))


# -- honest ------------------------------------------------------------------------------------------------------------

LAST, SOME = slice(1500, None), list(rng(9).permutation(2000)[:500])


def season(n: int = 2000) -> np.ndarray:
    t = np.arange(n)
    return 200 + 80 * np.sin(2 * np.pi * t / 24) + rng(1).normal(0, 8, n)


def masks(shown: str) -> Case:
    """Discs in images of 24 × 24 pixels, a row for each pixel."""
    draw, grid, n = rng(2), np.arange(24), 300
    mask = np.zeros((n, 24, 24), dtype=np.uint8)
    for image in mask:
        x, y = draw.uniform(6, 18, 2)
        image[:] = (grid[:, None] - x) ** 2 + (grid[None] - y) ** 2 < draw.uniform(3, 6) ** 2
    images = (draw.normal(size=mask.shape) + 1.2 * mask).astype(np.float32)
    files = {"train_x.npy": npy(images[100:]), "test_x.npy": npy(images[:100])}
    files |= {
        "npy": {"train_mask.npy": npy(mask[100:])},
        "flat": {"train_mask.npy": npy(mask[100:].ravel())},
        "npz": {"train.npz": npz(x=images[100:], y=mask[100:])},
    }[shown]
    return Case(list(mask[:100].ravel()), files, "label")


def texts(n: int = 900) -> tuple[list[str], list[str]]:
    draw = rng(3)
    words = ["".join(draw.choice(LETTERS, draw.integers(5, 10))) for _ in range(n)]
    return words, ["".join(chr(ord(letter) + 1008) for letter in word) for word in words]


def noisy(x: np.ndarray, noise: float, cuts: Sequence[float], seed: int = 5) -> np.ndarray:
    return np.searchsorted(cuts, x + noise * rng(seed).normal(size=len(x)))


def coarse(noise: float, deduplicated: bool) -> Case:
    """Few different rows; those to learn from may be there once only."""
    draw = rng(6)
    x = draw.integers(0, 7, size=(1500, 4))
    y = (x.sum(1) + noise * draw.normal(size=1500) > 12).astype(int)
    asked, known = np.arange(500), np.arange(500, 1500)
    if deduplicated:
        known = known[np.unique(x[known], axis=0, return_index=True)[1]]
    names = [f"x{column}" for column in range(4)]
    train = {name: x[known, column] for column, name in enumerate(names)} | {"y": y[known]}
    return Case(
        list(y[asked]),
        {
            "train.csv": csv_of(train),
            "test.csv": csv_of({name: x[asked, column] for column, name in enumerate(names)}),
        },
        "label",
    )


def patients(regression: bool = False) -> Case:
    """All rows of a patient have one label; hidden patients are others."""
    who = np.repeat(np.arange(200), 10)
    of_patient = rng(7).normal(size=200).round(2) if regression else rng(7).integers(0, 2, size=200)
    columns = {"patient": [f"p{n:03d}" for n in who], "x": rng(8).normal(size=2000)}
    return split(columns, of_patient[who], slice(1700, None), "value" if regression else "label")


def few_patients(hidden: int, classes: int = 2, number: Callable[[int, int], Any] = lambda n, label: n) -> Case:
    """Numbers of patients, with one label and an age each; three times as many as are hidden are there to learn from.

    Args:
        hidden: How many are hidden.
        classes: How many labels there are; 0 for a value each.
        number: What the patient of a place and a label is called.
    """
    who = np.repeat(np.arange(4 * hidden), 40)
    of_patient = rng(32).permutation(np.resize(np.arange(classes or 4 * hidden), 4 * hidden))
    names = np.array([number(n, int(label)) for n, label in enumerate(of_patient)])
    ages = rng(33).integers(20, 85, 4 * hidden)
    columns = {"patient": names[who], "age": ages[who], "x": rng(8).normal(size=len(who))}
    return split(columns, of_patient[who], slice(3 * hidden * 40, None), "label" if classes else "value")


RUN = np.repeat([0, 1, 2, 0, 2, 1, 0, 1, 2], 12)


def runs_of(kind: str = "label", run: np.ndarray = RUN, columns: str = "run x", hidden: int = 3, **more: bytes) -> Case:
    """Twelve runs of one protocol, in order, of which the last are hidden."""
    y = np.tile(run, 12)
    codes = np.unique(y, return_inverse=True)[1]
    own = {"run": np.repeat(np.arange(12), len(run)), "x": codes + rng(34).normal(size=len(y)), "t": times(len(y))}
    last = slice((12 - hidden) * len(run), None)
    return split({name: own[name] for name in columns.split()}, y, last, kind, **more)


def runs_in_two_files(shown: int) -> Case:
    """The same, with the labels to learn from in a file of their own; both files hold so many runs."""
    y = np.tile(RUN, 12)
    rows, x = np.arange(len(y)), y + rng(34).normal(size=len(y))
    known, asked = rows[: shown * len(RUN)], rows[9 * len(RUN) :]
    files = {
        "features.csv": csv_of({"row": known, "x": x[known]}),
        "learn.csv": csv_of({"row": known, "y": y[known]}),
        "test.csv": csv_of({"row": asked, "x": x[asked]}),
    }
    return Case(list(y[asked]), files, "label")


def series(shuffled: bool) -> Case:
    """Ten shops, of which the last fifty days are asked for."""
    shop, day = np.repeat(np.arange(10), 200), np.tile(np.arange(200), 10)
    y = np.concatenate([walk(200, seed=seed) + 5 * seed for seed in range(10)])
    case = split({"shop": shop, "day": day}, y, np.flatnonzero(day >= 150))
    if shuffled:
        known = rng(1).permutation(np.flatnonzero(day < 150))
        case.files["train.csv"] = csv_of({"shop": shop[known], "day": day[known], "y": y[known]})
    return case


def learnt_in_any_order(case: Case) -> Case:
    """The same, with the rows to learn from shuffled."""
    head, *rows = case.files["train.csv"].decode().splitlines()
    case.files["train.csv"] = "\n".join([head, *(rows[i] for i in rng(1).permutation(len(rows)))]).encode()
    return case


def in_parts(y: Sequence[Any], hidden: int = 500, names: str = "year month day hour") -> Case:
    """A series by the hour, whose time stands in several columns."""
    parts = [list(map(int, time)) for time in (t.split() for t in times(len(y), "%Y %m %d %H"))]
    columns = dict(zip(["year", "month", "day", "hour"], zip(*parts, strict=True), strict=True))
    return learnt_in_any_order(split({name: columns[name] for name in names.split()}, y, slice(len(y) - hidden, None)))


def many_groups(groups: int, size: int, label_order: bool = False, names: str = "any") -> Case:
    """Names of groups, in no order, of which each has one label; a quarter of the groups is hidden.

    Args:
        groups: How many.
        size: Rows of each.
        label_order: Whether the hidden groups stand in the order of their labels.
        names: Of hidden groups: ``any``, ``sorted`` as they stand, ``by label``, or ``new`` in the hidden rows alone.
    """
    of_group = rng(24).integers(0, 2, groups)
    first = groups - groups // 4
    if label_order or names == "by label":
        of_group[first:] = np.sort(of_group[first:])
    number = np.arange(groups) if names == "by label" else (np.arange(groups) * 37 + 11) % 997
    if names == "sorted":
        number[first:] = np.sort(number[first:])
    place = np.repeat(np.arange(groups), size)
    if names == "by label":  # rows of hidden groups in any order
        place[first * size :] = rng(25).permutation(place[first * size :])
    cells = np.array([f"P{number[g]:04d}" for g in place], dtype=object)
    if names == "new":
        cells[: first * size] = rng(26).permutation(cells[: first * size])
    x = rng(27).normal(size=len(place)) + of_group[place]
    return learnt_in_any_order(split({"who": cells, "x": x}, of_group[place], slice(first * size, None), "label"))


def with_ages(table: bytes) -> bytes:
    """A table of groups, with another number for each."""
    head, *rows = table.decode().splitlines()
    place = {name: number for number, name in enumerate(dict.fromkeys(row.split(",")[0] for row in rows))}
    return "\n".join([f"{head},age", *(f"{row},{20 + place[row.split(',')[0]] * 7 % 50}" for row in rows)]).encode()


def relational() -> Case:
    """What is asked for is named only; what is known of it is in a table of its own."""
    draw = rng(11)
    items = {"item": np.arange(2000), "price": draw.normal(size=2000), "size": draw.normal(size=2000)}
    y = items["price"] + draw.normal(size=2000)
    order = draw.permutation(2000)
    asked, known = order[:500], order[500:]
    return Case(
        list(y[asked]),
        {
            "items.csv": csv_of(items),
            "test.csv": csv_of({"item": asked}),
            "train.csv": csv_of({"item": known, "y": y[known]}),
        },
    )


def by_class(share: float, n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """A feature, and a rare class that it hints at."""
    draw = rng(12)
    y = (draw.random(n) < share).astype(int)
    return draw.normal(size=n) + 1.5 * y, y


EVENTS = np.cumsum(rng(28).exponential(60, 2000)).round(1)
TOTAL = np.cumsum(rng(29).gamma(2, 3, 2000)).round(1)
X, RARE = by_class(0.01)
RARER = by_class(0.04)[1]
HALVES = noisy(X, 0.5, [0.0])

HONEST: dict[str, Callable[[], Case]] = {
    "time, as text with a blank": lambda: split({"time": times(2000)}, season(), LAST),
    "time, as ISO 8601": lambda: split({"time": times(2000, "%Y-%m-%dT%H:%M:%SZ")}, season(), LAST),
    "time, by day first": lambda: split({"time": times(2000, "%d.%m.%Y %H:%M")}, season(), LAST),
    "time and its parts": lambda: split(
        {"time": times(2000), "hour": np.arange(2000) % 24, "day": np.arange(2000) // 24 % 7}, season(), LAST
    ),
    "time, hidden rows shuffled": lambda: split({"time": times(2000)}, walk(2000), rng(1).permutation(500) + 1500),
    "time, with empty cells": lambda: split(
        {"time": [t if i % 9 else "" for i, t in enumerate(times(2000))]}, walk(2000, 3.0), LAST
    ),
    "time, falling": lambda: split({"time": times(2000)}, walk(2000), np.arange(1999, 1499, -1)),
    "time in parts, of a season": lambda: in_parts(season(3360), 600),
    "time in parts, of a walk": lambda: in_parts(walk(3360), 600),
    "time in parts, the least first": lambda: in_parts(season(3360), 600, "hour day month year"),
    "time in parts, the day before the month": lambda: in_parts(walk(3360), 900, "day month year hour"),
    "time in parts, of a total that only rises": lambda: in_parts(np.arange(3360) ** 1.3, 600),
    "many groups": lambda: many_groups(200, 15),
    "very many groups": lambda: many_groups(600, 6),
    "many groups, sorted by name": lambda: many_groups(400, 6, names="sorted"),
    "few groups, of which each has an age": lambda: (
        case := many_groups(60, 33),
        case.files.update({"test.csv": with_ages(case.files["test.csv"])}),
    )[0],
    "many series, in order": lambda: series(shuffled=False),
    "many series, hidden rows in order": lambda: series(shuffled=True),
    "a sample of a submission": lambda: split(
        {"t": np.arange(2000)}, walk(2000), LAST, sample__csv=csv_of({"t": np.arange(1500, 2000), "y": np.zeros(500)})
    ),
    "a random walk": lambda: split({"step": np.arange(2000)}, walk(2000), LAST),
    "a random walk that rises": lambda: split({"step": np.arange(2000)}, walk(2000, 3.0), LAST),
    "a total that only rises": lambda: split({"day": times(2000, "%Y-%m-%d %H")}, np.arange(2000) ** 1.3, LAST),
    "a total, at times of any distance": lambda: split({"time": EVENTS}, TOTAL, LAST),
    "a total, at times of any distance, rows to learn from shuffled": lambda: learnt_in_any_order(
        split({"time": EVENTS}, TOTAL, LAST)
    ),
    "a stock that only falls": lambda: split({"time": EVENTS}, 1e5 - TOTAL, LAST),
    "a way, at times of any distance": lambda: split(
        {"time": EVENTS}, np.cumsum(np.diff(EVENTS, prepend=0.0) * rng(30).gamma(4, 15, 2000)), LAST
    ),
    "a slow wave, of which a rise is hidden": lambda: split(
        {"t": np.arange(2000)}, np.sin((np.arange(2000) - 1750) / 400), LAST
    ),
    "states that last": lambda: split({"t": np.arange(2000)}, (walk(2000) > 0).astype(int), LAST, "label"),
    "numbers of rows, in order": lambda: split({"id": np.arange(2000), "x": X}, HALVES, LAST, "label"),
    "numbers of rows, as text": lambda: split(
        {"id": [f"r{i:05d}" for i in range(2000)], "x": X}, HALVES, SOME, "label"
    ),
    "a constant column": lambda: split({"x": X, "k": [1.0] * 2000, "w": ["a b"] * 2000}, HALVES, SOME, "label"),
    "empty columns": lambda: split({"x": X, "k": [""] * 2000}, HALVES, SOME, "label"),
    "a mask, as an array": lambda: masks("npy"),
    "a mask, as a long array": lambda: masks("flat"),
    "a mask, in an archive": lambda: masks("npz"),
    "one class in a hundred": lambda: split({"x": X}, RARE, SOME, "label"),
    "one class in a hundred, as a probability": lambda: split({"x": X}, RARE, SOME, "probability"),
    "three rows of a class": lambda: split({"x": X}, (np.arange(2000) % 501 == 7).astype(int), slice(0, 1500), "label"),
    "a rare class beyond a limit": lambda: split({"x": X}, (np.sort(X)[-12] < X).astype(int), SOME, "label"),
    "mostly zero": lambda: split({"x": X}, np.where(rng(3).random(2000) < 0.97, 0.0, X), SOME),
    "zeros beside zeros": lambda: split(
        {"x": X, "z": [0.0] * 2000}, np.where(rng(3).random(2000) < 0.995, 0.0, X), SOME, mask__npy=npy(np.zeros(5000))
    ),
    "text to text": lambda: split({"from": texts()[0]}, texts()[1], slice(0, 300), "label"),
    "text to text, mostly the same": lambda: split(
        {"from": texts()[0]}, [w if i % 20 else w[::-1] for i, w in enumerate(texts()[0])], slice(0, 300), "label"
    ),
    "a span of a text": lambda: split(
        {"text": [f"{w[::-1]} {w} {w[1:]}x" for w in texts()[0]]}, texts()[0], slice(0, 300), "label"
    ),
    "a category that says most": lambda: split(
        {"c": LETTERS[noisy(X, 0.0, np.linspace(-2, 2, 12))]}, noisy(X, 0.02, [0.0]), SOME, "label"
    ),
    "a feature that says nearly all": lambda: split({"x": X}, X + 0.04 * rng(4).normal(size=2000), SOME),
    "a category, one column for each value": lambda: split(
        {f"is_{k}": (noisy(X, 0.1, [-0.5, 0.5]) == k).astype(int) for k in range(3)},
        noisy(X, 0.1, [-0.5, 0.5], seed=6),
        SOME,
        "label",
    ),
    "a rounded target": lambda: split({"x": X}, np.round(X + 0.3 * rng(4).normal(size=2000)), SOME),
    "a target in steps of five": lambda: split({"x": X}, 5 * np.round(3 * X + rng(4).normal(size=2000)), SOME),
    "rows that are alike by chance": lambda: coarse(2.0, deduplicated=False),
    "rows that are alike by chance, to learn from once each": lambda: coarse(4.0, deduplicated=True),
    "patients": patients,
    "patients, a number for each": lambda: patients(regression=True),
    "seven patients": lambda: few_patients(7),
    "ten patients": lambda: few_patients(10),
    "seven patients, by name": lambda: few_patients(7, number=lambda n, label: f"P{n:03d}"),
    "ten recordings of six classes": lambda: few_patients(10, 6),
    "eight sites, a number for each": lambda: few_patients(8, 0),
    "runs of one protocol": runs_of,
    "runs of one protocol, many of them hidden": lambda: runs_of(hidden=5),
    "runs of one protocol, called otherwise": lambda: runs_of(run=np.array(list("qrs"))[RUN]),
    "runs of one protocol, in two files": lambda: runs_in_two_files(9),
    "a day and night of hours": lambda: runs_of(run=((np.arange(240) % 24) // 12), columns="t x"),
    "a tariff by the hour": lambda: runs_of("value", np.tile(0.1 + rng(36).random(24).round(2), 10), "t"),
    "names of what is in another table": relational,
    "numbers with gaps, and states that last": lambda: split(
        {"t": np.cumsum(rng(17).choice([1, 1, 1, 2, 3], 2000))}, (walk(2000) > 0).astype(int), LAST, "label"
    ),
    "decimals": lambda: split({"x": X.round(1), "z": np.round(50 * X) / 10}, noisy(X, 0.05, [0.0]), SOME, "label"),
    "a feature of whole numbers that says nearly all": lambda: split(
        {"x": np.round(10 * X)}, noisy(X, 0.05, [0.0]), SOME, "label"
    ),
    "a list of rows that has nothing to do with them": lambda: split(
        {"id": np.arange(2000), "x": X}, HALVES, SOME, "label", good__csv=csv_of({"id": np.arange(0, 2000, 3)})
    ),
    "a list of rows where most are of a class": lambda: split(
        {"id": np.arange(2000), "x": X}, HALVES, SOME, "label", good__csv=csv_of({"id": np.flatnonzero(X > 0)})
    ),
    "another table of as many rows, numbered, in another order": lambda: split(
        {"x": X}, VALUE, SOME, other__csv=csv_of({"n": rng(18).permutation(500), "z": rng(19).normal(size=500)})
    ),
    "rows that are alike once they are rounded": lambda: split(
        {"a": X, "b": rng(14).normal(size=2000)},
        HALVES,
        SOME,
        "label",
        more__csv=csv_of(
            {"a": rng(20).normal(size=900).round(1), "b": rng(21).normal(size=900).round(1)}
            | {"y": rng(22).integers(0, 2, 900)}
        ),
    ),
    "a calendar, beside a total that only rises": lambda: split(
        {"day": times(2000)},
        np.arange(2000) ** 1.3,
        LAST,
        calendar__csv=csv_of({"date": times(2000), "step": np.arange(2000)}),
    ),
    "files of many sizes": lambda: (
        case := split({"x": X}, HALVES, SOME, "label"),
        case.files.update({f"{i:03d}.txt": b"x" * int(300 + 50 * X[n]) for i, n in enumerate(SOME)}),
    )[0],
    "text in base64": lambda: split(
        {"x": X}, HALVES, SOME, "label", picture__txt=base64.encodebytes(rng(23).bytes(20_000)) + b"A" * 5000
    ),
    "a list of names of classes": lambda: beside("x.yaml", b"classes:\n- ash\n- birch\n- oak\ndepth: 3\n" * 90),
    "a log of a training": lambda: beside("x.log", log_of(rng(24).integers(0, 2, 900)), halves),
    "predictions that are nearly right": lambda: beside("x.log", log_of(B ^ (np.arange(500) % 250 == 9)), halves),
    "values that are nearly right": lambda: beside(
        "x.py", f"Y = {[round(float(y), 1) for y in Y + 0.1 * rng(25).normal(size=500)]}".encode(), value
    ),
    "classes of the rows to learn from": lambda: beside("x.py", f"Y = {[str(k) for k in KIND[REST]]}".encode()),
    "a document with numbers": lambda: Case(
        list(B), halves().files, "label", "From 1999 on, 0 or 1: " + " ".join(map(str, rng(26).integers(0, 2, 4000)))
    ),
    "counts, and numbers of lines": lambda: split(
        {"t": times(2000)},
        np.arange(2000),
        LAST,
        x__md="".join(f"{i}. is line {i} of it\n" for i in range(3000)).encode(),
    ),
    "a sparse matrix": lambda: beside("x.svm", sparse(rng(27).integers(0, 2, 500)), halves),
    "texts that hold their answer, and a footer": lambda: split(
        {"text": [f"{w[::-1]} {w} {w[1:]}x" for w in texts()[0]]},
        texts()[0],
        slice(0, 300),
        "label",
        more__txt="".join(f"{w} and {w[::-1]}\n" for w in texts()[0][:300]).encode(),
    ),
    "a class without a name": lambda: split({"x": X}, np.where(HALVES, "yes", ""), HIDDEN, "label"),
    "few rows, many columns": lambda: split(
        {f"x{i}": rng(i).integers(0, 2, 700) for i in range(200)}, rng(999).integers(0, 2, 700), slice(0, 200), "label"
    ),
    "few rows, many columns, and a rare class": lambda: split(
        {f"x{i}": (rng(i).random(700) < 0.01).astype(int) for i in range(200)},
        (np.arange(700) % 50 == 7).astype(int),
        slice(0, 200),
        "label",
    ),
}


@pytest.mark.sample(5)
@pytest.mark.parametrize("name", HONEST)
def test_honest_data_passes(name: str, tmp_path: Path) -> None:
    HONEST[name]().check(tmp_path)


# -- leaks -------------------------------------------------------------------------------------------------------------

VALUE = X + 0.5 * rng(4).normal(size=2000)
KIND = np.array(["ash", "birch", "oak"])[noisy(X, 0.5, [-0.5, 0.5])]
CODE = noisy(X, 0.5, [-0.5, 0.5])
REST = np.setdiff1d(np.arange(2000), SOME)
HIDDEN = np.array(SOME)


def value(column: Sequence[Any] | None = None, hidden: Any = HIDDEN, **files: bytes) -> Case:
    return split({"x": X} | ({} if column is None else {"d": column}), VALUE, hidden, **files)


def label(column: Sequence[Any] | None = None, hidden: Any = HIDDEN, **files: bytes) -> Case:
    return split({"x": X} | ({} if column is None else {"d": column}), KIND, hidden, "label", **files)


def beside(name: str, body: bytes, of: Callable[..., Case] = label) -> Case:
    case = of()
    case.files[name] = body
    return case


def only_hidden(column: np.ndarray, y: np.ndarray, kind: str) -> Case:
    """A column that tells in the hidden rows alone; where there is something to learn it is shuffled."""
    column = column.copy()
    column[REST] = rng(13).permutation(column[REST])
    return split({"x": X, "d": column}, y, HIDDEN, kind)


def sorted_with_ids(both: bool, kind: str) -> Case:
    """Rows in the order of the target, numbered."""
    y = KIND if kind == "label" else VALUE
    asked = HIDDEN[np.argsort(VALUE[HIDDEN] if kind == "value" else CODE[HIDDEN], kind="stable")]
    known = REST[np.argsort(VALUE[REST] if kind == "value" else CODE[REST], kind="stable")] if both else REST
    order = np.concatenate([known, asked])
    return split({"id": np.arange(2000), "x": X[order]}, y[order], slice(len(known), None), kind)


def counted_in_parts(kind: str) -> Case:
    """Rows nearly in the order of the target, numbered in parts as by a time; those to learn from in any order."""
    near = np.argsort(Y + 0.1 * rng(2).normal(size=500))
    number = np.concatenate([rng(28).permutation(1500), 1500 + np.arange(500)])
    order = np.concatenate([REST, HIDDEN[near]])
    columns = {"day": number // 24 % 24, "hour": number % 24, "x": X[order]}
    columns |= {
        "parts": {"month": number // 576},
        # In the hidden rows it is always the same; where there is something to learn it is the target.
        "always the same": {"month": np.r_[np.argsort(np.argsort(VALUE[REST])), np.full(500, 2000)]},
        # It says nothing, and then something counts where it stays the same.
        "nothing at first": {"day": number // 3},
    }[kind]
    return split(columns, VALUE[order], slice(1500, None))


def copied(share: float, noise: float = 0.0) -> Case:
    """Some of the hidden rows stand in the table to learn from."""
    case = split({"a": X, "b": rng(14).normal(size=2000)}, VALUE, HIDDEN)
    some = HIDDEN[: int(share * len(HIDDEN))]
    both = np.concatenate([REST, some])
    b = rng(14).normal(size=2000)
    case.files["train.csv"] = csv_of({"a": X[both], "b": b[both], "y": VALUE[both] + noise})
    return case


def hashed(cells: Sequence[Any]) -> list[str]:
    return [hashlib.sha256(f"salt{cell}".encode()).hexdigest()[:12] for cell in cells]


def shuffled(**columns: Sequence[Any]) -> bytes:
    """A table of hidden rows in another order."""
    order = rng(15).permutation(len(HIDDEN))
    return csv_of({name: np.asarray(cells)[order] for name, cells in columns.items()})


def halves(column: Sequence[Any] | None = None, hidden: Any = HIDDEN, **files: bytes) -> Case:
    """Two classes."""
    return split({"x": X} | ({} if column is None else {"d": column}), HALVES, hidden, "label", **files)


def log_of(marks: Sequence[int]) -> bytes:
    guessed = rng(28).random(len(marks))
    lines = (f"[{i:04d}] pred={guessed[i]:.3f} true={mark}" for i, mark in enumerate(marks))
    return "\n".join(["INFO start, of 3 steps", *lines, "INFO done, all fine\n"]).encode()


def sparse(labels: Sequence[Any]) -> bytes:
    """Lines of a label and of the features that are not zero."""
    shown = rng(29).integers(1, 4, len(labels))
    rows = (f"{y} " + " ".join(f"{k}:{k / 8}" for k in range(many)) for y, many in zip(labels, shown, strict=True))
    return "\n".join(rows).encode()


def tar(name: str, body: bytes, mode: Literal["w", "w:gz"] = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(body)
        archive.addfile(info, io.BytesIO(body))
    return file.getvalue()


def whole() -> Columns:
    """All rows, with their labels."""
    return {"x": X, "y": HALVES}


def notebook(lines: Sequence[str]) -> bytes:
    return json.dumps({"cells": [{"outputs": [{"data": {"text/plain": [f"{line}\n" for line in lines]}}]}]}).encode()


B = HALVES[HIDDEN]
Y, K, C = VALUE[HIDDEN], KIND[HIDDEN], CODE[HIDDEN]
TOLD = {"value": list(map(float, [f"{v:.6g}" for v in Y]))}

LEAKS: dict[str, Callable[[], Case]] = {
    "another name": lambda: value(VALUE),
    "scaled": lambda: value(-3 * VALUE + 7),
    "bent": lambda: value(np.arctan(VALUE)),
    "rounded more finely": lambda: split({"x": X, "d": VALUE}, np.round(VALUE, 1), HIDDEN),
    "among digits": lambda: value([f"no. {v:.4f}!" for v in VALUE]),
    "as a time": lambda: value(list(map(str, np.datetime64("2020-01-06") + (VALUE * 1e9).astype("timedelta64[us]")))),
    "another code": lambda: label(np.array(list("qrs"))[CODE]),
    "hashed": lambda: label(hashed(KIND)),
    "hashed, of a count": lambda: split({"d": hashed(np.round(VALUE)), "x": X}, np.round(VALUE), HIDDEN),
    "a code with three values for each class": lambda: label(3 * CODE + rng(4).integers(3, size=2000)),
    "with a few errors": lambda: label(np.where(np.arange(2000) == HIDDEN[3], 1 - CODE // 2, CODE)),
    "one column for each class": lambda: split(
        {"x": X} | {f"k{k}": (k == CODE).astype(int) for k in range(3)}, KIND, HIDDEN, "label"
    ),
    "a rare class marked": lambda: split({"x": X, "d": RARE}, RARE, HIDDEN, "label"),
    "a rare class marked, as a probability": lambda: split({"x": X, "d": 1 - RARE}, RARE, HIDDEN, "probability"),
    "in the hidden rows alone": lambda: only_hidden(CODE, KIND, "label"),
    "in the hidden rows alone, a value": lambda: only_hidden(VALUE, VALUE, "value"),
    "in free text": lambda: label([f"seen on {d} by the {k} hut" for d, k in zip(times(2000), KIND, strict=True)]),
    "a text that is unique": lambda: split(
        {"from": texts()[0], "d": [f"<{t}>" for t in texts()[1]]}, texts()[1], slice(0, 300), "label"
    ),
    "numbers that follow the label": lambda: value(np.argsort(np.argsort(VALUE))),
    "numbers that follow the class": lambda: label(np.argsort(np.argsort(CODE + 0.5 * rng(1).random(2000)))),
    "sorted": lambda: value(hidden=HIDDEN[np.argsort(Y)]),
    "sorted by class": lambda: label(hidden=HIDDEN[np.argsort(C)]),
    "sorted, and numbered": lambda: sorted_with_ids(False, "value"),
    "sorted by class, and numbered": lambda: sorted_with_ids(False, "label"),
    "all sorted, and numbered": lambda: sorted_with_ids(True, "value"),
    "all sorted by class, and numbered": lambda: sorted_with_ids(True, "label"),
    "a total, on another scale": lambda: split({"d": 3 * TOTAL + 7}, TOTAL, LAST),
    "a total, bent": lambda: split({"d": np.log(100 + TOTAL)}, TOTAL, LAST),
    "a total, rounded": lambda: split({"d": 10 * np.round(TOTAL / 10)}, TOTAL, LAST),
    "a total, with some noise": lambda: split({"d": np.sort(TOTAL + rng(31).normal(0, 3, 2000))}, TOTAL, LAST),
    "sorted, and at times of any distance": lambda: split(
        {"time": EVENTS, "x": X}, np.r_[VALUE[:1500], np.sort(VALUE[1500:])], LAST
    ),
    "all sorted, and at times of any distance": lambda: split(
        {"time": EVENTS, "x": X}, np.r_[np.sort(VALUE[:1500]), np.sort(VALUE[1500:])], LAST
    ),
    "nearly sorted, and numbered": lambda: Case(
        list(Y[(near := np.argsort(Y + 0.1 * rng(2).normal(size=500)))]),
        value().files | {"test.csv": csv_of({"x": X[HIDDEN][near], "id": np.arange(500)})},
    ),
    "nearly sorted, and numbered in parts": lambda: counted_in_parts("parts"),
    "nearly sorted, beside a column that is the target elsewhere": lambda: counted_in_parts("always the same"),
    "nearly sorted, and numbered in small parts": lambda: counted_in_parts("nothing at first"),
    "groups that are made of labels": lambda: many_groups(200, 15, names="new"),
    "many groups, in the order of their labels": lambda: many_groups(400, 6, label_order=True),
    "some groups, in the order of their labels": lambda: many_groups(200, 15, label_order=True),
    "groups that are sorted and numbered": lambda: many_groups(200, 15, label_order=True, names="sorted"),
    "groups that are numbered by their labels": lambda: many_groups(200, 15, names="by label"),
    "patients whose numbers are odd for a label": lambda: few_patients(40, number=lambda n, label: 2 * n + label),
    "hidden patients whose numbers are odd for a label": lambda: few_patients(
        40, number=lambda n, label: 2 * n + (label if n >= 120 else n % 3 % 2)
    ),
    "hidden patients whose names are their labels": lambda: few_patients(
        10, 6, lambda n, label: 1000 + label if n >= 30 else n
    ),
    "runs of one protocol, and the hidden ones behind": lambda: (
        case := runs_of(),
        case.files.update({"train.csv": case.files["train.csv"] + "".join(f"{c}\n" for c in case.labels).encode()}),
    )[0],
    "runs of one protocol, and the hidden ones in another file": lambda: runs_of(
        more__txt=("# 1\n" + "\n".join(map(str, np.tile(RUN, 3)))).encode()
    ),
    "runs of one protocol, and all labels": lambda: runs_of(
        all__csv=csv_of({"n": np.arange(12 * len(RUN)), "y": np.tile(RUN, 12)})
    ),
    "runs of one protocol in two files, with all rows": lambda: runs_in_two_files(12),
    "runs of no protocol, and all rows": lambda: split(
        {"x": X}, CODE, LAST, "label", all__csv=csv_of({"x": X + rng(37).normal(size=2000) / 9, "y": CODE})
    ),
    "copies of the hidden rows": lambda: copied(1.0),
    "copies of some hidden rows": lambda: copied(0.06),
    "copies with rounded labels": lambda: copied(0.5, noise=0.001),
    "a text file": lambda: beside("notes.txt", "\n".join(K).encode()),
    "a list in a program": lambda: beside("x.py", f"K = {[str(k) for k in K]}".encode()),
    "an array": lambda: beside("x.npy", npy(C)),
    "an array of another shape": lambda: beside("x.npy", npy(C.reshape(50, 10))),
    "an array of cubes": lambda: beside("x.npy", npy((C + 3).reshape(5, 10, 10))),
    "an array of many bytes": lambda: beside("x.bin", np.array(TOLD["value"]).astype(">f8").tobytes(), value),
    "half precision": lambda: beside("x.bin", C.astype("<f2").tobytes()),
    "an archive": lambda: beside("x.npz", npz(u=X[HIDDEN], v=C)),
    "a pickle": lambda: beside("x.pkl", pickle.dumps(C)),
    "a pickle of a list": lambda: beside("x.pkl", pickle.dumps(C.tolist())),
    "a pickle of numbers": lambda: beside("x.pkl", pickle.dumps(TOLD["value"]), value),
    "a pickle of words": lambda: beside("x.pkl", pickle.dumps([str(k) for k in K])),
    "a pickle, packed": lambda: beside("x.pkl.gz", gzip.compress(pickle.dumps(C))),
    "packed with bzip2": lambda: beside("x.bz2", bz2.compress("\n".join(K).encode())),
    "packed with xz": lambda: beside("x.xz", lzma.compress("\n".join(K).encode())),
    "after the labels to learn from": lambda: beside("y.npy", npy(np.concatenate([CODE[REST], C]))),
    "a rare class in bytes": lambda: Case(
        list(RARER[HIDDEN]), {"train.csv": b"x,y\n1,0\n2,1\n", "x.bin": RARER[HIDDEN].astype("u1").tobytes()}, "label"
    ),
    "the hidden masks": lambda: (
        case := masks("npy"),
        case.files.update({"all.npy": npy(np.array(case.labels, dtype=np.uint8).reshape(100, 24, 24))}),
    )[0],
    "the hidden masks, behind the others": lambda: (
        case := masks("npy"),
        case.files.update({"all.bin": bytes(999) + np.array(case.labels, dtype=np.uint8).tobytes()}),
    )[0],
    "backwards": lambda: beside("notes.txt", ",".join(K[::-1]).encode()),
    "backwards, in an array": lambda: beside("x.npy", npy(C[::-1].copy())),
    "in base64": lambda: beside("x.txt", base64.b64encode(C.astype("u1").tobytes())),
    "in base64, in lines": lambda: beside("x.txt", base64.encodebytes(gzip.compress("\n".join(K).encode()))),
    "as hexadecimal digits": lambda: beside("x.txt", b"key = " + C.astype("u1").tobytes().hex().encode()),
    "bits": lambda: beside("x.bin", np.packbits(B).tobytes(), halves),
    "bits, the other way round, behind others": lambda: beside(
        "x.bin", np.packbits(1 - np.concatenate([HALVES[:333], B]), bitorder="little").tobytes(), halves
    ),
    "bits of a rare class": lambda: Case(
        list(RARER[HIDDEN]), {"train.csv": b"x,y\n1,0\n2,1\n", "x.bin": np.packbits(RARER[HIDDEN]).tobytes()}, "label"
    ),
    "by row number, in another order": lambda: value(x__csv=shuffled(row=np.arange(500), d=Y)),
    "by row number, counted on": lambda: label(x__csv=shuffled(row=np.arange(1500, 2000), d=C)),
    "by a name of rows, called otherwise": lambda: split(
        {"id": [f"r{i}" for i in range(2000)], "x": X},
        VALUE,
        HIDDEN,
        x__csv=shuffled(row=[f"r{i}" for i in HIDDEN], d=Y),
    ),
    "a list of rows of a class": lambda: halves(x__csv=csv_of({"row": np.flatnonzero(B)})),
    "a list of rows of a class, counted from 1": lambda: halves(x__csv=csv_of({"row": np.flatnonzero(B) + 1})),
    "lists of rows of all classes but one": lambda: label(
        **{f"c{k}__csv": csv_of({"row": np.flatnonzero(k == C)}) for k in (1, 2)}
    ),
    "a list of names of rows of a class": lambda: split(
        {"id": [f"r{i}" for i in range(2000)], "x": X},
        HALVES,
        HIDDEN,
        "label",
        x__csv=csv_of({"who": [f"r{i}" for i in np.flatnonzero(HALVES)]}),
    ),
    "copies with rounded features": lambda: split(
        {"a": X, "b": rng(14).normal(size=2000)},
        KIND,
        HIDDEN,
        "label",
        x__csv=shuffled(a=X[HIDDEN].round(2), b=rng(14).normal(size=2000)[HIDDEN].round(2), q=K),
    ),
    "in the parity of a number": lambda: halves(2 * rng(16).integers(0, 10**6, 2000) + HALVES),
    "in the parity of a number that goes on": lambda: split(
        {"id": 2 * np.arange(2000) + HALVES, "x": X}, HALVES, LAST, "label"
    ),
    "in the last decimal": lambda: label([f"{n / 10:.1f}" for n in 10 * rng(16).integers(0, 999, 2000) + CODE]),
    "in the remainder of a number": lambda: label(3 * rng(16).integers(0, 10**6, 2000) + CODE),
    "all rows, and a footer": lambda: halves(all__csv=csv_of(whole()) + b"(2000 rows)\n"),
    "all rows, and totals": lambda: halves(all__csv=csv_of(whole()) + b"total,1000\n"),
    "all rows, with numbers of rows as R writes them": lambda: halves(
        all__csv=b"x,y\n" + csv_of({"": range(2000)} | whole()).split(b"\n", 1)[1]
    ),
    "all rows, one feature unknown": lambda: halves(all__csv=csv_of(whole()).replace(b"\n", b"\n?,0\n", 1)),
    "below a row of units": lambda: halves(
        c__csv=b"n,y\n-,class\n" + csv_of({"n": range(500), "y": B}).split(b"\n", 1)[1]
    ),
    "values below a row of units": lambda: value(
        c__csv=b"n,y\n-,kg\n" + csv_of({"n": range(500), "y": -2 * Y}).split(b"\n", 1)[1]
    ),
    "one row with a cell more": lambda: halves(
        c__csv=csv_of({"n": range(500), "y": B}).replace(b"\n77,", b"\n77,%d,odd," % B[77], 1)
    ),
    "one cell that is no number": lambda: value(["?" if n == HIDDEN[7] else 2 * v for n, v in enumerate(VALUE)]),
    "a remark between rows": lambda: halves(
        c__csv=csv_of({"n": range(500), "y": B}).replace(b"\n77,", b"\n# the second part,\n77,", 1)
    ),
    "in a table with the others": lambda: label(c__csv=csv_of({"n": range(2000), "q": [*CODE[REST], *C]})),
    "tar": lambda: beside("x.tar", tar("raw/all.csv", csv_of(whole())), halves),
    "tar, packed": lambda: beside("x.tar.gz", tar("raw/all.csv", csv_of(whole()), "w:gz"), halves),
    "zlib": lambda: beside("x.z", zlib.compress(csv_of(whole())), halves),
    "a structured array": lambda: beside(
        "x.npy", npy(np.rec.fromarrays([X[HIDDEN], C], names=["x", "y"]))
    ),
    "JSON, a row under each number": lambda: beside(
        "x.json", json.dumps({str(i): {"y": int(c)} for i, c in enumerate(C)}).encode()
    ),
    "JSON, a row without the label": lambda: beside(
        "x.json", json.dumps([{"x": i} | ({"y": int(c)} if i != 3 else {}) for i, c in enumerate(C)]).encode()
    ),
    "sparse": lambda: beside("x.svm", sparse(B), halves),
    "sparse, values": lambda: beside("x.svm", sparse([f"{y:.3f}" for y in Y]), value),
    "a list in YAML": lambda: beside("x.yaml", ("seed: 3\nout:\n" + "".join(f"- {k}\n" for k in K)).encode()),
    "a list in YAML, one left out": lambda: beside(
        "x.yaml", ("seed: 3\nout:\n" + "".join(f"- {k}\n" for i, k in enumerate(K) if i != 99)).encode()
    ),
    "a list in lines": lambda: beside("x.py", ("Y = [\n" + "".join(f"    {c},\n" for c in C) + "]\n").encode()),
    "true and false": lambda: beside("x.py", f"import os\nY = {[bool(b) for b in B]}\n".encode(), halves),
    "other words": lambda: beside("x.py", f"Y = {['no' if b else 'oh' for b in B]}\n".encode(), halves),
    "decimals for whole numbers": lambda: beside("x.py", f"Y = {[float(c) for c in C]}".encode()),
    "values with two decimals": lambda: beside("x.py", f"Y = {[round(float(y), 2) for y in Y]}".encode(), value),
    "values with four decimals, as text": lambda: beside("x.py", f"Y = {[f'{y:.4f}' for y in Y]}".encode(), value),
    "values backwards": lambda: beside("x.py", f"Y = {[round(float(y), 2) for y in Y[::-1]]}".encode(), value),
    "Markdown": lambda: beside(
        "x.md",
        b"# Data\n\nRows:\n\n| n | y |\n| - | - |\n" + "".join(f"| {i} | {k} |\n" for i, k in enumerate(K)).encode(),
    ),
    "XML": lambda: beside(
        "x.xml", ("<r>" + "".join(f"<row><id>{i}</id><k>{k}</k></row>" for i, k in enumerate(K)) + "</r>").encode()
    ),
    "a notebook": lambda: beside("x.ipynb", notebook([f"{i}  {c}" for i, c in enumerate(C)])),
    "a notebook, as one text": lambda: beside(
        "x.ipynb", json.dumps({"text": "\n".join(f"{i}  {c}" for i, c in enumerate(C))}).encode()
    ),
    "a log": lambda: beside("x.log", log_of(B), halves),
    "heads of sequences": lambda: beside(
        "x.fasta", "".join(f">s{i} class={c}\nACGT\n" for i, c in enumerate(C)).encode()
    ),
    "a dictionary": lambda: beside("x.py", repr({i: str(k) for i, k in enumerate(K)}).encode()),
    "in the description": lambda: Case(list(C), label().files, "label", f"Out of 3: {' '.join(map(str, C))}"),
    "names of several words": lambda: Case(
        [f"{k} tree" for k in K], label().files | {"x.py": repr([f"{k} tree" for k in K]).encode()}, "label"
    ),
    "letters escaped": lambda: Case(
        [f"{k} é" for k in K], label().files | {"x.json": json.dumps([f"{k} é" for k in K] + [""]).encode()}, "label"
    ),
    "a class without a name": lambda: split(
        {"x": X, "d": [f"<{'yes' if h else ''}>" for h in HALVES]}, np.where(HALVES, "yes", ""), HIDDEN, "label"
    ),
    "a class without a name, as it is": lambda: split(
        {"x": X, "d": np.where(HALVES, "yes", "")}, np.where(HALVES, "yes", ""), HIDDEN, "label"
    ),
    "in the sizes of files": lambda: Case(
        list(K), label().files | {f"{i:03d}.txt": b"x" * (300 + k) for i, k in enumerate(C)}, "label"
    ),
    "in short files": lambda: Case(
        list(K), label().files | {f"{i:03d}.txt": f"a{'bcd'[k]}e".encode() for i, k in enumerate(C)}, "label"
    ),
    "a name for each row": lambda: Case(
        list(K), label().files | {f"{i:03d}_{k}.txt": b"" for i, k in enumerate(K)}, "label"
    ),
}  # fmt: skip


@pytest.mark.sample(13)
@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CheckFailed, match="leaky"):
        LEAKS[name]().check(tmp_path)


def test_each_of_several_targets_is_looked_for(tmp_path: Path) -> None:
    second = rng(21).normal(size=2000)
    case = split({"x": X, "d": 2 * second}, VALUE, HIDDEN)
    for name, body in case.files.items():
        (tmp_path / name).write_bytes(body)
    labels = csv_of({"y": VALUE[HIDDEN], "z": second[HIDDEN]})
    one, other = HiddenLabels(values=VALUE[HIDDEN]), HiddenLabels(values=second[HIDDEN])
    tables = read_tables(tmp_path, len(HIDDEN))
    check_leaks(Report("x"), tmp_path, tables, labels, one, ["y", "z"])
    with pytest.raises(CheckFailed, match=r"'d' of test\.csv"):
        check_leaks(Report("x"), tmp_path, tables, labels, replace(one, beside=(other,)), ["y", "z"])


# -- chance ------------------------------------------------------------------------------------------------------------


def test_bits_are_those_of_counting() -> None:
    assert arrangements(np.array([0, 0, 1])) == pytest.approx(np.log2(3))
    assert chosen(5, 2) == pytest.approx(np.log2(10))
    assert chosen(5, 7) == 0
    # Of 2 marked rows among 4, both in the first two: 1 of 6.
    assert excess(2, 2, 0, 2) == pytest.approx(np.log2(6))
    assert excess(1, 2, 1, 2) == 0
    assert fewer(0, 10.0) == pytest.approx(10 / np.log(2))
    assert fewer(12, 10.0) == 0


@pytest.mark.parametrize(("text", "length"), [("abcabc", 3), ("aaaa", 3), ("abcd", 0), ("abab", 2), ("a", 0)])
def test_longest_repetition(text: str, length: int) -> None:
    assert longest_repetition(list(text)) == length


@pytest.mark.slow
def test_columns_that_have_nothing_to_do_with_labels_are_never_refused(tmp_path: Path) -> None:
    """Two hundred tables of random columns of every make, and labels of every make."""
    for seed in range(200):
        draw = rng(seed)
        n = int(draw.choice([200, 350, 600]))
        columns = {
            "few": draw.integers(0, draw.integers(2, 40), n),
            "rare": (draw.random(n) < 0.02).astype(int),
            "real": draw.normal(size=n),
            "words": ["".join(draw.choice(LETTERS, 3)) for _ in range(n)],
            "sorted": np.sort(draw.integers(0, 50, n)),
        }
        kind = ["label", "value", "probability"][seed % 3]
        share = float(draw.choice([0.5, 0.1, 0.03]))
        y = draw.normal(size=n).round(int(draw.integers(0, 3))) if kind == "value" else (draw.random(n) < share) * 1
        if len(set(y)) < 2:
            continue
        Case(list(y), {"test.csv": csv_of(columns)}, kind).check(tmp_path / str(seed))
