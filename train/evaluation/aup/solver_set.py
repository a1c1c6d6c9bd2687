"""Solvers from wherever their scores are: any layout by one call, a file of their own, one set placed among another."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from synthgym.base.errors import UserError
from synthgym.base.files.outputs import whole_file
from synthgym.base.json_reading import open_regular, read_json
from synthgym.base.validation import validated
from synthgym.train.evaluation.aup.layouts import NoRunsError, read_layout, remarks
from synthgym.train.evaluation.aup.runs import BASELINE, Run, SolverSet, Task, from_records
from synthgym.train.evaluation.scores import SCORES_FILE, Benchmark, load_benchmark


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class _StoredTask(_Stored):
    metric: str
    direction: Literal["higher", "lower"]
    baseline: float


class _StoredRun(_Stored):
    attempts: list[float]
    last: float | None


class _StoredSet(_Stored):
    tasks: dict[str, _StoredTask]
    solvers: dict[str, dict[str, list[_StoredRun]]]


def read_solvers(path: Path, table: Path | None = None, without: Collection[str] = ()) -> SolverSet:
    """Solvers from a benchmark's folder, from results in the layout of a suite, or from a file of `save_solvers`.

    Args:
        path: A folder with `scores.jsonl`; a folder or an archive in a suite's layout; or a JSON file.
        table: For a suite's layout: a file of what counts in further tasks.
        without: Solvers to leave out.

    Raises:
        UserError: It is none of these, or what it holds is not what it should be, or no solver is left.
    """
    if os.path.lexists(path / SCORES_FILE):
        benchmark = load_benchmark(path)
        found = SolverSet(*from_records(benchmark.records), warnings=_remarks(benchmark))
    elif path.is_file() and _begins(path).startswith(b"{"):
        found = _read_file(path)
    else:
        try:
            return read_layout(path, table, without)
        except NoRunsError as error:
            raise UserError(f"{error}; nor is it a benchmark's folder: {path / SCORES_FILE}: no such file") from error
    results = {solver: runs for solver, runs in found.results.items() if solver not in without}
    if not results:
        raise UserError(f"{path}: no solver is left; it holds {', '.join(found.results) or 'none'}")
    return SolverSet(found.tasks, results, found.warnings, frozenset(set(found.results) - set(results)))


def _remarks(benchmark: Benchmark) -> list[str]:
    options = (benchmark.settings.get("run") or {}).get("env_options") or {}
    return remarks(benchmark.env_ids, options)


def save_solvers(solvers: SolverSet, path: Path) -> None:
    """Writes solvers to a JSON file that `read_solvers` reads; scores that are no numbers are left out.

    ::

        {"tasks": {task: {"metric": …, "direction": …, "baseline": …}},
         "solvers": {solver: {task: [{"attempts": [score, …], "last": score or null}, …]}}}
    """
    stored = _StoredSet(
        tasks={
            name: _StoredTask(metric=task.metric, direction=task.direction, baseline=task.baseline)
            for name, task in solvers.tasks.items()
        },
        solvers={
            solver: {
                name: [
                    _StoredRun(
                        attempts=[score for score in run.attempts if math.isfinite(score)],
                        last=run.last if run.last is not None and math.isfinite(run.last) else None,
                    )
                    for run in runs
                ]
                for name, runs in of_task.items()
            }
            for solver, of_task in solvers.results.items()
        },
    )
    with whole_file(path, named=True) as file:
        file.write(stored.model_dump_json(indent=1).encode() + b"\n")


def _begins(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(100).lstrip()


def _read_file(path: Path) -> SolverSet:
    stored = validated(_StoredSet.model_validate, read_json(path), str(path))
    unknown = sorted({name for runs in stored.solvers.values() for name in runs} - set(stored.tasks))
    if unknown:
        raise UserError(f"{path}: runs on tasks that are not among 'tasks': {', '.join(unknown)}")
    if BASELINE in stored.solvers:
        raise UserError(f"{path}: a solver is named {BASELINE!r}, which is the starter's name in an AUP; rename it")
    return SolverSet(
        {name: Task(task.direction, task.baseline, task.metric) for name, task in stored.tasks.items()},
        {
            solver: {name: [Run(tuple(run.attempts), run.last) for run in runs] for name, runs in of_task.items()}
            for solver, of_task in stored.solvers.items()
        },
    )


def place_among(own: SolverSet, others: SolverSet) -> SolverSet:
    """One field of both, on the tasks that both have, with the baselines and the names of `own`.

    A task is the same by its name; or by what is left of it without a namespace and a version, so that the environment
    ``suite/blotto-v0`` is a suite's task ``blotto``; then without regard to case.

    Raises:
        UserError: A solver is in both, no task is, two tasks of `own` are one of `others`, or the direction of a task
            differs.
    """
    if both := sorted(set(own.results) & set(others.results)):
        raise UserError(f"in both fields: {', '.join(both)}; leave it out, or rename it in one of them")
    same = _matches(own.tasks, others.tasks)
    if not same:
        raise UserError(
            "the fields have no task in common: one has "
            f"{', '.join(sorted(own.tasks)[:8])}, the other {', '.join(sorted(others.tasks)[:8])}"
        )
    if len(set(same.values())) < len(same):
        times = Counter(same.values())
        twice = sorted(name for name, match in same.items() if times[match] > 1)
        raise UserError(f"one task of the other field is several here: {', '.join(twice)}; compare one version only")
    results = {
        solver: {name: found for name, found in runs.items() if name in same} for solver, runs in own.results.items()
    }
    for solver, runs in others.results.items():
        results[solver] = {name: runs[match] for name, match in same.items() if match in runs}
    tasks = {name: own.tasks[name] for name in same}
    return SolverSet(tasks, results, [*own.warnings, *others.warnings, *_differences(own, others, same)])


def _matches(names: Iterable[str], others: Collection[str]) -> dict[str, str]:
    """Which of the others each name is; the first, where several are alike."""
    bare: dict[str, str] = {}
    folded: dict[str, str] = {}
    for other in others:
        bare.setdefault(_bare(other), other)
        folded.setdefault(_bare(other).casefold(), other)
    found: dict[str, str] = {}
    for name in names:
        match = name if name in others else bare.get(_bare(name)) or folded.get(_bare(name).casefold())
        if match:
            found[name] = match
    return found


def _bare(name: str) -> str:
    """A task's name without a namespace and a version."""
    name = name.rpartition("/")[2]
    bare, _, version = name.rpartition("-v")
    return bare if bare and version.isdecimal() else name


def _differences(own: SolverSet, others: SolverSet, same: Mapping[str, str]) -> list[str]:
    said = []
    if cut := sorted(set(others.tasks) - set(same.values())):
        said.append(f"the field is cut to {len(same)} of its {len(others.tasks)} tasks; without {', '.join(cut)}")
    if alone := sorted(set(own.tasks) - set(same)):
        said.append(f"the field has no runs on {', '.join(alone)}: left out")
    baselines, metrics = [], []
    for name, match in same.items():
        here, there = own.tasks[name], others.tasks[match]
        if here.direction != there.direction:
            raise UserError(
                f"{name}: {here.direction} is better here, {there.direction} in the other field ({match}: "
                f"{there.metric}); they cannot be compared"
            )
        if not math.isclose(here.baseline, there.baseline, rel_tol=1e-9):
            baselines.append(f"{name} ({here.baseline:.6g}, there {there.baseline:.6g})")
        if _plain(here.metric) != _plain(there.metric):
            metrics.append(f"{name} ({here.metric}, there {there.metric})")
    if baselines:
        said.append(f"baselines differ, and the field is measured against those here: {', '.join(baselines)}")
    if metrics:
        said.append(f"metrics have other names; compare only if they measure the same: {', '.join(metrics)}")
    return said


def _plain(metric: str) -> str:
    return "".join(each for each in metric.casefold() if each.isalnum())
