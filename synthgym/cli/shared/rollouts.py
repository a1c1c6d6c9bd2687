"""How rollouts go and went, for people: progress after every attempt, and a summary in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from synthgym.base.progress import Progress
from synthgym.base.text import clipped

if TYPE_CHECKING:
    from synthgym.agents.rollout import Event, Summary


class RolloutProgress:
    """Shows how a rollout goes."""

    def __init__(self, progress: Progress, status: str = "") -> None:
        self.progress, self.status = progress, status
        self._shown = 0
        self._improvements: list[float] = []

    def __call__(self, event: Event) -> None:
        """Called after every attempt."""
        if event.error:
            agent = f"{self.status}: " if self.status else ""
            self.progress.say(f"{agent}{event.env_id} seed {event.seed}: {event.error}")
        if event.done:
            self._improvements.append(event.done.improvement or 0.0)
            mean = sum(self._improvements) / len(self._improvements)
            status = f"{self.status} mean improvement {mean:.3f}".lstrip()
            # The first event tells how much an earlier run had done.
            self.progress.advance(event.recorded - self._shown, status)
            self._shown = event.recorded


_LONGEST_REASON = 120


def summary_text(summary: Summary, store: Path) -> str:
    """A rollout's summary in a line; `store` is where its records are."""
    parts = [f"{summary.finished + summary.resumed} of {summary.planned} episodes"]
    if summary.resumed:
        parts.append(f"{summary.resumed} from an earlier run")
    if summary.agent_errors:
        where = f"see outcome.error in {store}/episodes-*.jsonl; --retry agent_error runs them again"
        raised = clipped(summary.agent_error or "", _LONGEST_REASON)
        parts.append(f"the agent raised in {summary.agent_errors} ({raised}; {where})")
    if summary.failed:
        parts.append(f"{summary.failed} could not be run (see failures.jsonl; the same command tries them again)")
    if (more := summary.attempts - summary.finished - summary.resumed) > 0:
        parts.append(f"{more} more {'attempts' if more > 1 else 'attempt'} than episodes, as infrastructure failed")
    if summary.broken:
        parts.append(f"the agent broke its sandbox or the grader in {summary.broken}")
    parts.append(f"{summary.submitted} with an accepted submission")
    if summary.mean_improvement is not None:
        parts.append(f"mean improvement {summary.mean_improvement:.3f}")
    return f"{', '.join(parts)} ({summary.seconds:.1f} s)"
