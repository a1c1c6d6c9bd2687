"""Scores submissions of MLGym's tasks with the tasks' own evaluators.

An evaluator runs in a sandbox of its own, with its own copies of what it imports and with the answers, which no other
sandbox has. A table is laid beside it. A module stays in another sandbox: where the evaluator imports it, it gets
functions that call over. Nothing of the agent's runs where the score is made, so that what the evaluator prints is its
own.

With `halves`, an agent is told the score of one half of the hidden rows, and the other half counts; a module plays
other games for the two. Without, both are all of it, as MLGym has it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import shlex
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from synthgym.base.errors import BadSubmission, GraderError, SandboxError
from synthgym.base.paths import build_once, cache_dir
from synthgym.envs.mlgym.answers import read_answers
from synthgym.envs.mlgym.halves import read_halves
from synthgym.envs.mlgym.player import RemotePlayer
from synthgym.envs.sandboxes import choose, open_sandbox
from synthgym.envs.sandboxes.base import GRADER, CommandResult, Limits, Reply, Setup
from synthgym.envs.scoring import Phase, Score
from synthgym.envs.tools.seeded import LACKS_A_PACKAGE, LACKS_THE_LINE
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge
from synthgym.registry.files import link_or_copy
from synthgym.registry.mlgym.challenge import EVALUATION_FILE, read_evaluation

_PRINTED, _SAID = ".printed", ".said"
_MOST_PRINTED = 1 << 20
_MOST_SAID = 800


class MLGymGrader:
    """See the module.

    Args:
        challenge: A challenge made of a task.
        prepared: The same, made ready.
        sandbox: The agent's backend.
        halves: Whether what is told and what counts are kept apart.

    Attributes:
        last: All that the evaluator printed when it last gave a score.
    """

    def __init__(self, challenge: Challenge, prepared: Prepared, sandbox: str, halves: bool) -> None:
        self.challenge = challenge
        # An evaluator may make 100,000 calls: both sandboxes are on this machine, wherever the agent's is.
        self.sandbox = choose(challenge.image)[0] if sandbox.startswith("swerex") else sandbox
        self.evaluation = read_evaluation(prepared.grader)
        self.files = _grader_files(prepared, self.evaluation.hidden)
        self.halves = halves
        self.prepared = prepared
        self.last: dict[str, Any] = {}
        self.answers = read_answers(prepared, self.evaluation.hidden) if halves and self.is_table else None
        self.split = read_halves(prepared) if halves else None

    @property
    def is_table(self) -> bool:
        """Whether a table is handed in, and not a module."""
        return self.evaluation.entry_point == "CSVSubmissionTasks"

    def grade(self, submission: bytes, phase: Phase) -> Score:
        """Has the evaluator score a submission; see `synthgym.envs.scoring.Grader`.

        Equal submissions get equal scores: what is drawn by lot follows from the submission, the challenge and the
        phase.
        """
        metrics = self.evaluate(submission, phase)
        value = metrics.get(self.evaluation.metric)
        if not isinstance(value, int | float) or not math.isfinite(value):
            raise BadSubmission(f"{self._path}: no score is defined for it: {self.evaluation.metric} is {value!r}")
        self.last = metrics
        return Score(float(value))

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
        # Another seed for the module, or it would draw what its opponent draws.
        return self._evaluate_module(submission, phase, seed, int.from_bytes(lots[4:8], "big"))

    @property
    def _path(self) -> str:
        return self.challenge.submission.path

    # -- the two kinds -----------------------------------------------------------------------------------------------

    def _evaluate_table(self, submission: bytes, phase: Phase, seed: int) -> dict[str, Any]:
        own: dict[str, bytes] = {}
        if self.answers:
            submission, own = self.answers.half(submission, phase, self._path)
        elif self.split:
            submission = self.split.cut(submission, phase, self._path)
        box = open_sandbox(self.sandbox, self._setup())
        try:
            box.start()
            for name, data in {**self._data_of(phase), **own, self._path: submission}.items():
                box.write(name, data)
            ended = box.run(self._command(seed, f"--submission_file {box.workspace}/{self._path}"), self._limits())
            return self._result(box, ended)
        finally:
            box.close()

    def _evaluate_module(self, submission: bytes, phase: Phase, seed: int, seed_of_module: int) -> dict[str, Any]:
        player = RemotePlayer(self.challenge, self.prepared, submission, self.sandbox, seed_of_module)
        box = open_sandbox(self.sandbox, self._setup())
        refused: list[str] = []

        def answer(request: bytes) -> Reply:
            refused.append(_why(request))
            return Reply(stop=True)

        with player:
            player.connect(box)
            box.channel(answer)
            try:
                box.start()
                for name, data in {**self._data_of(phase), self._path: self._stand_in()}.items():
                    box.write(name, data)
                ended = box.run(self._command(seed), self._limits())
                if refused:
                    raise BadSubmission(refused[0])
                return self._result(box, ended)
            finally:
                box.close()

    def _data_of(self, phase: Phase) -> dict[str, bytes]:
        """Data that is another for what is told and for what counts, where a task has such; without halves the last."""
        if self.split:
            return self.split.data(phase)
        folder = self.prepared.private / (phase if self.halves else "final")
        return {f"data/{path.name}": path.read_bytes() for path in sorted(folder.glob("*"))}

    def _setup(self) -> Setup:
        budget = self.challenge.budget  # as much as the agent has, who may read the same data
        profile = replace(GRADER, memory_mb=budget.memory_mb, pids=256, disk_mb=budget.disk_mb)
        return Setup(profile, self.files, image=self.challenge.image)

    def _limits(self) -> Limits:
        seconds = self.evaluation.seconds
        return Limits(cpu_seconds=2 * seconds, wall_seconds=seconds, output_bytes=4000)

    def _command(self, seed: int, arguments: str = "") -> str:
        program = f'"$SYNTHGYM_TOOLS/seeded.py" {seed} {shlex.quote(self.evaluation.evaluator)} {arguments}'
        return f'PYTHONPATH="$SYNTHGYM_TOOLS" python {program} >{_PRINTED} 2>{_SAID}'

    def _stand_in(self) -> bytes:
        """The module that the evaluator imports in place of the submission."""
        names = self.evaluation.functions
        return (
            f"import remote_module\n{', '.join(names)}, = remote_module.functions({self._path!r}, {names!r})\n".encode()
        )

    def _result(self, box: Any, ended: CommandResult) -> dict[str, Any]:
        """What the evaluator printed, all of which is JSON; else why not."""
        with contextlib.suppress(BadSubmission, ValueError):
            if ended.returncode == 0:
                metrics = json.loads(box.read(_PRINTED, _MOST_PRINTED))
                if isinstance(metrics, dict):
                    return metrics
        said = _text(box, _SAID) or _text(box, _PRINTED)
        if ended.timeout:
            said = f"took longer than {self.evaluation.seconds:g} seconds"
        told = f"{self.evaluation.evaluator} gave no score (exit code {ended.returncode}): {said[-_MOST_SAID:]}"
        if ended.returncode == LACKS_THE_LINE:
            raise SandboxError(
                f"{self.sandbox}: a program in it could not reach the one in another sandbox: expected sandboxes that "
                "see this machine's folders; where the engine is another machine's, use sandbox='bubblewrap'"
            )
        if ended.returncode == LACKS_A_PACKAGE:
            raise GraderError(f"{self.challenge.id}: {told}")
        raise BadSubmission(f"{self._path}: {told}")


def _why(request: bytes) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return str(json.loads(request)["why"])[:1000]
    raise GraderError("the evaluator sent a request that cannot be read")


def _text(box: Any, name: str) -> str:
    try:
        return str(box.read(name, _MOST_PRINTED).decode("utf-8", "replace")).strip()
    except BadSubmission:
        return ""


def _grader_files(prepared: Prepared, hidden: list[str]) -> Path:
    """The evaluator's workspace: its own copies of the starter's code, all data, and the answers.

    Open to the users that sandboxes run as, and shown to sandboxes of evaluators only.
    """
    target = cache_dir("graders") / prepared.content_hash

    def build(folder: Path) -> None:
        left_out = shutil.ignore_patterns("__pycache__", "prepare.py", EVALUATION_FILE)
        shutil.copytree(prepared.grader, folder, ignore=left_out, dirs_exist_ok=True)
        data = folder / "data"
        if (prepared.workspace / "data").is_dir():  # which may be large: not once more where that can be
            shutil.copytree(prepared.workspace / "data", data, copy_function=link_or_copy)
        data.mkdir(exist_ok=True)
        for name in hidden:
            (data / name).unlink(missing_ok=True)  # not written over: it may be the workspace's own file
            shutil.copy(prepared.private / name, data / name)

    return build_once(target, build)
