"""Whether a collection on disk is what it should be: specs and layout. Nothing in it is run; see `synthgym verify`."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from synthgym.base.errors import SpecError, UnknownNameError
from synthgym.registry.challenge import SPEC_FILE, Challenge, content_hash, load_challenge
from synthgym.registry.collection import COLLECTION_FILE, challenge_ids, load_info
from synthgym.registry.data import dataset_problems
from synthgym.registry.files import irregular_files
from synthgym.registry.metrics import get_metric
from synthgym.registry.sealing import SEAL_FILE, is_sealed, reference_list

_RANKED = ("roc_auc", "average_precision")
"""Metrics of kind `probability` that take one column: the score of the positive class."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        path: The file or folder it is about.
        what: What was expected, what came.
    """

    path: Path
    what: str

    def __str__(self) -> str:
        """One line, the file first."""
        return f"{self.path}: {self.what}"


def check_collection(path: Path) -> list[Problem]:
    """What is wrong with the collection in the folder `path`; nothing if the list is empty.

    A single challenge's folder can be given as well.

    Raises:
        SpecError: There is no such folder, or it is neither a collection nor a challenge.
    """
    path = path.expanduser().absolute()
    if not (path / COLLECTION_FILE).exists() and (path / SPEC_FILE).exists():
        return list(_check_challenge(path))
    if not (path / COLLECTION_FILE).exists():
        load_info(path)  # raises: says that there is none
    problems: list[Problem] = []
    try:
        load_info(path)
    except SpecError as error:
        problems.append(_of_spec(path / COLLECTION_FILE, error))
    ids = challenge_ids(path)
    for folder in sorted(path.iterdir()):
        if folder.name in ids:
            problems += _check_challenge(folder)
        elif folder.name[0] not in "._" and ((folder / "workspace").exists() or (folder / "grader").exists()):
            problems.append(Problem(folder, f"has a challenge's folders but no {SPEC_FILE}"))
    if not ids:
        problems.append(Problem(path, f"holds no challenge: no folder with a {SPEC_FILE}"))
    return problems


def _of_spec(file: Path, error: SpecError) -> Problem:
    """A spec's error as a problem; its text names the file already."""
    return Problem(file, str(error).replace(f"{file}: ", ""))


def _check_challenge(folder: Path) -> Iterator[Problem]:
    try:
        challenge = load_challenge(folder)
    except SpecError as error:
        yield _of_spec(folder / SPEC_FILE, error)
        return
    spec = folder / SPEC_FILE
    irregular = [Problem(path, what) for path, what in irregular_files(folder)]
    yield from irregular
    yield from _check_layout(challenge, folder)
    for what in chain(dataset_problems(challenge.dataset), _check_metric(challenge)):
        yield Problem(spec, what)
    for what in _check_baseline(challenge, folder / "workspace"):
        yield Problem(spec, what)
    stated = challenge.provenance.content_hash
    if stated and not irregular:
        found = content_hash(challenge, folder)
        if found != stated:
            yield Problem(
                spec,
                f"field 'provenance.content_hash': the challenge is not the one that was verified: expected {stated}, "
                f"got {found}; give it a new version and run: synthgym verify",
            )


def _check_layout(challenge: Challenge, folder: Path) -> Iterator[Problem]:
    workspace, grader = folder / "workspace", folder / "grader"
    if not workspace.is_dir() or not any(workspace.iterdir()):
        yield Problem(workspace, "missing or empty; expected the starter, which the agent begins with")
    elif (workspace / "data").exists():
        yield Problem(workspace / "data", "the name is taken: grader/prepare.py makes this folder")
    needed = ["prepare.py"]
    if challenge.submission.kind == "module":
        needed.append("evaluate.py")
        starter = workspace / challenge.submission.path
        if not starter.is_file():
            yield Problem(starter, "missing; the starter of a challenge of kind 'module' is its first submission")
    for name in needed:
        script = grader / name
        if not script.is_file():
            yield Problem(script, f"missing; a challenge of kind {challenge.submission.kind!r} needs it")
    if is_sealed(folder) and (grader / "reference").is_dir():
        seal = grader / SEAL_FILE
        if seal.read_bytes() != reference_list(grader):
            yield Problem(
                seal, "not the seal of grader/reference/ as it is; seal it again with: synthgym verify --seal"
            )
    for script in sorted(grader.glob("*.py")):
        try:
            ast.parse(script.read_bytes())
        except (SyntaxError, ValueError) as error:
            yield Problem(script, f"not valid Python: {error}")


def _check_metric(challenge: Challenge) -> Iterator[str]:
    metric, columns = challenge.metric, challenge.submission.columns
    if challenge.submission.kind == "module":
        return  # its evaluate.py measures what it will
    try:
        known = get_metric(metric.name)
    except UnknownNameError as error:
        yield f"field 'metric.name': {error}"
        return
    if metric.direction != known.direction:
        yield f"field 'metric.direction': expected {known.direction!r} for {metric.name}, got {metric.direction!r}"
    if len(set(columns)) != len(columns):
        yield f"field 'submission.columns': expected each name once, got {columns}"
    if any(name != name.strip() for name in columns):
        yield f"field 'submission.columns': expected names without blanks around them, got {columns}"
    several = known.kind == "probability" and metric.name not in _RANKED
    if several != (len(columns) > 1):
        expected = "one column for each class" if several else "one column"
        yield f"field 'submission.columns': expected {expected} for {metric.name}, got {columns}"


def _check_baseline(challenge: Challenge, workspace: Path) -> Iterator[str]:
    command = challenge.baseline.command
    try:
        words = shlex.split(command)
    except ValueError as error:
        yield f"field 'baseline.command': not a shell command ({error}); got {command!r}"
        return
    if not words:
        yield "field 'baseline.command': expected the command that runs the starter, got nothing"
    for word in words:
        if word.endswith((".py", ".sh")) and not (workspace / word).is_file():
            yield f"field 'baseline.command': {word!r} is not in workspace/"
