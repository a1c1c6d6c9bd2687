"""Research on a starter with named settings: a plan, then one change at a time, from first to last; what helps stays.

Constants, a dictionary, JSON, INI, ``name: value``, arguments in a shell script: a setting is whatever
`settings.read_settings` finds.
"""

from __future__ import annotations

from synthgym.agents.research.briefing import NO_MORE, Briefing, Outcome, Research, Scores
from synthgym.agents.research.settings import Trial, read_settings, suggest

TRIALS = 7
"""Changes of settings tried in an episode."""

HEAD = 16
"""Lines of the file that are read: the settings stand above the code."""

_VERDICT: dict[Outcome, str] = {"better": "Better. ", "same": "As good. ", "worse": ""}


def tune(briefing: Briefing) -> Research:
    """The whole episode."""
    file, run = briefing.settings_file(), briefing.run
    shown = ""
    if file:
        shown = yield f"First I read {file}.", f"head -n {HEAD} {file}"
    if not run:
        yield "I do not know how to run this, so I score what is there.", "validate"
        yield "I hand in what there is.", "submit"
        return
    plan = [trial for setting in read_settings(shown) if (trial := suggest(setting))][:TRIALS]
    said = ", ".join(_short(trial, trial.new) for trial in plan)
    scores = Scores(briefing.lower_is_better)
    observation = yield f"Plan: {said}. First the baseline." if plan else "The baseline.", f"{run} && validate"
    scores.compare(observation)
    verdict = ""
    for trial in plan:
        if NO_MORE in observation:
            break
        observation = yield f"{verdict}Next: {_short(trial, trial.new)}.", _edit(trial.change(), file, run, "validate")
        outcome = scores.compare(observation)
        verdict = _VERDICT[outcome]
        if outcome == "worse":
            yield f"Worse. Back: {_short(trial, trial.setting.value)}.", _edit(trial.undo(), file, run)
    yield f"{verdict}I submit.", "submit"


def _short(trial: Trial, value: str) -> str:
    return f"{trial.setting.name} {value}"


def _edit(change: str, file: str, *then: str) -> str:
    return " && ".join([f"sed -i '{change}' {file}", *then])
