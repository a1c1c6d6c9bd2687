"""The student: a language model of Qwen3's architecture, small enough to be trained on two CPU cores in minutes.

It stands in for a pretrained model where none can be trained: no download, no GPU. Everything else (chat template, SFT
with TRL, `transformers serve`) is what a large model goes through.

What a pretrained model brings along and a blank one lacks is above all copying from its context. So a new student is
not blank: `wire_copying` sets up attention that finds where the current token stood before and copies what followed,
and `warmup.warm_up` trains that on random tokens, free of any task. The result is called the base model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from synthgym.train.extras import needs_train

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerBase, Qwen3ForCausalLM


class StudentConfig(BaseModel):
    """Size and shape.

    Attributes:
        layers: At least two: one looks back a token, the next finds and copies.
        width: Of the residual stream.
        heads: Attention heads a layer, each `width / heads` wide.
        inner: Width inside the feed-forward blocks.
        positions: Longest conversation, in tokens.
        rope_theta: Slow rotations, so that a match is found a thousand tokens away.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    layers: int = Field(default=3, ge=2)
    width: int = Field(default=128, gt=0)
    heads: int = Field(default=2, ge=2)
    inner: int = Field(default=256, gt=0)
    positions: int = Field(default=2048, gt=0)
    rope_theta: float = 1e6

    @model_validator(mode="after")
    def _fits(self) -> StudentConfig:
        if self.heads % 2 or self.width % (2 * self.heads):
            raise ValueError("heads must be even, and width a multiple of twice as many")
        return self


def new_student(config: StudentConfig, tokenizer: PreTrainedTokenizerBase, seed: int = 0) -> Qwen3ForCausalLM:
    """A student that has learned nothing yet, wired for copying; see `wire_copying`."""
    needs_train()
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    shape = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=config.width,
        intermediate_size=config.inner,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.heads,
        head_dim=config.width // config.heads,
        max_position_embeddings=config.positions,
        rope_parameters={"rope_type": "default", "rope_theta": config.rope_theta},
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        attn_implementation="sdpa",
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Qwen3ForCausalLM(shape)
        wire_copying(model)
    model.generation_config.do_sample = False
    return model


def wire_copying(model: Qwen3ForCausalLM) -> None:
    """Sets the first weights of the attention so that the model can copy, as an induction circuit (arXiv 2209.11895).

    The lower half of the residual stream holds the token's own embedding. Heads of the first layer look one token back
    (half of them) or two, by position alone, and write that embedding into the upper half. Heads of the later layers
    compare the lower half here with the upper half there: they attend to where the current token was the previous one,
    and copy what stands there. All of it is a start, free to change in training.
    """
    import torch

    config = model.config
    heads, size, half = config.num_attention_heads, config.head_dim, config.hidden_size // 2
    frequencies = model.model.rotary_emb.inv_freq
    with torch.no_grad():
        embedding = model.model.embed_tokens.weight
        embedding[:, :half].normal_(0, _EMBEDDING)
        embedding[:, -1] = 3 * _EMBEDDING  # a constant, for heads that look at positions only

        first = model.model.layers[0].self_attn
        bands = 0.8 ** torch.arange(size // 2) * (torch.arange(size // 2) < 10)
        for head in range(heads):
            back, part = (1, head) if head < heads // 2 else (2, head - heads // 2)
            rows = slice(head * size, (head + 1) * size)
            angle = back * frequencies
            first.q_proj.weight[rows, -1] = torch.cat([bands, torch.zeros(size // 2)])
            first.k_proj.weight[rows, -1] = torch.cat([bands * angle.cos(), bands * angle.sin()])
            taken = min(size, half // (heads // 2))
            first.v_proj.weight[rows] = 0
            first.v_proj.weight[rows, :half][:taken] = torch.eye(half)[part * taken : (part + 1) * taken]
            first.o_proj.weight[:, rows] = 0
            if back == 1:
                upper = slice(half + part * taken, half + (part + 1) * taken)
                first.o_proj.weight[upper, rows][:, :taken] = _BACK * torch.eye(taken)
            else:
                first.o_proj.weight[half:, rows] = 0.3 * _BACK * _rotation(half, size)
            first.o_proj.weight[-1, rows] = 0
        first.q_norm.weight.fill_(2.5)
        first.k_norm.weight.fill_(2.5)

        slow = (frequencies * 700 < 1).nonzero().flatten()  # what distance hardly turns
        matching = torch.cat([slow, slow + size // 2])
        for layer in model.model.layers[1:]:
            attention = layer.self_attn
            for head in range(heads):
                rows = slice(head * size, (head + 1) * size)
                match = torch.zeros(size, half)
                match[matching[:half]] = _rotation(half, half)[: len(matching)]
                attention.q_proj.weight[rows, :half] += match
                attention.k_proj.weight[rows, half:] += match
                attention.k_proj.weight[rows, -1] = 0
                copied = _rotation(half, half)[:size]
                attention.v_proj.weight[rows, :half][: len(copied)] = copied
                gain = 4 * _BACK / (heads * (config.num_hidden_layers - 1))
                attention.o_proj.weight[:half, rows][:, : len(copied)] += gain * copied.T
            attention.q_norm.weight.fill_(1.5)
            attention.k_norm.weight.fill_(1.5)


_EMBEDDING = 0.1
_BACK = 0.12


def _rotation(rows: int, columns: int) -> Tensor:
    import torch

    size = max(rows, columns)
    return torch.linalg.qr(torch.randn(size, size))[0][:rows, :columns]
