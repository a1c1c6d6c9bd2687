"""Settings in a file: how they are found, and what to try with them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A setting as it stands in a file: in its line, `mark` + `value` is the text to replace."""

    name: str
    line: int
    mark: str
    value: str
    comment: str = ""


_NUMBERED = re.compile(r"(\d+):(.*)")
_LINE = re.compile(
    r"""^\s*(?P<quote>["']?)(?P<name>[A-Za-z_]\w*)(?P=quote)\s*(?P<mark>[=:]\s*)"""
    r"""(?P<value>True|False|true|false|-?\d+(?:\.\d*)?(?:e-?\d+)?)\s*,?\s*(?:[#;]\s*(?P<comment>.*))?$"""
)
_ARGUMENT = re.compile(r"(?:^|\s)(?P<mark>(?P<name>[A-Za-z_]\w*)=)(?P<value>true|false|-?\d[\d.e-]*)(?=\s|$)")


def read_settings(listed: str) -> list[Setting]:
    """The settings in numbered lines of a file, as `grep -n` lists them: those above its first function."""
    found = []
    for number, text in _NUMBERED.findall(listed):
        if re.match(r"\s*def ", text):
            break
        match = _LINE.match(text)
        if match:
            found.append(Setting(match["name"], int(number), match["mark"], match["value"], match["comment"] or ""))
        elif re.match(r"\s*(python|exec) ", text):
            arguments = _ARGUMENT.finditer(text)
            found += [Setting(each["name"], int(number), each["mark"], each["value"]) for each in arguments]
    return found


@dataclass(frozen=True)
class Rule:
    """What to do with a number that one of `words` fits.

    Attributes:
        words: Pattern of a name or comment.
        target: The value to try. None: the setting has no part in the score.
        low, high: Values between these are left as they are.
    """

    words: str
    target: str | None
    low: float = 0.0
    high: float = math.inf


RULES = (
    Rule(r"verbose|debug|echo|chatty|digits|decimals|precision|seed|print|thread|version", None),
    Rule(r"rows|row_limit", "2048", low=1000),
    Rule(r"columns used|columns?$|column_limit|first columns", "100", low=50),
    Rule(r"rate|step_size|learning|size of a step|how far a step", "0.1", low=0.02, high=1),
    Rule(r"width|radius|kernel|reaches", "0.3", low=0.1, high=1),
    Rule(r"penalty|ridge|l2|shrink", "1.0", low=0.01, high=10),
    Rule(r"smooth|var_floor", "0.1", low=0.001, high=3),
    Rule(r"neighbour|nearest|^k$", "10", low=5, high=30),
    Rule(r"depth|levels|in a row", "4", low=3, high=9),
    Rule(r"bins|buckets|cuts|thresholds", "10", low=5),
    Rule(r"epoch|passes|iteration|updates|rounds|stages|steps", "128", low=50),
    Rule(r"units|hidden|n_features|random features", "128", low=50),
    Rule(r"prototypes|centres|clusters", "10", low=5),
    Rule(r"degree|power|order", "3", low=2),
)
"""What a word in a setting's name, or else in its comment, suggests: the first rule that fits."""


@dataclass(frozen=True)
class Trial:
    """A setting and the value to try."""

    setting: Setting
    new: str

    def change(self) -> str:
        """For sed: from the old value to the new."""
        return self._replace(self.setting.value, self.new)

    def undo(self) -> str:
        """For sed: back to the old value."""
        return self._replace(self.new, self.setting.value)

    def _replace(self, old: str, new: str) -> str:
        return f"{self.setting.line}s/{self.setting.mark}{old}/{self.setting.mark}{new}/"


def suggest(setting: Setting) -> Trial | None:
    """What to try with a setting, if anything: a switch that is off is put on, a number far from usual set right."""
    rule = _rule(setting)
    if rule is not None and rule.target is None:
        return None
    if setting.value.lower() in ("true", "false"):
        on = {"False": "True", "false": "true"}.get(setting.value)
        return Trial(setting, on) if on else None
    if rule is None or rule.target is None or rule.low <= float(setting.value) <= rule.high:
        return None
    return Trial(setting, rule.target)


def _rule(setting: Setting) -> Rule | None:
    for text in (setting.name.lower(), setting.comment.lower()):
        for rule in RULES:
            if text and re.search(rule.words, text):
                return rule
    return None
