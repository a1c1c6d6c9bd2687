"""Expert iteration: only successes are learned from, each once, the best of a challenge; rounds are not run twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rl_dials import Place

from synthgym.agents.trajectories.store import Store, read_episodes
from synthgym.agents.trajectories.trajectory import Outcome, Reset, Step, Trajectory
from synthgym.base.errors import UserError
from synthgym.train.rl.iterate import choose, train_iterate
from synthgym.train.rl.settings import IterateSettings


def episode(name: str, action: str, score: float | None, env_id: str = "e-v0") -> Trajectory:
    return Trajectory(
        episode_id=name,
        env_id=env_id,
        agent="a",
        seed=0,
        baseline=1.0,
        reference=0.0,
        noise=0.02,
        reset=Reset(observation=""),
        steps=[Step(action=action, observation="", reward=0.0)],
        outcome=Outcome(
            exit_status="submitted",
            score=score,
            improvement=None if score is None else 1 - score,
            accepted_submission=score is not None,
        ),
    )


def test_what_is_learned_from() -> None:
    records = [
        episode("1", "a", 0.5),
        episode("2", "a", 0.4),  # did the same
        episode("3", "b", 0.97),  # within the noise
        episode("4", "c", None),
        episode("5", "d", 0.3),
        episode("6", "e", 0.7),
        episode("7", "a", 0.9, env_id="f-v0"),
    ]
    assert [record.episode_id for record in choose(records, 2)] == ["5", "1", "7"]
    assert [record.episode_id for record in choose(records, 9)] == ["5", "1", "6", "7"]


SETTINGS: dict[str, Any] = {
    "rounds": 2,
    "num_generations": 4,
    "per_challenge": 2,
    "max_completion_length": 32,
    "engine": "transformers",
    "sft": {"max_steps": 10, "batch": 4, "learning_rate": 1e-3, "max_length": 512, "warmup_steps": 2},
}


@pytest.mark.slow
def test_rounds(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = train_iterate(place.env_ids, place.model, out, IterateSettings.model_validate({**SETTINGS, "rounds": 2}))
    assert [each.step for each in first] == [1, 2]
    assert all(each.episodes == 12 and 0 < each.kept <= 6 for each in first)
    kept = list(read_episodes(out / "round-1" / "kept.jsonl.zst"))
    assert len(kept) == first[-1].kept
    assert all((record.outcome.improvement or 0) > 0.02 for record in kept)
    played = [record.episode_id for record in Store(out / "episodes")]
    assert len(played) == len(set(played)) == 24
    assert train_iterate(place.env_ids, place.model, out, IterateSettings.model_validate(SETTINGS)) == first
    assert len(list(Store(out / "episodes"))) == 24


def test_an_empty_start(place: Place, tmp_path: Path) -> None:
    settings = IterateSettings.model_validate({**SETTINGS, "num_generations": 2})
    with pytest.raises(UserError, match="nothing to learn from"):
        train_iterate(place.env_ids[:1], place.model.parent / "base", tmp_path / "out", settings)
