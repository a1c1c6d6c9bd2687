"""Scores submissions of MLGym's tasks with the tasks' own evaluators.

An evaluator runs in a sandbox of its own, with its own copies of what it imports and with the answers, which no other
sandbox has. A table, or weights, are laid beside it. A module or a network stays in another sandbox: where the
evaluator imports it, it gets functions that call over. Nothing of the agent's runs where the score is made, so that
what the evaluator prints is its own.

With `halves`, an agent is told the score of one half of the hidden rows, and the other half counts; a module plays
other games for the two, a network begins elsewhere. Without, both are all of it, as MLGym has it.
"""

from __future__ import annotations

import hashlib
import math
import shlex
import shutil
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from synthgym.base.errors import BadSubmission, FailedInPlay
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.base.validation import short_repr
from synthgym.envs.grading.scoring import Phase, Score, is_score
from synthgym.envs.mlgym.answers import read_answers
from synthgym.envs.mlgym.bundle import unpack
from synthgym.envs.mlgym.evaluator import Evaluator
from synthgym.envs.mlgym.halves import read_halves
from synthgym.envs.mlgym.player import RemotePlayer
from synthgym.envs.preparing import lay_out
from synthgym.envs.sandboxes import backend_of, choose
from synthgym.envs.sandboxes.base import MODULE, Limits, Profile
from synthgym.envs.workspace import FORM, Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.files import link_or_copy
from synthgym.registry.mlgym.challenge import EVALUATION_FILE, read_evaluation
from synthgym.registry.mlgym.submissions import CHECKPOINTS, LOAD_FUNCTION, MODEL_FUNCTION
from synthgym.registry.yaml_reading import parse_yaml

_MOST_CONFIG = 50_000


class MLGymGrader:
    """See the module.

    Args:
        challenge: A challenge made of a task.
        prepared: The same, made ready.
        sandbox: The agent's backend.
        halves: Whether what is told and what counts are kept apart.
    """

    def __init__(self, challenge: Challenge, prepared: Prepared, sandbox: str, halves: bool = True) -> None:
        self.challenge = challenge
        # An evaluator may make 100,000 calls: both sandboxes are on this machine, wherever the agent's is.
        self.sandbox = sandbox if backend_of(sandbox).shares_folders else choose(challenge.image)[0]
        self.evaluation = read_evaluation(prepared.grader)
        files = _grader_files(prepared, self.evaluation.hidden)
        self.evaluator = Evaluator(challenge, self.evaluation, files, self.sandbox)
        self.halves = halves
        self.prepared = prepared
        self.answers = read_answers(prepared, self.evaluation.hidden) if self.is_table else None
        self.split = read_halves(prepared) if halves else None

    @property
    def is_table(self) -> bool:
        """Whether a table is handed in, and not a module."""
        return self.evaluation.entry_point == "CSVSubmissionTasks"

    def grade(self, submission: bytes, phase: Phase, left: Limits | None = None) -> Score:
        """Has the evaluator score a submission; see `synthgym.envs.grading.scoring.Grader`. Details are all it prints.

        Equal submissions get equal scores: what is drawn by lot follows from the submission, the challenge and the
        phase.
        """
        if left is not None and (self.evaluation.functions or self.evaluation.networks):
            self.evaluator.most = max(left.wall_seconds, 0.1)
        try:
            metrics = self.evaluate(submission, phase)
        finally:
            self.evaluator.most = math.inf
        value = metrics.get(self.evaluation.metric)
        if not is_score(value):
            what = f"no score is defined for it: {self.evaluation.metric} is {short_repr(value)}"
            raise FailedInPlay(f"{self._path}: {what}", "score", self.evaluator.seconds)
        return Score(value, seconds=self.evaluator.seconds, details=metrics)

    def evaluate(self, submission: bytes, phase: Phase) -> dict[str, Any]:
        """All that the evaluator prints of a submission.

        Raises:
            BadSubmission: It cannot be scored.
            GraderError: The evaluator failed, for whatever is handed in.
            SandboxError: A sandbox died.
        """
        lots = hashlib.sha256(f"{self.prepared.content_hash}{phase}".encode() + submission).digest()
        seed = int.from_bytes(lots[:4], "big")
        if self.is_table:
            return self._evaluate_table(submission, phase, seed)
        if self.evaluation.networks:
            return self._evaluate_network(unpack(submission), seed, lots[8:16].hex() if self.halves else "")
        if self.evaluation.files:  # data, every one of them, which can lie beside the evaluator
            return self.evaluator.run({**self._data_of(phase), **unpack(submission)}, seed)
        # Another seed for the module, or it would draw what its opponent draws.
        return self._evaluate_module(submission, phase, seed, int.from_bytes(lots[4:8], "big"))

    @property
    def _path(self) -> str:
        return self.challenge.submission.path

    # -- the kinds ---------------------------------------------------------------------------------------------------

    def _evaluate_table(self, submission: bytes, phase: Phase, seed: int) -> dict[str, Any]:
        own: dict[str, bytes] = {}
        if self.answers and self.halves:
            submission, own = self.answers.half(submission, phase, self._path)
        elif self.answers:
            self.answers.checked(submission, self._path)
        elif self.split:
            submission = self.split.cut(submission, phase, self._path)
        beside = {**self._data_of(phase), **own, self._path: submission}
        return self.evaluator.run(beside, seed, f'--submission_file "$PWD"/{shlex.quote(self._path)}')

    def _evaluate_module(self, submission: bytes, phase: Phase, seed: int, its_seed: int) -> dict[str, Any]:
        program = f"remote_player.py {shlex.quote(self._path)} {its_seed}"
        player = self._player({self._path: submission}, program, MODULE)
        return self.evaluator.run({**self._data_of(phase), self._path: self._stand_in()}, seed, player=player)

    def _evaluate_network(self, files: dict[str, bytes], seed: int, lots: str) -> dict[str, Any]:
        """Of a network the evaluator gets the configuration, and the names of the checkpoints."""
        config = _config_of(files)
        _check_plain(files[config], config)
        beside = {name: b"" for name in files if name.startswith(f"{CHECKPOINTS}/")} | {config: files[config]}
        modules = [self.evaluation.networks[name] for name in (MODEL_FUNCTION, LOAD_FUNCTION)]
        profile = replace(MODULE, memory_mb=self.challenge.budget.memory_mb, pids=256, disk_mb=1024)
        player = self._player(files, f"network_player.py {shlex.join(modules)}", profile)
        return self.evaluator.run(beside, seed, f"--config_fname {shlex.quote(config)}", lots, player)

    def _player(self, files: dict[str, bytes], program: str, profile: Profile) -> RemotePlayer:
        return RemotePlayer(self.challenge, self.prepared, files, program, self.sandbox, profile)

    def _data_of(self, phase: Phase) -> dict[str, bytes]:
        """Data that is another for what is told and for what counts, where a task has such; without halves the last."""
        if self.split:
            return self.split.data(phase)
        folder = self.prepared.private / (phase if self.halves else "final")
        return {f"data/{path.name}": path.read_bytes() for path in sorted(folder.glob("*"))}

    def _stand_in(self) -> bytes:
        """The module that the evaluator imports in place of the submission."""
        names, form = self.evaluation.functions, self.evaluation.answer
        given = f"{self._path!r}, {names!r}, {form!r}"
        return f"import remote_module\n{', '.join(names)}, = remote_module.functions({given})\n".encode()


def _config_of(files: dict[str, bytes]) -> str:
    """The configuration that the evaluator is given: of those whose checkpoints are there the one highest up."""
    configs = sorted((name for name in files if name.endswith(".yaml")), key=lambda name: (name.count("/"), name))
    if not configs:
        raise BadSubmission("expected a configuration, a file called *.yaml, in the workspace; found none")
    checkpoints = [name for name in files if name.startswith(f"{CHECKPOINTS}/")]
    stems = {name: f"{CHECKPOINTS}/{PurePosixPath(name).stem}" for name in configs}
    return next((name for name in configs if any(each.startswith(stems[name]) for each in checkpoints)), configs[0])


def _check_plain(config: bytes, path: str) -> None:
    """Refuses what is no YAML, or more than data: it is read in the evaluator's process, who knows how."""
    if len(config) > _MOST_CONFIG:
        raise BadSubmission(f"{path} is larger than the {_MOST_CONFIG} bytes allowed")
    try:
        parse_yaml(config)
    except ValueError as error:
        raise BadSubmission(f"{path}: expected plain YAML: {error}") from None


def _grader_files(prepared: Prepared, hidden: list[str]) -> Path:
    """The evaluator's workspace: its own copies of the starter's code, all data, and the answers.

    Open to the users that sandboxes run as, and shown to sandboxes of evaluators only.
    """
    target = cache_dir("graders") / f"{prepared.content_hash}-{prepared.data_hash}-{FORM}"

    def build(folder: Path) -> None:
        left_out = shutil.ignore_patterns("__pycache__", "prepare.py", EVALUATION_FILE)
        shutil.copytree(prepared.grader, folder, ignore=left_out, dirs_exist_ok=True)
        lay_out(folder)
        data = folder / "data"
        if (prepared.workspace / "data").is_dir():  # which may be large: not once more where that can be
            shutil.copytree(prepared.workspace / "data", data, copy_function=link_or_copy)
        data.mkdir(exist_ok=True)
        for name in hidden:
            (data / name).unlink(missing_ok=True)  # not written over: it may be the workspace's own file
            shutil.copy(prepared.private / name, data / name)

    return build_once(target, build)
