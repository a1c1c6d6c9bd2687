"""The rules of an episode: what is handed in, what commands may use, what `validate` tells, and what counts.

Those of a suite are announced by an installed package under the entry-point group ``synthgym.rules``, by the name of
the suite's source of challenges (`synthgym.registry.collections.sources`): a function that gets the protocol that was
asked for, or None, and returns `Rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthgym.base.errors import UserError
from synthgym.base.plugins import load_plugin, plugin_names
from synthgym.envs.briefing import limits_line, rounded, shown
from synthgym.envs.grading.graders import open_grader
from synthgym.envs.grading.scoring import Grader, Score
from synthgym.envs.sandboxes.base import Limits, Sandbox
from synthgym.envs.workspace import Prepared
from synthgym.registry.challenge import Challenge

RULES = "synthgym.rules"


class Rules:
    """synthgym's own rules; a suite's are a subclass.

    One object is asked in all episodes of an environment: it keeps nothing of them.

    Attributes:
        hides_final: Whether what counts is another half than what `validate` tells of. Then scores are told rounded to
            their noise, and of a failure on the half that counts no more than a fixed phrase.
        keeps_validated: Whether the last submission that was validated counts where an episode is cut off; else what
            lies there.
    """

    hides_final = True
    keeps_validated = True

    def open_grader(self, challenge: Challenge, prepared: Prepared, sandbox: str) -> Grader:
        """Who scores; `sandbox` is the backend for code that it runs."""
        return open_grader(challenge, prepared, sandbox)

    def validations(self, challenge: Challenge, max_steps: int) -> int:
        """How often an agent may ask for a score in an episode of so many steps."""
        return challenge.budget.validations

    def episode_limits(self, challenge: Challenge) -> Limits:
        """What all commands of an episode may use together."""
        seconds = challenge.budget.episode_cpu_seconds
        return Limits(seconds, seconds * challenge.budget.wall_factor)

    def command_limits(self, challenge: Challenge, command: str) -> Limits:
        """What a command may use, while the episode has as much left."""
        seconds = challenge.budget.command_cpu_seconds
        return Limits(seconds, seconds * challenge.budget.wall_factor)

    def longest_command(self, challenge: Challenge) -> Limits:
        """The most that any command may use."""
        return self.command_limits(challenge, "")

    def limits_line(self, challenge: Challenge) -> str:
        """What the commands of an episode may use, for the briefing."""
        return limits_line(challenge.budget)

    def read(self, challenge: Challenge, grader: Grader, box: Sandbox) -> bytes:
        """What lies in the workspace to be handed in.

        Raises:
            BadSubmission: There is none; says what was expected.
        """
        return box.read(challenge.submission.path, challenge.submission.max_bytes)

    def told(self, challenge: Challenge, score: Score, best: float | None, left: int) -> str:
        """What `validate` prints.

        Args:
            challenge: The challenge.
            score: The score.
            best: The best that was told before; None where none was.
            left: How many validations are left.
        """
        metric, noise = challenge.metric, challenge.noise or 0.0
        value = rounded(score.value, noise)
        # In words: small models compare words better than numbers.
        if best is None:
            compared = "the first"
        elif value == best:
            compared = f"as good as {shown(best, noise)}"
        else:
            better = (value > best) == (metric.direction == "higher")
            compared = f"{'better' if better else 'worse'} than {shown(best, noise)}"
        return (
            f"validation score {shown(score.value, noise)} ({metric.name}, {metric.direction} is better), "
            f"{compared}; {left} validations left"
        )

    def info(self, info: dict[str, Any], details: Mapping[str, Any]) -> dict[str, Any]:
        """What an environment gives as info.

        Args:
            info: What it gives by our own rules. The keys of what is returned are the same at every step.
            details: What the grader said of the last score of the episode, see `Score`; empty before the first.
        """
        return info


OWN = Rules()


def rules_of(source: str, protocol: str | None = None) -> Rules:
    """The rules for challenges of a source.

    Args:
        source: Its name; empty for challenges of a collection's folder.
        protocol: Which of the source's rules, where it has several.

    Raises:
        UnknownNameError: It has none of that name.
        UserError: There is only one way to play such challenges, and a protocol was given.
    """
    if source and source in plugin_names(RULES):
        rules = load_plugin(RULES, source, "rules of an episode")(protocol)
        if not isinstance(rules, Rules):
            raise UserError(f"rules of an episode {source!r}: expected synthgym.envs.rules.Rules, got {rules!r:.200}")
        return rules
    if protocol is not None:
        raise UserError(f"protocol {protocol!r}: only for challenges of a suite that can be played by several")
    return OWN
