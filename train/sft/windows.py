"""A conversation that is too long, in parts: each begins with the briefing, and shows the turns before it.

Every reply that is learned is learned once, in one part; what a part shows of the part before it is context. A reply
that does not fit even so is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from synthgym.train.conversations import Conversation, Sample, encode

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_SHOWN = 2
"""Turns, of a reply and what it brought, that a part shows of what came before it."""


def windows(tokenizer: PreTrainedTokenizerBase, messages: Conversation, max_length: int) -> Iterator[Sample]:
    """The parts of a conversation, each of at most `max_length` tokens.

    Args:
        tokenizer: With the template to show it in.
        messages: System prompt, briefing, then replies and observations in turn.
        max_length: In tokens.
    """
    first = next((at for at, message in enumerate(messages) if message["role"] == "assistant"), len(messages))
    head, turns = messages[:first], _turns(messages[first:])
    learned = 0
    while learned < len(turns):
        for shown in range(min(_SHOWN, learned), -1, -1):
            start, end = learned - shown, len(turns)
            sample = _part(tokenizer, head, turns[start:end], shown)
            while len(sample.input_ids) > max_length and end > learned + 1:
                end -= max(1, (end - learned) // 4)
                end = max(end, learned + 1)
                sample = _part(tokenizer, head, turns[start:end], shown)
            if len(sample.input_ids) <= max_length:
                if sample.learned:
                    yield sample
                learned = end
                break
        else:
            learned += 1  # this one reply does not fit, with nothing before it but the briefing


def _turns(messages: Conversation) -> list[Conversation]:
    """Each reply with what comes before the next one."""
    turns: list[Conversation] = []
    for message in messages:
        if message["role"] == "assistant":
            turns.append([message])
        else:
            turns[-1].append(message)
    return turns


def _part(tokenizer: PreTrainedTokenizerBase, head: Conversation, turns: list[Conversation], context: int) -> Sample:
    shown = [*head]
    for index, turn in enumerate(turns):
        reply = {**turn[0], "weight": 0} if index < context else turn[0]
        shown += [reply, *turn[1:]]
    while shown[-1]["role"] != "assistant":
        shown.pop()
    return encode(tokenizer, shown)
