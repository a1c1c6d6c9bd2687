"""Scores that are none: whoever brings them about, an episode's rewards are finite, and failures are told in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import challenges
import pytest
from env_fixtures import needs

from synthgym.base.errors import GraderError, NotAsStated
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.measuring.first_use import TRUST_VARIABLE
from synthgym.registry.challenge import content_hash, load_challenge
from synthgym.synthesis.verification.verify import verify

FROM_ANSWERS = ["float('nan')", "float('inf')", "-1e101", "1.7e308", "10**400", "1, float('nan')", "1, -1", "1, 1e200"]
NO_NUMBERS = ["'1'", "True", "None", "[1]", "{}", "1, '2'", "1, False", "1, []", "'\\ud800'"]


def game(folder: Path, result: str) -> Path:
    """The game, whose scorer gives this."""
    path = challenges.write_game(folder)
    evaluate = path / "grader" / "evaluate.py"
    evaluate.write_text(evaluate.read_text().replace("total / n / rounds, 0.005", result))
    return path


def restated(path: Path) -> None:
    """Makes the spec state the content that the folder has now."""
    challenge = load_challenge(path)
    challenge.provenance.content_hash = content_hash(challenge, path)
    challenge.save(path)


@pytest.mark.parametrize("result", FROM_ANSWERS)
def test_a_score_that_is_none_is_the_submissions(sealed: str, tmp_path: Path, result: str) -> None:
    restated(game(tmp_path, result))
    env = ChallengeEnv(str(tmp_path), "coins", sandbox=sealed, trust=True)
    env.reset(seed=0)
    observation, reward, *_ = env.step("validate")
    assert "no score is defined for its answers" in observation
    assert reward == 0.0
    _, reward, terminated, _, info = env.step("submit")
    assert terminated
    assert math.isfinite(float(reward))
    assert info["submission"]["accepted"] is False
    assert info["score"] is None
    env.close()


@pytest.mark.parametrize("result", NO_NUMBERS)
def test_what_is_no_number_is_the_scorers_fault(sealed: str, tmp_path: Path, result: str) -> None:
    restated(game(tmp_path, result))
    env = ChallengeEnv(str(tmp_path), "coins", sandbox=sealed, trust=True)
    env.reset(seed=0)
    with pytest.raises(GraderError, match=r"evaluate\.py"):
        env.step("validate")
    env.close()


@pytest.mark.sample(2)
@pytest.mark.parametrize("result", ["float('nan')", "1e300", "10**400", "'1'", "True", "total * 1e98"])
def test_such_a_challenge_is_not_believed_and_not_verified(
    sealed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: str
) -> None:
    monkeypatch.delenv(TRUST_VARIABLE, raising=False)
    path = game(tmp_path, result)
    restated(path)
    env = ChallengeEnv(str(tmp_path), "coins", sandbox=sealed)
    with pytest.raises((NotAsStated, GraderError)):
        env.reset(seed=0)
    env.close()
    report = verify(path, sealed, write=False)
    assert not report.ok
    assert report.failed != "unexpected", report.reason


@pytest.mark.slow
def test_scores_next_to_nothing_are_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their noise has no third digit that could be rounded up."""
    needs("bubblewrap")
    monkeypatch.delenv(TRUST_VARIABLE, raising=False)
    restated(path := game(tmp_path, "total * 5e-324"))
    with pytest.raises(NotAsStated):
        ChallengeEnv(str(tmp_path), "coins", sandbox="bubblewrap").reset(seed=0)
    assert verify(path, "bubblewrap", write=False).ok


@pytest.mark.parametrize("number", ["1e308", "-1e308", "1e60", "1e-320"])
@pytest.mark.parametrize("reward", ["improvement", "score", "submit_only"])
def test_predictions_far_off_are_scored_as_such(
    sealed: str, make_env: Callable[..., ChallengeEnv], number: str, reward: str
) -> None:
    env = make_env("line", sealed, reward=reward, trust=True)
    env.reset(seed=0)
    _, first, *_ = env.step(f"(echo y; yes -- {number} | head -n 300) > predictions.csv; validate")
    _, second, terminated, _, info = env.step("submit")
    assert terminated
    assert info["submission"]["accepted"], info["submission"]
    assert abs(info["score"]) <= 1e100
    assert all(math.isfinite(float(each)) for each in (first, second))
    assert -1 <= info["submission"]["improvement"] <= 2
