"""A challenge that this machine did not verify: its starter is measured before its scores are believed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import challenges
import pytest
from env_fixtures import needs
from shipped import shipped

from synthgym.base.errors import GraderError, NotAsStated, SpecError
from synthgym.envs.env import ChallengeEnv
from synthgym.envs.measuring.measured import Measurement, differences, note_of, recall, remember
from synthgym.envs.measuring.untouched import RUNS
from synthgym.envs.workspace import prepare
from synthgym.registry.challenge import SEEDS, Challenge, content_hash, load_challenge
from synthgym.synthesis.verification.verify import verify


@pytest.fixture(autouse=True)
def _nobody_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("bubblewrap")
    monkeypatch.delenv("SYNTHGYM_TRUST")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A challenge that was never used here: its content is another each time."""
    folder = challenges.write_table(tmp_path)
    return restated(folder, honest, unique=str(tmp_path))


def restated(folder: Path, change: Callable[[Challenge], None] = lambda challenge: None, unique: str = "") -> Path:
    """States other scores, or other content, as whoever shares the challenge may."""
    if unique:
        (folder / "workspace" / "notes.txt").write_text(unique)
    challenge = load_challenge(folder)
    change(challenge)
    challenge.provenance.content_hash = content_hash(challenge, folder)
    challenge.save(folder)
    return folder


def honest(challenge: Challenge) -> None:
    """What verification would measure of the table."""
    challenge.baseline.mean, challenge.baseline.scores, challenge.noise = 1.05, [1.05] * 5, 0.12


def play(folder: Path, **settings: Any) -> float:
    """The return of an agent that hands the untouched starter in."""
    env = ChallengeEnv(str(folder.parent), folder.name, sandbox="bubblewrap", **settings)
    try:
        env.reset(seed=0)
        reward = env.step(f"{load_challenge(folder).baseline.command}; submit")[1]
    finally:
        env.close()
    return reward


def names(folder: Path) -> tuple[str, str]:
    """By which its measurement is kept."""
    prepared = prepare(load_challenge(folder), folder, "bubblewrap")
    return prepared.content_hash, prepared.data_hash


def measured(folder: Path) -> Measurement | None:
    return recall(*names(folder))


def test_honest_scores_are_confirmed_once(folder: Path) -> None:
    assert measured(folder) is None
    assert play(folder) == 0.0
    found = measured(folder)
    assert found is not None
    assert (found.starter, found.noise) == pytest.approx((1.05, 0.12), abs=0.01)
    assert (len(found.scores), found.given, found.reference) == (2 * SEEDS, [], None)
    assert found.again == found.scores[:1] * (RUNS - 1)  # with the first seed it is run again and again
    remember(*names(folder), Measurement([1.04], 0.1))
    assert play(folder) == 0.0
    assert measured(folder) == Measurement([1.04], 0.1)  # it was not measured again


def test_a_module_is_confirmed_too(tmp_path: Path) -> None:
    folder = challenges.write_game(tmp_path)
    restated(folder, lambda challenge: setattr(challenge, "noise", 0.06), unique=str(tmp_path))
    assert play(folder) == 0.0
    found = measured(folder)
    assert found is not None
    assert found.starter == pytest.approx(0.5, abs=0.05)


def baseline(mean: float) -> Callable[[Challenge], None]:
    def change(challenge: Challenge) -> None:
        challenge.baseline.mean, challenge.baseline.scores = mean, [mean] * 5

    return change


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (baseline(9.0), r"states a baseline of 9 with a noise of 0.12; its untouched starter scores 0.99\d+ here"),
        (baseline(0.5), r"states a baseline of 0.5 "),
        (lambda c: setattr(c.reference, "score", 2.0) or setattr(c.baseline, "mean", 9.0), r"field 'baseline.mean'"),
        (lambda c: setattr(c.reference, "score", -1.0), r"no rmse is better than 0, got -1"),
        (lambda c: setattr(c.reference, "score", 0.82), r"the baseline 1.05 by more than 2 × the noise 0.12, got 0.82"),
        (lambda c: setattr(c, "noise", 0.0), r"scores 1.1\d* here; states a noise of 0; it is 0.12 here"),
        (lambda c: setattr(c, "noise", 0.058), r"here; states a noise of 0.058; it is 0.12 here"),
        (lambda c: setattr(c, "noise", 0.5), r"by more than 2 × the noise 0.5, got 0.1"),
        (
            lambda c: setattr(c.baseline, "mean", 1.15) or setattr(c, "noise", 0.2),
            r"1.05\d* here on average, where the",
        ),
    ],
)
def test_invented_scores_are_not_believed(folder: Path, change: Callable[[Challenge], None], said: str) -> None:
    restated(folder, change)
    for _ in range(2):  # also when it was measured already
        with pytest.raises(NotAsStated, match=said) as caught:
            play(folder)
    assert f"synthgym verify {folder}" in str(caught.value)
    assert "trust=True" in str(caught.value)
    assert isinstance(caught.value, SpecError)


def within_what_scores_vary_by(challenge: Challenge) -> None:
    """Three spreads off, and a reference that is barely better than the starter: which then is as good as it."""
    challenge.baseline.mean, challenge.baseline.scores = 1.1, []
    challenge.noise, challenge.reference.score = 0.03, 0.95


def test_a_baseline_that_is_off_by_little_is_not_believed(folder: Path) -> None:
    with pytest.raises(NotAsStated, match=r"states a baseline of 1.1 with a noise of 0.03"):
        play(restated(folder, within_what_scores_vary_by))


TRICKS = {
    "another seed": "os.environ['SEED'] == '3'",
    "in an episode": "b'not as many' not in subprocess.run('validate', capture_output=True, shell=True).stdout and "
    "b'submission' in subprocess.run('validate', capture_output=True, shell=True).stdout",
    "the second time": "os.path.exists('been.here') or open('been.here', 'w').close()",
}


@pytest.mark.slow
@pytest.mark.parametrize("trick", TRICKS)
def test_a_starter_that_is_better_when_it_counts(folder: Path, trick: str) -> None:
    """It looks at the other columns if it is not watched."""
    train = (folder / "workspace" / "train.py").read_text()
    changed = train.replace("KEEP = 1", f"import os, subprocess\nKEEP = 3 if {TRICKS[trick]} else 1")
    (folder / "workspace" / "train.py").write_text(changed)
    with pytest.raises(NotAsStated, match=r"states a baseline of 1\.05 "):
        play(restated(folder))
    report = verify(folder)
    assert report.failed in ("trivial", "floor", "noisy"), report
    assert report.failed == "floor" or trick == "another seed"


@pytest.mark.slow
def test_what_lies_in_the_workspace_pays_nothing(folder: Path) -> None:
    """Not by `submit` as the first command: the starter is not what an agent is handed over, then."""
    lying = folder / "workspace" / "predictions.csv"
    labels = prepare(load_challenge(folder), folder, "bubblewrap").private / "labels.csv"
    lying.write_bytes(labels.read_bytes())
    with pytest.raises(
        NotAsStated, match="a submission lies in its workspace before anything is run, and scores 0 here"
    ):
        play(restated(folder))
    lying.write_text("y\n")  # which is refused
    assert play(restated(folder)) == 0.0
    (folder / "workspace" / "old.csv").write_bytes(labels.read_bytes())
    with pytest.raises(NotAsStated, match=r"'old.csv' lies in its workspace, and scores 0 here when it is handed in"):
        play(restated(folder))


def test_a_reference_that_the_starter_reaches(folder: Path) -> None:
    """Within what scores vary by, so that the baseline alone would pass."""
    challenge = load_challenge(folder)
    challenge.baseline.mean, challenge.noise, challenge.reference.score = 1.1, 0.11, 1.05
    told = list(differences(challenge, Measurement([1.0], noise=0.1)))
    assert told == ["states a reference of 1.05; its untouched starter scores 1 here: as good"]


def test_whoever_trusts_decides(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    restated(folder, baseline(9.0))
    assert play(folder, trust=True) > 0
    for trusted in ("all", f"/nowhere:{folder.parent}", str(folder)):
        monkeypatch.setenv("SYNTHGYM_TRUST", trusted)
        assert play(folder) > 0
    monkeypatch.setenv("SYNTHGYM_TRUST", str(folder.parent / "lin"))
    with pytest.raises(NotAsStated):
        play(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('no luck')", r"untouched starter, 'python train.py', fails \(exit code 1\): no luck"),
        ("pass", r"untouched starter leaves is no submission: no file 'predictions.csv'"),
        ("open('predictions.csv', 'w').write('y\\n1\\n')", r"leaves is no submission: predictions.csv: expected 300 r"),
        ("while True: pass", r"fails \(exceeded its (cpu|wall) time\)"),
    ],
)
def test_a_starter_that_does_not_run(folder: Path, program: str, said: str) -> None:
    (folder / "workspace" / "train.py").write_text(program + "\n")
    restated(folder, lambda challenge: setattr(challenge.budget, "command_cpu_seconds", 1.0))
    with pytest.raises(NotAsStated, match=said):
        play(folder)
    assert measured(folder) is None


def test_a_grader_that_fails_is_the_graders_failure(tmp_path: Path) -> None:
    folder = challenges.write_game(tmp_path)
    (folder / "grader" / "evaluate.py").write_text(f"raise SystemExit({str(tmp_path)!r})\n")
    with pytest.raises(GraderError):
        play(restated(folder))


@pytest.mark.slow
def test_what_was_verified_here_is_believed_as_it_was_measured(tmp_path: Path) -> None:
    folder = restated(challenges.write_table(tmp_path, verified=False), unique=str(tmp_path))
    assert verify(folder).ok
    found = measured(folder)
    assert found is not None
    challenge = load_challenge(folder)
    assert (found.starter, found.reference) == pytest.approx((challenge.baseline.mean, challenge.reference.score))
    assert play(folder) == 0.0
    restated(folder, lambda challenge: setattr(challenge.reference, "score", 0.5))
    with pytest.raises(NotAsStated, match=r"states a reference of 0.5; its reference solution scored 0\.\d+ here"):
        play(folder)
    report = verify(folder, keep=True)
    assert report.ok
    assert "states a reference of 0.5" in (report.note or "")
    assert load_challenge(folder) == challenge
    assert verify(folder, keep=True).note is None
    remember(*names(folder), replace(found, given=[0.5]))
    with pytest.raises(
        NotAsStated, match=r"a submission lies in its workspace before anything is run, and scores 0.5 "
    ):
        play(folder)


@pytest.mark.parametrize(
    ("mean", "noise", "best", "said"),
    [
        (0.6, 0.03, 0.8, []),
        (0.614, 0.059, 0.786, []),  # elsewhere
        (0.1, 0.51, 0.8, ["states a baseline of 0.1; ", "states a noise of 0.51; it is 0.03 "]),
        (0.6, 0.061, 0.8, ["states a noise of 0.061; it is 0.03 "]),
        (0.6, 0.014, 0.8, ["states a noise of 0.014; it is 0.03 "]),
        (0.584, 0.03, 0.8, ["states a baseline of 0.584; its untouched starter scores 0.6 here on average, where "]),
        (0.6, 0.03, 0.784, ["states a reference of 0.784; "]),
    ],
)
def test_stated_scores_are_held_against_the_noise_that_was_measured(
    mean: float, noise: float, best: float, said: list[str]
) -> None:
    """Not against the noise that they state: who invents scores states as much of it as it takes."""
    challenge = challenges.table_spec()
    challenge.baseline.mean, challenge.noise, challenge.reference.score = mean, noise, best
    told = list(differences(challenge, Measurement([0.6], noise=0.03, reference=0.8)))
    assert len(told) == len(said)
    assert all(each.startswith(start) for each, start in zip(told, said, strict=True))


def test_the_shipped_collection_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "digits-log-loss-a7c5"
    note_of(*names(shipped(name))).unlink(missing_ok=True)
    assert play(shipped(name)) == 0.0
    assert measured(shipped(name)) is None


def test_a_copy_of_it_that_was_changed_is_not(tmp_path: Path) -> None:
    name = "digits-log-loss-a7c5"
    shutil.copytree(shipped(name), tmp_path / name)
    challenge = load_challenge(tmp_path / name)
    assert challenge.baseline.mean is not None
    challenge.baseline.mean *= 3
    challenge.baseline.scores = challenge.baseline.validation_scores = []
    challenge.save(tmp_path / name)
    with pytest.raises(NotAsStated, match="states a baseline of"):
        play(tmp_path / name)


@pytest.mark.slow
@pytest.mark.parametrize("body", ["", "[]", "{", '{"format": 3}', '{"format": 3, "scores": [NaN], "noise": 0.1}'])
def test_a_damaged_note_is_made_again(folder: Path, body: str) -> None:
    note_of(*names(folder)).write_text(body)
    assert measured(folder) is None
    assert play(folder) == 0.0
    assert len(json.loads(note_of(*names(folder)).read_text())["scores"]) == 2 * SEEDS


def test_make_checks_first(folder: Path) -> None:
    for path, spoil, said in (
        ("grader/prepare.py", Path.unlink, r"grader/prepare.py: missing"),
        ("challenge.yaml", lambda file: file.write_text(file.read_text().replace("- y", "- y\n  - z")), r"one column"),
    ):
        before = (folder / path).read_bytes()
        spoil(folder / path)
        with pytest.raises(SpecError, match=said):
            ChallengeEnv(str(folder.parent), folder.name, sandbox="bubblewrap")
        (folder / path).write_bytes(before)
