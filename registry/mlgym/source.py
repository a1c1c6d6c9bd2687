"""MLGym as a source of challenges: a checkout of its repository, and a file of what counts in tasks of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from synthgym.base.errors import MissingDependencyError, UnknownNameError
from synthgym.registry.collections.entries import CollectionIndex
from synthgym.registry.mlgym.challenge import challenge_folder
from synthgym.registry.mlgym.index import NAMESPACE, all_tasks, known_rows, mlgym_index
from synthgym.registry.mlgym.needs import why_not


def index(place: Path, options: Mapping[str, str]) -> CollectionIndex:
    """See `synthgym.registry.collections.sources.Source`; the option is ``table``, see `synthgym.register_mlgym`."""
    table = options.get("table")
    return mlgym_index(place, Path(table).expanduser().absolute() if table else None)


def folder(place: Path, challenge: str, options: Mapping[str, str]) -> Path:
    """See `synthgym.registry.collections.sources.Source`."""
    tasks = {task.name: task for task in all_tasks(place)[0]}
    if challenge not in tasks:
        raise UnknownNameError("task of MLGym's", challenge, tasks)
    task, table = tasks[challenge], options.get("table")
    row = known_rows(Path(table) if table else None).get(challenge)
    if reason := why_not(task, row):
        raise MissingDependencyError(f"{NAMESPACE}/{challenge}: cannot be run here: {reason}")
    assert row is not None
    return challenge_folder(task, row)
