"""How a model is served."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Engine = Literal["vllm", "transformers"]


class Serving(BaseModel):
    """Settings of a server.

    Attributes:
        context: Tokens of a conversation, at most; by default what the model was made for.
        max_lora_rank: The largest rank of adapters that there is room for; None for a server without adapters, which
            is a little faster with vLLM.
        max_loras: Adapters that vLLM answers with at a time.
        threads: CPU threads; by default one with transformers, which is fastest for small models, and one for each core
            with vLLM.
        device: Where transformers computes, as torch names it; ``auto`` takes a GPU where there is one.
        gpu_memory: vLLM's share of the GPU's memory, where something else is to have the rest.
        thoughts: Whether a Qwen3 model's thoughts are told apart by vLLM; by default where its chat template has some.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    context: int | None = Field(default=None, gt=0)
    max_lora_rank: int | None = Field(default=64, gt=0)
    max_loras: int = Field(default=2, gt=0)
    threads: int | None = Field(default=None, gt=0)
    device: str = "auto"
    gpu_memory: float | None = Field(default=None, gt=0, le=1)
    thoughts: bool | None = None
