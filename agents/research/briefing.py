"""What the scripted researcher is told: the briefing, and the scores that are printed."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Literal

Step = tuple[str, str]
"""What it says, and the command."""
Research = Generator[Step, str, None]
"""An episode: yields steps, is sent what their commands print."""

NO_MORE = "no validations left"
"""As the environment says it."""

_SCORE = re.compile(r"validation score (-?[\d.]+(?:e[-+]?\d+)?)")
_FILE = r"[\w./-]+\.(?:py|json|ini|cfg|toml|ya?ml|sh|txt)"


class Briefing:
    """What the first observation says, as far as it can be read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower_is_better = "lower is better" in text
        starter = re.search(r"^Run the starter: (.+)$", text, re.M) or re.search(r"`((?:python|sh|bash) [^`]+)`", text)
        self.run = starter[1].strip() if starter else ""
        listed = re.search(r"^Files: (.+)$", text, re.M)
        self.files = [name for name in (listed[1].split() if listed else []) if not name.startswith("data/")]
        module = re.search(r"^Submission: (\S+\.py), a Python module", text, re.M)
        self.module = module[1] if module else ""

    def settings_file(self) -> str:
        """Where the settings are said to be, else the file that looks most like it."""
        said = re.search(rf"settings\b[^.\n]{{0,30}}?({_FILE})", self.text)
        if said:
            return said[1]
        likely = [
            name for name in self.files if re.search(r"\.(json|ini|cfg|toml|ya?ml)$|config|settings|params", name)
        ]
        scripts = re.findall(_FILE, self.run) + [name for name in self.files if name.endswith(".py")]
        return (likely + scripts + [""])[0]


Outcome = Literal["better", "same", "worse"]


class Scores:
    """The best score so far, as printed."""

    def __init__(self, lower_is_better: bool) -> None:
        self.sign = -1.0 if lower_is_better else 1.0
        self.best: float | None = None

    def compare(self, observation: str) -> Outcome:
        """The score in an observation against the best before; none at all is worse."""
        found = _SCORE.search(observation)
        if found is None:
            return "worse"
        score, best = float(found[1]), self.best
        if best is not None and self.sign * score <= self.sign * best:
            return "same" if score == best else "worse"
        self.best = score
        return "better"
