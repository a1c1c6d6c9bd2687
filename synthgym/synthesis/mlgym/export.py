"""A collection as tasks that MLGym loads and runs.

For comparison with what is measured there, not for a benchmark of its own: MLGym keeps what a task is scored with where
the agent can read it, and validates with it as often as it is asked to. An exported challenge is not sealed any more.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from synthgym.base.errors import SpecError, UnknownNameError, UserError
from synthgym.base.jobs.pools import run_jobs
from synthgym.base.progress import Progress, Silent
from synthgym.envs.sandboxes import resolve_sandbox
from synthgym.registry.challenge import Challenge, content_hash, load_challenge
from synthgym.registry.collections.check import check_collection
from synthgym.registry.collections.collection import Collection
from synthgym.registry.collections.entries import INDEX_FILE
from synthgym.registry.collections.index import write_index
from synthgym.registry.collections.info import COLLECTION_FILE
from synthgym.registry.collections.unpack import challenge_folder, collection_file
from synthgym.registry.files import build_new
from synthgym.registry.mlgym.exported_format import COLLECTION_FOLDER, LIST_FILE, TREE_FORMAT, task_name
from synthgym.synthesis.mlgym.task import own_metric, write_task

_README = """# {title}: tasks for MLGym

{count} challenges of the collection `{namespace}` (version {version}), as tasks of MLGym's; made by
`synthgym export-mlgym`. Copy `configs/` and `data/` into the folder of MLGym's repository and name a task there with
`--task_config_path tasks/<task>.yaml`.

**An export is for comparison and is not sealed.** As with MLGym's own tasks, what a task is scored with (the labels, or
the hidden opponents) lies in the agent's own workspace, in `evaluation/`, and `validate` scores with it without limit.
Whoever reads it has the answers. A score that is to mean something is made with the original challenge, in synthgym.

- A score is that of synthgym's final grade: the same code, the same half of the hidden rows. It is the raw score;
  MLGym knows no noise and no improvement over a reference.
- A table is handed in as `submission.csv`, whatever the challenge calls it; the task's description says so.
- A command may take as much wall-clock time as in synthgym; MLGym's own settings decide about steps and cost.
- `synthgym/{list_file}` says which task is which challenge, its metric, and which direction is better.
- `synthgym/` holds the challenges whole: it is a collection, which synthgym checks, registers and plays as it is.
"""


@dataclass(frozen=True)
class Exported:
    """What an export made.

    Attributes:
        path: The tree.
        tasks: Challenge → task.
        left_out: Challenge → why it is no task.
    """

    path: Path
    tasks: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Work:
    """One challenge to export: where it is, what it is called, where to, and with which sandbox."""

    folder: Path
    task: str
    tree: Path
    sandbox: str


def export_mlgym(
    collection: Path,
    out: Path,
    challenges: str | None = None,
    jobs: int = 1,
    sandbox: str = "auto",
    progress: Progress | None = None,
) -> Exported:
    """Writes a collection's verified challenges as tasks, in a new folder that appears whole or not at all.

    Args:
        collection: Its folder, or its pack.
        out: The new folder; see `synthgym.registry.mlgym.exported_format` for what is in it.
        challenges: Only those whose id matches this pattern, as in ``wine-*``.
        jobs: Worker processes.
        sandbox: Backend for `prepare.py`.
        progress: Is told of each task.

    Raises:
        SpecError: There is no such collection.
        UnknownNameError: No challenge matches.
        UserError: Not one challenge can be exported.
        OutputFolderError: `out` is not empty.
        GraderError: A challenge's `prepare.py` failed.
        MissingDependencyError: No sandbox works here.
    """
    source = Collection.load(collection)
    ids = fnmatch.filter(source.ids(), challenges) if challenges else source.ids()
    if challenges and not ids:
        raise UnknownNameError("challenge", challenges, source.ids())
    tasks, left_out = _sort(source, ids)
    if not tasks:
        reasons = "".join(f"\n{name}: {reason}" for name, reason in left_out.items())
        raise UserError(f"{source.path}: no challenge that can be exported{reasons}")
    resolved, progress = resolve_sandbox(sandbox), progress or Silent()
    sandbox = sandbox if sandbox == "auto" else resolved  # `auto` may differ with a challenge's image

    def build(tree: Path) -> None:
        work = [_Work(challenge_folder(source.path, name), task, tree, sandbox) for name, task in tasks.items()]
        for outcome in run_jobs(_write, work, jobs):
            outcome.unwrap()
            progress.advance()
        _write_collection(source, tasks, left_out, tree / COLLECTION_FOLDER)
        (tree / "README.md").write_text(_readme(source, tasks, left_out), encoding="utf-8")

    return Exported(build_new(out, build), tasks, left_out)


def _sort(source: Collection, ids: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Names for what can be a task, and for the rest the reason."""
    tasks, left_out = {}, {}
    for name in ids:
        try:
            folder = challenge_folder(source.path, name)
        except SpecError as error:  # of a pack
            left_out[name] = str(error)
            continue
        # MLGym scores the starter itself: no score that is stated here is compared with.
        problems = [problem for problem in check_collection(folder) if problem.check != "scores"]
        if problems:
            left_out[name] = str(problems[0]).replace(f"{folder}/", "")
            continue
        challenge = load_challenge(folder)
        if not challenge.verified:
            left_out[name] = "not verified; run: synthgym verify"
        elif challenge.submission.kind == "file" and not own_metric(challenge):
            left_out[name] = f"its metric {challenge.metric.name!r} is none of synthgym's own"
        else:
            tasks[name] = task_name(source.namespace, challenge)
    return tasks, left_out


def _write(work: _Work) -> None:
    """Writes one task, in a worker."""
    write_task(load_challenge(work.folder), work.folder, work.task, work.tree, work.sandbox)


def _write_collection(source: Collection, tasks: dict[str, str], left_out: dict[str, str], target: Path) -> None:
    """The challenges as they are, and what MLGym's format has no field for."""
    target.mkdir()
    shutil.copyfile(collection_file(source.path, COLLECTION_FILE), target / COLLECTION_FILE)
    for name in tasks:
        shutil.copytree(
            challenge_folder(source.path, name), target / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    if collection_file(source.path, INDEX_FILE).exists():
        write_index(target)
    listed = {
        "format": TREE_FORMAT,
        "tasks": [_listed(source.get(name), challenge_folder(source.path, name), task) for name, task in tasks.items()],
        "left_out": left_out,
    }
    text = json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
    (target / LIST_FILE).write_text(text, encoding="utf-8")


def _listed(challenge: Challenge, folder: Path, task: str) -> dict[str, object]:
    return {
        "task": task,
        "challenge": challenge.id,
        "content_hash": content_hash(challenge, folder),
        "kind": challenge.submission.kind,
        "metric": challenge.metric.name,
        "direction": challenge.metric.direction,
        "baseline": challenge.baseline.final,
        "noise": challenge.noise,
        "reference": challenge.reference.score,
        "split": challenge.split,
    }


def _readme(source: Collection, tasks: dict[str, str], left_out: dict[str, str]) -> str:
    info = source.info
    text = _README.format(
        title=info.title, count=len(tasks), namespace=info.namespace, version=info.version, list_file=LIST_FILE
    )
    if left_out:
        text += "\nLeft out:\n\n" + "".join(f"- {name}: {reason}\n" for name, reason in left_out.items())
    return text
