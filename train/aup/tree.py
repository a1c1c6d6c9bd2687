"""Results in MLGym's layout: a folder, or a tar archive of one, that holds a folder for every run.

::

    …/<solver>__<task>__<settings>/results.json      at any depth
        {"agent": [{metric: score, …}, …], "baseline": {metric: score, …}}

"agent" has an entry for every attempt, the last is what was handed in. Archives are read as they are: nothing is
unpacked to the disk.

A run that went wrong is data: it may lack "agent" or attempts, have entries without the metric that counts, or scores
that are no numbers, or a `results.json` that is no JSON; or no `results.json` at all. It counts as a run without a
score, and the warnings say how many there are and why.
"""

from __future__ import annotations

import json
import lzma
import math
import os
import tarfile
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from synthgym.base.errors import UserError
from synthgym.registry.mlgym.table import TABLE_VARIABLE, Row
from synthgym.train.aup.runs import BASELINE, Run, SolverSet, Task

RESULTS_FILE = "results.json"

_LARGEST = 64 * 1024**2
_SHOWN = 8
_EXPECTED = f"expected run folders '<solver>__<task>__…' with a {RESULTS_FILE} each, at any depth"


class NoRunsError(UserError):
    """A folder or file that holds no results in MLGym's layout."""


@dataclass(frozen=True)
class _Outcome:
    """What the `results.json` of a run holds; `problem` says why that is nothing."""

    agent: list[Any] = field(default_factory=list)
    baseline: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None


_NO_FILE = _Outcome(problem=f"no {RESULTS_FILE}")


def read_tree(path: Path, table: Mapping[str, Row], without: Collection[str] = ()) -> SolverSet:
    """Solvers and their runs from results in MLGym's layout.

    The baseline's score on a task is the one that most of its runs state.

    Args:
        path: A folder, or a tar archive, compressed or not.
        table: Which metric counts in a task, and which direction is better; a task without a row is left out.
        without: Solvers to leave out.

    Raises:
        NoRunsError: There is no such folder or archive, or it holds no run.
        UserError: No task of it can be scored, no solver is left, a solver is named like the baseline, or the archive
            is damaged.
    """
    runs: dict[tuple[str, str], list[_Outcome]] = {}
    left_out = set()
    for folder, outcome in sorted(_runs(path, table).items()):
        solver, task = _named(folder)
        if solver == BASELINE:
            raise UserError(
                f"{folder}: a solver is named {BASELINE!r}, which is the starter's name in an AUP; rename it"
            )
        if solver in without:
            left_out.add(solver)
        else:
            runs.setdefault((solver, task), []).append(outcome)
    if not runs:
        raise UserError(f"{path}: no solver is left; left out are {', '.join(sorted(left_out))}")

    warnings: list[str] = []
    tasks = _tasks(path, runs, table, warnings)
    results: dict[str, dict[str, list[Run]]] = {solver: {} for solver, _ in sorted(runs)}
    problems: Counter[str] = Counter()
    without_last = 0
    for (solver, task), outcomes in runs.items():
        if task not in tasks:
            continue
        for outcome in outcomes:
            run, problem = _run(outcome, table[task].metric)
            results[solver].setdefault(task, []).append(run)
            problems.update([problem] if problem else [])
            without_last += bool(run.attempts) and run.last is None
    if problems:
        total = sum(len(each) for of_task in results.values() for each in of_task.values())
        why = "; ".join(f"{reason}: {count}" for reason, count in problems.most_common())
        warnings.append(f"{problems.total()} of {total} runs have no score ({why})")
    if without_last:
        warnings.append(f"{without_last} runs have scores, but none for what they handed in: missing in mode last")
    return SolverSet(tasks, results, warnings, frozenset(left_out))


def _run(outcome: _Outcome, metric: str) -> tuple[Run, str | None]:
    """A run by the metric that counts, and why it has no score."""
    if outcome.problem:
        return Run((), None), outcome.problem
    if not outcome.agent:
        return Run((), None), "no attempts"
    scores = [_score(entry, metric) for entry in outcome.agent]
    attempts = tuple(score for score in scores if score is not None)
    return Run(attempts, scores[-1]), None if attempts else "no number for the metric that counts"


def _tasks(
    path: Path, runs: Mapping[tuple[str, str], list[_Outcome]], table: Mapping[str, Row], warnings: list[str]
) -> dict[str, Task]:
    """The tasks that can be scored."""
    of_task: dict[str, list[_Outcome]] = {}
    for (_, task), outcomes in runs.items():
        of_task.setdefault(task, []).extend(outcomes)
    tasks = {}
    unknown, without_baseline, silent = [], [], []
    for name, outcomes in sorted(of_task.items()):
        if name not in table:
            unknown.append(name)
            continue
        row = table[name]
        stated = Counter(
            score for outcome in outcomes if (score := _score(outcome.baseline, row.metric)) is not None
        ).most_common()
        if not stated:
            without_baseline.append(f"{name} ({row.metric})")
            continue
        tasks[name] = Task(row.direction, stated[0][0], row.metric)
        if len(stated) > 1:
            found = ", ".join(f"{score:.6g} ({count} runs)" for score, count in stated[:_SHOWN])
            warnings.append(f"{name}: runs disagree on the baseline's score: {found}; the first counts")
        said = sum(count for _, count in stated)
        if said < sum(outcome.problem is None for outcome in outcomes):
            silent.append(f"{name} ({row.metric}: {said} of {len(outcomes)})")
    if silent:
        warnings.append(f"not all runs state the baseline's score: {', '.join(silent)}")
    if unknown:
        warnings.append(
            f"left out, as nothing says which metric counts: {', '.join(unknown)}; say it in a YAML file with lines as "
            f"'{unknown[0]}: {{metric: accuracy, direction: higher}}', and give that with --table or {TABLE_VARIABLE}"
        )
    if without_baseline:
        warnings.append(f"left out, as no run states the baseline's score: {', '.join(without_baseline)}")
    if not tasks:
        raise UserError(f"{path}: no task of it can be scored; {'; '.join(warnings)}")
    return tasks


def _score(entry: Any, metric: str) -> float | None:
    """The finite number that an entry has for a metric; by its exact name first, then in any case."""
    if not isinstance(entry, Mapping):
        return None
    names = [metric] if metric in entry else [name for name in entry if name.casefold() == metric.casefold()]
    value = entry[names[0]] if names else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        score = float(value)
    except OverflowError:
        return None
    return score if math.isfinite(score) else None


# Where they lie


def _named(folder: PurePath) -> tuple[str, str]:
    """Solver and task by the name of a run's folder; both empty where it is none."""
    solver, task, *_ = [*folder.name.split("__"), "", ""]
    return (solver, task) if solver and task else ("", "")


def _runs(path: Path, table: Mapping[str, Row]) -> dict[PurePath, _Outcome]:
    """Every run folder and what came out."""
    if path.is_dir():
        entries = _in_folder(path)
    elif path.is_file() and tarfile.is_tarfile(path):
        entries = _in_archive(path)
    else:
        what = "neither a folder nor a tar archive" if path.exists() else "no such folder or archive"
        raise NoRunsError(f"{path}: {what}; {_EXPECTED}")
    named: dict[PurePath, _Outcome | None] = {}
    for folder, outcome in entries:
        if any(_named(folder)):
            named[folder] = outcome or named.get(folder)
    found = {folder: outcome for folder, outcome in named.items() if outcome}
    holders = {parent for folder in found for parent in folder.parents}
    # A folder named like a run, of a task that is known, without results in or below it: a run that left nothing.
    for folder in sorted(set(named) - set(found) - holders):
        if _named(folder)[1] in table and not any(parent in found for parent in folder.parents):
            found[folder] = _NO_FILE
    if not found:
        raise NoRunsError(f"{path}: no results in the layout of MLGym; {_EXPECTED}")
    return found


def _in_folder(root: Path) -> Iterator[tuple[PurePath, _Outcome | None]]:
    for place, folders, files in os.walk(root):
        folder = PurePath(root.absolute().name) / Path(place).relative_to(root)
        if RESULTS_FILE not in files:
            yield folder, None
            continue
        if any(_named(folder)):
            folders.clear()  # what lies in a run is its own
        file = Path(place) / RESULTS_FILE
        try:
            regular, size = file.is_file(), file.stat().st_size
            yield folder, _parse(file.read_bytes()) if regular and size <= _LARGEST else _unfit(regular)
        except OSError as error:
            yield folder, _Outcome(problem=f"{RESULTS_FILE} cannot be read ({error.strerror})")


def _in_archive(path: Path) -> Iterator[tuple[PurePath, _Outcome | None]]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                place = PurePosixPath(member.name)
                if member.isdir():
                    yield place, None
                elif place.name != RESULTS_FILE:
                    yield place.parent, None
                elif member.isreg() and member.size <= _LARGEST and (file := archive.extractfile(member)):
                    yield place.parent, _parse(file.read())
                else:
                    yield place.parent, _unfit(member.isreg())
    except (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise UserError(f"{path}: a damaged archive: {error}") from error


def _unfit(regular: bool) -> _Outcome:
    return _Outcome(problem=f"{RESULTS_FILE} is {'larger than 64 MB' if regular else 'no regular file'}")


def _parse(content: bytes) -> _Outcome:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return _Outcome(problem=f"{RESULTS_FILE} is not JSON")
    if not isinstance(data, dict):
        return _Outcome(problem=f"{RESULTS_FILE} holds no mapping")
    agent, baseline = data.get("agent"), data.get("baseline")
    return _Outcome(
        agent if isinstance(agent, list) else [],
        baseline if isinstance(baseline, dict) else {},
        None if isinstance(agent, list) else "no list 'agent'",
    )
