"""RL of a tiny student on real environments: it learns, and everything it did is on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rl_dials import Place, settings

from synthgym.agents.store import Store
from synthgym.train.rl.groups import Notes
from synthgym.train.rl.run import train_rl
from synthgym.train.student import load_student

pytestmark = pytest.mark.timeout(300)


def test_it_learns_to_turn_the_dial_up(place: Place, tmp_path: Path) -> None:
    report = train_rl(place.env_ids, place.model, tmp_path / "out", settings(steps=8))
    lines = [json.loads(line) for line in (tmp_path / "out/metrics.jsonl").read_text().splitlines()]
    print(
        [
            (
                round(line["improvement"], 2),
                line["seconds/step"],
                line["seconds/optimisation"],
                line["seconds/generation"],
            )
            for line in lines
        ]
    )
    assert report.steps == 8 == len(lines)
    improvements = [line["improvement"] for line in lines]
    assert sum(improvements[-3:]) / 3 > sum(improvements[:3]) / 3 + 0.1, improvements
    assert [line["step"] for line in lines] == list(range(1, 9))
    load_student(report.student)
    notes = list(Notes(tmp_path / "out/steps"))
    told = [name for note in notes for group in note.groups for name in group.episodes]
    kept = [record.episode_id for record in Store(tmp_path / "out/episodes")]
    assert sorted(told) == sorted(kept)
    assert len(set(told)) == len(told) == report.episodes
    assert max(line["sampling/sampling_logp_difference/max"] for line in lines if line["batch/sequences"]) < 1e-3
