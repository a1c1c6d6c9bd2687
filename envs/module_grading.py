"""Scores a submitted module by playing it: three sandboxes, and the host between them.

The agent's sandbox is not involved any more. A fresh *module* sandbox holds the submission and nothing else; a *grader*
sandbox runs the challenge's `evaluate.py` with the hidden instances. Both talk to the host only. The host passes the
scorer's calls on, one batch at a time with a time limit, checks what comes back, and takes the score from the grader's
channel: nothing is read out of what the module prints, and its process ending early is only a call that failed.
"""

from __future__ import annotations

import contextlib
import json
import math
import queue
import shlex
import shutil
import threading
from pathlib import Path
from typing import Any

from synthgym.base.errors import BadSubmission, GraderError, SandboxError
from synthgym.base.paths import build_once, cache_dir
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import GRADER, MODULE, CommandResult, Limits, Reply, Setup
from synthgym.envs.scoring import Phase, Score
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge

CALL_SECONDS = 10.0
"""Wall-clock limit of one batched call."""

_CALLS = ("open", "reset", "act")
_MOST_NUMBER = 2.0**63
_MODULE_LIMITS = Limits(cpu_seconds=60, wall_seconds=120, output_bytes=4000)
_GRADER_LIMITS = Limits(cpu_seconds=60, wall_seconds=120, output_bytes=4000)
_EVALUATE = 'PRIVATE="$PWD/private" PYTHONPATH="$SYNTHGYM_TOOLS" python evaluate.py'
_PLAY = 'exec python -I "$SYNTHGYM_TOOLS/module_runner.py" {path}'


class ModuleGrader:
    """Grader for submissions of kind ``module``."""

    def __init__(self, challenge: Challenge, prepared: Prepared, sandbox: str) -> None:
        self.challenge = challenge
        self.sandbox = sandbox
        self.files = _grader_files(prepared)

    def grade(self, submission: bytes, phase: Phase, seed: int = 0) -> Score:
        """Plays the module on the instances of one half; see `synthgym.envs.scoring.Grader`.

        Another `seed` draws other instances: verification measures noise with it. Episodes all have the same.
        """
        environment = {"PHASE": phase, "SEED": str(seed)}
        box = open_sandbox(self.sandbox, Setup(GRADER, self.files, env=environment, image=self.challenge.image))
        with _Player(self.challenge, submission, self.sandbox) as player:
            scorer = _Scorer(player)
            box.channel(scorer.answer)
            try:
                box.start()
                ended = box.run(_EVALUATE, _GRADER_LIMITS)
            finally:
                box.close()
        if scorer.refused:
            raise BadSubmission(scorer.refused)
        if scorer.score is None:
            how = f"exceeded its {ended.timeout} time" if ended.timeout else f"exit code {ended.returncode}"
            said = ended.text[-1500:].strip()
            raise GraderError(f"{self.challenge.id}: evaluate.py gave no score ({how}): {said}")
        return scorer.score


def _grader_files(prepared: Prepared) -> Path:
    """The grader sandbox's workspace: evaluate.py and private/; closed on the host, so copied where it can be shown.

    The copy is open to the users that sandboxes run as, and is shown to grader sandboxes only.
    """
    target = cache_dir("graders") / prepared.content_hash

    def build(folder: Path) -> None:
        shutil.copytree(prepared.private, folder / "private")
        (folder / "private").chmod(0o755)
        shutil.copy(prepared.grader / "evaluate.py", folder / "evaluate.py")

    return build_once(target, build)


class _Scorer:
    """Answers what `evaluate.py` asks through `synthgym_grader`."""

    def __init__(self, player: _Player) -> None:
        self.player = player
        self.score: Score | None = None
        self.refused: str | None = None

    def answer(self, request: bytes) -> Reply:
        try:
            message: dict[str, Any] = json.loads(request)
            operation = message["op"]
            if operation == "result":
                sd = message.get("sd")
                score = Score(float(message["score"]), None if sd is None else float(sd))
                if not math.isfinite(score.value):
                    raise BadSubmission(f"{self.player.path}: no score is defined for its answers")
                self.score = score
                return Reply(b"{}")
            if operation == "reject":
                self.refused = f"{self.player.path}: {str(message['why'])[:500]}"
                return Reply(stop=True)
            if operation not in _CALLS:
                raise KeyError(operation)
            return Reply(self.player.call(message))
        except BadSubmission as error:
            self.refused = str(error)
            return Reply(stop=True)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise GraderError(f"evaluate.py sent a request that cannot be read: {error!r}") from error


class _Player:
    """The module sandbox, and the runner in it that waits for calls."""

    def __init__(self, challenge: Challenge, submission: bytes, sandbox: str) -> None:
        self.path = challenge.submission.path
        self.box = open_sandbox(sandbox, Setup(MODULE, image=challenge.image))
        self.submission = submission
        self.ready = False
        self.calls: queue.Queue[bytes | None] = queue.Queue()
        self.answers: queue.Queue[bytes | CommandResult | Exception] = queue.Queue()
        self.thread = threading.Thread(target=self._run, name="synthgym-module", daemon=True)

    def __enter__(self) -> _Player:
        self.box.channel(self._next_call)
        try:
            self.box.start()
            self.box.write(self.path, self.submission)
        except BaseException:
            self.box.close()
            raise
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.calls.put(None)
        self.thread.join(timeout=0.2)
        self.box.close()
        self.thread.join()

    def _run(self) -> None:
        try:
            self.answers.put(self.box.run(_PLAY.format(path=shlex.quote(self.path)), _MODULE_LIMITS))
        except Exception as error:
            self.answers.put(error)

    def _next_call(self, answer: bytes) -> Reply:
        """The runner asks for its next call by answering the last; the first answer is «ready»."""
        self.answers.put(answer)
        call = self.calls.get()
        return Reply(stop=True) if call is None else Reply(call)

    def call(self, message: dict[str, Any]) -> bytes:
        """Passes one call on and gives back its checked answer, as JSON.

        Raises:
            BadSubmission: The module raised, ended its process, took too long, or answered what is no answer.
        """
        if not self.ready:
            self._take()
            self.ready = True
        self.calls.put(json.dumps(message).encode())
        answer = self._take()
        expected = len(message["inputs"]) if message["op"] == "act" else None
        return self._checked(answer, expected)

    def _take(self) -> bytes:
        try:
            answer = self.answers.get(timeout=CALL_SECONDS)
        except queue.Empty:
            raise BadSubmission(f"{self.path}: a call took longer than {CALL_SECONDS:g} seconds") from None
        if isinstance(answer, bytes):
            return answer
        if isinstance(answer, CommandResult):
            if answer.timeout:
                raise BadSubmission(f"{self.path}: used more {answer.timeout} time than it has")
            raise BadSubmission(f"{self.path}: its process ended during play (exit code {answer.returncode})")
        if isinstance(answer, SandboxError):
            raise BadSubmission(f"{self.path}: its sandbox ended during play; was it out of memory?") from answer
        raise answer

    def _checked(self, answer: bytes, expected: int | None) -> bytes:
        with contextlib.suppress(ValueError, RecursionError, KeyError, TypeError):
            message = json.loads(answer)
            if "error" in message:
                raise BadSubmission(f"{self.path}: {str(message['error'])[-800:]}")
            outputs = message["outputs"]
            if expected is None:
                return b"{}"
            if len(outputs) == expected and all(_scalar(output) for output in outputs):
                return json.dumps({"outputs": outputs}).encode()
        raise BadSubmission(
            f"{self.path}: what came back from a call is not one short answer for each of {expected} players"
        )


def _scalar(value: object) -> bool:
    """Whether an answer is one that any scorer can count on: short text, a finite number of usual size, or None."""
    if isinstance(value, str):
        return len(value) <= 1000
    if isinstance(value, int | float):
        return abs(value) < _MOST_NUMBER
    return value is None
