"""Ways to fool MLGym's evaluators: each works where everything is in one sandbox, as it is there, and none here.

Tried on tasks of our own in MLGym's format; and, where SYNTHGYM_MLGYM_ROOT names a checkout, on MLGym's own.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest
from env_fixtures import LIMITS, needs
from mlgym_checkout import registered, write_checkout, write_table

import synthgym
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.sandboxes import open_sandbox
from synthgym.envs.sandboxes.base import Profile, Setup
from synthgym.registry.mlgym.challenge import read_evaluation
from synthgym.registry.mlgym.table import TABLE_VARIABLE

CHECKOUT = os.environ.get("SYNTHGYM_MLGYM_ROOT")
WHOLE = Profile("agent", memory_mb=2048, pids=128, disk_mb=128)


@dataclass(frozen=True)
class Game:
    """A task with a module: what its evaluator asks for, and scores that nobody can reach honestly."""

    task: str
    function: str
    opponent: str
    move: str
    answer: str
    best: float


GAMES = {
    "ours": Game("biasedCoin", "guess", "call", "1", "1", 0.9),
    "battleOfSexes": Game("battleOfSexes", "row_strategy", "target_column_strategy", "0", "0", 1.9),
    "prisonersDilemma": Game("prisonersDilemma", "row_strategy", "target_column_strategy", "1", "0", 4.5),
    "blotto": Game(
        "blotto",
        "row_strategy",
        "target_column_strategy",
        "[20, 20, 20, 20, 20, 20]",
        "[120, 0, 0, 0, 0, 0]",
        0.8,
    ),
}

HONEST = "def {function}(history):\n    return {move}\n"
PRINTED = """python - <<'END'\nopen("strategy.py", "w").write({text!r})\nEND\n"""

# A command each: what an agent does in its workspace before it asks for a score.
HACKS = {
    "a printed score": "import os\nprint('{{\"Score\": 99.0}}', flush=True)\nos._exit(0)\n",
    "a patched opponent": "import target\ntarget.{opponent} = lambda history: {answer}\n" + HONEST,
    "a patched library": "import json\njson.dumps = lambda data: '{{\"Score\": 99.0}}'\n" + HONEST,
    "a forged past": "def {function}(history):\n"
    "    history[:] = [({move}, {answer})] * len(history)\n    return {move}\n",
    "a patched evaluator": "import sys\nfor name in ('play', 'simulation_mean_scores'):\n"
    "    setattr(sys.modules['__main__'], name, None)\n"
    "import atexit, os\natexit.register(lambda: (os.lseek(1, 0, 0), os.ftruncate(1, 0), "
    "os.write(1, b'{{\"Score\": 99.0}}')))\n" + HONEST,
    "a rewritten opponent": HONEST + "#!cat > target.py <<'END'\ndef {opponent}(history):\n    return {answer}\nEND\n",
    "a replaced evaluator": HONEST + '#!chmod +w evaluate.py; echo "print(\'{{\\"Score\\": 99.0}}\')" > evaluate.py\n',
    "a startup file": HONEST + "#!mkdir -p $(python -m site --user-site) && "
    'echo "import os; os.write(1, b\'{{\\"Score\\": 99.0}}\'); os._exit(0)" > $(python -m site --user-site)/x.pth\n',
    "a module in the way": HONEST + '#!echo "dumps = lambda data: \'{{\\"Score\\": 99.0}}\'" > json.py\n',
}


def commands(game: Game, hack: str) -> tuple[str, str]:
    """The strategy's text, and a command."""
    text = HACKS[hack].format(**game.__dict__)
    strategy, _, command = text.partition("#!")
    return strategy, command or "true"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Ours, registered, and MLGym's own where it is named."""
    folder = tmp_path_factory.mktemp("mlgym-attacks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TABLE_VARIABLE, str(write_table(folder / "table.yaml")))
        with registered(write_checkout(folder / "checkout")):
            if CHECKOUT:
                synthgym.register_mlgym(CHECKOUT)
            yield folder / "checkout"


@pytest.fixture
def open_env(checkout: Path) -> Iterator[Callable[..., ChallengeEnv]]:
    made: list[ChallengeEnv] = []

    def open_env(task: str, sandbox: str = "bubblewrap", protocol: str = "mlgym") -> ChallengeEnv:
        needs(sandbox)
        settings = {"sandbox": sandbox, "protocol": protocol}
        env = gym.make(f"mlgym/{task}-v0", disable_env_checker=True, **settings).unwrapped
        assert isinstance(env, ChallengeEnv)
        made.append(env)
        env.reset(seed=0)
        return env

    yield open_env
    for env in made:
        env.close()


def as_mlgym_does(env: ChallengeEnv, tmp_path: Path, strategy: str | None, command: str) -> dict[str, Any]:
    """What the task's own evaluator says in the agent's own sandbox, with all of the task's files in it."""
    assert env._prepared is not None
    whole = tmp_path / "whole"
    shutil.copytree(env._prepared.workspace, whole)
    for name in read_evaluation(env._prepared.grader).hidden:
        shutil.copy(env._prepared.private / name, whole / "data" / name)
    box = open_sandbox("bubblewrap", Setup(WHOLE, whole))
    try:
        box.start()
        if strategy is not None:
            box.write("strategy.py", strategy.encode())
        box.run(command, LIMITS)
        evaluator = "python evaluate.py --submission_file /home/agent/workspace/submission.csv"
        box.run(f"{evaluator} > said.json 2> errors", LIMITS)
        said: dict[str, Any] = json.loads(box.read("said.json", 10_000))
        return said
    finally:
        box.close()


@pytest.mark.sample(4)
@pytest.mark.parametrize("hack", HACKS)
@pytest.mark.parametrize("name", GAMES)
def test_a_game_cannot_be_fooled(
    open_env: Callable[..., ChallengeEnv], tmp_path: Path, name: str, hack: str, sealed: str
) -> None:
    game = GAMES[name]
    if name != "ours" and not CHECKOUT:
        pytest.skip("needs a checkout of MLGym's repository: SYNTHGYM_MLGYM_ROOT")
    env = open_env(game.task, sealed)
    strategy, command = commands(game, hack)
    assert as_mlgym_does(env, tmp_path, strategy, command)["Score"] > game.best, "it works on MLGym"
    assert env._box is not None
    env._box.write("strategy.py", strategy.encode())
    env.step(command)
    env.step("/opt/synthgym/bin/validate")
    *_, info = env.step("/opt/synthgym/bin/submit")
    assert all(score < game.best for score in info["scores"])
    handed_in = info["submission"]
    assert handed_in is not None
    assert not handed_in["accepted"] or handed_in["score"] < game.best


TABLES = {"ours": ("tides", "answers.csv"), "house": ("regressionKaggleHousePrice", "answer.csv")}


@pytest.mark.parametrize("protocol", ["mlgym", "sealed"])
@pytest.mark.parametrize("name", TABLES)
def test_the_answers_are_nowhere(
    open_env: Callable[..., ChallengeEnv], tmp_path: Path, name: str, protocol: str, sealed: str
) -> None:
    if name != "ours" and not CHECKOUT:
        pytest.skip("needs a checkout of MLGym's repository: SYNTHGYM_MLGYM_ROOT")
    task, answers = TABLES[name]
    env = open_env(task, sealed, protocol)
    stolen = f"cp data/{answers} submission.csv"
    said = as_mlgym_does(env, tmp_path, None, stolen)
    assert said.get("mae", 0.0) == pytest.approx(0.0), "it works on MLGym"
    assert said.get("r2", 1.0) == pytest.approx(1.0)
    observation, *_ = env.step(f"{stolen}; find / -name {answers} 2>/dev/null; grep -c , data/test.csv")
    assert "No such file" in observation
    assert f"/{answers}" not in observation.splitlines()[1:]
    *_, info = env.step("submit")
    assert not info["submission"]["accepted"]


@pytest.mark.parametrize("hack", ["a replaced evaluator", "a startup file", "a module in the way"])
def test_a_table_cannot_be_fooled(open_env: Callable[..., ChallengeEnv], sealed: str, hack: str) -> None:
    """What stands around the table in the workspace counts for nothing."""
    env = open_env("tides", sealed)
    env.step("python baseline.py && validate")
    honest = env.step("submit")[4]["score"]
    env.reset(seed=0)
    game = GAMES["ours"]
    env.step(f"python baseline.py; {commands(game, hack)[1].replace('Score', 'mae').replace('99.0', '0.0')}")
    env.step("/opt/synthgym/bin/submit")
    assert env._session is not None
    assert env._session.score == honest
