"""Scores a submitted module by playing it: three sandboxes, and the host between them.

The agent's sandbox is not involved any more. A fresh *module* sandbox holds the submission and nothing else; a *grader*
sandbox runs the challenge's `evaluate.py` with the hidden instances. Both talk to the host only. The host passes the
scorer's calls on, one batch at a time with a time limit, checks what comes back, and takes the score from the grader's
channel: nothing is read out of what the module prints, and its process ending early is only a call that failed.
"""

from __future__ import annotations

import shlex
import shutil
import threading
from dataclasses import replace
from pathlib import Path

from synthgym.base.errors import FailedInPlay, GraderError, SandboxError
from synthgym.base.files.paths import build_once, cache_dir
from synthgym.base.seeds import secret_of
from synthgym.envs.grading.lots import Lots
from synthgym.envs.grading.module_calls import Player, Scorer
from synthgym.envs.grading.scoring import Phase, Score
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import GRADER, MODULE, Limits, Setup
from synthgym.envs.workspace import FORM, Prepared
from synthgym.registry.challenge import Challenge

_MOST_CPU, _MOST_WALL = 60.0, 120.0
"""Most seconds that a submission may play; a challenge whose commands have less gives it as much as one of them."""
_GRADER_LIMITS = Limits(cpu_seconds=60, wall_seconds=120, output_bytes=4000)
_EVALUATE = 'PRIVATE="$PWD/private" PYTHONPATH="$SYNTHGYM_TOOLS" python evaluate.py'
_PLAY = 'exec python -I "$SYNTHGYM_TOOLS/module_runner.py" {path}'


class ModuleGrader:
    """Grader for submissions of kind ``module``."""

    def __init__(self, challenge: Challenge, prepared: Prepared, sandbox: str) -> None:
        self.challenge = challenge
        self.sandbox = sandbox
        self.prepared = prepared
        self.files = _grader_files(prepared)
        # Of what is run, whatever the challenge's folder holds by now.
        self.scorer = (self.files / "evaluate.py").read_bytes()

    def grade(
        self, submission: bytes, phase: Phase, left: Limits | None = None, *, seed: int = 0, luck: int = 0
    ) -> Score:
        """Plays the module on the instances of one half; see `synthgym.envs.grading.scoring.Grader`.

        Another `seed` draws other instances: verification measures noise with it. Episodes all have the same. Equal
        submissions are played in the same order, and with the same seed of their own; what another comment in them
        would change of that, another `luck` does.
        """
        secret = secret_of("evaluate", self.scorer, self.prepared.data_hash, phase, str(seed))
        environment = {"PHASE": phase, "SEED": str(seed), "SECRET": secret}
        box = open_sandbox(self.sandbox, Setup(GRADER, self.files, env=environment, image=self.challenge.image))
        lots = Lots(self.prepared.data_hash, phase, str(seed), submission, *([str(luck)] if luck else []))
        with _Player(self.challenge, submission, self.sandbox, lots, left) as player:
            scorer = Scorer(player)
            box.channel(scorer.answer)
            try:
                box.start()
                ended = box.run(_EVALUATE, _GRADER_LIMITS)
            finally:
                box.close()
        if scorer.refused:
            scorer.refused.seconds = max(player.seconds, player.limit_reached)
            scorer.refused.cpu_seconds = player.cpu_seconds
            raise scorer.refused
        if scorer.score is None:
            how = f"exceeded its {ended.timeout} time" if ended.timeout else f"exit code {ended.returncode}"
            said = ended.text[-1500:].strip()
            raise GraderError(f"{self.challenge.id}: evaluate.py gave no score ({how}): {said}")
        return replace(scorer.score, seconds=player.seconds, cpu_seconds=player.cpu_seconds)


def _grader_files(prepared: Prepared) -> Path:
    """The grader sandbox's workspace: evaluate.py and private/; closed on the host, so copied where it can be shown.

    The copy is open to the users that sandboxes run as, and is shown to grader sandboxes only.
    """
    target = cache_dir("graders") / f"{prepared.content_hash}-{prepared.data_hash}-{FORM}"

    def build(folder: Path) -> None:
        shutil.copytree(prepared.private, folder / "private")
        (folder / "private").chmod(0o755)
        shutil.copyfile(prepared.grader / "evaluate.py", folder / "evaluate.py")  # without its mode: no hash covers it

    return build_once(target, build)


def _play_limits(challenge: Challenge, left: Limits | None) -> Limits:
    budget = challenge.budget
    cpu = min(_MOST_CPU, budget.command_cpu_seconds)
    wall = min(_MOST_WALL, cpu * budget.wall_factor)
    if left is not None:
        cpu, wall = min(cpu, max(left.cpu_seconds, 0.1)), min(wall, max(left.wall_seconds, 0.1))
    return Limits(cpu, wall, output_bytes=4000)


class _Player(Player):
    """The module sandbox, and the runner in it.

    Attributes:
        limit_reached: After how many seconds a limit ended it; 0 if none did.
        cpu_seconds: What it has used, once it has ended; where nobody can tell any more, as if it had never waited.
    """

    def __init__(self, challenge: Challenge, submission: bytes, sandbox: str, lots: Lots, left: Limits | None) -> None:
        super().__init__(challenge.submission.path, lots)
        self.limits = _play_limits(challenge, left)
        self.cpu_seconds = self.limit_reached = 0.0
        self.box = open_sandbox(sandbox, Setup(MODULE, image=challenge.image))
        self.submission = submission
        self.thread = threading.Thread(target=self._run, name="synthgym-module", daemon=True)

    def __enter__(self) -> _Player:
        self.box.channel(self.next_call)
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
        """Runs the runner to its end, which is then the answer to any call that comes."""
        try:
            ended = self.box.run(_PLAY.format(path=shlex.quote(self.path)), self.limits)
            self.cpu_seconds = ended.cpu_seconds
            self.limit_reached = ended.elapsed if ended.timeout else 0.0
        except SandboxError as error:
            self.cpu_seconds = self.seconds
            refusal = FailedInPlay(f"{self.path}: its sandbox ended during play; was it out of memory?", "ended")
            refusal.__cause__ = error
            self.answers.put(refusal)
        except Exception as error:
            self.answers.put(error)
        else:
            if ended.timeout:
                refusal = FailedInPlay(f"{self.path}: used more {ended.timeout} time than it has", "time")
            else:
                how = f"its process ended during play (exit code {ended.returncode})"
                refusal = FailedInPlay(f"{self.path}: {how}", "ended")
            self.answers.put(refusal)
