"""Research on a starter with named settings: one after the other is looked at, and changed if it looks weak.

Constants, a dictionary, JSON, INI, ``name: value``, arguments in a shell script: a setting is whatever
`settings.read_settings` finds.
"""

from __future__ import annotations

from synthgym.agents.research.briefing import NO_MORE, Briefing, Outcome, Research, Scores
from synthgym.agents.research.settings import read_settings, suggest

SETTINGS, TRIALS = 9, 7
"""Settings looked at and changes tried in an episode: with every change taken back, that fits into twenty steps."""

HEAD = 16
"""Lines of the file that are searched: the settings stand above the code."""

_VERDICT: dict[Outcome, str] = {"better": "Better. ", "same": "As good. ", "worse": ""}


def tune(briefing: Briefing) -> Research:
    """The whole episode."""
    file, run = briefing.settings_file(), briefing.run
    listed = ""
    if file:
        listed = yield f"First the settings in {file}.", f"head -n {HEAD} {file} | grep -n '[=:] *[-0-9TFtf]'"
    if not run:
        yield "I do not know how to run this, so I score what is there.", "validate"
        yield "I hand in what there is.", "submit"
        return
    settings = read_settings(listed)[:SETTINGS]
    # Each command ends by showing the line that the next one is about.
    looks = [f"; sed -n {setting.line}p {file}" for setting in settings]
    looks += [f"; sed -n {settings[-1].line + 1}p {file}"] if settings else [""]
    scores = Scores(briefing.lower_is_better)
    observation = yield "Now the baseline.", f"{run} && validate{looks[0]}"
    scores.compare(observation)
    verdict, tried = "", 0
    for setting, look in zip(settings, looks[1:], strict=True):
        tried = TRIALS if NO_MORE in observation else tried
        trial = suggest(setting) if tried < TRIALS else None
        if trial is None:
            observation = yield f"{verdict}{setting.name} stays.", look.removeprefix("; ")
            verdict = ""
            continue
        tried += 1
        change = f"sed -i '{trial.change()}' {file} && {run} && validate{look}"
        observation = yield f"{verdict}{setting.name} {trial.new}.", change
        outcome = scores.compare(observation)
        verdict = _VERDICT[outcome]
        if outcome == "worse":
            yield f"Worse. Back to {setting.value}.", f"sed -i '{trial.undo()}' {file} && {run}{look}"
    yield f"{verdict}I submit.", "submit"
