"""Learning of the half that counts: handing in something that fails, and reading why.

What an agent may learn: of `validate`, a rounded score and a failure's own words, as often as its budget says, of one
half; of `submit`, of the other half, nothing: what fails there ends the episode, and is told in a fixed phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from synthgym.base.errors import FailedInPlay
from synthgym.envs.env import ChallengeEnv

MakeEnv = Callable[..., ChallengeEnv]

FAILING = {
    "raised": 'raise ValueError("SEEN " + " ".join(theirs))',
    "raised, in surrogates": 'raise ValueError("SEEN \\\\udc80 \\\\ud800" + " ".join(theirs))',
    "raised, to steer a terminal": 'raise ValueError("SEEN \\\\x1b]0;mine\\\\x07\\\\x1b[31m\\\\u202e\\\\x00")',
    "answered": 'return "SEEN " + " ".join(theirs)',
    "answered, in surrogates": 'return "SEEN \\\\ud800"',
    "answered nothing": "return [theirs]",
    "ended": "import os; os.write(2, b'SEEN'); os._exit(3)",
}
LATE = "def choose(mine, theirs):\n    if len(theirs) > 6:\n        {act}\n    return 'heads'\n"


def write(env: ChallengeEnv, act: str) -> None:
    text = LATE.format(act=act)
    env.step(f"python - <<'END'\nopen('strategy.py', 'w').write('''{text}''')\nEND")


@pytest.mark.sample(4)
@pytest.mark.parametrize("act", FAILING)
def test_a_failure_on_the_hidden_half_ends_the_episode_and_says_nothing(
    sealed: str, make_env: MakeEnv, act: str
) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    write(env, FAILING[act])
    observation, _, terminated, _, info = env.step("validate")
    assert "bad submission: strategy.py: " in observation  # the half that may be asked about is told of
    assert not terminated
    observation, reward, terminated, _, info = env.step("submit")
    assert terminated
    assert observation.strip() == "submitted; the episode is over"
    assert (info["score"], info["improvement"], reward) == (None, 0.0, 0.0)
    error = info["submission"]["error"]
    assert error in {FailedInPlay("", kind).of_hidden for kind in ("raised", "answer", "ended")}
    for text in (observation, error):
        assert "SEEN" not in text
        assert "heads" not in text
        text.encode()


def test_what_a_validation_says_steers_nothing(sealed: str, make_env: MakeEnv) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    for act in ("raised, in surrogates", "raised, to steer a terminal", "answered, in surrogates"):
        write(env, FAILING[act])
        observation, *_, info = env.step("validate")
        assert "bad submission" in observation
        for text in (observation, str(info)):
            assert not set(text) & set("\x1b\x07\x00\u202e\ud800\udc80")
            text.encode()


@pytest.mark.parametrize("much", [1, 3000], ids=["a line", "more than is shown"])
def test_what_is_printed_holds_nothing_unseen(sealed: str, make_env: MakeEnv, much: int) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    hidden = "a\u202eb\u200bc\u2028d\u2066e\ufefff\u0085g\U000e0041h"
    script = f"print({hidden!a} * {much}); print('grün 👩\u200d🔬 言葉')"
    observation = env.step(f"python - <<'END'\n{script}\nEND")[0]
    assert observation.startswith("a�b�c\nd�e�f�g�h")
    assert observation.rstrip().endswith("grün 👩\u200d🔬 言葉")
    assert not re.search("[\u200b\u2028-\u202e\u2066-\u2069\ufeff\x80-\x9f\U000e0000-\U000e0fff]", observation)
    if much > 1:
        left_out = int(re.findall("… ([0-9]+) characters", observation)[0])
        shown = re.sub("\n\\[… .* …\\]\n", "", observation.rstrip("\n"))
        assert len(shown) + left_out == len(hidden) * much + len("\ngrün 👩\u200d🔬 言葉\n") - 1


def test_a_limit_tells_no_more_than_a_submission(sealed: str, make_env: MakeEnv) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    write(env, FAILING["raised"])
    _, info = env.finish()
    assert info["exit_status"] == "finished"
    assert info["submission"]["error"] == FailedInPlay("", "raised").of_hidden


def test_what_never_ran_may_be_put_right(sealed: str, make_env: MakeEnv) -> None:
    env = make_env("coins", sealed)
    env.reset(seed=0)
    observation, _, terminated, _, info = env.step("mv strategy.py away.py; submit")
    assert "no file" in observation
    assert not terminated
    *_, terminated, _, info = env.step("mv away.py strategy.py; submit")
    assert terminated
    assert info["submission"]["accepted"]
