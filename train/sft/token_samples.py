"""Samples of episodes that were recorded with their tokens: what was read and sampled, as it was.

They can be trained on as they are where they are the student's own tokens: its tokenizer reads the first prompt as the
text that its template shows. Otherwise the conversation is shown and tokenised anew, as that of any other agent is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from synthgym.agents.calls import full_prompts
from synthgym.agents.trajectories.trajectory import Trajectory
from synthgym.base.errors import UserError
from synthgym.train.conversations import IGNORED, Sample
from synthgym.train.models.template import rendered_prompt
from synthgym.train.sequences import sequences

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def exact_samples(tokenizer: PreTrainedTokenizerBase, record: Trajectory, failed: set[int]) -> list[Sample] | None:
    """The samples of an episode, its replies in the tokens that were sampled; None where that cannot be.

    Args:
        tokenizer: The student's, with the template that it is trained with.
        record: The episode.
        failed: Which of its commands are context only, counted from the first. So are replies that held no command.
    """
    if not record.calls or not _are_of(tokenizer, record):
        return None
    learned, commands = set(), 0
    for position, call in enumerate(record.calls):
        if call.valid:
            if commands not in failed:
                learned.add(position)
            commands += 1
    found = []
    for sequence in sequences(record.calls):
        labels = [IGNORED] * len(sequence.ids)
        for reply in sequence.replies:
            if reply.call in learned:
                labels[reply.start : reply.end] = sequence.ids[reply.start : reply.end]
        found.append(Sample(sequence.ids, labels))
    return found


def _are_of(tokenizer: PreTrainedTokenizerBase, record: Trajectory) -> bool:
    first = [*record.earlier, record.messages][0]
    asked = next((at for at, message in enumerate(first) if message["role"] == "assistant"), len(first))
    ids = full_prompts(record.calls)[0]
    if not asked or max(ids) >= len(tokenizer):
        return False
    try:
        return bool(tokenizer.decode(ids) == rendered_prompt(tokenizer, first[:asked]))
    except UserError:  # its template does not take such a conversation
        return False
