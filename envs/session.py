"""One episode on the environment's side: steps, budgets, validations, the submission, and what they pay."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from synthgym.base.errors import BadSubmission, FailedInPlay, GraderError
from synthgym.envs.briefing import amount, rounded
from synthgym.envs.edit_action import edit_action
from synthgym.envs.grading.scoring import Grader, Phase, Score
from synthgym.envs.infos import optional, submission_info
from synthgym.envs.reward import RewardFunction, ScoreEvent, improvement, make_reward
from synthgym.envs.rules import OWN, Rules
from synthgym.envs.sandboxes.base import CommandResult, Limits, Reply, Sandbox
from synthgym.envs.sandboxes.printed import cut
from synthgym.registry.challenge import Challenge

MAX_ACTION = 1_000_000
"""Longest action, in characters."""

MOST_REFUSED = 20
"""Submissions an episode may have refused by `submit`: each costs the host a grading, outside the command's time."""

SANDBOX_DIED, GRADER_FAILED = BROKEN = "sandbox_died", "grader_failed"
"""How an episode ended whose sandbox the agent has brought down, or whose grader has broken on what it handed in."""

_BYTES = 4  # of UTF-8 that a character may take


class Session:
    """What has happened since the reset, and what the programs inside ask for."""

    max_observation = 20_000
    """Longest text of a step, in characters."""

    def __init__(
        self,
        challenge: Challenge,
        grader: Grader,
        box: Sandbox,
        reward: str | RewardFunction,
        max_steps: int,
        rules: Rules = OWN,
    ) -> None:
        self.challenge, self.grader, self.box, self.max_steps = challenge, grader, box, max_steps
        self.rules = rules
        self.noise = challenge.noise or 0.0
        self.reward = make_reward(reward, challenge)
        self.steps = 0
        self.cpu_seconds = self.wall_seconds = 0.0
        self.scores: list[float] = []
        self.validations_left = rules.validations(challenge, max_steps)
        self.refused = 0
        self.validated: bytes | None = None  # the last submission that could be scored
        self.score: float | None = None
        self.details: Mapping[str, Any] = {}  # of the last score
        self.submission = submission_info()
        self.exit_status: str | None = None
        self.pending_reward = 0.0
        self.last: CommandResult | None = None
        self._began = self._grading = 0.0  # of the running command: when, and how long gradings took meanwhile

    @property
    def terminated(self) -> bool:
        """Ended by a submission."""
        return self.exit_status == "submitted"

    @property
    def truncated(self) -> bool:
        """Ended by a limit, or from outside."""
        return self.exit_status in ("step_limit", "budget", "finished", *BROKEN)

    @property
    def over(self) -> bool:
        """Ended."""
        return self.exit_status is not None

    # -- a step ------------------------------------------------------------------------------------------------------

    def step(self, action: str) -> str:
        """Runs one command and gives the text to show."""
        self.steps += 1
        self._began, self._grading = time.monotonic(), 0.0
        if len(action) > MAX_ACTION:
            self.last = None
            text = f"[refused: the command has {len(action)} characters, the most is {MAX_ACTION}]"
        else:
            command = edit_action(action)
            limits = replace(self._limits(command), output_bytes=_BYTES * self.max_observation)
            self.last = result = self.box.run(command, limits)
            self.cpu_seconds += result.cpu_seconds
            self.wall_seconds += result.elapsed
            text = self._report(result, limits)
        if self.exit_status is None:
            if self.cpu_seconds >= self._most.cpu_seconds or self.wall_seconds >= self._most.wall_seconds:
                self._finish("budget")
                used = self._used_up()
                text = _join(text, f"[the episode's time is used up ({used}); the episode is over]")
            elif self.steps >= self.max_steps:
                self._finish("step_limit")
                text = _join(text, "[that was the last step; the episode is over]")
        return self._printed(text)

    def finish(self) -> None:
        """Ends the episode as a limit does, unless it is over."""
        if not self.over:
            self._finish("finished")

    def finish_broken(self, exit_status: str) -> None:
        """Ends the episode after its sandbox or grader was broken: grades the last submission that was validated, if
        one was.
        """
        self.last = None
        if self.over:  # it died of its own end
            return
        try:
            if self.validated is None:
                raise BadSubmission("nothing was validated before")
            self._settle(exit_status, self._grade(self.validated, "final").value)
        except (BadSubmission, GraderError) as error:
            self._settle(exit_status, None, error)

    def take_reward(self) -> float:
        """What was earned since the last call."""
        reward, self.pending_reward = self.pending_reward, 0.0
        return float(reward)

    @property
    def _most(self) -> Limits:
        """What all commands of the episode may use."""
        return self.rules.episode_limits(self.challenge)

    def _limits(self, command: str) -> Limits:
        return self._as_far_as_left(self.rules.command_limits(self.challenge, command))

    def _as_far_as_left(self, limits: Limits) -> Limits:
        cpu = min(limits.cpu_seconds, self._most.cpu_seconds - self.cpu_seconds)
        wall = min(limits.wall_seconds, self._most.wall_seconds - self.wall_seconds)
        return Limits(max(cpu, 0.1), max(wall, 0.1))

    def _used_up(self) -> str:
        if self.cpu_seconds >= self._most.cpu_seconds:
            return f"{amount(self._most.cpu_seconds)} CPU seconds"
        return f"{amount(self._most.wall_seconds)} seconds"

    def _printed(self, said: str) -> str:
        """What the command printed, as far as there is room, and what is said of it."""
        said = cut(said, most=self.max_observation)
        if self.last is None:
            return said
        printed = self.last.shown(max(self.max_observation - len(said) - 1, 0))
        return _join(printed, said) if said else printed.rstrip("\n")

    def _report(self, result: CommandResult, limits: Limits) -> str:
        """What is to be said of a command."""
        text = ""
        if result.ended:
            text = f"[no process was left to start; {result.ended} that ran in the background were ended]"
        if result.aborted:
            return _join(text, "submitted; the episode is over")
        if result.interrupted:
            text = _join(text, "[interrupted: the command was ended]")
        elif result.timeout:
            if result.timeout == "cpu":
                which, most, left = "CPU seconds", limits.cpu_seconds, self._most.cpu_seconds - self.cpu_seconds
            else:
                which, most, left = "seconds", limits.wall_seconds, self._most.wall_seconds - self.wall_seconds
            rest = "" if math.isinf(left) else f"; the episode has {amount(max(left, 0.0))} left"
            text = _join(text, f"[ended: the command used more than its {which} ({amount(most)}){rest}]")
        elif result.returncode:
            text = _join(text, f"[exit code {result.returncode}]")
        if result.shell == "redirected":
            text = _join(text, "[the shell's own output was redirected; a new shell was started in the workspace]")
        elif result.shell == "broken":
            said = "[a builtin that the shell needs was disabled or replaced; a new shell was started in the workspace]"
            text = _join(text, said)
        elif result.shell != "kept":
            text = _join(text, "[the shell ended; a new one was started in the workspace]")
        return text

    # -- the programs inside -----------------------------------------------------------------------------------------

    def answer(self, request: bytes) -> Reply:
        """Answers `validate` and `submit`: a line with an exit code, then the text to print."""
        word = request.decode("utf-8", "replace")
        try:
            if word == "validate":
                if self.validations_left <= 0:
                    return _reply(1, "refused: no validations left")
                left = self._left()
                if left.cpu_seconds <= 0 or left.wall_seconds <= 0:
                    return _reply(1, "refused: no time left")
                return _reply(0, self._validate())
            if word == "submit":
                if self.refused >= MOST_REFUSED:
                    return _reply(1, f"refused: {self.refused} bad submissions are enough")
                self._submit()
                return Reply(stop=True)
        except BadSubmission as error:
            return _reply(1, f"bad submission: {error}")
        return _reply(1, f"unknown request {word[:40]!r}; there are validate and submit")

    def _validate(self) -> str:
        self.validations_left -= 1
        data = self._read()
        score = self._grade(data, "validate", self._left())
        if self.rules.keeps_validated:
            self.validated = data
        told = self.rules.told(self.challenge, score, self.best(), self.validations_left)
        self.scores.append(rounded(score.value, self.noise) if self.rules.hides_final else score.value)
        self.pending_reward += self.reward(
            ScoreEvent("validate", score.value, improvement(score.value, self.challenge))
        )
        return told

    def best(self) -> float | None:
        """The best validation score so far."""
        if not self.scores:
            return None
        return max(self.scores) if self.challenge.metric.direction == "higher" else min(self.scores)

    def _submit(self) -> None:
        """Grades what is handed in. What is wrong before anything of it runs is told, and may be put right; a failure
        in play ends the episode, or submitting and failing would be a way to learn of the half that counts.
        """
        try:
            data = self._read()
            score = self._grade(data, "final")
        except BadSubmission as error:
            if self.rules.hides_final and isinstance(error, FailedInPlay):
                self._settle("submitted", None, error)
                return
            self.refused += 1
            self.submission = submission_info(error=str(error))
            raise
        self._settle("submitted", score.value)

    def _finish(self, exit_status: str) -> None:
        """The end by a limit: grades the last submission that was validated, or else what lies there."""
        try:
            data = self.validated if self.validated is not None else self._read()
            self._settle(exit_status, self._grade(data, "final").value)
        except BadSubmission as error:
            self._settle(exit_status, None, error)

    def _settle(self, exit_status: str, score: float | None, error: BadSubmission | GraderError | None = None) -> None:
        self.exit_status = exit_status
        self.score = score
        gained = 0.0 if score is None else improvement(score, self.challenge)
        said = None if error is None else self._told(error)
        self.submission = submission_info(score is not None, score, gained, said)
        self.pending_reward += self.reward(ScoreEvent("final", score, gained))

    def _told(self, error: BadSubmission | GraderError) -> str:
        """What is said of a failure on the half that counts."""
        if not self.rules.hides_final:
            return str(error)
        if isinstance(error, GraderError):  # what a scorer says may hold what it scored
            return FailedInPlay("", "failed").of_hidden
        return error.of_hidden if isinstance(error, FailedInPlay) else str(error)

    def _read(self) -> bytes:
        return self.rules.read(self.challenge, self.grader, self.box)

    def _grade(self, data: bytes, phase: Phase, left: Limits | None = None) -> Score:
        """Scores; what was handed in uses the episode's time when it runs for that, as any command does."""
        began = time.monotonic()
        try:
            score = self.grader.grade(data, phase, left)
        except FailedInPlay as error:
            self._charge(error)
            raise
        finally:
            self._grading += time.monotonic() - began
        self._charge(score)
        self.details = score.details
        return score

    def _charge(self, used: Score | FailedInPlay) -> None:
        self.cpu_seconds += used.cpu_seconds
        self.wall_seconds += used.seconds

    def _left(self) -> Limits:
        """What is left of the episode's time while a command runs."""
        running = time.monotonic() - self._began - self._grading
        cpu, wall = self._most.cpu_seconds - self.cpu_seconds, self._most.wall_seconds - self.wall_seconds - running
        return Limits(cpu, wall)

    # -- what is told ------------------------------------------------------------------------------------------------

    def info(self) -> dict[str, Any]:
        """What `ChallengeEnv` gives as info; see `synthgym.envs.infos` for its shape."""
        budget = self.challenge.budget
        limits = self._as_far_as_left(self.rules.longest_command(self.challenge))
        return {
            "step": self.steps,
            "steps_left": self.max_steps - self.steps,
            "returncode": optional(self._returncode()),
            "elapsed": self.last.elapsed if self.last else 0.0,
            "cpu_seconds": self.cpu_seconds,
            "cpu_seconds_left": max(self._most.cpu_seconds - self.cpu_seconds, 0.0),
            "seconds_left": max(self._most.wall_seconds - self.wall_seconds, 0.0),
            "command_cpu_seconds": limits.cpu_seconds,
            "command_seconds": limits.wall_seconds,
            "memory_mb": budget.memory_mb,
            "disk_mb": budget.disk_mb,
            "scores": list(self.scores),
            "score": optional(self.score),
            "best_score": optional(self.best()),
            "improvement": optional(self.submission["improvement"]) if self.over else None,
            "baseline": self.challenge.baseline.mean,
            "reference": self.challenge.reference.score,
            "noise": self.challenge.noise,
            "metric": self.challenge.metric.name,
            "direction": self.challenge.metric.direction,
            "validations_left": self.validations_left,
            "exit_status": self.exit_status,
            "submission": dict(self.submission),
        }

    def _returncode(self) -> int | None:
        if self.last is None:
            return None
        return 0 if self.last.aborted else self.last.returncode  # to be ended by one's own `submit` is no failure


def _reply(returncode: int, text: str) -> Reply:
    return Reply(f"{returncode}\n{text}".encode("utf-8", "replace"))


def _join(text: str, line: str) -> str:
    return f"{text.rstrip()}\n{line}" if text.strip() else line
