"""Samples as the tensors of one forward pass: padded, or all in one row."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Literal

import torch

from synthgym.train.conversations import IGNORED

Layout = Literal["padded", "row"]
Collator = Callable[[list[dict[str, Any]]], dict[str, torch.Tensor]]


def collate(layout: Layout, pad: int) -> Collator:
    """What makes a batch of samples.

    Args:
        layout: ``padded``: each in a row of its own; ``row``: one behind the other, with their ``lengths`` beside.
        pad: The token that rows are filled up with.
    """
    return in_a_row if layout == "row" else padded(pad)


def padded(pad: int) -> Collator:
    """Conversations padded on the right, without an attention mask.

    With causal attention nothing looks at what stands to the right of it, so the mask would change nothing, but it
    would keep attention from its fast path.
    """

    def collate(samples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        length = max(len(sample["input_ids"]) for sample in samples)
        tokens = torch.full((len(samples), length), pad)
        labels = torch.full((len(samples), length), IGNORED)
        for row, sample in enumerate(samples):
            tokens[row, : len(sample["input_ids"])] = torch.tensor(sample["input_ids"])
            labels[row, : len(sample["labels"])] = torch.tensor(sample["labels"])
        positions = torch.arange(length).expand(len(samples), length)
        return {"input_ids": tokens, "labels": labels, "position_ids": positions}

    return collate


def in_a_row(samples: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    """Conversations one behind the other, without padding; each is a text of its own (see `kernels.attention`)."""
    tokens = torch.cat([torch.tensor(sample["input_ids"]) for sample in samples])
    labels = [torch.tensor(sample["labels"]) for sample in samples]
    for each in labels:
        each[0] = IGNORED  # nothing of this conversation comes before it
    lengths = [len(sample["input_ids"]) for sample in samples]
    positions = torch.cat([torch.arange(length) for length in lengths])
    return {
        "input_ids": tokens[None],
        "labels": torch.cat(labels)[None],
        "position_ids": positions[None],
        "lengths": torch.tensor(lengths),
    }


def split_row(batch: dict[str, torch.Tensor], parts: int) -> list[dict[str, torch.Tensor]]:
    """A row as several, of whole conversations each and about as long as each other; none is empty."""
    lengths = batch["lengths"].tolist()
    ends = list(itertools.accumulate(lengths))
    chosen: list[list[int]] = [[] for _ in range(min(parts, len(lengths)))]
    for index in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        min(chosen, key=lambda part: sum(lengths[at] for at in part)).append(index)
    rows = []
    for part in chosen:
        tokens = torch.cat([torch.arange(ends[at] - lengths[at], ends[at]) for at in sorted(part)])
        row = {name: batch[name][:, tokens] for name in ("input_ids", "labels", "position_ids")}
        rows.append({**row, "lengths": batch["lengths"][sorted(part)]})
    return rows
