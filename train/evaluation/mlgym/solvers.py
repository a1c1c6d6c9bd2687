"""Results in MLGym's layout: a folder, or a tar archive of one, that holds a folder for every run.

::

    …/<solver>__<task>__<settings>/results.json      at any depth
        {"agent": [{metric: score, …}, …], "baseline": {metric: score, …}}

"agent" has an entry for every attempt; the last is what was handed in.

A run that went wrong is data: it may lack "agent" or attempts, have entries without the metric that counts, or scores
that are no numbers, or a `results.json` that is no JSON; or no `results.json` at all. It counts as a run without a
score, and the warnings say how many there are and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from synthgym.base.errors import UserError
from synthgym.registry.metrics import LARGEST
from synthgym.registry.mlgym.table import TABLE_VARIABLE, Row
from synthgym.train.evaluation.aup.runs import BASELINE, Run, SolverSet, Task
from synthgym.train.evaluation.mlgym.run_folders import Outcome, find_runs, named_by

_SHOWN = 8


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
    runs: dict[tuple[str, str], list[Outcome]] = {}
    left_out = set()
    for folder, outcome in sorted(find_runs(path, table).items()):
        solver, task = named_by(folder)
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
        warnings.append(f"runs with scores, but none for what they handed in, so missing in mode last: {without_last}")
    return SolverSet(tasks, results, warnings, frozenset(left_out))


def _run(outcome: Outcome, metric: str) -> tuple[Run, str | None]:
    """A run by the metric that counts, and why it has no score."""
    if outcome.problem:
        return Run((), None), outcome.problem
    if not outcome.agent:
        return Run((), None), "no attempts"
    scores = [_score(entry, metric) for entry in outcome.agent]
    attempts = tuple(score for score in scores if score is not None)
    return Run(attempts, scores[-1]), None if attempts else "no number for the metric that counts"


def _tasks(
    path: Path, runs: Mapping[tuple[str, str], list[Outcome]], table: Mapping[str, Row], warnings: list[str]
) -> dict[str, Task]:
    """The tasks that can be scored."""
    of_task: dict[str, list[Outcome]] = {}
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
            found = ", ".join(f"{score:.6g} ({count}×)" for score, count in stated[:_SHOWN])
            warnings.append(f"{name}: runs disagree on the baseline's score: {found}; the first counts")
        if any(outcome.problem is None and _score(outcome.baseline, row.metric) is None for outcome in outcomes):
            silent.append(f"{name} ({row.metric}: {sum(count for _, count in stated)} of {len(outcomes)})")
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
    """The number that an entry has for a metric, if it is usable; by its exact name first, then in any case."""
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
    return score if abs(score) <= LARGEST else None
