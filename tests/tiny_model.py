"""A tiny model of Qwen3's architecture with random weights, its tool-calling template, and a tokenizer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TURNS = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
PAIRS = [
    "th",
    "he",
    "in",
    "er",
    "an",
    "re",
    "on",
    "at",
    "en",
    "nd",
    "ti",
    "es",
    "or",
    "te",
    "st",
    "to",
    "se",
    "io",
    "co",
]
MARKS = ["<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>"]


def tokenizer(template: str = "qwen3.jinja") -> Any:
    """A token for each byte and for some pairs, and those of Qwen3's marks."""
    import trl
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [(pair[0], pair[1]) for pair in PAIRS]
    pieces = [*alphabet, *PAIRS]
    inner = Tokenizer(models.BPE(vocab={piece: at for at, piece in enumerate(pieces)}, merges=merges))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens(TURNS)
    inner.add_tokens(MARKS)
    made = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        bos_token="<|endoftext|>",
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        clean_up_tokenization_spaces=False,
    )
    made.chat_template = (Path(trl.__file__).parent / "chat_templates" / template).read_text(encoding="utf-8")
    return made


def write(folder: Path, template: str = "qwen3.jinja", positions: int = 16_384) -> Path:
    """Saves the model. Many of its tokens end a reply, so that it says little."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    made = tokenizer(template)
    config = Qwen3Config(
        vocab_size=len(made),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=positions,
        pad_token_id=made.pad_token_id,
        eos_token_id=made.eos_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = Qwen3ForCausalLM(config)
    model.generation_config.eos_token_id = [made.eos_token_id, *range(20)]
    model.save_pretrained(folder)
    made.save_pretrained(folder)
    return folder
