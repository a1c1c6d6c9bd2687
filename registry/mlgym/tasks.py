"""MLGym's tasks as its files describe them: `configs/tasks/*.yaml` and `configs/datasets/*.yaml` of a checkout.

Nothing here runs anything of the checkout, and nothing of it is part of synthgym: MLGym's licence is CC BY-NC.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from synthgym.base.errors import SpecError
from synthgym.base.validation import validated
from synthgym.registry.yaml_reading import read_yaml

ENTRY_POINTS = ("CSVSubmissionTasks", "ModelSubmissionTasks", "LMSubmissionTasks", "PythonSubmissionTasks")
"""What is handed in, and how the evaluator is called."""


class _Model(BaseModel):
    """Fields that are not known here are passed over: MLGym's format may grow."""

    model_config = ConfigDict(frozen=True)


class Split(_Model):
    """Files of a data set that belong together; `file_regex` is a shell pattern, relative to the workspace."""

    name: str
    file_regex: str


class DataConfig(_Model):
    """A file of `configs/datasets`: data in the checkout, or a data set's name on the Hugging Face Hub."""

    name: str
    description: str
    data_path: str
    is_local: bool = False
    train_split: Split | None = None
    valid_split: Split | None = None
    test_split: Split | None = None


class TaskConfig(_Model):
    """A file of `configs/tasks`; paths are relative to the checkout, or to the workspace for scripts that are run."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    name: str
    description: str
    dataset_configs: list[str] = []
    task_entrypoint: str = "CSVSubmissionTasks"
    training_timeout: int | None = None
    requirements_path: str | None = None
    use_generic_conda: bool = True
    starter_code: list[str] = []
    baseline_paths: list[str] = []
    baseline_scores: list[dict[str, float]] = []
    sample_submission: str | None = None
    evaluation_paths: list[str] = Field(min_length=1)
    evaluation_read_only: bool = False
    secret_files: list[str] = []
    memory_path: str | None = None


@dataclass(frozen=True)
class Task:
    """A task of a checkout.

    Attributes:
        root: The checkout.
        file: Its file's name, without `.yaml`.
        name: What it is called here: its id; its file's name where another file has the id too.
        config: What its file says.
        data: Its data sets.
        broken: What is wrong with what its file refers to; None if nothing is.
        made: Whether its data is not MLGym's, but made; see `synthgym.registry.mlgym.recreated`.
    """

    root: Path
    file: str
    name: str
    config: TaskConfig
    data: tuple[DataConfig, ...]
    broken: str | None = None
    made: bool = False

    @property
    def description(self) -> str:
        """What an agent is told, with its data sets described where the text has a place for it."""
        about = "".join(f"{each.name.upper()}:\n{each.description}\n\n" for each in self.data)
        try:
            return self.config.description.format(dataset_docs=about).strip()
        except (KeyError, IndexError, ValueError):  # braces that were not meant as a place
            return self.config.description.replace("{dataset_docs}", about).strip()


def read_tasks(root: Path) -> tuple[list[Task], list[str]]:
    """The tasks of a checkout, in the order of their names; and why other files are no tasks.

    Raises:
        SpecError: There is no checkout.
    """
    folder = root / "configs" / "tasks"
    if not folder.is_dir():
        raise SpecError(
            f"{root}: no checkout of MLGym: expected the folder configs/tasks in it; get one with: "
            "git clone https://github.com/facebookresearch/MLGym"
        )
    configs: dict[str, TaskConfig] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            configs[path.stem] = validated(TaskConfig.model_validate, _read(path), str(path), SpecError)
        except SpecError as error:
            problems.append(str(error))
    tasks = []
    for file, name in _named(configs):
        data: tuple[DataConfig, ...] = ()
        broken = None
        try:
            data = tuple(_data_config(root, path) for path in configs[file].dataset_configs)
        except SpecError as error:
            broken = str(error)
        tasks.append(Task(root, file, name, configs[file], data, broken))
    return sorted(tasks, key=lambda task: task.name), problems


def signature(root: Path) -> list[tuple[str, int, int]]:
    """Path, size and time of change of all that a task can be made of: equal where nothing was changed."""
    found = []
    for top in ("configs/tasks", "configs/datasets", "data"):
        for place, folders, files in os.walk(root / top):
            folders.sort()
            for name in sorted(files):
                status = os.stat(os.path.join(place, name), follow_symlinks=False)
                found.append((os.path.relpath(os.path.join(place, name), root), status.st_size, status.st_mtime_ns))
    return found


def _named(configs: dict[str, TaskConfig]) -> Iterator[tuple[str, str]]:
    """File → name. An id that several files have belongs to the one that is called like it, or to none."""
    ids = Counter(config.id for config in configs.values())
    for file, config in configs.items():
        yield file, config.id if ids[config.id] == 1 or file == config.id else file


def _data_config(root: Path, path: str) -> DataConfig:
    file = root / "configs" / path
    return validated(DataConfig.model_validate, _read(file), str(file), SpecError)


def _read(file: Path) -> object:
    try:
        return read_yaml(file)
    except (FileNotFoundError, NotADirectoryError):
        raise SpecError(f"{file}: no such file") from None
