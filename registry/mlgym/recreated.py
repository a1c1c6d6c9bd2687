"""Tasks whose data MLGym does not ship, with data of our own in their place, under names that say so."""

from __future__ import annotations

from dataclasses import replace

from synthgym.base.seeds import rng
from synthgym.registry.mlgym.data import Contents
from synthgym.registry.mlgym.sat import instances, packed
from synthgym.registry.mlgym.table import Row
from synthgym.registry.mlgym.tasks import Task

SAT = "3SATTime"
SUFFIX = "-recreated"

_INSTANCES = 80
_PRACTICE = 20
_STARTER_DECISIONS = 3734  # of MLGym's starter, on the instances that count; it draws no lots
_FILE = "dataset.pkl"

_ABOUT = """

This is a re-creation: the data set that MLGym's 3-SAT task was published with is not part of its repository. The
instances here are others, and what counts is the number of decisions that the solver makes, not the time it takes: that
is the same on every machine. Fewer is better. data/dataset.pkl holds instances to practise with; those that are scored
are others."""

ROWS = {
    SAT + SUFFIX: Row(
        metric="Decisions", direction="lower", optimum=0.0, noise=480, reference=890, submission="heuristic.py"
    )
}
"""What counts in them."""


def recreated(tasks: list[Task]) -> list[Task]:
    """The tasks that can stand in for some of these."""
    found = []
    for task in tasks:
        if task.name == SAT:
            changes = {
                "name": f"{task.config.name} (re-created)",
                "description": task.config.description + _ABOUT,
                "baseline_scores": [{"Decisions": _STARTER_DECISIONS}],
            }
            config = task.config.model_copy(update=changes)
            found.append(replace(task, file=task.file + SUFFIX, name=SAT + SUFFIX, config=config, data=(), made=True))
    return found


def contents(task: Task) -> Contents:
    """The data of a re-created task: some to practise with, and two sets as hard as each other; the same each time."""
    practice = instances(_PRACTICE, rng("re-created", task.name, "practice"))
    scored = instances(2 * _INSTANCES, rng("re-created", task.name, "scored"))
    sets = {"data": practice, "private/validate": scored[::2], "private/final": scored[1::2]}
    return [(f"{folder}/{_FILE}", packed(found)) for folder, found in sets.items()]
