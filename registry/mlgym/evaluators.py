"""What a task's evaluator reads and imports, told from its source; nothing of it is run."""

from __future__ import annotations

import ast
import re
from pathlib import Path, PurePosixPath

from synthgym.base.errors import SpecError
from synthgym.base.python_parser import parse
from synthgym.registry.mlgym.tasks import Task

_FILE = re.compile(r"^[\w./-]+\.\w+$")


def evaluator_of(task: Task) -> Path:
    """The file of the evaluator in the checkout: the first of `evaluation_paths`, among the starter's code.

    Raises:
        SpecError: It is not there.
    """
    wanted = task.config.evaluation_paths[0]
    for path in starter_files(task):
        if path.name == Path(wanted).name and path.is_file():
            return path
    raise SpecError(f"its evaluator {wanted} is not among its starter code")


def starter_files(task: Task) -> list[Path]:
    """Files and folders that a workspace starts with.

    Raises:
        SpecError: One of them is not in the checkout.
    """
    found = []
    for name in task.config.starter_code:
        path = task.root / name
        if not path.resolve().is_relative_to(task.root.resolve()) or not path.exists():
            raise SpecError(f"its starter code {name} is not in the checkout")
        found.append(path)
    return found


def imported_functions(evaluator: Path) -> dict[str, list[str]]:
    """Module beside the evaluator, such as ``target`` or ``src.networks`` → the names that it imports of it."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(_parse(evaluator)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if (evaluator.parent / module_file(node.module)).is_file():
                found.setdefault(node.module, []).extend(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if (evaluator.parent / module_file(alias.name)).is_file():
                    found.setdefault(alias.name, [])
    return found


def module_file(module: str) -> str:
    """The file that a module is imported from: ``src/networks.py`` for ``src.networks``."""
    return module.replace(".", "/") + ".py"


def named_files(evaluator: Path) -> set[str]:
    """Last names of the files that its source names, whole or in a folder `data`."""
    paths = {
        PurePosixPath(node.value)
        for node in ast.walk(_parse(evaluator))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _FILE.match(node.value)
    }
    return {path.name for path in paths if str(path.parent) == "." or "data" in path.parts[:-1]}


def _parse(file: Path) -> ast.Module:
    try:
        return parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, SyntaxError, ValueError) as error:
        raise SpecError(f"{file}: cannot be read: {error}") from error
