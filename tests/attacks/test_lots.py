"""Telling from a call's index, or from a seed, who plays: what one validation tells helps no other grading."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest
from env_fixtures import needs

from synthgym.base.errors import BadSubmission, GraderError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.grading.lots import Lots
from synthgym.envs.grading.module_grader import ModuleGrader
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import load_challenge

EVALUATE = """
import random
from synthgym_grader import Module, write_result

module = Module(function="choose", history={history})
module.reset(10, 5)
score = 0
for _ in range(3):
    inputs = [{inputs} for player in range(10)]
    answers = module.act(inputs)
    score += sum(answer == player for player, answer in enumerate(answers))
write_result(score)
"""
COUNTING = """
import itertools
calls = itertools.count()
def choose(*given):
    return next(calls) % 10
"""
TOLD = "def choose(mine, theirs):\n    return mine[-1]\n"
SEEDED = """
import random
first = random.random()
def choose(*given):
    {then}
"""


@pytest.fixture
def game(tmp_path: Path) -> Callable[[int, str], ModuleGrader]:
    """A grader whose score is how often a submission knows which player it is."""
    needs("bubblewrap")

    def make(history: int, inputs: str) -> ModuleGrader:
        challenges.write_game(tmp_path)
        (tmp_path / "coins/grader/evaluate.py").write_text(EVALUATE.format(history=history, inputs=inputs))
        challenge = load_challenge(tmp_path / "coins")
        return ModuleGrader(challenge, prepare(challenge, tmp_path / "coins", "bubblewrap"), "bubblewrap")

    return make


@pytest.mark.parametrize(("history", "inputs"), [(0, "[0, 0]"), (2, "{{'append': [0, 0]}}")])
def test_a_calls_index_says_nothing(game: Callable[[int, str], ModuleGrader], history: int, inputs: str) -> None:
    grader = game(history, inputs.replace("{{", "{").replace("}}", "}"))
    known = [grader.grade(f"{COUNTING}# {comment}\n".encode(), "validate").value for comment in range(4)]
    assert max(known) < 15, "of 30; one in ten by luck"
    assert len(set(known)) > 1, "an order of its own for each grading"
    one = f"{COUNTING}# 0\n".encode()
    assert grader.grade(one, "validate").value == known[0], "the same for the same"


def test_what_a_player_is_told_is_its_own(game: Callable[[int, str], ModuleGrader]) -> None:
    grader = game(2, "{'append': [player, 0]}")
    assert grader.grade(TOLD.encode(), "validate").value == 30
    assert game(0, "[player, 0]").grade(b"def choose(player, _):\n    return player\n", "final").value == 30


def test_the_scorers_seed_is_not_told(game: Callable[[int, str], ModuleGrader]) -> None:
    """The first number that the scorer draws would tell all that it draws after it."""
    grader = game(0, "[0, 0]")
    asked = SEEDED.format(then="raise ValueError(random.getrandbits(31))")
    import random

    with pytest.raises(BadSubmission) as told:
        grader.grade(asked.encode(), "validate")
    assert str(random.Random(5).getrandbits(31)) not in str(told.value)
    again = textwrap.dedent(asked) + "# other\n"
    with pytest.raises(BadSubmission) as other:
        grader.grade(again.encode(), "validate")
    with pytest.raises(BadSubmission) as final:
        grader.grade(asked.encode(), "final")
    assert len({str(each.value) for each in (told, other, final)}) == 3, "neither validations nor phases share luck"


@pytest.mark.parametrize("count", ["-1", "10**9", "'x'", "None", "True", "2.0"])
def test_a_scorer_that_asks_for_no_number_of_players(tmp_path: Path, count: str) -> None:
    needs("bubblewrap")
    challenges.write_game(tmp_path)
    text = EVALUATE.format(history=1, inputs="{}").replace("reset(10", f"reset({count}")
    (tmp_path / "coins/grader/evaluate.py").write_text(text)
    challenge = load_challenge(tmp_path / "coins")
    grader = ModuleGrader(challenge, prepare(challenge, tmp_path / "coins", "bubblewrap"), "bubblewrap")
    with pytest.raises(GraderError, match="expected a number of players"):
        grader.grade(COUNTING.encode(), "final")


def test_fewer_inputs_than_players_is_the_scorers_fault(tmp_path: Path) -> None:
    needs("bubblewrap")
    challenges.write_game(tmp_path)
    text = EVALUATE.format(history=1, inputs="{}").replace("for player in range(10)]", "for player in range(9)]")
    (tmp_path / "coins/grader/evaluate.py").write_text(text)
    challenge = load_challenge(tmp_path / "coins")
    grader = ModuleGrader(challenge, prepare(challenge, tmp_path / "coins", "bubblewrap"), "bubblewrap")
    with pytest.raises(GraderError, match="an input for each of 10 players, got 9"):
        grader.grade(COUNTING.encode(), "final")


def test_lots_are_all_there_and_depend_on_every_part_of_their_key() -> None:
    assert sorted(Lots("a").order(100)) == list(range(100))
    keys: list[tuple[bytes | str, ...]] = [("a", "b"), ("ab",), ("", "ab"), ("a", "b", ""), (b"a", b"c")]
    assert len({tuple(Lots(*key).order(50)) for key in keys}) == len(keys)
    assert Lots("a", b"b").seed() == Lots(b"a", "b").seed()


def test_time_that_a_submission_takes_is_the_episodes(sealed: str, make_env: Callable[..., ChallengeEnv]) -> None:
    """A strategy that sleeps in a grading costs its agent what a command that sleeps would cost."""
    env = make_env("coins", sealed)
    env.reset(seed=0)
    before = env.step("true")[-1]["seconds_left"]
    sleeping = "import time\\ntime.sleep(2)\\ndef choose(mine, theirs):\\n    {then}\\n"
    spent = []
    for then in ('return \\"heads\\"', "raise ValueError(1)"):
        *_, info = env.step(f'printf "{sleeping.format(then=then)}" > strategy.py; validate')
        spent.append(before - info["seconds_left"])
        before = info["seconds_left"]
    assert min(spent) > 1.9, "answered or failed"
    env.step("printf 'x\\n' > strategy.py; validate")
    assert env.step("true")[-1]["validations_left"] == env.validations - 3


def test_cpu_that_a_submission_uses_is_the_episodes(sealed: str, make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    before = env.step("true")[-1]["cpu_seconds_left"]
    burning = "import time\\nwhile time.process_time() < 1: pass\\n"
    *_, info = env.step(f'(printf "{burning}"; cat strategy.py) > new.py; mv new.py strategy.py; validate')
    assert len(info["scores"]) == 1
    assert before - info["cpu_seconds_left"] > 0.9


def test_gradings_in_one_step_take_no_more_than_is_left(make_env: Callable[..., ChallengeEnv]) -> None:
    env = make_env("coins")
    env.reset(seed=0)
    assert env._session
    little = env.challenge.budget.model_copy(update={"episode_cpu_seconds": 2.0, "wall_factor": 2.0})
    env._session.challenge = env.challenge.model_copy(update={"budget": little})
    sleeping = "(printf 'import time\\ntime.sleep(3)\\n'; cat strategy.py) > new.py; mv new.py strategy.py"
    began = time.monotonic()
    observation, *_, info = env.step(f"{sleeping}; validate; validate; validate; validate")
    assert observation.count("validation score") == 1, "three of four seconds"
    assert "more wall time than it has" in observation, "the rest"
    assert "refused: no time left" in observation
    assert info["exit_status"] == "budget"
    assert time.monotonic() - began < 60


def test_a_grading_takes_no_longer_than_a_command_may(tmp_path: Path) -> None:
    needs("bubblewrap")
    challenges.write_game(tmp_path)
    challenge = load_challenge(tmp_path / "coins")
    little = challenge.budget.model_copy(update={"command_cpu_seconds": 1.0, "wall_factor": 2.0})
    challenge = challenge.model_copy(update={"budget": little})
    grader = ModuleGrader(challenge, prepare(challenge, tmp_path / "coins", "bubblewrap"), "bubblewrap")
    burning = b"import time\ndef choose(mine, theirs):\n    time.sleep(0.5)\n    return 'heads'\n"
    with pytest.raises(BadSubmission, match="more wall time than it has") as refused:
        grader.grade(burning, "final")
    assert 1.5 < refused.value.seconds < 10  # type: ignore[attr-defined]
