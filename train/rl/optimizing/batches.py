"""From a step's groups to tensors as TRL's loss takes them, in passes that are bounded by their tokens.

Every sequence is a row: its first token, which is never sampled, is what TRL calls the prompt, and all others are the
completion, of which `tool_mask` marks those that were sampled. So rows are padded on the right only, and what was
sampled in turns of one conversation is trained on in one pass over it. All rows of an episode have its advantage.

Where a pass computes once what rows have in common, as on a CPU (`tree.py`), that bounds it, and rows
that begin alike are in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch

from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.train.rl.collecting.groups import Group
from synthgym.train.rl.optimizing.advantages import advantages
from synthgym.train.rl.optimizing.prefix_tree import alphabetical, shared
from synthgym.train.rl.settings import RLSettings
from synthgym.train.sequences import Sequence, sequences_of

Pass = dict[str, torch.Tensor]
"""The tensors of one forward pass."""


@dataclass
class Batch:
    """What a step is trained on.

    Attributes:
        passes: Forward passes.
        rows: Sequences in all.
        counted: Tokens that were sampled and have a loss.
        tokens: Of the sequences.
        computed: Tokens that the passes go through, padding left aside.
        too_long: Sequences that were left out, being longer than `max_length`.
        stale: Steps that the weights were trained since they sampled this.
    """

    passes: list[Pass] = field(default_factory=list)
    rows: int = 0
    counted: int = 0
    tokens: int = 0
    computed: int = 0
    too_long: int = 0
    stale: int = 0


@dataclass(frozen=True)
class _Row:
    sequence: Sequence
    mask: list[int]
    advantage: float


def make_batch(
    groups: list[Group], settings: RLSettings, stale: int = 0, device: str = "cpu", *, shares: bool = False
) -> Batch:
    """The tensors of a step.

    Args:
        groups: That it is trained on.
        settings: See `RLSettings`.
        stale: Steps that the weights were trained since.
        device: Where they are wanted.
        shares: Whether what rows have in common is computed once.
    """
    found = advantages([group.rewards for group in groups], settings.scale_rewards)
    batch = Batch(stale=stale)
    rows: list[_Row] = []
    for group, of_group in zip(groups, found, strict=True):
        for record, advantage in zip(group.records, of_group, strict=True):
            for row in _rows(record, advantage, settings):
                if len(row.sequence.ids) > settings.max_length:
                    batch.too_long += 1
                elif any(row.mask[1:]):
                    rows.append(row)
    batch.rows = len(rows)
    batch.counted = sum(sum(row.mask[1:]) for row in rows)
    batch.tokens = sum(len(row.sequence.ids) for row in rows)
    batch.computed = batch.tokens
    if shares:
        parts, batch.computed = _parts_that_share(rows, settings.micro_tokens)
    else:
        parts = _parts(rows, settings.micro_tokens)
    batch.passes = [_tensors(part, batch.counted, device) for part in parts]
    return batch


def _rows(record: Trajectory, advantage: float, settings: RLSettings) -> Iterable[_Row]:
    for sequence in sequences_of(record):
        mask = list(sequence.mask)
        if settings.mask_truncated_completions:
            for reply in sequence.replies:
                if record.calls[reply.call].cut_off:
                    mask[reply.start : reply.end] = [0] * (reply.end - reply.start)
        yield _Row(sequence, mask, advantage)


def _parts(rows: list[_Row], micro_tokens: int) -> list[list[_Row]]:
    """Rows of like length together, so many that they fit, padding included."""
    parts: list[list[_Row]] = []
    for row in sorted(rows, key=lambda row: -len(row.sequence.ids)):  # stable: equal ones keep their order
        if not parts or len(parts[-1][0].sequence.ids) * (len(parts[-1]) + 1) > micro_tokens:
            parts.append([])
        parts[-1].append(row)
    return parts


def _parts_that_share(rows: list[_Row], micro_tokens: int) -> tuple[list[list[_Row]], int]:
    """Rows that begin alike together, so many that what they do not share fits; and how much that is in all."""
    parts: list[list[_Row]] = []
    computed = in_part = 0
    for number in alphabetical([row.sequence.ids for row in rows]):
        row = rows[number]
        size = len(row.sequence.ids)
        new = size - shared(parts[-1][-1].sequence.ids, row.sequence.ids) if parts else size
        if not parts or in_part + new > micro_tokens:
            parts.append([])
            new, in_part = size, 0
        parts[-1].append(row)
        in_part += new
        computed += new
    return parts, computed


def _tensors(rows: list[_Row], counted: int, device: str) -> Pass:
    length = max(len(row.sequence.ids) for row in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    there = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros(len(rows), length, dtype=torch.long)
    logprobs = torch.zeros(len(rows), length)
    for at, row in enumerate(rows):
        size = len(row.sequence.ids)
        ids[at, :size] = torch.tensor(row.sequence.ids)
        there[at, :size] = 1
        mask[at, :size] = torch.tensor(row.mask)
        logprobs[at, :size] = torch.tensor(row.sequence.logprobs)
    found = {
        "prompt_ids": ids[:, :1],
        "prompt_mask": there[:, :1],
        "completion_ids": ids[:, 1:],
        "completion_mask": there[:, 1:],
        "tool_mask": mask[:, 1:],
        "sampling_per_token_logps": logprobs[:, 1:],
        "advantages": torch.tensor([row.advantage for row in rows]),
        "num_items_in_batch": torch.tensor(float(counted)),
    }
    return {name: tensor.to(device) for name, tensor in found.items()}
