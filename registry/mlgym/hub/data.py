"""A task's data set on the Hugging Face Hub, as far as it is in this machine's cache: nothing is downloaded here.

Its parquet files become the workspace's `data/`. So that code which loads the data set by its name finds it without a
network, the workspace has a folder of that name, which `load_dataset` takes before it asks the Hub: in it a card, as
the Hub has one for each data set, says where the splits are.
"""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from synthgym.base.errors import HubRefused, SpecError
from synthgym.base.seeds import derive_seed
from synthgym.registry.hub.access import check_name
from synthgym.registry.hub.cache import cached, download_command
from synthgym.registry.mlgym.evaluators import starter_files
from synthgym.registry.mlgym.hub.names import loaded_by
from synthgym.registry.mlgym.table import TABLE_VARIABLE, Row
from synthgym.registry.mlgym.tasks import Task

MOST_BYTES = 448 << 20
"""Of what is made of a data set: all of it, and the splits with answers twice more, as they came and in halves."""

_SHARD = re.compile(r"^(?P<split>\w+(\.\w+)*)-(?P<number>\d{5})-of-(?P<count>\d{5})\.parquet$")
_PREPARE = Path(__file__).resolve().parents[1] / "prepare_hub.py"
_PLAN = "PLAN: dict[str, Any] = {}"


@dataclass(frozen=True)
class HubData:
    """A data set in the cache.

    Attributes:
        repo_id: Its name.
        revision: The commit that is in the cache.
        splits: Split → its files in the repository.
        answers: Split → columns that only the evaluator may read.
        names: What the task's code calls it.
        absent: Other data sets that its code names, which are not given out.
    """

    repo_id: str
    revision: str
    splits: dict[str, list[str]]
    answers: dict[str, list[str]]
    names: list[str]
    absent: list[str]

    @property
    def files(self) -> list[str]:
        """All its files in the repository."""
        return [file for files in self.splits.values() for file in files]

    @property
    def hidden(self) -> list[str]:
        """Names in `data/` of the files that the evaluator has another copy of, with the answers."""
        return [PurePosixPath(file).name for split in self.answers for file in self.splits[split]]

    @property
    def cards(self) -> dict[str, str]:
        """Files of the workspace by which `load_dataset` finds the data under each of its names."""
        folder = PurePosixPath(self.files[0]).parent.name
        cards = {}
        for name in self.names:
            above = posixpath.relpath("data", name)
            files = [{"split": split, "path": f"{above}/{split}-*-of-*.parquet"} for split in self.splits]
            config = {"config_name": folder if folder not in ("", "data") else "default", "data_files": files}
            cards[f"{name}/README.md"] = f"---\n{yaml.safe_dump({'configs': [config]}, sort_keys=False)}---\n"
        return cards

    @property
    def about(self) -> str:
        """What an agent is told of it."""
        columns = {column for columns in self.answers.values() for column in columns}
        told = (
            f'\n\nThere is no network. `load_dataset("{self.names[0]}")`, called in the workspace\'s folder, reads '
            f"{self.repo_id} from data/. The answers of the split {' and '.join(self.answers)} (column "
            f"{', '.join(sorted(columns))}) are not in it: there they are all 0, or empty."
        )
        if self.absent:
            told += f" What else the code loads is not here: {', '.join(self.absent)}."
        return told

    def prepare_script(self, task: str) -> str:
        """The `prepare.py` that hides the answers."""
        plan = {
            "splits": {split: [PurePosixPath(file).name for file in files] for split, files in self.splits.items()},
            "answers": self.answers,
            "seed": derive_seed("halves", task, self.repo_id, self.revision),
        }
        script = _PREPARE.read_text(encoding="utf-8")
        assert _PLAN in script
        return script.replace(_PLAN, f"PLAN: dict[str, Any] = json.loads({json.dumps(plan, sort_keys=True)!r})")


def hub_data(task: Task, row: Row) -> HubData | None:
    """The task's data set on the Hub; None if it has none.

    Raises:
        SpecError: It cannot be used; says why, and what to do.
    """
    names = [data.data_path for data in task.data if not data.is_local]
    if not names or task.made:
        return None
    if len(task.data) > 1:
        raise SpecError(f"its data is in more than one place: {', '.join(data.data_path for data in task.data)}")
    (repo_id,) = names
    what = f"its data set {repo_id} is on the Hugging Face Hub"
    try:
        check_name(repo_id)
    except HubRefused as error:
        raise SpecError(str(error)) from None
    if not row.answers:
        raise SpecError(
            f"{what}, and it is not known which of its columns are the answers; say so in a file that "
            f"{TABLE_VARIABLE} names: {task.name}: {{answers: {{test: [label]}}, …}}"
        )
    command = download_command(repo_id, "dataset")
    snapshot = cached(repo_id, "dataset")
    if snapshot is None:
        raise SpecError(f"{what}, and not in this machine's cache of it; get it with: {command}")
    splits = _splits(snapshot.files(), repo_id, command)
    if absent := [split for split in row.answers if split not in splits]:
        raise SpecError(
            f"its data set {repo_id} has no split {absent[0]!r} in this machine's cache, only {', '.join(splits)}; "
            f"get all of it with: {command}"
        )
    sizes = {split: sum((snapshot.folder / file).stat().st_size for file in files) for split, files in splits.items()}
    size = sum(sizes.values()) + 2 * sum(sizes[split] for split in row.answers)
    if size > MOST_BYTES:
        raise SpecError(
            f"its data set {repo_id} is too large: {size >> 20} MiB, the splits with answers counted three times; "
            f"expected at most {MOST_BYTES >> 20}"
        )
    starter = starter_files(task)
    loaded = loaded_by(starter).datasets
    last = PurePosixPath(repo_id).name
    own = {name for name in loaded if _is_name(name) and PurePosixPath(name).name == last} | {repo_id}
    taken = {"data"} | {path.name for path in starter}
    if clash := sorted(name for name in own if PurePosixPath(name).parts[0] in taken):
        raise SpecError(f"its data set is called {clash[0]}, and so is something else in its workspace")
    others = sorted(name for name in loaded - own if "/" in name and _is_name(name))
    answers = {split: list(columns) for split, columns in sorted(row.answers.items())}
    return HubData(repo_id, snapshot.revision, splits, answers, sorted(own), others)


def _splits(files: list[str], repo_id: str, command: str) -> dict[str, list[str]]:
    """Split → its files, of which there is one set, whole, in one folder."""
    found: dict[str, dict[int, str]] = {}
    counts: dict[str, set[int]] = {}
    folders = set()
    for file in files:
        path = PurePosixPath(file)
        if shard := _SHARD.match(path.name):
            folders.add(path.parent.as_posix())
            found.setdefault(shard["split"], {})[int(shard["number"])] = file
            counts.setdefault(shard["split"], set()).add(int(shard["count"]))
    if not found:
        raise SpecError(
            f"its data set {repo_id} has no files SPLIT-00000-of-00001.parquet in this machine's cache; "
            f"expected what this gets, of a data set that is kept as parquet files: {command}"
        )
    if len(folders) > 1:
        raise SpecError(f"its data set {repo_id} has more than one configuration: {', '.join(sorted(folders))}")
    for split, shards in found.items():
        if counts[split] != {len(shards)} or set(shards) != set(range(len(shards))):
            raise SpecError(f"of its data set {repo_id}, split {split!r} is not whole here; get it with: {command}")
    return {split: [shards[number] for number in sorted(shards)] for split, shards in sorted(found.items())}


def _is_name(text: str) -> bool:
    try:
        check_name(text)
    except HubRefused:
        return False
    return True
