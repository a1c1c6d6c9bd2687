"""The tasks of a checkout as a collection's index: what registering and listing need, read anew each time, in 10 ms."""

from __future__ import annotations

import os
from pathlib import Path

from synthgym.registry.collections.entries import CollectionIndex, IndexEntry
from synthgym.registry.collections.info import CollectionInfo
from synthgym.registry.images import why_not_installed
from synthgym.registry.mlgym.needs import why_not
from synthgym.registry.mlgym.recreated import ROWS, recreated
from synthgym.registry.mlgym.table import TABLE_VARIABLE, Row, read_table
from synthgym.registry.mlgym.tasks import Task, read_tasks

NAMESPACE = "mlgym"


def mlgym_index(root: Path, table: Path | None = None) -> CollectionIndex:
    """The tasks of the checkout `root`; one that cannot be run here is in it as not verified, and `reasons` says why.

    Args:
        root: The checkout.
        table: The user's; see `known_rows`.

    Raises:
        SpecError: There is no checkout, or the user's table is wrong.
    """
    root = root.expanduser().absolute()
    rows = known_rows(table)
    tasks, problems = all_tasks(root)
    reasons = {task.name: why_not(task, rows.get(task.name)) for task in tasks}
    images = {name: rows[name].image for name, reason in reasons.items() if reason is None}
    not_installed = {image for image in set(images.values()) if why_not_installed(image)}
    return CollectionIndex(
        path=root,
        info=CollectionInfo(namespace=NAMESPACE, title="MLGym", version="0"),
        entries=[_entry(task, rows.get(task.name), reasons[task.name]) for task in tasks],
        problems=problems,
        options={"table": str(table)} if table else {},
        reasons={name: reason for name, reason in reasons.items() if reason},
        images={name: image for name, image in images.items() if image in not_installed},
        aliases={task.file: task.name for task in tasks if task.file not in reasons},
    )


def all_tasks(root: Path) -> tuple[list[Task], list[str]]:
    """The tasks of a checkout, those that stand in for some of them, and why other files are no tasks.

    Raises:
        SpecError: There is no checkout.
    """
    tasks, problems = read_tasks(root)
    return sorted([*tasks, *recreated(tasks)], key=lambda task: task.name), problems


def known_rows(table: Path | None = None) -> dict[str, Row]:
    """Our table, and the user's over it: the file `table`, or else the one that the environment variable names.

    Raises:
        SpecError: The user's is wrong.
    """
    given = os.environ.get(TABLE_VARIABLE)
    return {**ROWS, **read_table(table or (Path(given).expanduser() if given else None))}


def _entry(task: Task, row: Row | None, reason: str | None) -> IndexEntry:
    return IndexEntry(
        id=task.name,
        version=0,
        split="heldout",
        kind="mlgym",
        metric=row.metric if row else "",
        content_hash="",
        verified=reason is None,
        title=task.config.name,
        spec_hash="",
    )
