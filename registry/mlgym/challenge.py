"""A task of MLGym's as a challenge folder, made in the cache when its environment is.

The folder is an ordinary one: starter, `prepare.py`, the evaluator and what it imports, the data as one archive. Its
submissions are of kind ``mlgym``: what scores them is the task's own evaluator, as `grader/mlgym.json` says. Nothing of
MLGym's is run here.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from synthgym.base.errors import FileError, SpecError
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.base.json_reading import read_object
from synthgym.registry.challenge import (
    Baseline,
    Budget,
    Challenge,
    Dataset,
    Metric,
    Reference,
    Submission,
    content_hash,
)
from synthgym.registry.files import irregular_files
from synthgym.registry.mlgym.data import Layout, data_layout
from synthgym.registry.mlgym.evaluators import evaluator_of, imported_functions, module_file, starter_files
from synthgym.registry.mlgym.hub.data import HubData, hub_data
from synthgym.registry.mlgym.hub.models import HubModel, hub_models
from synthgym.registry.mlgym.recreated import contents
from synthgym.registry.mlgym.renewed import renewed
from synthgym.registry.mlgym.submissions import HandedIn, submission_of
from synthgym.registry.mlgym.table import Row
from synthgym.registry.mlgym.tasks import Task, signature

EVALUATION_FILE = "mlgym.json"
"""In `grader/`: how submissions are scored; see `Evaluation`."""

STEPS = 50
"""Steps of an episode, as in MLGym's benchmark."""

_FORMAT = 4  # of the folders that are made here: raised where the same task would become another folder
_PREPARE = Path(__file__).with_name("prepare_task.py")
_LONG_SECONDS = 3600  # of a task that states no time for training
_MOST_SUBMISSION = 50_000_000
_MOST_WEIGHTS = 2_000_000_000


@dataclass(frozen=True)
class Evaluation:
    """How a submission is scored.

    Attributes:
        evaluator: The program, in `grader/`.
        entry_point: MLGym's name for how it is called.
        metric: The key, in what it prints, of the score that counts.
        hidden: Files that only it may read, by their names in `data/`.
        functions: For a module: the functions of it that the evaluator imports.
        seconds: Wall-clock time it may take.
        files: Patterns of the files that are handed in together; none where it is one file.
        networks: For a network: names that the evaluator imports → the modules they are in.
        answer: For a module: the form of its answers, where it is declared; see `synthgym.envs.tools.answer_forms`.
    """

    evaluator: str
    entry_point: str
    metric: str
    hidden: list[str]
    functions: list[str]
    seconds: float
    files: list[str] = field(default_factory=list)
    networks: dict[str, str] = field(default_factory=dict)
    answer: dict[str, Any] | None = None


def read_evaluation(grader: Path) -> Evaluation:
    """How submissions of a challenge are scored; `grader` is its folder of that name.

    Raises:
        SpecError: It does not say so.
    """
    file = grader / EVALUATION_FILE
    try:
        return Evaluation(**read_object(file))
    except (OSError, FileError, TypeError) as error:
        raise SpecError(f"{file}: cannot be read: {error}") from error


def challenge_folder(task: Task, row: Row) -> Path:
    """The task's challenge folder, made if it is not there yet.

    Raises:
        SpecError: The task's files are not what they should be.
    """
    hub, models = hub_data(task, row), hub_models(task, row)
    made_of = [
        _FORMAT,
        hub.prepare_script(task.name) if hub else _PREPARE.read_text(),
        [hub.repo_id, hub.revision, hub.files, hub.cards] if hub else None,
        [[model.name, model.snapshot.repo_id, model.snapshot.revision, model.texts, model.weights] for model in models],
        row.model_dump(),
        task.config.model_dump(),
        [d.model_dump() for d in task.data],
    ]
    digest = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode())
    for path, size, changed in signature(task.root):
        digest.update(f"{path}\0{size}\0{changed}\0".encode())
    return build_once(
        cache_dir("mlgym") / digest.hexdigest()[:32] / task.name,
        lambda folder: _build(task, row, hub, models, folder),
    )


def _build(task: Task, row: Row, hub: HubData | None, models: list[HubModel], folder: Path) -> None:
    evaluator = evaluator_of(task)
    handed = submission_of(task, row)
    workspace, grader = folder / "workspace", folder / "grader"
    for place in (workspace, grader):
        place.mkdir()
        for source in starter_files(task):
            _copy(source, place / source.name)
        for path, what in irregular_files(place):  # before anything is written there: it may lead anywhere
            raise SpecError(f"{task.root}: of task {task.name!r}: {path.relative_to(place)}: {what}")
        for model in models:
            model.lay(place, weights=place == workspace or model.evaluated)
    # Whoever evaluates gets what was handed in, and nothing in its place.
    if handed.files:
        shutil.rmtree(grader / handed.path, ignore_errors=True)
    else:
        (grader / handed.path).unlink(missing_ok=True)
    _stand_in(handed, grader, imported_functions(evaluator))
    if hub:
        dataset, hidden = _from_hub(task, hub, folder)
    else:
        dataset, hidden = _from_checkout(task, folder)
    seconds = float(task.config.training_timeout or _LONG_SECONDS)
    evaluation = Evaluation(
        evaluator.name,
        task.config.task_entrypoint,
        row.metric,
        hidden,
        handed.functions,
        seconds,
        handed.files,
        handed.networks,
        row.answer.model_dump(exclude_none=True) if row.answer else None,
    )
    _write_json(grader / EVALUATION_FILE, asdict(evaluation))
    challenge = _challenge(task, row, handed, seconds, dataset)
    if hub:
        challenge.description += hub.about
    if hub or models:
        challenge.budget.memory_mb, challenge.budget.disk_mb = 8192, 4096  # `datasets` keeps what it reads twice
    challenge.provenance.content_hash = content_hash(challenge, folder)
    challenge.save(folder)


def _stand_in(handed: HandedIn, grader: Path, imported: dict[str, list[str]]) -> None:
    """Puts functions that call over in the place of those that make networks."""
    for module in set(handed.networks.values()):
        file = grader / module_file(module)
        ours = [name for name, place in handed.networks.items() if place == module]
        rest = "" if set(imported[module]) <= set(ours) else file.read_text(encoding="utf-8") + "\n"
        file.write_text(f"{rest}from remote_network import {', '.join(ours)}\n", encoding="utf-8")


def _from_checkout(task: Task, folder: Path) -> tuple[Dataset, list[str]]:
    """The data as an archive in the challenge's folder; and which files of it are the evaluator's."""
    layout = Layout(contents(task)) if task.made else data_layout(task)
    shutil.copyfile(_PREPARE, folder / "grader" / "prepare.py")
    (folder / "data").mkdir()
    _pack(layout, folder / "data" / "data.tar")
    _write_json(folder / "data" / "layout.json", {"script": layout.script, "hidden": layout.hidden})
    return Dataset(source="local", path="data", files=["data.tar", "layout.json"]), layout.hidden


def _from_hub(task: Task, hub: HubData, folder: Path) -> tuple[Dataset, list[str]]:
    """The data as files of the Hub, at the commit that is in the cache; and which of them are the evaluator's."""
    (folder / "grader" / "prepare.py").write_text(hub.prepare_script(task.name), encoding="utf-8")
    for place in ("workspace", "grader"):
        for name, text in hub.cards.items():
            card = folder / place / name
            card.parent.mkdir(parents=True, exist_ok=True)
            card.write_text(text, encoding="utf-8")
    return Dataset(source="huggingface", path=hub.repo_id, revision=hub.revision, files=hub.files), hub.hidden


def _challenge(task: Task, row: Row, handed: HandedIn, seconds: float, dataset: Dataset) -> Challenge:
    config = task.config
    baseline = _baseline_score(task, row)
    script = config.baseline_paths[0] if config.baseline_paths else ""
    # An evaluator as baseline: the starter is what is scored.
    runs = script and script != config.evaluation_paths[0] and not row.note
    return Challenge(
        id=task.name,
        title=config.name,
        topic="MLGym",
        description=task.description + _told_of(handed, row),
        split="heldout",
        dataset=dataset,
        submission=Submission(
            path=handed.path, kind="mlgym", max_bytes=_MOST_WEIGHTS if row.files else _MOST_SUBMISSION
        ),
        metric=Metric(name=row.metric, direction=row.direction, optimum=row.optimum),
        baseline=Baseline(command=f"python {script}" if runs else "true", mean=baseline),
        noise=row.noise,
        reference=_reference(row, baseline),
        budget=Budget(
            steps=STEPS,
            command_cpu_seconds=seconds,
            episode_cpu_seconds=4 * seconds,
            prepare_cpu_seconds=min(4 * seconds, 86_400),
            wall_factor=1.0,
            memory_mb=4096,
            disk_mb=1024,
            pids=256,
        ),
        image=row.image,
    )


def _told_of(handed: HandedIn, row: Row) -> str:
    """What an agent is told besides: which files are handed in together, and what is wrong with the starter."""
    *others, last = handed.files or [""]
    called = f"{', '.join(others)} or {last}" if others else last
    files = f"\n\nHanded in is every file called {called}, and nothing else." if last else ""
    return files + (f"\n\n{row.note}" if row.note else "")


def _baseline_score(task: Task, row: Row) -> float:
    scores = task.config.baseline_scores[0] if task.config.baseline_scores else {}
    found = {name.lower(): score for name, score in scores.items()}.get(row.metric.lower())
    if found is None:
        raise SpecError(
            f"its file states no baseline score for {row.metric!r}: baseline_scores has {', '.join(scores) or 'none'}"
        )
    return found


def _reference(row: Row, baseline: float) -> Reference:
    """What an improvement of 1 is: our own best score; else half of the way to the optimum; else a tenth better."""
    if row.reference is not None:
        return Reference(score=row.reference, by="synthgym, a solution written by hand")
    if row.optimum is not None and row.optimum != baseline:
        return Reference(score=(baseline + row.optimum) / 2, by="half of the way from the baseline to the optimum")
    step = 0.1 * (abs(baseline) or 1.0)
    return Reference(
        score=baseline + (step if row.direction == "higher" else -step), by="a tenth better than the baseline"
    )


def _copy(source: Path, target: Path) -> None:
    """Copies a file or a folder; a link stays one."""
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    elif source.suffix == ".py" and not source.is_symlink():
        target.write_bytes(renewed(source.read_bytes()))
    else:
        shutil.copyfile(source, target, follow_symlinks=False)


def _pack(layout: Layout, target: Path) -> None:
    """The data as one archive, the same bytes for the same files."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in layout.files:
            data = path if isinstance(path, bytes) else path.read_bytes()
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))


def _write_json(file: Path, data: Any) -> None:
    file.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
