"""Standings as tables to read, and profiles as a table for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synthgym.base.files.outputs import whole_file
from synthgym.train.evaluation.aup.resampling import Resampled
from synthgym.train.evaluation.aup.runs import BASELINE, MODES, SolverSet, Task
from synthgym.train.evaluation.aup.standings import Standings
from synthgym.train.evaluation.stats import Interval


@dataclass(frozen=True)
class TextTable:
    """A table of texts: the first column is of names, the others of figures.

    Attributes:
        title: A line above; may be empty.
        head: Names of the columns.
        rows: As many texts in each as there are columns.
    """

    title: str
    head: list[str]
    rows: list[list[str]]


def standings_table(resampled: Resampled) -> TextTable:
    """AUP of every solver in both modes, with its interval and as a share of the largest; the best solver first."""
    standings = resampled.standings
    rows = []
    for solver in standings.to_dict()["best"]:
        row = [solver]
        for mode in MODES:
            row += _with_interval(resampled.interval(mode, solver), "{:.3f}".format)
            share = standings.normalised(mode, solver)
            row.append("–" if share is None else f"{share:.3f}")
        rows.append(row)
    of_mode = [f"{resampled.level:.0%} interval", f"÷ {standings.largest:g}"]
    head = ["", *(text for mode in MODES for text in (mode, *of_mode))]
    return _without_empty_columns(TextTable("", head, rows))


def gains_table(resampled: Resampled, over: str) -> TextTable:
    """By what share every other solver's AUP is above that of one."""
    rows = []
    for solver in resampled.standings.to_dict()["best"]:
        row = [solver]
        for mode in MODES:
            row += _with_interval(resampled.gain(mode, solver, over), percent)
        if solver != over:
            rows.append(row)
    return _without_empty_columns(TextTable(f"AUP relative to {over}", _head(resampled), rows))


def task_tables(field: SolverSet) -> Iterator[TextTable]:
    """For every task each solver's best attempt and best submission, and means and sds over its runs with a score."""
    for name, task in field.tasks.items():
        rows = []
        for solver, of_task in field.results.items():
            runs = of_task.get(name, [])
            row = [solver]
            for mode in MODES:
                scores = [score for run in runs if (score := run.score(task, mode)) is not None]
                row += _figures(task, scores)
            scored = sum(run.score(task, "best") is not None for run in runs)
            rows.append([*row, f"{scored}/{len(runs)}"])
        rows.append([BASELINE, f"{task.baseline:.4g}", "", f"{task.baseline:.4g}", "", ""])
        about = f"{task.metric}, {task.direction} is better" if task.metric else f"{task.direction} is better"
        head = ["", "best", "mean ± sd", "last", "mean ± sd", "runs"]
        yield TextTable(f"{name} ({about})", head, rows)


TASKS_TOLD = (
    "By task: the best attempt of all runs and, as last, the best of what they handed in; means and standard "
    "deviations over the runs with a score; how many of the runs have one."
)
"""What the columns of `task_tables` are."""


def largest(standings: Standings) -> str:
    """How large AUP could be, without which a figure says little."""
    return (
        f"The largest AUP possible here is {standings.largest:g}, that of a solver who is the best on every task; "
        "divided by it, AUP is a share of 1."
    )


def percent(value: float) -> str:
    """By what share something is above something else; nothing is never below nothing."""
    return f"{value:+.1%}" if f"{value:.1%}" not in ("0.0%", "-0.0%") else "0.0%"


def size(field: SolverSet) -> str:
    """Who is compared on how much, as AUP depends on it."""
    solvers, tasks = len(field.results), len(field.tasks)
    runs = sum(len(each) for of_task in field.results.values() for each in of_task.values())
    return (
        f"AUP over {solvers} solver{'s' * (solvers != 1)} and the baseline on {tasks} task{'s' * (tasks != 1)}, "
        f"{runs} run{'s' * (runs != 1)}. It depends on all of them: compare it within this field only."
    )


def write_profiles(standings: Standings, path: Path) -> None:
    """Writes the profiles of both modes to a CSV file: one row for every mode, solver and τ.

    Columns: `mode`; `solver`; `tau`, the power of ten; `ratio`, ten to that power; `share` of tasks within that ratio.
    A name of a solver that a spreadsheet would take for a formula has an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["mode", "solver", "tau", "ratio", "share"])
    for mode in MODES:
        profile = standings.best if mode == "best" else standings.last
        for solver, shares in profile.rho.items():
            for tau, share in zip(profile.taus.tolist(), shares.tolist(), strict=True):
                writer.writerow([mode, _no_formula(solver), tau, 10**tau, share])
    with whole_file(path, named=True) as file:
        file.write(text.getvalue().encode())


def _no_formula(text: str) -> str:
    """A text as spreadsheets take it for one."""
    return f"'{text}" if text.lstrip().startswith(_FORMULAS) or text.startswith(("\t", "\r")) else text


_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, also in full width."""


def _figures(task: Task, scores: Sequence[float]) -> list[str]:
    """The best, and mean ± sample standard deviation."""
    if not scores:
        return ["–", ""]
    spread = f" ± {np.std(scores, ddof=1):.2g}" if len(scores) > 1 else ""
    return [f"{task.best(scores):.4g}", f"{np.mean(scores):.4g}{spread}"]


def _head(resampled: Resampled) -> list[str]:
    level = f"{resampled.level:.0%} interval"
    return ["", "best", level, "last", level]


def _with_interval(found: Interval | None, form: Callable[[float], str]) -> list[str]:
    if found is None:
        return ["–", ""]
    if found.low is None or found.high is None:
        return [form(found.mean), ""]
    return [form(found.mean), f"{form(found.low)} to {form(found.high)}"]


def _without_empty_columns(table: TextTable) -> TextTable:
    kept = [i for i in range(len(table.head)) if not i or any(row[i] for row in table.rows)]
    return TextTable(table.title, [table.head[i] for i in kept], [[row[i] for i in kept] for row in table.rows])
