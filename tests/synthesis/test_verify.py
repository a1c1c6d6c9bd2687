"""Verification passes sound challenges and measures them. What it refuses is in test_flaws.py."""

from __future__ import annotations

from pathlib import Path

import challenges

from synthgym.registry.challenge import SEEDS, content_hash, load_challenge
from synthgym.synthesis.verification.verify import verify


def test_sound_challenges_pass_and_are_measured(tmp_path: Path) -> None:
    for folder in (
        challenges.write_table(tmp_path, verified=False),
        challenges.write_game(tmp_path, verified=False),
    ):
        report = verify(folder)
        assert report.ok, report.reason
        challenge = load_challenge(folder)
        assert challenge.verified
        assert len(challenge.baseline.scores) == SEEDS
        assert challenge.baseline.mean == report.measured["baseline"]
        assert challenge.noise is not None
        assert challenge.noise > 0
        assert challenge.provenance.content_hash == content_hash(challenge, folder)


def test_verifying_again_changes_nothing(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    assert verify(folder).ok
    first = (folder / "challenge.yaml").read_bytes()
    assert verify(folder).ok
    assert (folder / "challenge.yaml").read_bytes() == first


def test_write_false_leaves_the_spec(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    before = (folder / "challenge.yaml").read_bytes()
    assert verify(folder, write=False).ok
    assert (folder / "challenge.yaml").read_bytes() == before


def test_a_wrong_spec_is_a_result_not_an_error(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    (folder / "challenge.yaml").write_text("id: line\n")
    report = verify(folder)
    assert report.failed == "spec"
    assert "title" in (report.reason or "")
