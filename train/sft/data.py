"""From exported conversations to training samples: tokens, and labels on what the agent itself wrote.

What is learned is exactly what the served model will have to write, the end of its turn included; the chat template
tells which tokens these are (see `template`). Replies exported with ``"weight": 0`` are context only. A
conversation that does not fit is left out and counted, never cut: its end is the submit.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthgym.base.errors import UserError
from synthgym.train.models.template import to_tokens
from synthgym.train.sft.renaming import common_words, renamed
from synthgym.train.tokenizer import ROLES

if TYPE_CHECKING:
    from datasets import Dataset
    from transformers import PreTrainedTokenizerBase

Message = dict[str, Any]
Conversation = list[Message]

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


@dataclass(frozen=True)
class Samples:
    """What became of the conversations.

    Attributes:
        kept: The samples.
        too_long: Left out because they did not fit.
        silent: Left out because nothing in them is learned.
    """

    kept: list[Sample]
    too_long: int = 0
    silent: int = 0
    longest: int = field(default=0)
    """Tokens of the longest conversation, kept or not."""

    @property
    def tokens(self) -> int:
        """Tokens of the samples that were kept."""
        return sum(len(sample.input_ids) for sample in self.kept)

    @property
    def learned(self) -> int:
        """Tokens that are learned."""
        return sum(sample.learned for sample in self.kept)


def read_conversations(paths: str | Path | Iterable[str | Path]) -> list[Conversation]:
    """The conversations of files with a JSON object ``{"messages": [{"role": …, "content": …}, …]}`` a line.

    Raises:
        UserError: No file is given, one is missing or empty, or a line is not what it should be; names file and line.
    """
    found: list[Conversation] = []
    files = [paths] if isinstance(paths, str | Path) else list(paths)
    if not files:
        raise UserError("no file of conversations is given; synthgym export makes one")
    for path in files:
        before = len(found)
        try:
            with open(path, encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        found.append(_conversation(line, f"{path}, line {number}"))
        except OSError as error:
            raise UserError(f"{path}: cannot be read ({error.strerror}); expected exported conversations") from error
        except UnicodeDecodeError as error:
            raise UserError(f"{path}: expected JSON lines in UTF-8, got other bytes ({error.reason})") from error
        if len(found) == before:
            raise UserError(f"{path}: holds no conversations; did the filters let none through?")
    return found


def _conversation(line: str, where: str) -> Conversation:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise UserError(f"{where}: not valid JSON: {error}") from error
    messages = record.get("messages") if isinstance(record, dict) else None
    if not isinstance(messages, list) or not messages:
        raise UserError(f"{where}: expected an object with a list 'messages', got {line.strip()[:60]!r}")
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


def encode_all(
    tokenizer: PreTrainedTokenizerBase, conversations: Iterable[Sequence[Message]], max_length: int
) -> Samples:
    """All conversations that fit into `max_length` tokens, and how many did not.

    Raises:
        UserError: None fits.
    """
    kept: list[Sample] = []
    too_long = silent = longest = 0
    for messages in conversations:
        try:
            sample = encode(tokenizer, messages)
        except UserError as error:
            raise UserError(f"{error}; it begins with {messages[0]['content'][:60]!r}") from error
        longest = max(longest, len(sample.input_ids))
        if len(sample.input_ids) > max_length:
            too_long += 1
        elif not sample.learned:
            silent += 1
        else:
            kept.append(sample)
    if not kept:
        raise UserError(
            f"no conversation to train on: {too_long} are longer than max_length {max_length} (the longest has "
            f"{longest} tokens), {silent} hold no reply that is learned"
        )
    return Samples(kept, too_long, silent, longest)


def with_copies(
    conversations: Sequence[Conversation], copies: int, seed: int = 0, pieces: Sequence[str] = ()
) -> list[Conversation]:
    """The conversations and `copies` more of each with other names; see `renaming`."""
    found = list(conversations)
    common = common_words(conversations)
    for copy in range(copies):
        found += [
            renamed(messages, random.Random(f"{seed}/{copy}/{index}"), common, pieces)
            for index, messages in enumerate(conversations)
        ]
    return found


def to_dataset(samples: Samples) -> Dataset:
    """As TRL takes it: tokenised already, labels included."""
    from datasets import Dataset

    return Dataset.from_dict(
        {
            "input_ids": [sample.input_ids for sample in samples.kept],
            "labels": [sample.labels for sample in samples.kept],
        }
    )
