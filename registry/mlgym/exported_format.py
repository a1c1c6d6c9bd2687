"""What a challenge is called and how it is described in the files that MLGym reads; the layout of an exported tree.

::

    <tree>/configs/tasks/<task>.yaml        what MLGym loads
    <tree>/configs/datasets/<task>.yaml     the public data, where there are any
    <tree>/data/<task>/                     starter, evaluate.py, what it scores with, and data/
    <tree>/synthgym/                        the collection itself
    <tree>/synthgym/mlgym.json              which task is which challenge; metric and direction, which MLGym has no
                                            field for; and what was left out
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import yaml

from synthgym.registry.challenge import Challenge

TREE_FORMAT = 1
"""Version of the tree's layout, in its `mlgym.json`."""

COLLECTION_FOLDER = "synthgym"
LIST_FILE = "mlgym.json"
TABLE_FILE = "submission.csv"
"""The one name under which MLGym takes a table."""

MLGYM_NAMESPACE = "mlgym"
"""Namespace of the environments that are MLGym's own tasks."""

_SCORER_SECONDS = 300
"""At least this long may a command take where an evaluation plays a module, which is given 240 seconds."""


@dataclass(frozen=True)
class TaskFiles:
    """What lies in `data/<task>/`, by the names that things have there.

    Attributes:
        starter: What MLGym copies into a workspace: files and folders.
        evaluate: The script that scores.
        secret: The folder that it scores with.
        baseline: The script that makes the baseline's submission; None where the starter is one already.
        sample: A submission of the right form; None for modules.
        public: What is in `data/`.
        memory: Where MLGym may keep an agent's notes.
    """

    starter: list[str]
    evaluate: str
    secret: str
    baseline: str | None
    sample: str | None
    public: list[str]
    memory: str


def task_name(namespace: str, challenge: Challenge) -> str:
    """The task's id in MLGym, and the name of its files. With the version: another version is another task."""
    return f"{namespace}-{challenge.env_name()}"


def task_of(env_id: str) -> str:
    """The id in MLGym of the task that an environment is: its own, or the one that an export of the challenge gets.

    Example:
        >>> task_of("mlgym/blotto-v0"), task_of("toys/line-v0")
        ('blotto', 'toys-line-v0')
    """
    namespace, slash, name = env_id.rpartition("/")
    if namespace == MLGYM_NAMESPACE:
        return re.sub(r"-v\d+$", "", name)
    return f"{namespace}-{name}" if slash else name


def task_config(name: str, challenge: Challenge, files: TaskFiles) -> str:
    """The text of `configs/tasks/<task>.yaml`.

    Raises:
        ValueError: The challenge is not verified.
    """
    if challenge.baseline.mean is None:
        raise ValueError(f"{challenge.id}: expected a challenge that is verified")
    budget = challenge.budget
    seconds = math.ceil(budget.command_cpu_seconds * budget.wall_factor)
    table = challenge.submission.kind == "file"
    config: dict[str, Any] = {"id": name, "name": challenge.title, "description": _description(challenge, files)}
    if files.public:
        config["dataset_configs"] = [f"datasets/{name}.yaml"]
    config["task_entrypoint"] = "CSVSubmissionTasks" if table else "PythonSubmissionTasks"
    config["training_timeout"] = seconds if table else max(seconds, _SCORER_SECONDS)
    config["use_generic_conda"] = True
    config["starter_code"] = [f"data/{name}/{each}" for each in files.starter]
    if files.baseline:
        config["baseline_paths"] = [files.baseline]
    config["baseline_scores"] = [{challenge.metric.name: challenge.baseline.final}]
    if files.sample:
        config["sample_submission"] = f"data/{name}/{files.sample}"
    config["evaluation_paths"] = [files.evaluate]
    config["evaluation_read_only"] = True
    config["secret_files"] = [files.secret]
    config["memory_path"] = f"data/{name}/{files.memory}"
    return _yaml(config)


def dataset_config(name: str, challenge: Challenge, files: TaskFiles) -> str:
    """The text of `configs/datasets/<task>.yaml`."""
    description = f"Files in data/: {', '.join(files.public)}."
    if challenge.dataset.licence:
        description += f" Licence: {challenge.dataset.licence}."
    config = {"name": name, "description": description, "data_path": f"data/{name}/data", "is_local": True}
    return _yaml(config)


def _description(challenge: Challenge, files: TaskFiles) -> str:
    """What an agent of MLGym's reads. MLGym formats it, so that braces of ours are doubled."""
    metric, submission = challenge.metric, challenge.submission
    lines = [challenge.description.strip(), ""]
    lines.append(
        f"The score is {metric.name}, {metric.direction} is better. The starter scores {challenge.baseline.final:.6g}."
    )
    if submission.kind == "file":
        line = f"Submission: {TABLE_FILE}, a CSV file with the header {','.join(submission.columns)}."
        if submission.path != TABLE_FILE:
            line += (
                f" No other name counts here: where {submission.path} is spoken of or written, copy it "
                f"(cp {submission.path} {TABLE_FILE}) before you validate or submit."
            )
    else:
        line = f"Submission: {submission.path}, a Python module. It is scored alone, without the files beside it."
    lines.append(line)
    text = "\n".join(lines).replace("{", "{{").replace("}", "}}")
    return text + "\n\n{dataset_docs}" if files.public else text


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _yaml(config: dict[str, Any]) -> str:
    text: str = yaml.dump(config, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
