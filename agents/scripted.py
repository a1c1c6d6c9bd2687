"""A researcher made of rules, the offline teacher: reads the starter, tries one change at a time, keeps what helps.

It knows only what an agent is shown: the briefing, and what its commands print. Two kinds of problem are understood:

* a starter with named settings (constants, a dictionary, JSON, INI, `name: value`, arguments in a shell script): it
  changes one setting after another, in the direction that the setting's name or comment suggests;
* a strategy, a function of both sides' moves with a table of payoffs: it rewrites the function.

Anything else it runs as it stands, validates and submits.
"""

from __future__ import annotations

import ast
import random
import re
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, Literal

from synthgym.agents.actions import write_reply

TRIALS = 6
"""Changes of settings tried in an episode."""

Step = tuple[str, str]
"""What it says, and the command."""
Research = Generator[Step, str, None]
Change = Callable[[str], str]

_SCORE = re.compile(r"validation score (-?[\d.]+(?:e[-+]?\d+)?)")
_NO_MORE = "no validations left"
_FILE = r"[\w./-]+\.(?:py|json|ini|cfg|toml|ya?ml|sh|txt)"


class ScriptedAgent:
    """Call it with an observation, get the next command. `seed` varies wording and order, not the method."""

    name = "scripted"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.content = ""
        self._research: Research | None = None

    def reset(self, observation: str, info: dict[str, Any]) -> None:
        """Starts on a new problem; `observation` is the briefing."""
        self._research = None

    def __call__(self, observation: str, info: dict[str, Any]) -> str:
        """The next command; what was said with it is in `content`."""
        try:
            if self._research is None:
                rng = random.Random(self.seed * 1_000_003 + zlib.crc32(observation.encode()))
                self._research = research(Briefing(observation), rng)
                said, command = next(self._research)
            else:
                said, command = self._research.send(observation)
        except StopIteration:
            said, command = "I am done.", "submit"
        self.content = write_reply(said, command)
        return command


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


def research(briefing: Briefing, rng: random.Random) -> Research:
    """The whole episode: yields commands, is sent what they print."""
    if briefing.module:
        return _strategy(briefing, rng)
    return _settings(briefing, rng)


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


# -- settings ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """A setting as it stands in a file: `before` + `value` is the text to replace."""

    name: str
    before: str
    value: str
    comment: str = ""


_LINE = re.compile(
    r"""^\s*(?P<before>(?P<quote>["']?)(?P<name>[A-Za-z_]\w*)(?P=quote)\s*[=:]\s*)"""
    r"""(?P<value>True|False|true|false|-?\d+(?:\.\d*)?(?:e-?\d+)?)\s*,?\s*(?:[#;]\s*(?P<comment>.*))?$"""
)
_ARGUMENT = re.compile(r"(?:^|\s)(?P<before>(?P<name>[A-Za-z_]\w*)=)(?P<value>true|false|-?\d[\d.e-]*)(?=\s|$)")


def read_settings(text: str) -> list[Setting]:
    """The settings in the text of a file: those above its first function."""
    found = []
    for line in text.split("\n"):
        if re.match(r"\s*def ", line):
            break
        match = _LINE.match(line)
        if match:
            found.append(Setting(match["name"], match["before"], match["value"], match["comment"] or ""))
        elif re.match(r"\s*(python|exec) ", line):
            found += [Setting(each["name"], each["before"], each["value"]) for each in _ARGUMENT.finditer(line)]
    return [one for one in found if len(re.findall(re.escape(one.before + one.value) + r"\b", text)) == 1]


def _tenfold(value: str) -> str:
    """Ten times a small number; what is no longer small is enough."""
    if float(value) >= 50:
        return value
    return f"{float(value) * 10:g}" if "." in value else f"{value}0"


def _hundredfold(value: str) -> str:
    return f"{value}00" if value.isdigit() and int(value) < 1000 else value


def _to(target: str, low: float, high: float) -> Change:
    """A change to `target` for a value outside `low`…`high`."""
    return lambda value: target if not low <= float(value) <= high else value


def _narrower(value: str) -> str:
    """From far too wide to narrow, then narrower."""
    return "0.5" if float(value) > 3 else {"0.5": "0.2", "0.2": "0.1"}.get(value, value)


def _one_more(value: str) -> str:
    return str(int(float(value)) + 1) if float(value) < 3 else value


@dataclass(frozen=True)
class Rule:
    """What to do with a setting that one of `words` fits.

    Attributes:
        turn: When: first the data there is to learn from, then what can spoil all else, then more of a good thing.
        words: Pattern of a name or comment.
        change: The old value to the new one; the same value: leave it. None: it has no part in the score.
        again: Once more when it has not hurt.
    """

    turn: int
    words: str
    change: Change | None
    again: bool = False


RULES = (
    Rule(0, r"verbose|debug|echo|chatty|digits|decimals|precision|seed|print|thread|version", None),
    Rule(0, r"rows|row_limit", _hundredfold),
    Rule(0, r"columns used|columns?$|column_limit|first columns", _tenfold),
    Rule(1, r"rate|step_size|learning|size of a step|how far a step", _to("0.1", 0.02, 1)),
    Rule(1, r"width|radius|kernel|reaches", _narrower, again=True),
    Rule(1, r"penalty|ridge|l2|shrink", _to("1.0", 0.01, 10)),
    Rule(1, r"smooth|var_floor", _to("0.1", 0.001, 3)),
    Rule(1, r"neighbour|nearest|^k$", _to("10", 5, 30)),
    Rule(1, r"depth|levels|in a row", _to("4", 2, 9)),
    Rule(1, r"bins|buckets|cuts|thresholds", lambda value: _tenfold(value) if float(value) < 5 else value),
    Rule(2, r"epoch|passes|iteration|updates|rounds|stages|steps", _tenfold, again=True),
    Rule(2, r"units|hidden|n_features|random features", _tenfold, again=True),
    Rule(2, r"prototypes|centres|clusters", _tenfold),
    Rule(3, r"degree|power|order", _one_more, again=True),
)
"""What a word in a setting's name, or else in its comment, suggests: the first rule that fits."""

SWITCHES = 2
"""When switches that are off are tried."""


@dataclass(frozen=True)
class Trial:
    """A setting and the value to try."""

    turn: int
    setting: Setting
    new: str
    again: bool = False

    def change(self) -> str:
        """For sed: from the old value to the new."""
        return f"s/{self.setting.before}{self.setting.value}/{self.setting.before}{self.new}/"

    def undo(self) -> str:
        """For sed: back to the old value."""
        return f"s/{self.setting.before}{self.new}/{self.setting.before}{self.setting.value}/"

    def repeated(self) -> Trial | None:
        """The same change once more."""
        return suggest(replace(self.setting, value=self.new)) if self.again else None


def suggest(setting: Setting) -> Trial | None:
    """What to try with a setting, if anything."""
    rule = _rule(setting)
    if setting.value.lower() in ("true", "false"):
        off = {"False": "True", "false": "true"}.get(setting.value)
        inert = rule is not None and rule.change is None
        return Trial(SWITCHES, setting, off) if off and not inert else None
    if rule is None or rule.change is None:
        return None
    new = rule.change(setting.value)
    return Trial(rule.turn, setting, new, rule.again) if new != setting.value else None


def _rule(setting: Setting) -> Rule | None:
    for text in (setting.name.lower(), setting.comment.lower()):
        for rule in RULES:
            if text and re.search(rule.words, text):
                return rule
    return None


def _settings(briefing: Briefing, rng: random.Random) -> Research:
    file = briefing.settings_file()
    shown = ""
    if file:
        shown = yield rng.choice([f"First I read {file}.", f"I look at {file}.", f"Let me see {file}."]), f"cat {file}"
    run = briefing.run
    if not run:
        observation = yield "I do not know how to run this, so I score what is there.", "validate"
        yield "I hand in what there is.", "submit"
        return
    scores = Scores(briefing.lower_is_better)
    observation = yield (
        rng.choice(["Now the baseline.", "I run it as it is.", "What does it score as it stands?"]),
        f"{run} && validate",
    )
    scores.compare(observation)

    found = [trial for setting in read_settings(shown) if (trial := suggest(setting))]
    queue = sorted(found, key=lambda trial: (trial.turn, rng.random()))
    last: Trial | None = None
    outcome: Outcome = "better"
    for _ in range(TRIALS):
        if not queue or _NO_MORE in observation:
            break
        trial = queue.pop(0)
        change = f"{last.undo()}; {trial.change()}" if last and outcome == "worse" else trial.change()
        observation = yield _said(rng, last, outcome, trial), f"sed -i '{change}' {file} && {run} && validate"
        last = trial
        outcome = scores.compare(observation)
        more = trial.repeated()
        if more and outcome != "worse":
            queue.append(more)
    if last and outcome == "worse":
        name = last.setting.name
        said = rng.choice([f"Worse. {name} goes back, and I submit.", f"Worse, I undo {name} and submit."])
        yield said, f"sed -i '{last.undo()}' {file} && {run} && submit"
    else:
        yield (
            rng.choice(["That is the best I have. I submit.", "Good enough, I submit.", "I submit the best."]),
            "submit",
        )


def _said(rng: random.Random, last: Trial | None, outcome: Outcome, trial: Trial) -> str:
    what = f"{trial.setting.name} {trial.new}"
    if last is None:
        return rng.choice([f"Next: {what}.", f"I try {what}.", f"First {what}."])
    if outcome == "worse":
        name = last.setting.name
        return rng.choice([f"Worse. {name} goes back; now {what}.", f"Worse, I undo {name} and try {what}."])
    if outcome == "same":
        return rng.choice([f"As good, it stays. Next: {what}.", f"No worse, kept. Now {what}."])
    return rng.choice([f"Better. Next: {what}.", f"Better, I keep it and try {what}.", f"That helped. Now {what}."])


# -- strategies --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Game:
    """What the starter of a strategy shows."""

    function: str
    arguments: str
    mine: str
    theirs: str
    moves: str
    payoff: str
    """The payoff of move m against t, as code."""
    source: str
    """The function as it stands."""


_MINE = re.compile(r"\b(mine|my|own|us|ours|me|self)(_|\b)")


def read_game(text: str, function: str | None = None) -> Game | None:
    """Finds the function, the list of moves and the table of payoffs; None if any is missing."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and len(node.args.args) == 2]
    moves = table = ""
    nested = False
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        name, value = node.targets[0].id, node.value
        if isinstance(value, ast.List) and value.elts:
            if isinstance(value.elts[0], ast.List):
                table, nested = name, True
            else:
                moves = name
        elif isinstance(value, ast.Dict) and value.keys:
            table, nested = name, not isinstance(value.keys[0], ast.Tuple)
    if not (functions and moves and table):
        return None
    last = functions[-1]
    first, second = (argument.arg for argument in last.args.args)
    mine, theirs = (second, first) if _MINE.search(second) and not _MINE.search(first) else (first, second)
    payoff = f"{table}[m][t]" if nested else f"{table}[m, t]"
    return Game(last.name, f"{first}, {second}", mine, theirs, moves, payoff, ast.get_source_segment(text, last) or "")


def _best_reply(game: Game, against: str) -> str:
    return f"    return max({game.moves}, key=lambda m: sum({game.payoff} for t in {against}))"


def _rewrites(game: Game) -> list[tuple[str, str]]:
    """Ideas in the order they are tried, each with its function."""
    head = f"def {game.function}({game.arguments}):"
    after_both = [
        head,
        f"    pairs = list(zip({game.mine}, {game.theirs}))",
        f"    seen = [t for p, t in zip(pairs, {game.theirs}[1:]) if p == pairs[-1]] or {game.theirs}",
        _best_reply(game, "seen"),
    ]
    return [
        ("Best reply to all their moves so far.", "\n".join([head, _best_reply(game, game.theirs)])),
        ("Best reply to what followed the last pair of moves.", "\n".join(after_both)),
    ]


def _strategy(briefing: Briefing, rng: random.Random) -> Research:
    file = briefing.module
    shown = yield rng.choice([f"First I read {file}.", f"I look at {file}.", f"Let me see {file}."]), f"cat {file}"
    scores = Scores(briefing.lower_is_better)
    observation = yield rng.choice(["What does it score now?", "The starter's score first."]), "validate"
    scores.compare(observation)
    game = read_game(shown)
    ideas = _rewrites(game) if game else []
    kept = game.source if game else ""
    undo = False
    for idea, code in ideas:
        if _NO_MORE in observation:
            break
        observation = yield idea, f"{_replace(game, file, code)}\nvalidate" if game else "validate"
        undo = scores.compare(observation) == "worse"
        kept = kept if undo else code
    if undo and game:
        yield "Worse; I go back to the one before.", f"{_replace(game, file, kept)}\nsubmit"
    else:
        yield rng.choice(["That is the best I have. I hand it in.", "I submit the best."]), "submit"


def _replace(game: Game, file: str, code: str) -> str:
    return f"sed -i '/^def {game.function}/,$d' {file}\ncat >> {file} <<'EOF'\n{code}\nEOF"
