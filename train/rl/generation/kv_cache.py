"""A cache of keys and values for a batch whose rows come and go while it is generated.

Every row has a place for as many tokens as the batch has columns; columns that hold nothing of a row are masked for it.
A row that joins is written to the first columns, whatever the others hold there; one that leaves is replaced by the
last. So nothing is copied for a token that is added, and little for a row.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers.cache_utils import Cache, CacheLayerMixin

Kept = list[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values of one row, layer by layer: each of heads × tokens × width."""

_ROOM = 256
"""Columns that are added at least where the cache grows."""


class _Layer(CacheLayerMixin):  # type: ignore[misc]
    """One layer; its rows and its first column to write are the cache's affair."""

    is_sliding = False

    def __init__(self, slots: Slots) -> None:
        super().__init__()
        self.slots = slots

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        """Makes room of the size of what is to be kept."""
        rows, columns = self.slots.rows, self.slots.columns
        self.keys = key_states.new_zeros(rows, key_states.shape[1], columns, key_states.shape[3])
        self.values = value_states.new_zeros(rows, value_states.shape[1], columns, value_states.shape[3])
        self.is_initialized = True

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *arguments: Any, **options: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Writes new tokens of the rows at hand, and gives all columns up to them."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        first, rows, start = self.slots.first, key_states.shape[0], self.slots.start
        end = start + key_states.shape[2]
        self.keys[first : first + rows, :, start:end] = key_states
        self.values[first : first + rows, :, start:end] = value_states
        return self.keys[first : first + rows, :, :end], self.values[first : first + rows, :, :end]

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """Columns that are looked at, and the first of them."""
        return self.slots.start + query_length, 0

    def get_seq_length(self) -> int:
        """The column that is written next."""
        return self.slots.start

    def get_max_length(self) -> int:
        """None is known."""
        return -1


class Slots(Cache):  # type: ignore[misc]
    """The cache of all layers.

    Args:
        layers: How many the model has.

    Attributes:
        mask: Rows × columns: where something of the row stands.
        used: Rows that are in use: the first so many.
        end: The column after the last one that any row uses.
        first: The first row of the next forward pass.
        start: The first column that it writes.
    """

    def __init__(self, layers: int, device: torch.device) -> None:
        self.rows = self.columns = 0
        self.used = self.end = self.first = self.start = 0
        self.mask = torch.zeros(0, 0, dtype=torch.bool, device=device)
        super().__init__(layers=[_Layer(self) for _ in range(layers)])

    def reserve(self, rows: int, columns: int) -> None:
        """Makes room for so many rows and columns; what is kept stays."""
        if rows <= self.rows and columns <= self.columns:
            return
        columns = max(self.columns, columns + _ROOM if columns > self.columns else 0)
        rows = max(self.rows, rows)
        for layer in self.layers:
            if layer.is_initialized:
                layer.keys, layer.values = (_grown(kept, rows, columns) for kept in (layer.keys, layer.values))
        mask = self.mask.new_zeros(rows, columns)
        mask[: self.rows, : self.columns] = self.mask
        self.mask, self.rows, self.columns = mask, rows, columns

    def write(self, row: int, kept: Kept, tokens: int) -> None:
        """Puts the first tokens of what was kept at the start of a row."""
        for layer, (keys, values) in zip(self.layers, kept, strict=True):
            if not layer.is_initialized:
                layer.lazy_initialization(keys[None], values[None])
            layer.keys[row, :, :tokens] = keys[:, :tokens]
            layer.values[row, :, :tokens] = values[:, :tokens]
        self.mask[row] = False
        self.mask[row, :tokens] = True

    def read(self, row: int) -> Kept:
        """What stands in a row, without its gaps."""
        columns = self.mask[row].nonzero().flatten()
        return [(layer.keys[row][:, columns], layer.values[row][:, columns]) for layer in self.layers]

    def remove(self, row: int) -> None:
        """Frees a row; the last one takes its place."""
        last = self.used - 1
        if row != last:
            for layer in self.layers:
                layer.keys[row], layer.values[row] = layer.keys[last], layer.values[last]
            self.mask[row] = self.mask[last]
        self.mask[last] = False
        self.used = last
        if not last:
            self.end = 0

    def squeeze(self) -> None:
        """Closes the gaps, so that the longest row decides how many columns are looked at."""
        kept = [self.read(row) for row in range(self.used)]
        for row, each in enumerate(kept):
            self.write(row, each, each[0][0].shape[1])
        self.end = max((each[0][0].shape[1] for each in kept), default=0)


def _grown(kept: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    grown = kept.new_zeros(rows, kept.shape[1], columns, kept.shape[3])
    grown[: kept.shape[0], :, : kept.shape[2]] = kept
    return grown
