"""Runs a task's own evaluator, in a sandbox of its own, and reads what it printed."""

from __future__ import annotations

import contextlib
import math
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from synthgym.base.errors import BadSubmission, FailedInPlay, GraderError, SandboxError
from synthgym.base.json_reading import parse_json
from synthgym.envs.grading.module_calls import MOST_WORDS
from synthgym.envs.mlgym.player import RemotePlayer, lay_over
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import GRADER, CommandResult, Limits, Reply, Sandbox, Setup
from synthgym.envs.tools.seeded import LACKS_A_PACKAGE, LACKS_THE_LINE
from synthgym.registry.challenge import Challenge
from synthgym.registry.mlgym.challenge import Evaluation

_PRINTED, _SAID = ".printed", ".said"
_MOST_PRINTED = 1 << 20
_MOST_SAID = MOST_WORDS


class Evaluator:
    """A task's evaluator.

    Args:
        challenge: The challenge made of the task.
        evaluation: How it is scored.
        files: What the evaluator's workspace starts with.
        sandbox: The backend.

    Attributes:
        seconds: How long what was handed in ran in the last evaluation, wall-clock; 0 where it is data.
        most: How long the next one may last, where that is less than the task says.
    """

    def __init__(self, challenge: Challenge, evaluation: Evaluation, files: Path, sandbox: str) -> None:
        self.challenge, self.evaluation, self.files, self.sandbox = challenge, evaluation, files, sandbox
        self.seconds, self.most = 0.0, math.inf

    def run(
        self,
        beside: Mapping[str, bytes],
        seed: int,
        arguments: str = "",
        lots: str = "",
        player: RemotePlayer | None = None,
    ) -> dict[str, Any]:
        """All that it prints of a submission.

        Args:
            beside: Files to lay into its workspace.
            seed: For what it draws by lot.
            arguments: For its command line, as the shell reads them.
            lots: See `synthgym.envs.tools.seeded`.
            player: Where what was handed in runs, and is called.

        Raises:
            BadSubmission: It gave no score.
            GraderError: It failed, for whatever is handed in.
            SandboxError: A sandbox died.
        """
        box = open_sandbox(self.sandbox, self._setup())
        refused: list[str] = []

        def answer(request: bytes) -> Reply:
            refused.append(_why(request))
            return Reply(stop=True)

        with player or contextlib.nullcontext():
            if player:
                player.connect(box)
            box.channel(answer)
            try:
                box.start()
                for name, data in beside.items():
                    lay_over(box, name, data)
                ended = box.run(self._command(seed, arguments, lots), self._limits())
                self.seconds = ended.elapsed if player else 0.0
                if refused:
                    raise FailedInPlay(refused[0], "failed", self.seconds)
                return self._result(box, ended)
            finally:
                box.close()

    def _setup(self) -> Setup:
        budget = self.challenge.budget  # as much as the agent has, who may read the same data
        profile = replace(GRADER, memory_mb=budget.memory_mb, pids=256, disk_mb=budget.disk_mb)
        return Setup(profile, self.files, image=self.challenge.image)

    def _limits(self) -> Limits:
        seconds = min(self.evaluation.seconds, self.most)
        return Limits(cpu_seconds=2 * seconds, wall_seconds=seconds, output_bytes=4000)

    def _command(self, seed: int, arguments: str = "", lots: str = "") -> str:
        program = f'"$SYNTHGYM_TOOLS/seeded.py" {seed} {shlex.quote(self.evaluation.evaluator)} {arguments}'
        return f'SYNTHGYM_LOTS={lots} PYTHONPATH="$SYNTHGYM_TOOLS" python {program} >{_PRINTED} 2>{_SAID}'

    def _result(self, box: Sandbox, ended: CommandResult) -> dict[str, Any]:
        """What it printed, all of which is JSON, or its first line that begins like it where MLGym takes that; else why
        there is none.
        """
        with contextlib.suppress(BadSubmission, ValueError, RecursionError):
            if ended.returncode == 0:
                printed = box.read(_PRINTED, _MOST_PRINTED)
                if self.evaluation.files:
                    printed = next((line for line in printed.splitlines() if line.lstrip().startswith(b"{")), b"")
                metrics = parse_json(printed, finite=False)
                if isinstance(metrics, dict):
                    return metrics
        said = _text(box, _SAID) or _text(box, _PRINTED)
        if ended.timeout:
            said = f"took longer than {self._limits().wall_seconds:g} seconds"
        told = f"{self.evaluation.evaluator} gave no score (exit code {ended.returncode}): {said[-_MOST_SAID:]}"
        if ended.returncode == LACKS_THE_LINE:
            raise SandboxError(
                f"{self.sandbox}: a program in it could not reach the one in another sandbox: expected sandboxes that "
                "see this machine's folders; where the engine is another machine's, use sandbox='bubblewrap'"
            )
        if ended.returncode == LACKS_A_PACKAGE:
            raise GraderError(f"{self.challenge.id}: {told}")
        kind: Literal["time", "failed"] = "time" if ended.timeout else "failed"
        raise FailedInPlay(f"{self.challenge.submission.path}: {told}", kind, self.seconds)


def _why(request: bytes) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return str(parse_json(request)["why"])[:MOST_WORDS]
    raise GraderError("the evaluator sent a request that cannot be read")


def _text(box: Sandbox, name: str) -> str:
    try:
        return box.read(name, _MOST_PRINTED).decode("utf-8", "replace").strip()
    except BadSubmission:
        return ""
