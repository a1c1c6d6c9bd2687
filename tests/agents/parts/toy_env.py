"""A tiny environment that keeps to the contract of `ChallengeEnv`: fast, in-process, with switches for what can break.

Actions: ``score X`` sets the score of the submission, ``validate``, ``submit``; what `` && `` joins happens in one
step; anything else is echoed. The baseline is 0, the reference 1, so a score is its own improvement.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import gymnasium

from synthgym.base.errors import MissingDependencyError, NotAsStated, SandboxError
from synthgym.envs.spaces import Unicode

BRIEFING = "Make the score large. Starter: score 0.\nvalidate scores, submit ends."


class ToyEnv(gymnasium.Env[str, str]):
    """The environment.

    Args:
        breaks: A folder; where it holds a file ``break-<seed>`` the next reset with this seed removes the file and
            raises `SandboxError`: infrastructure that fails once. A file ``kill-<seed>`` kills the process. With a file
            ``misstated`` its scores are not what it says, whatever the seed.
        delay: Seconds a step takes.
        briefing: What an episode begins with.
    """

    def __init__(
        self,
        sandbox: str = "auto",
        max_steps: int = 6,
        breaks: str = "",
        delay: float = 0.0,
        content_hash: str = "toyhash",
        opened: str = "",
        briefing: str = BRIEFING,
    ) -> None:
        if sandbox == "missing":
            raise MissingDependencyError("sandbox 'missing': not installed; install it with: apt-get install missing")
        self.action_space = Unicode(10_000)
        self.observation_space = Unicode(10_000)
        self.max_steps, self.breaks, self.delay, self.content_hash = max_steps, breaks, delay, content_hash
        self.closed, self.briefing = False, briefing
        self.opened = Path(opened, f"{os.getpid()}-{id(self)}") if opened else None
        if self.opened:
            self.opened.touch()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        super().reset(seed=seed)
        if self._once(f"break-{seed}"):
            raise SandboxError("the sandbox did not start")
        if self.breaks and Path(self.breaks, "misstated").exists():
            raise NotAsStated("states a baseline of 9; its untouched starter scores 1 here")
        if self._once(f"kill-{seed}"):
            os.kill(os.getpid(), 9)
        self.luck = round(float(self.np_random.random()) / 10, 3)
        self.count, self.value, self.scores = 0, 0.0, list[float]()
        self.exit_status: str | None = None
        self.submission: dict[str, Any] | None = None
        self.paid = 0.0
        return self.briefing, self._info()

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        assert self.exit_status is None, "the episode is over"
        time.sleep(self.delay)
        self.count += 1
        reward, lines = 0.0, []
        for part in action.split(" && "):
            if part.startswith("score "):
                self.value = float(part.split()[1])
                lines.append(f"score is {self.value}")
            elif part == "validate":
                self.scores.append(self.value)
                gain = max(self.value - self.paid, 0.0)
                self.paid += gain
                reward += gain
                lines.append(f"validation score {self.value}")
            elif part == "submit":
                if self.value < 0:
                    self.submission = {"accepted": False, "score": None, "improvement": 0.0, "error": "negative"}
                    lines.append("bad submission: negative")
                else:
                    reward += self._settle("submitted")
                    lines.append("submitted")
            elif part == "broken sandbox":
                raise SandboxError("the sandbox died")
            elif part == "broken in play":
                error = SandboxError("the sandbox died of what ran in it")
                error.in_play = True
                raise error
            else:
                lines.append(part)
        if self.exit_status is None and self.count >= self.max_steps:
            reward += self._settle("step_limit")
        return "\n".join(lines), reward, self.exit_status == "submitted", self.exit_status == "step_limit", self._info()

    def close(self) -> None:
        self.closed = True
        if self.opened:
            self.opened.unlink(missing_ok=True)

    def _settle(self, exit_status: str) -> float:
        self.exit_status = exit_status
        score = self.value + self.luck
        self.submission = {"accepted": True, "score": score, "improvement": score, "error": None}
        return score - self.paid

    def _once(self, name: str) -> bool:
        if not self.breaks:
            return False
        path = Path(self.breaks, name)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def _info(self) -> dict[str, Any]:
        return {
            "step": self.count,
            "steps_left": self.max_steps - self.count,
            "returncode": 0 if self.count else None,
            "elapsed": self.delay,
            "scores": list(self.scores),
            "score": self.submission["score"] if self.submission and self.exit_status else None,
            "best_score": max(self.scores, default=None),
            "improvement": self.submission["improvement"] if self.submission and self.exit_status else None,
            "baseline": 0.0,
            "reference": 1.0,
            "noise": 0.01,
            "metric": "points",
            "direction": "higher",
            "validations_left": 5,
            "exit_status": self.exit_status,
            "submission": self.submission,
            "challenge_hash": self.content_hash,
        }
