"""The rules of episodes in MLGym's tasks: sealed, for training, or as published runs were made."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from synthgym.base.errors import UnknownNameError
from synthgym.envs.briefing import short_limits_line
from synthgym.envs.grading.scoring import Grader, Score
from synthgym.envs.infos import optional
from synthgym.envs.mlgym.bundle import collect
from synthgym.envs.mlgym.grading import MLGymGrader
from synthgym.envs.rules import Rules
from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge

SHORT_SECONDS = 25.0
"""Wall-clock time of a command that trains nothing."""

_TRAINS = re.compile(r"torchrun|python|accelerate|deepspeed")


class SealedRules(Rules):
    """For training: synthgym's own rules, but that what is handed in may be several files.

    What `validate` tells and what counts are two halves of the test set (for a module: other games), scores are rounded
    to their noise, validations are budgeted, and the last submission that was validated counts where an episode is cut
    off.

    By either rules, the evaluator and the answers are in sandboxes of their own. Scores of the two are not comparable,
    so ``challenge_hash`` differs. ``info`` has ``protocol``, and ``metrics``: all that the evaluator printed last.
    """

    protocol = "sealed"

    def read(self, challenge: Challenge, grader: Grader, box: Sandbox) -> bytes:
        """See `Rules`."""
        assert isinstance(grader, MLGymGrader)
        if patterns := grader.evaluation.files:
            return collect(box, patterns, challenge.submission.max_bytes)
        return super().read(challenge, grader, box)

    def info(self, info: dict[str, Any], details: Mapping[str, Any]) -> dict[str, Any]:
        """See `Rules`."""
        digest = hashlib.sha256(json.dumps([info["challenge_hash"], self.protocol]).encode()).hexdigest()[:32]
        told = not self.hides_final or info["exit_status"] is not None  # more digits than an agent may know
        return {
            **info,
            "challenge_hash": digest,
            "protocol": self.protocol,
            "metrics": optional(dict(details)) if told else {},
        }


class PublishedRules(SealedRules):
    """For comparing with published runs, which were made by these.

    `validate` scores on all of the test set, as often as there are steps, and shows what the evaluator prints; 50
    steps; 25 seconds for a command, or the task's time for training where it names Python; what lies there when an
    episode is cut off is what counts.
    """

    protocol = "mlgym"
    hides_final = False
    keeps_validated = False

    def open_grader(self, challenge: Challenge, prepared: Prepared, sandbox: str) -> Grader:
        """See `Rules`."""
        return MLGymGrader(challenge, prepared, sandbox, halves=False)

    def validations(self, challenge: Challenge, max_steps: int) -> int:
        """See `Rules`."""
        return max_steps

    def episode_limits(self, challenge: Challenge) -> Limits:
        """None."""
        return Limits(math.inf, math.inf)

    def command_limits(self, challenge: Challenge, command: str) -> Limits:
        """By what the command names."""
        seconds = challenge.budget.command_cpu_seconds if _TRAINS.search(command) else SHORT_SECONDS
        return Limits(cpu_seconds=seconds * challenge.budget.cpus, wall_seconds=seconds)

    def longest_command(self, challenge: Challenge) -> Limits:
        """See `Rules`."""
        return self.command_limits(challenge, "python")

    def limits_line(self, challenge: Challenge) -> str:
        """See `Rules`."""
        return short_limits_line(challenge.budget, SHORT_SECONDS)

    def told(self, challenge: Challenge, score: Score, best: float | None, left: int) -> str:
        """All that the evaluator printed, and the baseline."""
        baseline = {challenge.metric.name: challenge.baseline.mean}
        return f"Score: {json.dumps(dict(score.details))}\nBaseline: {json.dumps(baseline)}"


_BY_PROTOCOL = {rules.protocol: rules for rules in (SealedRules, PublishedRules)}


def rules(protocol: str | None) -> Rules:
    """The rules that a protocol is of: ``sealed``, the default, or ``mlgym``.

    Raises:
        UnknownNameError: There is no such protocol.
    """
    chosen = "sealed" if protocol is None else protocol
    if chosen not in _BY_PROTOCOL:
        raise UnknownNameError("protocol", chosen, _BY_PROTOCOL)
    return _BY_PROTOCOL[chosen]()
