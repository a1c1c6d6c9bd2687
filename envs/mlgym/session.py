"""Episodes of MLGym's tasks: what is handed in, and MLGym's own rules."""

from __future__ import annotations

import json
import math
import re

from synthgym.base.errors import BadSubmission
from synthgym.envs.briefing import short_limits_line
from synthgym.envs.mlgym.bundle import collect
from synthgym.envs.mlgym.grading import MLGymGrader
from synthgym.envs.reward import RewardFunction, ScoreEvent, improvement
from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.envs.session import Session
from synthgym.registry.challenge import Challenge

SHORT_SECONDS = 25.0
"""Wall-clock time of a command that trains nothing."""

_TRAINS = re.compile(r"torchrun|python|accelerate|deepspeed")


class TaskSession(Session):
    """An episode in which what is handed in may be several files."""

    grader: MLGymGrader

    def _read(self) -> bytes:
        if patterns := self.grader.evaluation.files:
            return collect(self.box, patterns, self.challenge.submission.max_bytes)
        return super()._read()


class MLGymSession(TaskSession):
    """An episode by MLGym's rules; see `synthgym.envs.mlgym.env.MLGymEnv`."""

    hides_final = False

    def __init__(
        self, challenge: Challenge, grader: MLGymGrader, box: Sandbox, reward: str | RewardFunction, max_steps: int
    ) -> None:
        super().__init__(challenge, grader, box, reward, max_steps)
        self.validations_left = max_steps

    def _limits(self, command: str) -> Limits:
        """By what the command names; nothing else is limited."""
        long = self.challenge.budget.command_cpu_seconds
        seconds = long if _TRAINS.search(command) else SHORT_SECONDS
        return Limits(cpu_seconds=seconds * self.challenge.budget.cpus, wall_seconds=seconds)

    def _longest(self) -> Limits:
        return self._limits("python")

    @staticmethod
    def limits_line(challenge: Challenge) -> str:
        """See `Session.limits_line`."""
        return short_limits_line(challenge.budget, SHORT_SECONDS)

    @property
    def _cpu_budget(self) -> float:
        return math.inf

    def _validate(self) -> str:
        self.validations_left -= 1
        data = self._read()
        score = self._grade(data, "validate")
        self.scores.append(score)
        self.pending_reward += self.reward(ScoreEvent("validate", score, improvement(score, self.challenge)))
        baseline = {self.challenge.metric.name: self.challenge.baseline.mean}
        return f"Score: {json.dumps(self.grader.last)}\nBaseline: {json.dumps(baseline)}"

    def _finish(self, exit_status: str) -> None:
        """The end by a limit: grades what lies there."""
        try:
            self._settle(exit_status, self._grade(self._read(), "final"))
        except BadSubmission as error:
            self._settle(exit_status, None, error)
