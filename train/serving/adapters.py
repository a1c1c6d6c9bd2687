"""Whether an adapter fits the model that is served, told before the server is asked to load it."""

from __future__ import annotations

import re
from pathlib import Path

from synthgym.train.models.folder import ADAPTER_FILE
from synthgym.train.models.source import ModelSource, read_json, shapes
from synthgym.train.serving.errors import AdapterDoesNotFit

WEIGHTS = "adapter_model.safetensors"
_PARTS = re.compile(r"(?:base_model\.model\.)?(?P<module>.+)\.lora_(?P<side>[AB])(?:\.\w+)?\.weight")


def check_adapter(folder: Path, base: ModelSource, most: int) -> None:
    """Sees that a LoRA adapter is there, whole, of this base and of a rank that there is room for.

    Args:
        folder: As peft saves adapters.
        base: The model served.
        most: The largest rank that the server takes.

    Raises:
        AdapterDoesNotFit: It is not.
    """
    if not (folder / ADAPTER_FILE).is_file():
        what = "a whole model" if (folder / "config.json").is_file() else "no adapter"
        raise AdapterDoesNotFit(
            f"{folder}: expected the folder of a saved LoRA adapter (with {ADAPTER_FILE}); it is {what}"
        )
    if not (folder / WEIGHTS).is_file():
        raise AdapterDoesNotFit(f"{folder}: expected its weights as {WEIGHTS}; save it again as safetensors")
    settings = read_json(folder / ADAPTER_FILE)
    if settings.get("peft_type") != "LORA":
        raise AdapterDoesNotFit(f"{folder}: expected a LoRA adapter, got {settings.get('peft_type')!r}")
    rank = rank_of(folder)
    if rank > most:
        raise AdapterDoesNotFit(
            f"{folder}: its rank is {rank}, and the server has room for {most}; start it with max_lora_rank={rank} "
            f"(--max-lora-rank {rank})"
        )
    _check_shapes(folder, base)


def rank_of(folder: Path) -> int:
    """The largest rank that an adapter says it has.

    Raises:
        UserError: There is no adapter.
    """
    settings = read_json(folder / ADAPTER_FILE)
    return max([int(settings.get("r") or 0), *map(int, (settings.get("rank_pattern") or {}).values())])


def _check_shapes(folder: Path, base: ModelSource) -> None:
    known = shapes(base.folder)
    for name, shape in shapes(folder, WEIGHTS).items():
        parts = _PARTS.fullmatch(name)
        if not parts or len(shape) != 2:
            continue  # something else than plain LoRA of a linear layer: the server says what it thinks of it
        weight = known.get(f"{parts['module']}.weight")
        if weight is None:
            why = f"that model has no {parts['module']}"
        elif shape[1 if parts["side"] == "A" else 0] != weight[1 if parts["side"] == "A" else 0]:
            why = f"{parts['module']} is {weight[1]} to {weight[0]} wide there, and {name} has the shape {shape}"
        else:
            continue
        raise AdapterDoesNotFit(f"{folder}: an adapter of another model than {base.name}: {why}")
