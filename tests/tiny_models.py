"""Small models with random weights, of shapes that every engine takes, and adapters for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synthgym.train.models.saving import save_model
from synthgym.train.small.tokenizer import train_tokenizer

TALK = [
    {"role": "system", "content": "You copy."},
    {"role": "user", "content": "Frogs, marble, window."},
    {"role": "assistant", "content": "```bash\nvalidate\n```"},
]


def save_tiny(folder: Path, *, seed: int = 0, width: int = 128, positions: int = 1024, **shape: Any) -> Any:
    """Saves a Qwen3 of random weights with a tokenizer; returns the model."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = train_tokenizer([TALK] * 3, words=300, phrases=0)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=64,
        max_position_embeddings=positions,
        initializer_range=0.2,  # with less of it, every answer is one token over and over
        tie_word_embeddings=False,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        **shape,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Qwen3ForCausalLM(config).eval()
    save_model(model, tokenizer, folder)
    return model


def save_adapter(base: Path, folder: Path, *, rank: int = 8, seed: int = 1, **settings: Any) -> Any:
    """Saves a LoRA adapter that changes what the model says; returns the model with it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(base)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        adapted = get_peft_model(model, LoraConfig(r=rank, lora_alpha=16, init_lora_weights=False, **settings)).eval()
    adapted.save_pretrained(folder)
    return adapted
