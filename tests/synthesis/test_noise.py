"""What counts as noise."""

from __future__ import annotations

from pathlib import Path

import challenges
import numpy as np
import pytest

from synthgym.envs.env import ChallengeEnv
from synthgym.envs.measuring.noise import noise_of
from synthgym.envs.reward import improvement
from synthgym.registry.challenge import SEEDS, Challenge, load_challenge
from synthgym.registry.metrics import METRICS, shuffled_sd
from synthgym.synthesis.verification.verify import verify


def test_the_largest_counts_and_all_of_the_starter_is_within() -> None:
    flat = [1.0] * 5
    assert noise_of(flat, flat, 0.0, 1.0) == 0.0
    assert noise_of(flat, flat, 0.0, 2.0) == 0.01
    assert noise_of(flat, flat, 0.2, 2.0) == 0.2
    assert noise_of(flat, [1.25] * 5, 0.2, 2.0) == 0.25
    told, final = [1.0, 1.1, 0.9, 1.0, 1.0], [1.05, 1.0, 1.0, 1.4, 1.0]
    assert noise_of(told, final, 0.01, 2.0) == pytest.approx(3.04 * np.std(final, ddof=1), rel=0.01)
    draw = np.random.default_rng(0)
    for _ in range(200):
        told, final = draw.standard_cauchy(5).tolist(), draw.standard_cauchy(5).tolist()
        noise = noise_of(told, final, 0.0, 0.0)
        mean = float(np.mean([*told, *final]))
        assert max(abs(score - mean) for score in (*told, *final)) <= noise


@pytest.mark.parametrize("name", ["balanced_accuracy", "f1_macro", "roc_auc", "spearman"])
def test_ignorance_is_noisy(name: str) -> None:
    metric = METRICS[name]
    draw = np.random.default_rng(1)
    truth = {
        "label": np.array(list("pqr"))[draw.integers(3, size=150)],
        "probability": draw.integers(2, size=(150, 1)).astype(float),
        "value": draw.normal(size=150),
    }[metric.kind]
    assert 0.02 < shuffled_sd(metric, truth) < 0.12


def test_a_starter_with_one_answer_has_noise(tmp_path: Path) -> None:
    """Balanced accuracy gives it the same score on any rows."""
    folder = challenges.write_table(tmp_path, verified=False)
    kinds = 'np.where({} > 0, "up", "down")'
    prepare = (folder / "grader" / "prepare.py").read_text()
    labels = f'open(f"{{private}}/labels.csv", "w").write("y\\n" + "\\n".join({kinds.format("y[300:]")}) + "\\n")\n'
    kept = [line for line in prepare.splitlines() if "labels.csv" not in line]
    (folder / "grader" / "prepare.py").write_text("\n".join([*kept, labels]))
    train = (folder / "workspace" / "train.py").read_text()
    answer = f"predicted = {kinds.format('predicted')}\n"
    written = train.replace("np.savetxt", f"{answer}np.savetxt").replace('fmt="%.6f"', 'fmt="%s"')
    (folder / "grader" / "reference" / "train.py").write_text(written.replace("KEEP = 1", "KEEP = 3"))
    (folder / "workspace" / "train.py").write_text(written.replace("+ 0.01 * noise", "* 0 + 1"))
    challenge = load_challenge(folder)
    challenge.metric.name, challenge.metric.direction, challenge.metric.optimum = "balanced_accuracy", "higher", 1.0
    challenge.save(folder)
    report = verify(folder)
    assert report.ok, (report.failed, report.reason)
    measured = load_challenge(folder)
    assert measured.baseline.scores == measured.baseline.validation_scores == [0.5] * SEEDS
    assert 0.02 < (measured.noise or 0) < 0.08


def test_both_halves_are_measured(tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    assert verify(folder).ok
    challenge = load_challenge(folder)
    baseline = challenge.baseline
    everything = [*baseline.scores, *baseline.validation_scores]
    assert len(baseline.validation_scores) == len(baseline.scores) == SEEDS
    assert baseline.mean == pytest.approx(np.mean(everything))
    assert [improvement(score, challenge) for score in everything] == [0.0] * 2 * SEEDS
    halves = abs(np.mean(baseline.scores) - np.mean(baseline.validation_scores))
    assert halves <= (challenge.noise or 0)


@pytest.mark.parametrize("command", ["python train.py && submit", "python train.py && validate && submit"])
def test_who_changes_nothing_earns_nothing(command: str, tmp_path: Path) -> None:
    folder = challenges.write_table(tmp_path, verified=False)
    noisy = (folder / "workspace" / "train.py").read_text().replace("0.01 * noise", "0.6 * noise")
    (folder / "workspace" / "train.py").write_text(noisy)
    assert verify(folder).ok
    assert played(load_challenge(folder), folder, command) == [0.0] * 8


def played(challenge: Challenge, folder: Path, command: str) -> list[float]:
    env = ChallengeEnv(str(folder.parent), challenge.id)
    returns = []
    try:
        for seed in range(8):
            env.reset(seed=seed)
            _, reward, terminated, _, info = env.step(command)
            assert terminated
            assert info["submission"]["accepted"]
            returns.append(reward)
    finally:
        env.close()
    return returns
