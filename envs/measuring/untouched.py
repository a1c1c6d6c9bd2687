"""Who changes nothing: episodes in which the starter is run as it stands, validated and handed in. They must earn 0.

So must whoever runs nothing, and hands in what lies in the workspace already.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from synthgym.base.errors import BadSubmission
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.grading.scoring import Grader, Phase, Score
from synthgym.envs.measuring.starter import start_seeded
from synthgym.envs.reward import ScoreEvent
from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.envs.session import Session
from synthgym.registry.challenge import Challenge

RUNS = 4
"""How often a starter is run in one workspace, with the first seed: who only runs it again and again earns nothing."""

_LEAST_SECONDS = 10.0  # of CPU time: this may be a slower machine, and what a command may use is not what is asked here
_MOST_FILES = 1000
_STEPS = 100
_MOST_SAID = 800


@dataclass(frozen=True)
class Untouched:
    """What came of an episode.

    Attributes:
        events: What was scored, and what it would pay: after each run of the starter, and at the end.
        submission: What was handed in.
        trouble: Why nothing was; None where something was.
    """

    events: list[ScoreEvent]
    submission: bytes = b""
    trouble: str | None = None

    @property
    def paid(self) -> list[ScoreEvent]:
        """What would pay or fine."""
        return [event for event in self.events if event.improvement]


class OtherLuck:
    """A grader of modules that draws other lots: what a submission's own randomness does to its score."""

    def __init__(self, grader: Grader, luck: int) -> None:
        self.grader, self.luck = grader, luck

    def grade(self, submission: bytes, phase: Phase, left: Limits | None = None) -> Score:
        """See `synthgym.envs.grading.scoring.Grader`."""
        if isinstance(self.grader, ModuleGrader):
            return self.grader.grade(submission, phase, left, luck=self.luck)
        return self.grader.grade(submission, phase, left)


class Once:
    """A grader that scores the same bytes once: what is run again and again mostly leaves the same."""

    def __init__(self, grader: Grader) -> None:
        self.grader = grader
        self._known: dict[tuple[bytes, Phase], Score] = {}

    def grade(self, submission: bytes, phase: Phase, left: Limits | None = None) -> Score:
        """See `synthgym.envs.grading.scoring.Grader`."""
        key = submission, phase
        if key not in self._known:
            self._known[key] = self.grader.grade(submission, phase, left)
        return self._known[key]


def score_handed_over(challenge: Challenge, grader: Grader, box: Sandbox) -> list[float]:
    """What a submission scores that an agent finds in its workspace before it has run anything.

    Args:
        challenge: The challenge.
        grader: Its grader.
        box: A sandbox of the agent's profile, with the workspace as its files; it is started here.

    Returns:
        Its scores on the halves on which it is not refused; none where no submission lies there.

    Raises:
        SandboxError: The sandbox died.
        GraderError: The grader failed.
    """
    box.start()
    with contextlib.suppress(BadSubmission):
        return _scores_of(grader, box.read(challenge.submission.path, challenge.submission.max_bytes))
    return []


def score_lying_about(challenge: Challenge, grader: Grader, workspace: Path) -> dict[str, list[float]]:
    """What other files of the workspace score, if they are copied to where the submission belongs.

    Only where files are handed in: a module that lies beside the starter may be there to be beaten.

    Args:
        challenge: The challenge.
        grader: Its grader.
        workspace: What an agent starts with.

    Returns:
        By path in the workspace: the scores on the halves on which it is not refused.

    Raises:
        GraderError: The grader failed.
    """
    submission, found = challenge.submission, {}
    if submission.kind != "file":
        return {}
    files = (path for path in sorted(workspace.rglob("*")) if path.is_file() and not path.is_symlink())
    for path in itertools.islice(files, _MOST_FILES):
        name = path.relative_to(workspace).as_posix()
        small = path.stat().st_size <= submission.max_bytes
        if name != submission.path and small and (scores := _scores_of(grader, path.read_bytes())):
            found[name] = scores
    return found


def _scores_of(grader: Grader, data: bytes) -> list[float]:
    scores: list[float] = []
    for phase in get_args(Phase):
        with contextlib.suppress(BadSubmission):
            scores.append(grader.grade(data, phase).value)
    return scores


def play_untouched(challenge: Challenge, grader: Grader, box: Sandbox, seed: int, runs: int = 1) -> Untouched:
    """Plays an episode, as an environment does: with the same variables, programs and channel.

    Args:
        challenge: With its scores, whoever states them.
        grader: Its grader.
        box: A sandbox of the agent's profile, with the workspace as its files; it is started here.
        seed: What the variable ``SEED`` is.
        runs: How often the starter is run, in one workspace.

    Raises:
        SandboxError: The sandbox died.
        GraderError: The grader failed.
    """
    events: list[ScoreEvent] = []

    def note(event: ScoreEvent) -> float:
        events.append(event)
        return 0.0

    command = challenge.baseline.command
    start_seeded(box, seed)
    session = Session(_with_room(challenge, runs), grader, box, note, _STEPS)
    box.channel(session.answer)
    for _ in range(runs):
        said = session.step(command)
        result = session.last
        if not session.over and result is not None and result.returncode != 0:
            how = f"exceeded its {result.timeout} time" if result.timeout else f"exit code {result.returncode}"
            return Untouched(events, trouble=f"its untouched starter, {command!r}, fails ({how}): {said[-_MOST_SAID:]}")
        if not session.over:
            session.step("validate")
    if not session.over:
        session.step("submit")
    if not session.submission["accepted"]:
        return Untouched(events, trouble=f"what its untouched starter leaves is no submission: {_error(session)}")
    return Untouched(events, box.read(challenge.submission.path, challenge.submission.max_bytes))


def _with_room(challenge: Challenge, runs: int) -> Challenge:
    """With time for so many runs, each of them validated."""
    budget = challenge.budget
    seconds = max(budget.command_cpu_seconds, _LEAST_SECONDS)
    more = {
        "command_cpu_seconds": seconds,
        "episode_cpu_seconds": max(budget.episode_cpu_seconds, 4 * seconds, (runs + 1) * seconds),
        "validations": max(budget.validations, runs),
    }
    return challenge.model_copy(update={"budget": budget.model_copy(update=more)})


def _error(session: Session) -> str:
    return session.submission["error"] or f"the episode ended by {session.exit_status}"
