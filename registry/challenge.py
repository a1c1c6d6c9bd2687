"""The spec of a challenge: `challenge.yaml`, every field of it, as pydantic models.

A challenge folder::

    <collection>/<challenge-id>/challenge.yaml   this spec
    <collection>/<challenge-id>/workspace/       starter code; what the agent starts in
    <collection>/<challenge-id>/grader/          never shown to an agent:
        prepare.py                               makes public/ (the workspace's data/) and private/ (labels)
        reference/                               laid over the workspace to run the reference solution
        reference.sha256                         of a sealed challenge: stands for reference/ in its content hash
        evaluate.py                              only where no named metric can do it (kind ``module``)
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from synthgym.base.errors import SpecError
from synthgym.base.files.outputs import write_whole
from synthgym.base.plugins import plugin_names
from synthgym.base.text import is_plain, one_line, printable
from synthgym.base.validation import validated
from synthgym.registry.files import file_errors
from synthgym.registry.images import is_reference
from synthgym.registry.metrics import LARGEST
from synthgym.registry.names import (
    GRADERS,
    ID_PATTERN,
    KINDS,
    MOST_ID,
    MOST_NAME,
    MOST_TITLE,
    MOST_VERSION,
    SPEC_FILE,
)
from synthgym.registry.sealing import hashed_files
from synthgym.registry.yaml_reading import read_yaml

SPEC_VERSION = 1
"""Version of the format this release reads and writes."""

MOST_DATA = 1 << 30
"""Bytes that the data files of one challenge may have together."""
_PIECE = 1 << 20

_AnyDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_AnyDumper):  # type: ignore[misc]
    """Writes texts as PyYAML does, whatever other packages have taught its classes: hashes must not depend on it."""


_Dumper.add_representer(str, yaml.representer.SafeRepresenter.represent_str)


def _plain(value: str) -> str:
    if not is_plain(value):
        raise ValueError("expected one line without control or invisible characters")
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("expected text that can be shown")
    return value


def _reference(value: str) -> str:
    if not is_reference(value):
        raise ValueError("expected the name of an image, such as 'cpu' or 'python:3.12-slim'")
    return value


def _short_parts(value: str) -> str:
    if any(len(part.encode()) > _MOST_PART for part in value.split("/")):
        raise ValueError(f"expected names of at most {_MOST_PART} bytes, as file systems take them")
    return value


_MOST_PART = 255

Text = Annotated[str, Field(max_length=100_000), AfterValidator(printable)]
"""For people, of several lines. What would steer a terminal is left out."""
Line = Annotated[str, Field(max_length=1000), AfterValidator(one_line)]
"""The same in one line."""
Title = Annotated[str, Field(max_length=MOST_TITLE), AfterValidator(one_line), AfterValidator(_said)]
"""A line that says something."""
Name = Annotated[str, Field(max_length=MOST_NAME), AfterValidator(_plain)]
"""What a file, a column, a command or a program is called: nothing is left out of it, so it has to be plain."""
FilePath = Annotated[Name, AfterValidator(_short_parts)]
"""What a file is called, and the folders that it is in."""
ImageName = Annotated[Name, AfterValidator(_reference)]
"""What a container engine, and nobody else, is asked for by."""
Measured = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
"""A score, or what is counted of scores."""


class _Model(BaseModel):
    """Unknown fields are errors: a misspelt field would otherwise be silently ignored.

    Numbers are finite, and numbers: neither texts that look like some nor truth values.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


class Dataset(_Model):
    """Where the data comes from. The host fetches `files` at `revision` and nothing else.

    Attributes:
        source: ``generated``: `prepare.py` makes it. ``local``: in the challenge's own folder. ``sklearn``: comes with
            scikit-learn. ``huggingface``: a dataset repository of the Hugging Face Hub.
        path: The folder of ``local``, the repository of ``huggingface``.
        config: The data set's configuration, for people; nothing is chosen by it.
        revision: For ``huggingface``: the commit, as a whole hash.
        files: The data files that `prepare.py` finds in the folder ``$SOURCE``, by their last names; none for
            ``generated``.
        licence: Under which the data may be passed on.
    """

    source: Literal["huggingface", "sklearn", "local", "generated"]
    path: FilePath = ""
    config: Name | None = None
    revision: Name | None = None
    files: list[FilePath] = Field(default=[], max_length=10_000)
    licence: Line = ""

    @model_validator(mode="after")
    def _pinned(self) -> Dataset:
        if self.source == "huggingface" and not self.revision:
            raise ValueError("a Hugging Face dataset needs a pinned revision (a commit hash)")
        if self.source != "generated" and not self.files:
            raise ValueError(f"a dataset of source {self.source!r} needs its list of files")
        if len(set(self.files)) != len(self.files):
            raise ValueError("expected each of its files once")
        return self


_MOST_TABLE = 100_000_000


class Submission(_Model):
    """What the agent hands in.

    Attributes:
        path: Relative to the workspace.
        kind: ``file``: a CSV scored by our own code. ``module``: a Python file whose functions the scorer calls.
            Others are of suites, whose packages have graders for them under the entry-point group
            ``synthgym.graders``.
        columns: For ``file``: the header of the CSV, in order.
        max_bytes: Larger submissions are refused.
    """

    path: FilePath
    kind: str
    columns: list[Name] = Field(default=[], max_length=1000)
    max_bytes: int = Field(default=10_000_000, gt=0, le=2_000_000_000)

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in KINDS and value not in (others := plugin_names(GRADERS)):
            raise ValueError(f"one of {', '.join(map(repr, [*KINDS, *others]))}")
        return value

    @field_validator("path")
    @classmethod
    def _inside(cls, value: str) -> str:
        parts = value.split("/")
        if not value or value.startswith("/") or any(part in ("", ".", "..") for part in parts):
            raise ValueError("a path inside the workspace, such as 'predictions.csv'")
        return value

    @model_validator(mode="after")
    def _columns(self) -> Submission:
        if self.kind == "file" and not self.columns:
            raise ValueError("kind 'file' needs its columns")
        if self.kind == "file" and self.max_bytes > _MOST_TABLE:
            raise ValueError(f"max_bytes of a table: expected at most {_MOST_TABLE:,}, as it is read into memory")
        return self


class Metric(_Model):
    """What is measured.

    Attributes:
        name: One of `synthgym.registry.metrics`, or any name where `evaluate.py` scores.
        direction: Which scores are better.
        worst: The worst score there is; none where there is no bound.
        optimum: The best score there is; none where it is not known.
    """

    name: Name
    direction: Literal["higher", "lower"]
    worst: Measured | None = None
    optimum: Measured | None = None


SEEDS = 5
"""Seeds that a starter is measured with: the environment variable ``SEED`` is one of 0 to 4, in episodes too."""


class Baseline(_Model):
    """The starter as it stands: how to run it, and what it scored with each value of ``SEED``.

    Attributes:
        command: Runs it.
        scores: On the hidden half that counts, one a seed.
        validation_scores: On the half that `validate` scores, one a seed.
        mean: Over both halves.
        sd: Over seeds; of the half where they differ more.
    """

    command: Text
    scores: list[Measured] = Field(default=[], max_length=1000)
    validation_scores: list[Measured] = Field(default=[], max_length=1000)
    mean: Measured | None = None
    sd: Measured | None = Field(default=None, ge=0)

    @property
    def final(self) -> float | None:
        """The mean on the half that counts, for scores that are of this half only."""
        return sum(self.scores) / len(self.scores) if self.scores else self.mean


class Reference(_Model):
    """Best known solution.

    Attributes:
        command: Runs it, after `grader/reference/` was laid over the workspace.
        score: The mean of its scores on both hidden halves.
        by: Who got it.
    """

    command: Text = ""
    score: Measured | None = None
    by: Line = ""


_DAY = 86_400.0
_MOST_WALL = 20 * _DAY  # a kernel counts milliseconds up to 24 days


class Budget(_Model):
    """What an episode may spend.

    The least values are what a sandbox needs to start and to run a shell and a program in it; the largest are what
    clocks and kernels take; see `synthgym.registry.host_limits` for what a machine allows.

    Attributes:
        steps: Actions per episode.
        validations: Scores the agent may ask for per episode.
        command_cpu_seconds: CPU seconds of one command; its wall clock may be `wall_factor` times as long.
        episode_cpu_seconds: CPU seconds of all commands of an episode.
        prepare_cpu_seconds: CPU seconds of `prepare.py`; its wall clock may be `wall_factor` times as long, too.
        wall_factor: Ceiling of wall-clock over CPU seconds, so that sleeping ends too.
        memory_mb: Memory of all processes of the sandbox together, where the host can enforce it.
        pids: Processes and threads.
        disk_mb: Size of the workspace.
        cpus: Cores that the sandbox's processes may keep busy together, where the host can enforce it.
        gpus: Graphics cards that the sandbox is given; only containers can be.
    """

    steps: int = Field(default=30, gt=0, le=100_000)
    validations: int = Field(default=20, ge=0, le=100_000)
    command_cpu_seconds: float = Field(default=60.0, gt=0, le=_DAY)
    episode_cpu_seconds: float = Field(default=600.0, gt=0, le=30 * _DAY)
    prepare_cpu_seconds: float = Field(default=120.0, gt=0, le=_DAY)
    wall_factor: float = Field(default=4.0, ge=1, le=100)
    memory_mb: int = Field(default=2048, ge=32, le=4 << 20)
    pids: int = Field(default=128, ge=8, le=1 << 16)
    disk_mb: int = Field(default=256, gt=0, le=4 << 20)
    cpus: float = Field(default=2.0, ge=0.01, le=1024)
    gpus: int = Field(default=0, ge=0, le=64)

    @model_validator(mode="after")
    def _of_one_command(self) -> Budget:
        for field in ("command_cpu_seconds", "prepare_cpu_seconds"):
            if getattr(self, field) * self.wall_factor > _MOST_WALL:
                raise ValueError(f"{field} × wall_factor: expected at most {_MOST_WALL:g} seconds, 20 days")
        return self


class Provenance(_Model):
    """Who made the challenge, with what, at what cost.

    Attributes:
        author: As the run called it, such as ``procedural``.
        model: That wrote it.
        prompts_hash: Of the texts that the model was asked with.
        debug_rounds: How often what failed was sent back to the model.
        tokens: Read and written by the model.
        cost: In US dollars.
        date: When it was made.
        seed: Of the run that made it.
        content_hash: Of the challenge that was verified; see `content_hash`.
        data_hash: Of what its `prepare.py` made then; see `synthgym.envs.workspace.data_hash`.
    """

    author: Line = ""
    model: Line | None = None
    prompts_hash: Line | None = None
    debug_rounds: int = 0
    tokens: int = 0
    cost: float = 0.0
    date: Line | None = None
    seed: int | None = None
    content_hash: Name = ""
    data_hash: Name = ""


class Calibration(_Model):
    """How hard the challenge proved to be.

    Attributes:
        solve_rate: Share of attempts whose final submission beat the baseline beyond the noise.
        attempts: Episodes that were run.
        time_to_first_improvement: Steps until the first score that did, on average over the attempts that count.
    """

    solve_rate: float | None = None
    attempts: int = 0
    time_to_first_improvement: float | None = None


class Challenge(_Model):
    """One machine-learning challenge.

    Attributes:
        spec_version: Version of the format.
        id: As the folder is called.
        version: Another one for another grader, metric or data; scores of two versions are not compared.
        title: What it is about, in a line.
        topic: What it was asked for, such as a line of `--topics`.
        domain: The field it is from.
        description: What the agent is told of the task.
        split: ``train``: its trajectories may be trained on; ``heldout``: it is for comparing.
        dataset: Where the data comes from.
        submission: What the agent hands in.
        metric: What is measured.
        baseline: The starter, and what it scores.
        noise: Differences from the baseline up to this say nothing; see `synthgym.envs.measuring.noise`.
        reference: The best known solution.
        budget: What an episode may spend.
        image: What is installed where it runs: ``cpu``, another name of `synthgym.registry.images`, or an image.
        provenance: Who made it.
        calibration: How hard it proved to be.
    """

    spec_version: int = SPEC_VERSION
    id: str = Field(pattern=ID_PATTERN, max_length=MOST_ID)
    version: int = Field(default=0, ge=0, le=MOST_VERSION)
    title: Title
    topic: Line = ""
    domain: Line = ""
    description: Annotated[Text, AfterValidator(_said)]
    split: Literal["train", "heldout"] = "train"
    dataset: Dataset
    submission: Submission
    metric: Metric
    baseline: Baseline
    noise: Measured | None = Field(default=None, ge=0)
    reference: Reference = Reference()
    budget: Budget = Budget()
    image: ImageName = "cpu"
    provenance: Provenance = Provenance()
    calibration: Calibration = Calibration()

    @property
    def verified(self) -> bool:
        """Whether verification has filled in what a reward needs."""
        return None not in (self.baseline.mean, self.reference.score, self.noise)

    def env_name(self) -> str:
        """Name and version as Gymnasium writes them, without the namespace."""
        return f"{self.id}-v{self.version}"

    def to_yaml(self) -> str:
        """The text of `challenge.yaml`; the same spec always gives the same bytes."""
        text: str = yaml.dump(
            self.model_dump(mode="json"), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
        )
        return text

    def save(self, folder: Path) -> None:
        """Writes `folder/challenge.yaml` in one step: a reader sees the old spec or the new one."""
        write_whole(folder / SPEC_FILE, self.to_yaml())


def load_challenge(folder: Path) -> Challenge:
    """Reads and checks the spec of one challenge folder.

    Raises:
        SpecError: The file is missing, is no YAML, is of a newer format, or a field is wrong; the message names
            file, field, what was expected, what came.
    """
    path = folder / SPEC_FILE
    try:
        data = read_yaml(path)
    except (FileNotFoundError, NotADirectoryError):
        raise SpecError(f"{path}: no such file; a challenge folder needs a {SPEC_FILE}") from None
    return parse_challenge(data, str(path), folder.name)


def parse_challenge(data: object, where: str, folder_name: str | None = None) -> Challenge:
    """Checks a spec that was already read. `where` names its file in errors; see `load_challenge`."""
    if not isinstance(data, dict):
        raise SpecError(f"{where}: expected a mapping of fields, got {type(data).__name__}")
    version = data.get("spec_version", SPEC_VERSION)
    if isinstance(version, int) and version > SPEC_VERSION:
        raise SpecError(
            f"{where}: field 'spec_version': this synthgym reads up to {SPEC_VERSION}, got {version}; "
            "upgrade with: pip install --upgrade synthgym"
        )
    unknown = f"no such field in format {SPEC_VERSION}"
    challenge = validated(Challenge.model_validate, data, where, SpecError, unknown)
    if folder_name is not None and challenge.id != folder_name:
        raise SpecError(f"{where}: field 'id': expected the folder's name {folder_name!r}, got {challenge.id!r}")
    return challenge


_UNHASHED = {"baseline": {"scores", "validation_scores", "mean", "sd"}, "reference": {"score", "by"}}
_UNHASHED_WHOLE = {"noise", "provenance", "calibration", "title", "topic", "domain", "split", "spec_version"}
_ADDED_TO_BUDGET = ("cpus", "gpus", "prepare_cpu_seconds")
"""Fields younger than challenges there are: hashed only where they are set, so that those stay what they were."""


def content_hash(challenge: Challenge, folder: Path) -> str:
    """SHA-256 over what decides a score: data, metric, submission, budget, description, and every file.

    Measured fields (scores, noise, calibration) and labels of convenience (title, topic, split) stay out: measuring
    again does not make another challenge. A sealed reference solution is covered by its seal; see
    `synthgym.registry.sealing`.

    Returns:
        32 hexadecimal digits.

    Raises:
        SpecError: A file of it cannot be read.
    """
    data = challenge.model_dump(mode="json", exclude=_UNHASHED_WHOLE | set(_UNHASHED))
    for field, left_out in _UNHASHED.items():
        data[field] = getattr(challenge, field).model_dump(mode="json", exclude=left_out)
    for name in _ADDED_TO_BUDGET:
        if data["budget"][name] == Budget.model_fields[name].default:
            del data["budget"][name]
    digest = hashlib.sha256(yaml.dump(data, Dumper=_Dumper, sort_keys=True).encode())
    # Links in a circle, names that are no text, and paths that are too long, which a file system may hold all the same.
    with file_errors(folder):
        for part in ("workspace", "grader"):
            root = folder / part
            for name, body in hashed_files(root, grader=part == "grader"):
                _add(digest, f"{part}/{name}", body)
        if challenge.dataset.source == "local":
            for name, path in _data_files(challenge.dataset, folder):
                _add_file(digest, f"data/{name}", path)
    return digest.hexdigest()[:32]


def _data_files(dataset: Dataset, folder: Path) -> list[tuple[str, Path]]:
    """The data files in a challenge's own folder, for its hash: each once, and not too much together."""
    own = folder.resolve()
    found: dict[Path, str] = {}
    total = 0
    for name in dataset.files:
        path = (folder / dataset.path / name).resolve()
        if not (path.is_relative_to(own) and path.is_file()):  # what lies elsewhere is refused when it is fetched
            continue
        if path in found:
            raise SpecError(f"{folder}: field 'dataset.files': {found[path]!r} and {name!r} are the same file")
        found[path] = name
        total += path.stat().st_size
        if total > MOST_DATA:
            raise SpecError(
                f"{folder}: field 'dataset.files': expected at most {MOST_DATA >> 20} MiB together, got more"
            )
    return [(name, path) for path, name in found.items()]


def _add_file(digest: hashlib._Hash, name: str, path: Path) -> None:
    """Adds a file in pieces: data may be larger than memory should be."""
    with path.open("rb") as file:
        left = os.fstat(file.fileno()).st_size
        digest.update(f"{name}\0{left}\0".encode())
        while left > 0 and (piece := file.read(min(left, _PIECE))):
            digest.update(piece)
            left -= len(piece)


def _add(digest: hashlib._Hash, name: str, body: bytes) -> None:
    digest.update(f"{name}\0{len(body)}\0".encode())
    digest.update(body)
