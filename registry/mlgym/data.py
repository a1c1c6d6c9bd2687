"""Where a task's local data is in the checkout, what makes it, and which of it an agent must not see."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from synthgym.base.errors import SpecError
from synthgym.registry.mlgym.evaluators import evaluator_of, named_files
from synthgym.registry.mlgym.tasks import DataConfig, Task

_MAKERS = "_helpers"
_MAKER = "_generate_split.py"
MOST_BYTES = 256 << 20
"""Of a task's local data, which is copied into each workspace."""


Contents = list[tuple[str, Path | bytes]]
"""Names in an archive → files of the checkout, or what is in them."""


@dataclass(frozen=True)
class Layout:
    """What a workspace's `data/` is made of.

    Attributes:
        files: What is in the archive. What lies in its `private/validate/` and `private/final/` is laid over `data/`
            where that phase is scored.
        hidden: Files of `data/` that only the evaluator may read: those that its source names.
        script: A script of the checkout, in the archive, that makes `data/` beside its own folder; None where the files
            are the data.
    """

    files: Contents = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    script: str | None = None


def missing_data(task: Task) -> str | None:
    """Why a task's local data is not here; None if it is."""
    for data in task.data:
        if not data.is_local:
            continue
        folder = task.root / data.data_path
        if not folder.is_dir() and not _maker(folder).is_file():
            return f"its data is not part of MLGym's repository: {data.data_path} is missing"
    return None


def data_layout(task: Task) -> Layout:
    """What its data is made of.

    Raises:
        SpecError: It is missing, or too large.
    """
    if reason := missing_data(task):
        raise SpecError(reason)
    layout = Layout()
    for data in task.data:
        folder = task.root / data.data_path
        if folder.is_dir():
            layout = Layout([*layout.files, *_files(folder, "data")], layout.hidden, layout.script)
        else:
            maker = _maker(folder)
            layout = Layout([*layout.files, *_files(maker.parent, _MAKERS)], layout.hidden, f"{_MAKERS}/{maker.name}")
    size = sum(path.stat().st_size for _, path in layout.files if isinstance(path, Path))
    if size > MOST_BYTES:
        raise SpecError(f"its data has {size >> 20} MiB, expected at most {MOST_BYTES >> 20}")
    hidden = sorted(name for name in named_files(evaluator_of(task)) if _is_hidden(name, task.data))
    return Layout(layout.files, hidden, layout.script)


def _maker(folder: Path) -> Path:
    """The script that makes a folder of data."""
    return folder.parent / _MAKERS / _MAKER


def _files(folder: Path, name: str) -> Contents:
    return [
        (f"{name}/{path.relative_to(folder).as_posix()}", path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    ]


def _is_hidden(name: str, data: tuple[DataConfig, ...]) -> bool:
    """Whether a file that the evaluator names is its own: neither handed in nor of a split that is given out."""
    if name.startswith("submission") or not data or name.endswith(".py"):
        return False
    splits = [split for each in data for split in (each.train_split, each.valid_split, each.test_split) if split]
    return not any(fnmatch(f"./data/{name}", split.file_regex) for split in splits)
