"""RL of a tiny student on real environments: it learns, and everything it did is on record."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from rl_dials import Place, settings

from synthgym.agents.trajectories.store import Store
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import OutputFolderError, SandboxError, UserError
from synthgym.train.models.resolve import load_model
from synthgym.train.rl.collecting.episodes import EpisodeRunner
from synthgym.train.rl.collecting.groups import Notes
from synthgym.train.rl.run import train_rl

pytestmark = pytest.mark.timeout(300)


def expected(folder: Path, place: Place) -> float:
    """What the dial is turned to on average, over ten, by the student's own probabilities: no chance in it."""
    model, tokenizer = load_model(folder)
    means = []
    for env_id in place.env_ids:
        worth, total = 0.0, 0.0
        for digit, talk in enumerate(place.talks(env_id)):
            shown = tokenizer.apply_chat_template(talk[:2], add_generation_prompt=True, tokenize=False)
            prompt = tokenizer.encode(shown, add_special_tokens=False)
            reply = tokenizer.encode(talk[2]["content"], add_special_tokens=False)
            with torch.no_grad():
                found = model(torch.tensor([prompt + reply])).logits[0, len(prompt) - 1 : -1].log_softmax(-1)
            chance = math.exp(float(found.gather(1, torch.tensor(reply)[:, None]).sum()))
            worth, total = worth + digit / 10 * chance, total + chance
        means.append(worth / total)
    return sum(means) / len(means)


def test_it_learns_to_turn_the_dial_up(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = train_rl(place.env_ids, place.model, out, settings(steps=8, num_generations=12, learning_rate=5e-4))
    before, after = expected(place.model, place), expected(report.student, place)
    assert before == pytest.approx(0.45, abs=0.1)
    assert after > before + 0.03
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, 9))
    notes = list(Notes(out / "steps"))
    told = [name for note in notes for group in note.groups for name in group.episodes]
    kept = [record.episode_id for record in Store(out / "episodes")]
    assert sorted(told) == sorted(kept)
    assert len(set(told)) == len(told) == report.episodes
    # What is trained is what was sampled: the trainer finds the same probabilities for it, but for rounding.
    assert max(line["sampling/sampling_logp_difference/max"] for line in lines if line["batch/sequences"]) < 1e-3
    parts = ("episodes", "optimisation", "saving", "starting", "rest")
    for line in lines:
        assert sum(line[f"seconds/{part}"] for part in parts) == pytest.approx(line["seconds/step"], abs=0.01)
        assert line["seconds/rest"] < 0.1 * line["seconds/step"] + 0.2


def test_an_adapter_is_trained_and_gone_on_with(place: Place, tmp_path: Path) -> None:
    lora = {"lora": {"rank": 4, "alpha": 8}, "steps": 2, "groups": 1, "num_generations": 4, "learning_rate": 1e-3}
    first = train_rl(place.env_ids, place.model, tmp_path / "first", settings(**lora))
    assert (first.student / "adapter_config.json").is_file()
    changed = {
        **lora,
        "beta": 0.1,
        "seed": 5,
        "loss_type": "grpo",
    }  # the divergence is from the adapter as it was given
    again = train_rl(place.env_ids, first.student, tmp_path / "again", settings(**changed))
    assert (again.student / "adapter_config.json").is_file()
    lines = [json.loads(line) for line in (tmp_path / "again/metrics.jsonl").read_text().splitlines()]
    trained = [line for line in lines if line["batch/sequences"]]
    assert trained[0]["kl"] == pytest.approx(0, abs=1e-5)
    out, adapter = tmp_path / "third", tmp_path / "adapter"
    shutil.copytree(first.student, adapter)
    third = train_rl(place.env_ids, place.model, out, settings(**lora), adapter=first.student)
    assert train_rl(place.env_ids, place.model, out, settings(**lora), adapter=adapter) == third  # the same one
    weights = (adapter / "adapter_model.safetensors").read_bytes()
    (adapter / "adapter_model.safetensors").write_bytes(weights[:-1] + bytes([weights[-1] ^ 1]))
    with pytest.raises(OutputFolderError, match="adapter_hash: "):
        train_rl(place.env_ids, place.model, out, settings(**lora), adapter=adapter)
    with pytest.raises(UserError, match="there is no such folder"):
        train_rl(place.env_ids, place.model, out, settings(**lora), adapter=tmp_path / "nowhere")


def test_a_dead_sandbox_is_no_reward(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One episode's sandbox always dies: it leaves its group, and the others are trained on as if it had never been."""
    run, lost = EpisodeRunner.run, []

    def dies(self: EpisodeRunner, env_spec: Any, draw: Any, sample: int, policy: int, *again: Any) -> Trajectory:
        if sample == 1 and policy == 0:
            lost.append(draw)
            raise SandboxError("the sandbox is gone")
        return run(self, env_spec, draw, sample, policy, *again)

    monkeypatch.setattr(EpisodeRunner, "run", dies)
    out = tmp_path / "out"
    train_rl(place.env_ids, place.model, out, settings(steps=1, groups=1, num_generations=4, max_redraws=0, retries=1))
    (note,) = Notes(out / "steps")
    assert len(lost) == 2  # the first try and another
    assert (note.groups[0].lost, note.failures) == (1, 2)
    assert len(note.groups[0].rewards) == len(note.groups[0].episodes) == 3
    assert [failure["sample"] for failure in Store(out / "episodes").failures()] == [1, 1]
