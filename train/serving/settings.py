"""How a model is served."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Engine = Literal["vllm", "transformers"]
DType = Literal["auto", "float32", "bfloat16", "float16"]


class Serving(BaseModel):
    """Settings of a server.

    Attributes:
        context: Tokens of a conversation, at most; by default what the model was made for.
        max_lora_rank: The largest rank of adapters that there is room for; None for a server without adapters, which
            is a little faster with vLLM.
        max_loras: Adapters that vLLM answers with at a time.
        threads: CPU threads; by default one with transformers, which is fastest for small models, and with vLLM
            one for each core but one, which is left to the sandboxes.
        dtype: Of the weights while they are served. ``auto`` is the model's own; with vLLM on a CPU it is
            float32, the model to the digit, where bfloat16 takes half of the time and rounds.
        device: Where transformers computes, as torch names it; ``auto`` takes a GPU where there is one.
        gpu_memory: vLLM's share of the GPU's memory, where something else is to have the rest.
        thoughts: Whether a Qwen3 model's thoughts are told apart by vLLM; by default where its chat template has some.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    context: int | None = Field(default=None, gt=0)
    max_lora_rank: int | None = Field(default=64, gt=0)
    max_loras: int = Field(default=2, gt=0)
    threads: int | None = Field(default=None, gt=0)
    dtype: DType = "auto"
    device: str = "auto"
    gpu_memory: float | None = Field(default=None, gt=0, le=1)
    thoughts: bool | None = None
