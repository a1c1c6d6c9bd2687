"""A researcher made of rules, the offline teacher: reads the starter, tries one change at a time, keeps what helps.

It knows only what an agent is shown: the briefing, and what its commands print. Two kinds of problem are understood,
starters with named settings (`research.tuning`) and strategies for a game (`research.strategies`). Anything else it
runs as it stands, validates and submits. It draws nothing at random: a model that is to learn from it finds a reason
for every choice in what was shown.
"""

from __future__ import annotations

from typing import Any

from synthgym.agents.chat.actions import write_reply
from synthgym.agents.research.briefing import Briefing, Research
from synthgym.agents.research.strategies import play
from synthgym.agents.research.tuning import tune


class ScriptedAgent:
    """Call it with an observation, get the next command."""

    name = "scripted"

    def __init__(self) -> None:
        self.content = ""
        """What was said with the last command, and the command, as a model would reply."""
        self._research: Research | None = None

    def reset(self, observation: str, info: dict[str, Any]) -> None:
        """Starts on a new problem; `observation` is the briefing."""
        self._research = None

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        """The next command."""
        try:
            if self._research is None:
                self._research = research(Briefing(observation))
                said, command = next(self._research)
            else:
                said, command = self._research.send(observation)
        except StopIteration:
            said, command = "I am done.", "submit"
        self.content = write_reply(said, command)
        return command


def research(briefing: Briefing) -> Research:
    """The whole episode: yields what is said and the command, is sent what the command prints."""
    return play(briefing) if briefing.module else tune(briefing)
