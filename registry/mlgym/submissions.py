"""What is handed in for a task, and how its evaluator gets at it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from synthgym.base.errors import SpecError
from synthgym.registry.mlgym.evaluators import evaluator_of, imported_functions, module_file, starter_files
from synthgym.registry.mlgym.table import Row
from synthgym.registry.mlgym.tasks import Task

MODEL_FUNCTION, LOAD_FUNCTION = "get_model_ready", "load_pkl_object"
"""What the evaluator of a network imports: the function that makes it, and the one that reads a checkpoint. They are
the two places where code of whoever hands in would run beside the evaluator."""

CHECKPOINTS = "checkpoints"
_DATA = (".json", ".txt", ".safetensors")
_NETWORK_FILES = ["*.py", "*.yaml", f"{CHECKPOINTS}/*"]


@dataclass(frozen=True)
class HandedIn:
    """What is handed in.

    Attributes:
        path: The file, as an agent is told; where there are several, a folder of them.
        functions: Of a module: those that the evaluator imports.
        files: Patterns of the files that are handed in together; none where it is one file.
        networks: Of a network: `MODEL_FUNCTION` and `LOAD_FUNCTION` → the modules that the evaluator imports them from.
    """

    path: str
    functions: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    networks: dict[str, str] = field(default_factory=dict)


def submission_of(task: Task, row: Row) -> HandedIn:
    """What is handed in for a task.

    Raises:
        SpecError: It cannot be told, or it cannot be kept apart from the evaluator.
    """
    kind = task.config.task_entrypoint
    if kind == "CSVSubmissionTasks":
        return HandedIn("submission.csv")
    imported = imported_functions(evaluator_of(task))
    if kind == "ModelSubmissionTasks":
        return _networks(imported)
    return _weights(task, row, imported) if kind == "LMSubmissionTasks" else _module(task, row, imported)


def _weights(task: Task, row: Row, imported: dict[str, list[str]]) -> HandedIn:
    """Weights that the evaluator gives to a network of its own: data, and no code."""
    if imported:
        raise SpecError(
            f"its evaluator runs the agent's own code in its process, from {module_file(next(iter(imported)))}, where "
            "any score could be made up: of language models only weights can be handed in, for a network that it "
            "makes itself"
        )
    if not row.files:
        raise SpecError(
            f"it is not known what is handed in; say so in the table: {task.name}: {{files: [FOLDER/*.json, "
            "FOLDER/*.safetensors], …}"
        )
    taken = {"data"} | {path.name for path in starter_files(task)}
    for pattern in row.files:
        folder, _, name = pattern.partition("/")
        if not name or re.search(r"[*?\[]", folder) or folder in taken:
            raise SpecError(f"{pattern!r} may be a file of the evaluator's; expected FOLDER/*.json or the like")
        if not name.endswith(_DATA):
            raise SpecError(f"{pattern!r} may be code once it is loaded; expected files called *{', *'.join(_DATA)}")
    return HandedIn(row.files[0].split("/")[0], files=list(row.files))


def _networks(imported: dict[str, list[str]]) -> HandedIn:
    found = {
        name: module for module, names in imported.items() for name in names if name in (MODEL_FUNCTION, LOAD_FUNCTION)
    }
    if len(found) != 2:
        raise SpecError(
            "its evaluator runs the agent's own code in its process, where any score could be made up: only networks "
            f"can be kept apart that it gets from functions called {MODEL_FUNCTION} and {LOAD_FUNCTION}"
        )
    return HandedIn(CHECKPOINTS, files=_NETWORK_FILES, networks=found)


def _module(task: Task, row: Row, imported: dict[str, list[str]]) -> HandedIn:
    if row.submission:
        name = row.submission
    else:
        spoken_of = [module_file(each) for each in imported if f"`{module_file(each)}`" in task.config.description]
        candidates = spoken_of or [module_file(each) for each in imported]
        if len(candidates) != 1:
            raise SpecError(
                f"it is not known which of {', '.join(candidates) or 'its files'} is handed in; say so in the table: "
                f"{task.name}: {{submission: FILE.py, …}}"
            )
        (name,) = candidates
    functions = next((names for module, names in imported.items() if module_file(module) == name), [])
    if not functions or "*" in functions:
        raise SpecError(f"its evaluator imports no function of {name} by name")
    return HandedIn(name, functions)
