"""From exported conversations to training samples: tokens, and labels on what the agent itself wrote.

What is learned is exactly what the served model will have to write, the end of its turn included; the chat template
tells which tokens these are (see `synthgym.train.models.template`). Replies exported with ``"weight": 0`` are context
only.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import UserError
from synthgym.base.json_reading import lines_of, parse_json
from synthgym.train.augmentation import common_words, renamed
from synthgym.train.models.template import to_tokens

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Message = dict[str, Any]
Conversation = list[Message]

ROLES = ("system", "user", "assistant")
IGNORED = -100


@dataclass(frozen=True)
class Sample:
    """One conversation in tokens. `labels` repeats a token where it is learned, else it is -100."""

    input_ids: list[int]
    labels: list[int]

    @property
    def learned(self) -> int:
        """Tokens that are learned."""
        return sum(label != IGNORED for label in self.labels)


def read_conversations(paths: str | Path | Iterable[str | Path]) -> list[Conversation]:
    """The conversations of files with a JSON object ``{"messages": [{"role": …, "content": …}, …]}`` a line.

    Raises:
        UserError: No file is given, one is missing or empty, or a line is not what it should be; names file and line.
    """
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise UserError("no file of conversations is given; synthgym export makes one")
    return [messages for path in files for messages in conversations_of(path)]


def conversations_of(path: str | Path) -> Iterator[Conversation]:
    """The same of one file, one by one."""
    count = 0
    try:
        with open(path, "rb") as file:  # a pipe will do
            for number, line in lines_of(file, str(path)):
                if line.strip():
                    yield _conversation(line, f"{path}, line {number}")
                    count += 1
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); expected exported conversations") from error
    if not count:
        raise UserError(f"{path}: holds no conversations; did the filters let none through?")


def _conversation(line: bytes, where: str) -> Conversation:
    try:
        record = parse_json(line)
    except ValueError as error:
        raise UserError(f"{where}: not valid JSON: {error}") from error
    messages = record.get("messages") if isinstance(record, dict) else None
    if not isinstance(messages, list) or not messages:
        raise UserError(
            f"{where}: expected an object with a list 'messages', got {line.decode(errors='replace').strip()[:60]!r}"
        )
    for message in messages:
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise UserError(f"{where}: expected messages with a role of {', '.join(ROLES)}, got {str(message)[:60]!r}")
        if not isinstance(message.get("content"), str):
            raise UserError(f"{where}: expected a text as 'content', got {str(message.get('content'))[:60]!r}")
    return messages


def encode(tokenizer: PreTrainedTokenizerBase, messages: Sequence[Message]) -> Sample:
    """A conversation in tokens, with labels on the assistant's turns.

    Raises:
        UserError: The tokenizer's chat template refuses the conversation; see `template.to_tokens`.
    """
    ids, replies = to_tokens(tokenizer, messages)
    weights = [message.get("weight", 1) for message in messages if message["role"] == "assistant"]
    labels = [IGNORED] * len(ids)
    if len(replies) != len(weights):
        raise UserError(f"the chat template shows {len(replies)} replies of a conversation that has {len(weights)}")
    for (start, end), weight in zip(replies, weights, strict=True):
        if weight:
            labels[start:end] = ids[start:end]
    return Sample(ids, labels)


def with_copies(
    conversations: Sequence[Conversation], copies: int, seed: int = 0, pieces: Sequence[str] = ()
) -> list[Conversation]:
    """The conversations and `copies` more of each with other names; see `augmentation`."""
    found = list(conversations)
    common = common_words(conversations)
    for copy in range(copies):
        found += [
            renamed(messages, random.Random(f"{seed}/{copy}/{index}"), common, pieces)
            for index, messages in enumerate(conversations)
        ]
    return found
