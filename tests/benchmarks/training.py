"""What fine-tuning with a LoRA adapter does a second on a CPU, beside plain TRL, and beside the products alone.

The model has SmolLM2-135M's shape and random weights, the samples have the lengths of the shipped teacher's
conversations: what a step costs does not depend on what stands in them. Steps of ours and of TRL's take turns.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from timing import Row

from synthgym.train.conversations import IGNORED
from synthgym.train.models.lora import LoRASettings
from synthgym.train.sft.settings import SFTSettings

LORA = LoRASettings(rank=64, alpha=128)
STEPS = 4
VOCABULARY = 49152


def rows() -> Iterator[Row]:
    """Tokens a second."""
    threads = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        samples = _samples()
        ours, theirs = _ours(place, samples, threads), _theirs(place, samples)
        ours(0), theirs(0)
        found: dict[str, list[float]] = {"ours": [], "trl": [], "products": []}
        for step in range(1, STEPS):
            for name, act in (("ours", ours), ("trl", theirs)):
                torch.set_num_threads(1 if name == "ours" else threads)
                started = time.perf_counter()
                tokens = act(step)
                found[name].append(tokens / (time.perf_counter() - started))
            torch.set_num_threads(threads)
            found["products"].append(_products_per_second() / _operations_per_token(samples))
    mine, trl, products = (statistics.median(values) for values in found.values())
    yield (
        "SFT with LoRA, beside TRL's defaults",
        f"{mine:.0f} tok/s",
        f"{trl:.0f} tok/s",
        f"{mine / trl:.2f} ×",
        "≥ 1.5 ×",
    )
    share = mine / products
    yield "the same, beside its products alone", f"{mine:.0f} tok/s", f"{products:.0f} tok/s", f"{share:.0%}", "≥ 60 %"


def _samples() -> list[dict[str, list[int]]]:
    """Conversations of random tokens, as long as the shipped ones."""
    from shipped import TEACHER

    from synthgym.agents.trajectories.export import turns
    from synthgym.agents.trajectories.store import read_episodes

    generator = torch.Generator().manual_seed(0)
    found = []
    for record in read_episodes(TEACHER):
        ids: list[int] = []
        labels: list[int] = []
        for message in turns(record):
            part = torch.randint(3, VOCABULARY, (len(message["content"]) // 3 + 4,), generator=generator).tolist()
            ids += part
            labels += part if message["role"] == "assistant" else [IGNORED] * len(part)
        found.append({"input_ids": ids, "labels": labels})
    return found[:64]


def _model(dtype: torch.dtype) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    shape = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=576,
        intermediate_size=1536,
        num_hidden_layers=30,
        num_attention_heads=9,
        num_key_value_heads=3,
        max_position_embeddings=8192,
        tie_word_embeddings=True,
    )
    torch.manual_seed(0)
    return LlamaForCausalLM(shape).to(dtype)


def _ours(place: Path, samples: list[dict[str, list[int]]], threads: int) -> Any:
    """A step of the loss, backward pass and optimizer of `synthgym train sft` on a CPU."""
    from synthgym.train.batches import in_a_row
    from synthgym.train.models.lora import with_adapter
    from synthgym.train.sft.losses import InARow, loss_for

    model = with_adapter(_model(torch.bfloat16), LORA, seed=0)
    loss = loss_for(model, SFTSettings(lora=LORA, threads=threads))
    assert isinstance(loss, InARow)
    optimizer = torch.optim.AdamW(loss.trained, lr=1e-4)

    def step(number: int) -> int:
        batch = in_a_row(samples[8 * number : 8 * number + 8])
        loss.backward(batch, total=1000)
        torch.nn.utils.clip_grad_norm_(loss.trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return int(batch["input_ids"].numel())

    return step


def _theirs(place: Path, samples: list[dict[str, list[int]]]) -> Any:
    """A step of `SFTTrainer` with the same adapter, and its defaults for the rest but the batch."""
    from datasets import Dataset
    from peft import LoraConfig
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast
    from trl import SFTConfig, SFTTrainer

    words = Tokenizer(models.WordLevel({"<pad>": 0, "<eos>": 1}, unk_token="<pad>"))
    trainer = SFTTrainer(
        model=_model(torch.float32),
        args=SFTConfig(
            output_dir=str(place / "trl"),
            use_cpu=True,  # with its default of bf16 it asks for this where there is no GPU
            per_device_train_batch_size=2,  # of its 8, logits of the whole vocabulary take more than 24 GB
            report_to=[],
            max_steps=STEPS,
            dataset_kwargs={"skip_prepare_dataset": True},
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_list(samples),
        processing_class=PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<eos>"),
        peft_config=LoraConfig(r=LORA.rank, lora_alpha=int(LORA.alpha), target_modules="all-linear"),
    )
    trainer.create_optimizer()

    def step(number: int) -> int:
        size = trainer.args.per_device_train_batch_size
        part = samples[size * number : size * number + size]
        trainer.training_step(trainer.model, trainer.data_collator(part), torch.tensor(1000))
        torch.nn.utils.clip_grad_norm_(trainer.model.parameters(), 1.0)
        trainer.optimizer.step()
        trainer.optimizer.zero_grad()
        return sum(len(each["input_ids"]) for each in part)

    return step


def _operations_per_token(samples: list[dict[str, list[int]]]) -> float:
    """Multiplications and additions in the products that a step cannot do without, for a mean token."""
    linear = 30 * (576 * (576 + 2 * 192 + 576) + 3 * 576 * 1536)
    adapter = 30 * LORA.rank * (2 * (576 + 576) + 2 * (576 + 192) + 3 * (576 + 1536))
    tokens = sum(len(each["input_ids"]) for each in samples)
    learned = sum(label != IGNORED for each in samples for label in each["labels"])
    seen = sum(len(each["input_ids"]) ** 2 / 2 for each in samples) / tokens  # what a token attends to, on average
    # Forward and the gradient of the input; of the adapter also the gradients of its own two matrices. Attention has
    # two products forward and five backward.
    return 2 * (2 * linear + 3 * adapter + 2 * 576 * VOCABULARY * learned / tokens + 7 * 30 * 576 * seen)


def _products_per_second() -> float:
    """What the machine does of them: the model's largest product, again and again."""
    x, weight = torch.randn(2560, 576).bfloat16(), torch.randn(1536, 576).bfloat16()
    times = []
    for _ in range(40):
        started = time.perf_counter()
        torch.nn.functional.linear(x, weight)
        times.append(time.perf_counter() - started)
    return 2 * x.shape[0] * weight.numel() / statistics.median(times)
