"""Why a task cannot be run here, where it cannot: told when it is listed, and raised when it is made."""

from __future__ import annotations

from synthgym.base.errors import SpecError
from synthgym.registry.mlgym.data import missing_data
from synthgym.registry.mlgym.evaluators import evaluator_of, named_files, starter_files
from synthgym.registry.mlgym.hub.data import hub_data
from synthgym.registry.mlgym.hub.models import hub_models
from synthgym.registry.mlgym.recreated import SAT, SUFFIX
from synthgym.registry.mlgym.submissions import submission_of
from synthgym.registry.mlgym.table import TABLE_VARIABLE, Row
from synthgym.registry.mlgym.tasks import ENTRY_POINTS, Task

_BELIEVED = {"imageCaptioningCOCO": "its evaluator takes the score from the submission itself, so nothing is measured"}


def why_not(task: Task, row: Row | None) -> str | None:
    """Why the task cannot be run on this machine; None if it can.

    Args:
        task: The task.
        row: What is known of its score; None if nothing.
    """
    if task.broken:
        return task.broken
    if task.config.task_entrypoint not in ENTRY_POINTS:
        return f"MLGym has no kind of task called {task.config.task_entrypoint}"
    if row is None:
        return (
            f"it is not known which of its metrics counts; say so in a file that {TABLE_VARIABLE} names: "
            f"{task.name}: {{metric: …, direction: higher}}"
        )
    if task.name in _BELIEVED:
        return _BELIEVED[task.name]
    try:
        starter_files(task)
        named_files(evaluator_of(task))
        submission_of(task, row)
        if not task.made and (reason := missing_data(task)):
            return f"{reason}; mlgym/{task.name}{SUFFIX}-v0 stands in for it" if task.name == SAT else reason
        hub_data(task, row)
        hub_models(task, row)
    except SpecError as error:
        return str(error)
    return None
