"""The scripted agent, driven by text as the environment writes it, and once in the real environment."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import gymnasium
import pytest
from challenges import write_game, write_table

import synthgym
from synthgym.agents.chat.actions import Reply, parse_reply
from synthgym.agents.episode import run_episode
from synthgym.agents.research.briefing import Briefing
from synthgym.agents.research.scripted import ScriptedAgent
from synthgym.agents.research.settings import Setting, read_settings, suggest
from synthgym.agents.research.strategies import read_game
from synthgym.base.errors import MissingDependencyError
from synthgym.envs.sandboxes import resolve_sandbox

TABLE = """# Tides: height
Learn `height` of tides from data/train.csv and predict it for data/test.csv. Improve ridge: settings {held}, run with \
`python fit.py`.

Metric: rmse, lower is better. The starter scores 3.1.
Submission: out.csv, a CSV file with the header height.
Run the starter: python fit.py
Files: {files}
Commands: validate (score the submission, 10 times), submit (hand it in and finish). Steps: 20."""

IN_CONFIG = TABLE.format(held="in config.json", files="NOTES.md config.json data/test.csv data/train.csv fit.py")

GAME = """# Two ferries: dock or circle
Improve `play` in bot.py, which returns your next move.

Metric: mean_payoff, higher is better. The starter scores 2.5.
Submission: bot.py, a Python module.
Files: bot.py
Commands: validate (score the submission, 10 times), submit (hand it in and finish). Steps: 20."""

BOT = """MOVES = ['dock', 'circle']
PAYOFF = {
    ('dock', 'dock'): 3, ('dock', 'circle'): 0,
    ('circle', 'dock'): 5, ('circle', 'circle'): 1,
}


def play(theirs, mine):
    # mine: your moves so far, theirs: the other side's
    return 'dock'
"""


def score(value: float, better: str = "lower") -> str:
    return f"validation score {value} (rmse, {better} is better), the first; 9 validations left"


def episode(briefing: str, answer: Callable[[str], str], limit: int = 18) -> list[str]:
    """The agent's commands until it submits."""
    agent = ScriptedAgent()
    agent.reset(briefing, {})
    observation, commands = briefing, []
    for _ in range(limit):
        command = agent(observation, {})
        assert parse_reply(agent.content) == Reply(agent.content.split("\n```")[0], command)
        assert len(agent.content) < 500
        commands.append(command)
        if re.search(r"\bsubmit$", command):
            return commands
        observation = answer(command)
    raise AssertionError(f"no submit in {limit} actions: {commands}")


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PENALTY = 100.0  # on the weights\n", Setting("PENALTY", 1, "= ", "100.0", "on the weights")),
        ('config = {\n    "rate": 0.001,  # step\n}\n', Setting("rate", 2, ": ", "0.001", "step")),
        ('{\n "scale": false,\n}\n', Setting("scale", 2, ": ", "false")),
        ("[fit]\nk=1 ; neighbours\n", Setting("k", 2, "=", "1", "neighbours")),
        ("class S:\n    depth = 1\n", Setting("depth", 2, "= ", "1")),
        ("bins: 2  # a column\n", Setting("bins", 1, ": ", "2", "a column")),
        ("cd src\npython fit.py l2=20000.0\n", Setting("l2", 2, "l2=", "20000.0")),
    ],
)
def test_settings_are_found_in_every_layout(text: str, found: Setting) -> None:
    assert read_settings(listing(text)) == [found]


def test_what_is_inside_a_function_is_no_setting() -> None:
    assert read_settings(listing("import os\n\n\ndef f(x, n=3):\n    k = 1\n")) == []


def listing(text: str) -> str:
    """What the agent's own command shows of a file."""
    shown = subprocess.run(["grep", "-n", "[=:] *[-0-9TFtf]"], input=text, capture_output=True, text=True)
    return shown.stdout


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("epochs = 5", "128"),
        ("epochs = 80", None),
        ("learning_rate = 0.0005", "0.1"),
        ("learning_rate = 0.1", None),
        ("ridge_penalty = 50000.0", "1.0"),
        ("degree = 1", "3"),
        ("use_rows = 30", "2048"),
        ("k = 1", "10"),
        ("k = 300", "10"),
        ("scale = False", "True"),
        ("scale = True", None),
        ("verbose = False", None),
        ("digits = 6", None),
        ("a = 2  # number of rounds", "128"),
        ("b = False  # same scale for all columns", "True"),
        ("c = 7", None),
    ],
)
def test_names_and_comments_suggest_a_value(line: str, new: str | None) -> None:
    (setting,) = read_settings(f"7:{line}")
    trial = suggest(setting)
    assert (trial.new if trial else None) == new


def test_changes_are_what_sed_does(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    before = '{\n "l2": 20000.0,\n "scale": false,\n "scale_too": false\n}\n'
    for setting in read_settings(listing(before)):
        file.write_text(before)
        trial = suggest(setting)
        assert trial
        subprocess.run(["sed", "-i", trial.change(), str(file)], check=True)
        assert file.read_text() == before.replace(f'{setting.name}": {setting.value}', f'{setting.name}": {trial.new}')
        subprocess.run(["sed", "-i", trial.undo(), str(file)], check=True)
        assert file.read_text() == before


def test_the_file_with_the_settings() -> None:
    assert Briefing(IN_CONFIG).settings_file() == "config.json"
    assert Briefing(TABLE.format(held="at the top of fit.py", files="fit.py show.py")).settings_file() == "fit.py"
    silent = "Metric: mae, lower is better.\nRun the starter: sh go.sh\nFiles: a.py go.sh data/x.csv"
    assert Briefing(silent).settings_file() == "go.sh"


@pytest.mark.parametrize(
    ("table", "payoff"),
    [
        ("P = {('a', 'b'): 1}", "P[m, t]"),
        ("P = {'a': {'a': 1, 'b': 2}}", "P[m][t]"),
        ("P = [[1, 2], [3, 4]]", "P[m][t]"),
    ],
)
def test_payoffs_are_read_in_every_form(table: str, payoff: str) -> None:
    game = read_game(f"moves = ['a', 'b']\n{table}\n\n\ndef go(them, us):\n    return 'a'\n")
    assert game
    assert (game.mine, game.theirs, game.moves, game.payoff, game.returned) == ("us", "them", "moves", payoff, "'a'")


@pytest.mark.parametrize(
    "text",
    [
        BOT.replace("    return 'dock'", "    if mine:\n        return 'circle'\n    return 'dock'"),
        BOT.replace("def play(theirs, mine)", "def play(theirs)"),
        BOT + "\n\ndef helper(a, b):\n    pass\n",
        BOT.partition("\n")[2],
        "def def (",
    ],
)
def test_a_program_of_another_kind_is_left_alone(text: str) -> None:
    assert read_game(text) is None


# -- researching -------------------------------------------------------------------------------------------------------


def test_what_helps_is_kept_and_what_hurts_goes_back() -> None:
    def answer(command: str) -> str:
        if command.startswith("head"):
            return '2: "degree": 1,\n3: "verbose": false,\n4: "penalty": 20000.0\n'
        return score(4.0 if ": 3/" in command else 1.0 if "1.0/" in command else 3.0)

    commands = episode(IN_CONFIG, answer)
    assert commands == [
        "head -n 16 config.json | grep -n '[=:] *[-0-9TFtf]'",
        "python fit.py && validate; sed -n 2p config.json",
        "sed -i '2s/: 1/: 3/' config.json && python fit.py && validate; sed -n 3p config.json",
        "sed -i '2s/: 3/: 1/' config.json && python fit.py; sed -n 3p config.json",
        "sed -n 4p config.json",
        "sed -i '4s/: 20000.0/: 1.0/' config.json && python fit.py && validate; sed -n 5p config.json",
        "submit",
    ]


def test_higher_is_better_where_it_says_so() -> None:
    def answer(command: str) -> str:
        return "1:penalty = 20000.0" if "head" in command else scores.pop(0) if "validate" in command else ""

    scores = [score(3.0, "higher"), score(1.0, "higher")]
    commands = episode(IN_CONFIG.replace("lower is", "higher is"), answer)
    undo = "sed -i '1s/= 1.0/= 20000.0/' config.json && python fit.py; sed -n 2p config.json"
    assert commands[-2:] == [undo, "submit"]


def test_a_change_that_breaks_the_run_goes_back() -> None:
    def answer(command: str) -> str:
        if command.startswith("head"):
            return "1:units = 4"
        return "Traceback …\nMemoryError\n[exit code 1]" if "sed -i" in command else score(3.0)

    assert "1s/= 128/= 4/" in episode(IN_CONFIG, answer)[-2]


def test_it_says_what_becomes_of_each_setting() -> None:
    agent = ScriptedAgent()
    agent(IN_CONFIG, {})
    agent("1:rounds = 2\n2:scale = True\n3:l2 = 20000.0\n4:depth = 1", {})
    shown = [score(3.0), score(3.0), "l2 = 20000.0", score(4.0), "depth = 1", score(2.0)]
    said = [agent.content.split("\n")[0] for text in shown if agent(text, {})]
    assert said == [
        "rounds 128.",
        "As good. scale stays.",
        "l2 1.0.",
        "Worse. Back to 20000.0.",
        "depth 4.",
        "Better. I submit.",
    ]


def test_it_stops_when_no_validations_are_left() -> None:
    listed = "1:rounds = 2\n2:depth = 1\n3:bins = 2"
    commands = episode(IN_CONFIG, lambda command: listed if "head" in command else "no validations left")
    assert not [command for command in commands if "sed -i" in command]


def test_an_episode_with_many_settings_fits_into_the_steps() -> None:
    listed = "\n".join(f"{number}:rounds{number} = 2" for number in range(1, 30))
    scores = iter(range(1, 30))
    commands = episode(IN_CONFIG, lambda command: listed if "head" in command else score(next(scores)), limit=20)
    assert sum("validate" in command for command in commands) == 8


class Match:
    """A game whose file is really rewritten; `values`: the score of the first text that is found in it."""

    def __init__(self, folder: Path, values: dict[str, float]) -> None:
        self.file, self.values, self.tried = folder / "bot.py", values, list[str]()
        self.file.write_text(BOT)

    def __call__(self, command: str) -> str:
        shell = command.removesuffix(" && validate").removesuffix("validate")
        shown = subprocess.run(shell, shell=True, cwd=self.file.parent, capture_output=True, text=True, check=True)
        self.tried.append(self.file.read_text())
        if not command.endswith("validate"):
            return shown.stdout
        return score(next(value for text, value in self.values.items() if text in self.tried[-1]), "higher")


def test_a_strategy_is_rewritten_and_the_best_handed_in(tmp_path: Path) -> None:
    match = Match(tmp_path, {"zip": 4.0, "max": 3.0, "'dock'": 2.5})
    commands = episode(GAME, match)
    assert len(commands) == 5
    for code in match.tried[2:]:
        space: dict[str, Callable[[list[str], list[str]], str]] = {}
        exec(code, space)
        assert space["play"]([], []) in ("dock", "circle")
        assert space["play"](["dock"] * 5, ["circle"] * 5) == "circle"
    assert "zip" in match.tried[-1]


def test_a_rewrite_that_loses_is_taken_back(tmp_path: Path) -> None:
    match = Match(tmp_path, {"zip": 1.0, "max": 3.0, "'dock'": 2.5})
    episode(GAME, match)
    assert "zip" in match.tried[-2]
    assert "zip" not in match.tried[-1]
    assert "for t in theirs" in match.tried[-1]
    match = Match(tmp_path, {"max": 1.0, "return 'dock'": 2.5})
    episode(GAME, match)
    assert match.tried[-1] == BOT


@pytest.mark.parametrize(
    "briefing", [IN_CONFIG, GAME, "", "Nothing here.\n\x00é", "Files: \nSubmission: ", GAME.replace("bot.py", "x/y.py")]
)
@pytest.mark.parametrize(
    "observation", ["", "bash: cat: no such file\n[exit code 1]", "\x00\xff" * 50, "def def (", BOT]
)
def test_it_ends_whatever_it_is_shown(briefing: str, observation: str) -> None:
    assert len(episode(briefing, lambda command: observation)) <= 12


def test_after_the_end_it_submits_again() -> None:
    agent = ScriptedAgent()
    for _ in range(20):
        command = agent("", {})
    assert command == "submit"


# -- in the environment ------------------------------------------------------------------------------------------------


@pytest.fixture
def registered(tmp_path: Path) -> Iterator[list[str]]:
    try:
        resolve_sandbox("auto")
    except MissingDependencyError as error:
        pytest.skip(str(error))
    collection = tmp_path / "collection"
    collection.mkdir()
    (collection / "collection.yaml").write_text("namespace: scripted-tests\ntitle: Tests\n")
    write_table(collection)
    write_game(collection)
    names = synthgym.register(collection)
    yield names
    for name in names:
        del gymnasium.registry[name]


def test_challenges_it_does_not_understand_are_handed_in_as_they_are(registered: list[str]) -> None:
    for name in registered:
        env = gymnasium.make(name)
        try:
            record = run_episode(env, ScriptedAgent(), seed=0)
        finally:
            env.close()
        assert record.outcome.exit_status == "submitted"
