"""What a run would do, said before it is done: `synthgym train rl --dry-run`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from synthgym.train.models.resolve import resolve
from synthgym.train.models.source import WEIGHTS, shapes
from synthgym.train.rl.policy import policy_parts
from synthgym.train.rl.settings import RLSettings

_ADAM = 2
"""Numbers that the optimizer keeps of each weight."""
_FLOAT = 4


class Plan(BaseModel):
    """What is known of a run beforehand.

    Attributes:
        model: Its folder.
        challenges: To draw from.
        steps: Of the optimizer.
        episodes: The least and the most there will be.
        tokens: The most that are trained on in a step.
        parameters: Of the model.
        trained: Of these, or of the adapter.
        memory_mb: Of weights, gradients and the optimizer; what a pass takes comes on top.
        engine: Who samples.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Path
    challenges: int
    steps: int
    episodes: tuple[int, int]
    tokens: int
    parameters: int
    trained: int
    memory_mb: int
    engine: str

    def as_text(self) -> str:
        """For people."""
        return (
            f"model: {self.model}, {self.parameters:,} parameters, {self.trained:,} of them trained\n"
            f"challenges: {self.challenges}\n"
            f"steps: {self.steps}, with {self.episodes[0]} to {self.episodes[1]} episodes in all\n"
            f"tokens: at most {self.tokens:,} a step\n"
            f"memory: {self.memory_mb} MB for weights and optimizer, and what a pass takes; engine: {self.engine}"
        )


def plan(names: list[str], model: str, settings: RLSettings, adapter: Path | None = None) -> Plan:
    """Looks at a run without loading or starting anything."""
    from synthgym.train.serving import find_vllm

    model, adapter = policy_parts(model, adapter)
    source = resolve(model)
    weights = shapes(source.folder, WEIGHTS)
    parameters = sum(_size(shape) for shape in weights.values())
    trained = parameters
    if adapter is not None:
        trained = sum(_size(shape) for shape in shapes(adapter, WEIGHTS).values())
    elif settings.lora is not None:
        trained = _of_adapter(weights, settings.lora.rank, settings.lora.targets)
    whole = trained == parameters
    of_weights = parameters * (2 if settings.dtype == "bfloat16" and not whole else _FLOAT)
    memory = of_weights + trained * _FLOAT * (1 + _ADAM) + (0 if whole else trained * _FLOAT)
    least = settings.steps * settings.groups * settings.num_generations
    most = settings.steps * (settings.groups + settings.max_redraws) * settings.num_generations
    engine = settings.engine if settings.engine != "auto" else ("vllm" if find_vllm() else "transformers")
    return Plan(
        model=source.folder,
        challenges=len(names),
        steps=settings.steps,
        episodes=(least, most),
        tokens=settings.groups * settings.num_generations * settings.max_length,
        parameters=parameters,
        trained=trained,
        memory_mb=memory >> 20,
        engine=engine,
    )


def _size(shape: tuple[int, ...] | list[int]) -> int:
    size = 1
    for each in shape:
        size *= each
    return size


def _of_adapter(weights: dict[str, tuple[int, ...]], rank: int, targets: list[str] | str) -> int:
    """Parameters of an adapter of the linear layers that it is for."""
    found = 0
    for name, shape in weights.items():
        layer = name.split(".")[-2] if name.count(".") > 1 else ""
        linear = len(shape) == 2 and layer not in ("embed_tokens", "lm_head", "wte", "")
        if linear and (targets == "all-linear" or layer in targets):
            found += rank * (shape[0] + shape[1])
    return found
