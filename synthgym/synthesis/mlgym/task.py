"""One challenge as a task of MLGym's: its files, made of what `prepare.py` leaves and of the code that scores here."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

from synthgym.envs import tools
from synthgym.envs.grading.file_grader import FileGrader
from synthgym.envs.workspace import Prepared, prepare
from synthgym.registry.challenge import Challenge
from synthgym.registry.csv_table import csv_rows, csv_text
from synthgym.registry.metrics import MetricDef, get_metric
from synthgym.registry.mlgym.exported_format import TABLE_FILE, TaskFiles, dataset_config, task_config
from synthgym.synthesis.mlgym.module_evaluator import evaluate_module
from synthgym.synthesis.mlgym.standalone import standalone_source
from synthgym.synthesis.mlgym.table_evaluator import evaluate_table

_TOOLS = ("module_runner.py", "synthgym_grader.py")

_EVALUATE = '''"""Scores a submission to {name} with synthgym's own code (Apache-2.0)."""

{source}

if __name__ == "__main__":
    {call}(
{arguments}
    )
'''

_BASELINE = '''"""Runs the starter, and leaves its submission where it is looked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
code = subprocess.run({command!r}, shell=True, cwd=here, env={{"SEED": "0", **os.environ}}).returncode
if code != 0:
    sys.exit(code){copy}
'''


def write_task(challenge: Challenge, folder: Path, name: str, tree: Path, sandbox: str) -> None:
    """Writes a challenge's files into the tree.

    Args:
        challenge: Its spec; verified.
        folder: Its folder.
        name: The task's.
        tree: Where `configs/` and `data/` are.
        sandbox: Backend for its `prepare.py`.

    Raises:
        GraderError: `prepare.py` failed, or what it left cannot be scored with.
        UserError: Its data cannot be had.
    """
    prepared = prepare(challenge, folder, sandbox)
    target = tree / "data" / name
    shutil.copytree(prepared.workspace, target)
    names = _Names([*(path.name for path in target.iterdir()), "data", TABLE_FILE])
    secret, evaluate = names.free("evaluation"), names.free("evaluate.py")
    sample = None
    if challenge.submission.kind == "file":
        sample = names.free("sample_submission.csv")
        _write_table(challenge, prepared, target, name, evaluate, secret, sample)
    else:
        _write_module(challenge, prepared, target, name, evaluate, secret)
    baseline = _write_baseline(challenge, target, names)
    data = target / "data"
    files = TaskFiles(
        starter=sorted(path.name for path in target.iterdir() if path.name not in ("data", sample)),
        evaluate=evaluate,
        secret=secret,
        baseline=baseline,
        sample=sample,
        public=sorted(path.name + "/" * path.is_dir() for path in data.iterdir()) if data.is_dir() else [],
        memory=names.free("memory.json"),
    )
    configs = tree / "configs"
    _write(configs / "tasks" / f"{name}.yaml", task_config(name, challenge, files))
    if files.public:
        _write(configs / "datasets" / f"{name}.yaml", dataset_config(name, challenge, files))


class _Names:
    """Names for what is added to a starter: none that it has itself."""

    def __init__(self, taken: Iterable[str]) -> None:
        self.taken = set(taken)

    def free(self, name: str) -> str:
        """The name, or one like it that is free; taken from now on."""
        while name in self.taken:
            name = f"mlgym_{name}"
        self.taken.add(name)
        return name


def _write_table(
    challenge: Challenge, prepared: Prepared, target: Path, name: str, evaluate: str, secret: str, sample: str
) -> None:
    """The evaluator of a table, the labels of the final half, and a sample."""
    grader = FileGrader(challenge, prepared)
    columns = challenge.submission.columns
    rows = list(csv_rows((prepared.private / "labels.csv").read_bytes()))[1:]
    final = grader.halves["final"].tolist()
    _write(target / secret / "labels.csv", csv_text([columns, *(rows[index] for index in final)]))
    _write(target / secret / "rows.csv", "".join(f"{index}\n" for index in final))
    guess = _guess(grader.metric, len(columns), grader.classes)
    _write(target / sample, csv_text([columns, *[guess] * grader.rows]))
    metric = grader.metric
    fields = (metric.name, metric.kind, metric.direction, metric.worst, metric.optimum)
    arguments = {
        "folder": f"Path(__file__).resolve().parent / {secret!r}",
        "metric": f"MetricDef({', '.join(map(repr, fields))}, {metric.fn.__name__}, columns={metric.columns!r})",
        "columns": repr(columns),
        "rows": repr(grader.rows),
        "most_bytes": repr(challenge.submission.max_bytes),
        "classes": repr(sorted(grader.classes)),
    }
    source = standalone_source(evaluate_table, MetricDef, metric.fn)
    _write(target / evaluate, _script(name, source, evaluate_table.__name__, arguments))


def _write_module(
    challenge: Challenge, prepared: Prepared, target: Path, name: str, evaluate: str, secret: str
) -> None:
    """The evaluator of a module, the challenge's scorer and hidden instances, and the programs that both need."""
    shutil.copytree(prepared.private, target / secret / "private")
    (target / secret / "private").chmod(0o755)
    shutil.copyfile(prepared.grader / "evaluate.py", target / secret / "evaluate.py")
    programs = target / secret / "tools"
    programs.mkdir()
    for program in _TOOLS:
        shutil.copyfile(Path(tools.__path__[0]) / program, programs / program)
    path = challenge.submission.path
    arguments = {
        "folder": f"Path(__file__).resolve().parent / {secret!r}",
        "submission": f"Path(__file__).resolve().parent / {path!r}",
        "path": repr(path),
        "metric": repr(challenge.metric.name),
        "most_bytes": repr(challenge.submission.max_bytes),
        "key": repr(prepared.data_hash),
    }
    source = standalone_source(evaluate_module)
    _write(target / evaluate, _script(name, source, evaluate_module.__name__, arguments))


def _write_baseline(challenge: Challenge, target: Path, names: _Names) -> str | None:
    """The script that makes the baseline's submission: the starter's own, where MLGym can run it as it is."""
    command, path = challenge.baseline.command, challenge.submission.path
    words = shlex.split(command)
    if words == ["true"]:
        return None
    copied = challenge.submission.kind == "file" and path != TABLE_FILE
    if len(words) == 2 and words[0] == "python" and words[1].endswith(".py") and not copied:
        return words[1]
    name = names.free("run_baseline.py")
    copy = f"\nshutil.copyfile(here / {path!r}, here / {TABLE_FILE!r})" if copied else ""
    _write(target / name, _BASELINE.format(command=command, copy=copy))
    return name


def _guess(metric: MetricDef, width: int, classes: frozenset[str]) -> list[str]:
    """A row that says nothing."""
    if metric.kind == "label":
        return [min(classes)]
    return [repr(1 / width)] * width if metric.kind == "probability" and width > 1 else ["0.0"]


def _script(name: str, source: str, call: str, arguments: dict[str, str]) -> str:
    lines = "\n".join(f"        {argument}={value}," for argument, value in arguments.items())
    return _EVALUATE.format(name=name, source=source, call=call, arguments=lines)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")


def own_metric(challenge: Challenge) -> bool:
    """Whether the metric is synthgym's own, so that its code can go along; somebody may have registered another."""
    return get_metric(challenge.metric.name).fn.__module__ == get_metric.__module__
