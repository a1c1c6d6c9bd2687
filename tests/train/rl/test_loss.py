"""The loss of a batch in several passes is TRL's of the same batch in one, for every type of loss."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from transformers import TrainerCallback
from trl import GRPOConfig, GRPOTrainer

from synthgym.agents.calls import Calls
from synthgym.agents.trajectories.trajectory import Outcome, Reset, Trajectory
from synthgym.train.models.resolve import load_model
from synthgym.train.models.saving import save_model
from synthgym.train.rl.collecting.groups import Draw, Group
from synthgym.train.rl.optimizing.batches import Batch, make_batch
from synthgym.train.rl.optimizing.correction import corrected
from synthgym.train.rl.optimizing.trainer import Diverged, PolicyTrainer
from synthgym.train.rl.policy import Policy
from synthgym.train.rl.settings import RLSettings
from synthgym.train.small.student import StudentConfig, new_student
from synthgym.train.small.tokenizer import train_tokenizer

BASE: dict[str, Any] = {"steps": 2, "lora": None, "max_completion_length": 64, "max_length": 128, "report_to": []}
LOSSES = ["grpo", "dr_grpo", "dapo", "bnpo", "cispo", "sapo", "luspo", "vespo"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("loss") / "model"
    talks = [[{"role": "user", "content": f"say {n}"}, {"role": "assistant", "content": f"{n}"}] for n in range(20)]
    tokenizer = train_tokenizer(talks, words=330, phrases=20)
    save_model(
        new_student(StudentConfig(width=32, layers=2, heads=2, inner=64, positions=256), tokenizer), tokenizer, place
    )
    return place


def policy(folder: Path) -> Policy:
    model, tokenizer = load_model(folder)
    return Policy(folder, "", model.float(), tokenizer, adapted=False)


def record(
    rng: random.Random, vocabulary: int, turns: int, name: str, shortened: bool = False, alike: int = 0
) -> Trajectory:
    """An episode of some turns, of tokens of chance; in the last turn its history may be shortened.

    Those with the same number `alike` have a long briefing in common, and the first turn.
    """
    own = rng
    rng = random.Random(alike) if alike else own
    calls, prompt = Calls(), [rng.randrange(vocabulary) for _ in range(30 if alike else rng.randrange(4, 12))]
    for turn in range(turns):
        rng = rng if turn == 0 else own
        if shortened and turn == turns - 1:
            prompt = prompt[:3] + [rng.randrange(vocabulary) for _ in range(6)]
        ids = [rng.randrange(vocabulary) for _ in range(rng.randrange(2, 9))]
        calls.add(prompt, ids, [-rng.random() * 3 for _ in ids], cut_off=turn == 1)
        prompt = [*prompt, *ids, *(rng.randrange(vocabulary) for _ in range(rng.randrange(1, 5)))]
    return Trajectory(
        episode_id=name,
        env_id="e",
        agent="a",
        seed=0,
        reset=Reset(observation=""),
        calls=calls.made,
        outcome=Outcome(exit_status="submitted"),
    )


def groups(vocabulary: int, alike: bool = False) -> list[Group]:
    rng = random.Random(5)
    found = []
    for number in range(2):
        records = [
            record(rng, vocabulary, 1 + k % 3, f"{number}-{k}", shortened=k == 2, alike=alike and number + 1)
            for k in range(4)
        ]
        found.append(Group(Draw("e", number), records, [rng.random() for _ in records]))
    return found


def trainer(folder: Path, tmp_path: Path, **changes: Any) -> PolicyTrainer:
    settings = RLSettings.model_validate({**BASE, **changes})
    watch: Any = type("NoWatch", (TrainerCallback,), {"add": lambda self, logs, step: None})()
    return PolicyTrainer(policy(folder), lambda step: Batch(), settings, tmp_path, watch)


def gradients(found: PolicyTrainer, batch: Batch) -> tuple[float, dict[str, torch.Tensor]]:
    found._source = lambda step: batch
    found.model.zero_grad()
    loss = float(found.training_step(found.model, {}))
    return loss, {
        name: weights.grad.clone() for name, weights in found.model.named_parameters() if weights.grad is not None
    }


def in_trls_way(
    folder: Path, tmp_path: Path, batch: Batch, settings: RLSettings
) -> tuple[float, dict[str, torch.Tensor]]:
    """One pass by TRL's own trainer, which has a head over every position."""
    (only,) = batch.passes
    mine = policy(folder)
    arguments = GRPOConfig(
        output_dir=str(tmp_path),
        loss_type=settings.loss_type,
        epsilon=settings.epsilon,
        epsilon_high=settings.epsilon_high,
        importance_sampling_level=settings.importance_sampling_level,
        temperature=settings.temperature,
        max_completion_length=settings.max_completion_length,
        num_generations=8,
        per_device_train_batch_size=8,
        gradient_checkpointing=False,
        bf16=False,
        report_to=[],
    )
    theirs = GRPOTrainer(
        mine.model, lambda **_: [], arguments, Dataset.from_dict({"prompt": ["a"] * 8}), processing_class=mine.tokenizer
    )
    theirs.use_vllm = True
    theirs.current_gradient_accumulation_steps = 1
    inputs = dict(only)
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], 1)
    there = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], 1)
    mine.model.train()
    with torch.no_grad():
        old, _, _ = theirs._get_per_token_logps_and_entropies(mine.model, ids, there, inputs["completion_ids"].shape[1])
    inputs["old_per_token_logps"] = old
    inputs |= {
        name: value
        for name, value in corrected(
            old, inputs["sampling_per_token_logps"], inputs["tool_mask"].bool(), settings, False
        ).items()
        if isinstance(value, torch.Tensor)
    }
    loss = theirs._compute_loss(mine.model, inputs)
    loss.backward()
    return float(loss.detach()), {
        name: weights.grad for name, weights in mine.model.named_parameters() if weights.grad is not None
    }


@pytest.mark.sample(11)
@pytest.mark.parametrize("loss_type", LOSSES)
@pytest.mark.parametrize("level", ["token", "sequence"])
def test_passes_add_up_to_what_trl_computes_of_the_whole(
    folder: Path, tmp_path: Path, loss_type: str, level: str
) -> None:
    changes = {"loss_type": loss_type, "importance_sampling_level": level, "temperature": 0.8}
    if loss_type == "cispo":
        changes["epsilon_high"] = 5.0
    ours = trainer(folder, tmp_path, **changes)
    vocabulary = ours.model.config.vocab_size
    settings = ours._settings
    whole = make_batch(groups(vocabulary), settings)
    several = make_batch(groups(vocabulary), settings.model_copy(update={"micro_tokens": 60}))
    assert len(whole.passes) == 1 < 3 < len(several.passes)
    expected_loss, expected = in_trls_way(folder, tmp_path, whole, settings)
    for batch in (whole, several):
        loss, found = gradients(ours, batch)
        assert loss == pytest.approx(expected_loss, rel=1e-4, abs=1e-6)
        assert found.keys() == expected.keys()
        for name, gradient in found.items():
            torch.testing.assert_close(gradient, expected[name], rtol=1e-3, atol=1e-6)


def test_every_sampled_token_counts_once(folder: Path) -> None:
    settings = RLSettings.model_validate(BASE)
    made = groups(300)
    batch = make_batch(made, settings)
    sampled = sorted(token for group in made for record in group.records for call in record.calls for token in call.ids)
    counted = [each["completion_ids"][each["tool_mask"].bool()] for each in batch.passes]
    assert sorted(torch.cat(counted).tolist()) == sampled
    assert batch.counted == len(sampled)
    assert batch.rows == 8 + 2  # two episodes had their history shortened
    masked = make_batch(made, settings.model_copy(update={"mask_truncated_completions": True}))
    cut = sum(len(call.ids) for group in made for record in group.records for call in record.calls if call.cut_off)
    assert masked.counted == batch.counted - cut < batch.counted
    short = make_batch(made, settings.model_copy(update={"max_length": 20}))
    assert short.too_long > 0
    assert short.rows + short.too_long == batch.rows


def test_a_stale_batch_is_clipped_by_the_probabilities_it_was_sampled_with(folder: Path, tmp_path: Path) -> None:
    ours = trainer(folder, tmp_path)
    made = groups(ours.model.config.vocab_size)
    gradients(ours, make_batch(made, ours._settings))
    assert ours._metrics["train"]["clip_ratio/region_mean"] == [0.0]
    gradients(ours, make_batch(made, ours._settings, stale=1))
    assert ours._metrics["train"]["clip_ratio/region_mean"][-1] > 0
    assert ours._metrics["train"]["sampling/sampling_logp_difference/mean"][-1] > 0.1


def test_correction() -> None:
    logps, sampled = torch.log(torch.tensor([[0.9, 0.5, 0.5]])), torch.log(torch.tensor([[0.3, 0.5, 0.1]]))
    counted = torch.tensor([[True, True, False]])
    token = corrected(logps, sampled, counted, RLSettings(), False)
    torch.testing.assert_close(token["importance_sampling_ratio"], torch.tensor([[2.0, 1.0, 1.0]]))
    assert token["importance_sampling_ratio/max"] == 2.0
    assert token["sampling_logp_difference/max"] == pytest.approx(1.0986, abs=1e-3)
    masked = corrected(logps, sampled, counted, RLSettings(vllm_importance_sampling_mode="token_mask"), False)
    torch.testing.assert_close(masked["importance_sampling_ratio"], torch.tensor([[0.0, 1.0, 1.0]]))
    whole = RLSettings(vllm_importance_sampling_mode="sequence_truncate", vllm_importance_sampling_clip_max=4.0)
    torch.testing.assert_close(
        corrected(logps, sampled, counted, whole, False)["importance_sampling_ratio"], torch.tensor([[3.0]])
    )
    off = corrected(logps, sampled, counted, RLSettings(vllm_importance_sampling_correction=False), False)
    assert "importance_sampling_ratio" not in off
    stale = corrected(logps, sampled, counted, RLSettings(), True)
    torch.testing.assert_close(stale["importance_sampling_ratio"], torch.ones(1, 3))
    torch.testing.assert_close(stale["old_per_token_logps"], torch.where(counted, sampled, logps))


def test_a_loss_that_is_no_number_ends_the_run_before_the_weights_are_touched(folder: Path, tmp_path: Path) -> None:
    ours = trainer(folder, tmp_path)
    batch = make_batch(groups(ours.model.config.vocab_size), ours._settings)
    batch.passes[0]["advantages"][0] = float("nan")
    with pytest.raises(Diverged, match="step 1: the loss is no number any more"):
        gradients(ours, batch)


def test_an_empty_batch_changes_nothing(folder: Path, tmp_path: Path) -> None:
    loss, found = gradients(trainer(folder, tmp_path), Batch())
    assert loss == 0.0
    assert not found


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize("loss_type", ["dapo", "vespo"])
def test_an_adapter_in_our_own_kernels_gets_the_same_gradient(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loss_type: str, alike: bool
) -> None:
    """One row without padding or what is there before, LoRA layers, norms and probabilities as one operation each."""
    from synthgym.train.models.lora import LoRASettings, with_adapter

    def adapted() -> PolicyTrainer:
        made = policy(folder)
        model = with_adapter(made.model, LoRASettings(rank=4), seed=0)
        generator = torch.Generator().manual_seed(0)
        for weights in model.parameters():
            if weights.requires_grad:  # B begins at 0, and with it A's gradient
                weights.data = torch.randn(weights.shape, generator=generator) / 20
        settings = RLSettings.model_validate({**BASE, "lora": {"rank": 4}, "loss_type": loss_type})
        watch: Any = type("NoWatch", (TrainerCallback,), {"add": lambda self, logs, step: None})()
        whole = Policy(folder, "", model, made.tokenizer, adapted=True)
        return PolicyTrainer(whole, lambda step: Batch(), settings, tmp_path, watch)

    settings = RLSettings.model_validate({**BASE, "max_length": 80, "micro_tokens": 80})
    batch = make_batch(groups(policy(folder).model.config.vocab_size, alike), settings, shares=True)
    assert len(batch.passes) > 1
    assert (batch.computed < 0.6 * batch.tokens) == alike
    ours = adapted()
    assert ours.shares
    monkeypatch.setattr("synthgym.train.rl.optimizing.trainer.fit", lambda *_: False)
    plain = adapted()
    assert not plain.shares
    loss, found = gradients(ours, batch)
    wanted, expected = gradients(plain, batch)
    assert loss == pytest.approx(wanted, rel=1e-4)
    assert found.keys() == expected.keys()
    for name, gradient in expected.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-3, atol=1e-6)
