"""Whether a model's configuration asks for no more than its weights hold, before anything is made from it.

A configuration is a few bytes, and what it says is built: two hundred thousand layers of nothing take hours.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synthgym.base.errors import UserError
from synthgym.base.json_reading import kind_of
from synthgym.train.models.source import WEIGHTS, read_json, shapes

_DIMENSIONS = (
    *("vocab_size", "hidden_size", "intermediate_size", "moe_intermediate_size", "head_dim", "n_embd", "n_inner"),
    *("num_attention_heads", "num_key_value_heads", "n_head", "shared_expert_intermediate_size", "d_model", "d_ff"),
)
"""Numbers of which some weight has at least as many rows or columns."""
_PARTS = ("num_hidden_layers", "n_layer", "num_layers", "num_local_experts", "num_experts", "n_routed_experts")
"""Numbers of parts; each has weights of its own, or a row in them."""
_DEEPEST = 8


def check_sizes(folder: Path) -> None:
    """Sees that the weights of a model's folder can be those of its configuration.

    Raises:
        UserError: It has more layers, rows or columns than they have.
    """
    place = folder / "config.json"
    held = shapes(folder)
    if not held:
        return
    # What the heads of files say may be made up too: a byte holds eight weights at most.
    room = 8 * sum(path.stat().st_size for path in folder.glob(WEIGHTS))
    widest = min(room, max(max(shape, default=1) for shape in held.values()))
    most = dict.fromkeys(_DIMENSIONS, widest) | dict.fromkeys(_PARTS, max(widest if _stacked(held) else 0, len(held)))
    _check(read_json(place), most, place)


def _stacked(held: dict[str, tuple[int, ...]]) -> bool:
    """Whether parts lie in one weight, as experts do that are packed."""
    return any(len(shape) > 2 for shape in held.values())


def _check(config: dict[str, Any], most: dict[str, int], place: Path, depth: int = 0) -> None:
    for name, value in config.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            _check(value, most, place, depth + 1)
        elif name in most and isinstance(value, int | float) and not value <= most[name]:
            raise UserError(
                f"{place}: field {name!r}: expected at most {most[name]:,}, which its weights have, got "
                f"{kind_of(value)}; get the model again"
            )
