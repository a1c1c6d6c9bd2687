"""The model that is trained, asked as an endpoint would be: in tokens, of which nothing is tokenised twice.

A prompt that goes on from the one before is that one's tokens, those that were sampled, and what the template puts
after a reply. Only what the environment said is tokenised. Here, and nowhere else, a part of TRL is used that is not
public: `_generate_single_turn`, for want of a public way to generate from tokens by vLLM and by transformers alike.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jinja2

from synthgym.agents.agent import Message, Stop, Usage
from synthgym.agents.chat.agent import NO_ROOM, assistant_message
from synthgym.agents.endpoint.errors import NoRoom
from synthgym.agents.endpoint.replies import Completion
from synthgym.agents.endpoint.reply_tokens import Tokens
from synthgym.agents.endpoint.system_role import merged
from synthgym.base.errors import UserError

_REPLY = "synthgym-stands-here"


@dataclass(frozen=True)
class Question:
    """A prompt, and how many tokens the answer may have."""

    ids: list[int]
    most: int


@dataclass(frozen=True)
class Sampled:
    """An answer; without log-probabilities where TRL samples with transformers, which tells none and needs none."""

    ids: list[int]
    logprobs: list[float] | None


def generate(trainer: Any, questions: list[Question]) -> list[Sampled]:
    """Samples an answer to each, as the trainer samples: its temperature, its engine.

    Raises:
        UserError: This version of TRL has no such way.
    """
    if not hasattr(trainer, "_generate_single_turn"):
        raise UserError(
            "rollout_func without base_url= samples by a part of TRL's GRPOTrainer that this version does not have; "
            "take trl 1.16, or name an endpoint: rollout_func(base_url=…, model=…)"
        )
    with _at_most(trainer, max(question.most for question in questions)):
        ids, logprobs = trainer._generate_single_turn([question.ids for question in questions], None, {}, 1)
    told: list[list[float] | None] = [None] * len(questions) if logprobs is None else logprobs
    return [
        Sampled(list(each[: question.most]), None if known is None else list(known[: question.most]))
        for question, each, known in zip(questions, ids, told, strict=True)
    ]


@contextlib.contextmanager
def _at_most(trainer: Any, tokens: int) -> Iterator[None]:
    """Has no answer be longer: TRL's own limit is one for the whole episode."""
    limits = [
        (owner, name)
        for owner, name in (
            (getattr(trainer, "generation_config", None), "max_new_tokens"),
            (getattr(trainer, "vllm_generation", None), "max_completion_length"),
        )
        if getattr(owner, name, None) is not None
    ]
    before = [getattr(owner, name) for owner, name in limits]
    try:
        for (owner, name), limit in zip(limits, before, strict=True):
            setattr(owner, name, min(limit, tokens))
        yield
    finally:
        for (owner, name), limit in zip(limits, before, strict=True):
            setattr(owner, name, limit)


class OwnModel:
    """What `ChatAgent` asks instead of an endpoint. One for each episode.

    Attributes:
        logprobs: Whether log-probabilities are known.
    """

    name, price, where = "trainer", None, "the model that is trained"

    def __init__(self, trainer: Any, ask: Callable[[Question], Sampled], longest_reply: int | None) -> None:
        self._ask = ask
        self._tokenizer = getattr(trainer.processing_class, "tokenizer", trainer.processing_class)  # or of a processor
        self._ends = set(trainer.eos_token_ids)
        self._template = {"chat_template": getattr(trainer, "chat_template", None), **trainer.chat_template_kwargs}
        self._positions = getattr(trainer.model.config.get_text_config(), "max_position_embeddings", None)
        self._most, self._longest = trainer.max_completion_length, longest_reply
        self._shown: list[Message] = []
        self._ids: list[int] = []
        self._first = 0
        self.logprobs = True
        self.usage = Usage()

    def as_sent(self, messages: list[Message]) -> list[Message]:
        """The conversation as it is: a template without a system role is shown it otherwise, and that is not kept."""
        return messages

    def complete(self, messages: list[Message], *, seed: int | None = None) -> Completion:
        """A reply to a conversation.

        Args:
            messages: The conversation.
            seed: Not used: the trainer's own state decides.

        Raises:
            Stop: The episode has all the tokens that it may have.
            NoRoom: The briefing alone has more than the model can take.
            UserError: The chat template cannot be used.
        """
        goes_on = bool(self._shown) and messages[: len(self._shown)] == self._shown
        ids = self._ids + self._between(messages[len(self._shown) :]) if goes_on else self._whole(messages)
        if not self._first:
            self._first = len(ids)
        sampled = self._ask(Question(ids, self._room(len(ids))))
        ended = bool(sampled.ids) and sampled.ids[-1] in self._ends
        text = self._tokenizer.decode(sampled.ids[:-1] if ended else sampled.ids, skip_special_tokens=True)
        self._shown, self._ids = [*messages, assistant_message(text)], ids + sampled.ids
        self.logprobs = sampled.logprobs is not None
        self.usage.calls += 1
        self.usage.prompt_tokens += len(ids)
        self.usage.completion_tokens += len(sampled.ids)
        told = Tokens(ids, sampled.ids, sampled.logprobs or [0.0] * len(sampled.ids))
        return Completion(text, not ended, len(ids), len(sampled.ids), tokens=told)

    def _room(self, length: int) -> int:
        """Tokens that a reply to so long a prompt may have."""
        if self._positions is not None and self._first >= self._positions:
            raise NoRoom(f"the briefing has {self._first} tokens, {self.where} takes {self._positions}")
        left: int = self._most - (length - self._first)
        left = left if self._positions is None else min(left, self._positions - length)
        if left <= 0:
            raise Stop(f"{NO_ROOM} max_completion_length, {self._most} tokens")
        return min(left, self._longest or left)

    def _whole(self, messages: list[Message]) -> list[int]:
        try:
            return self._rendered(messages)
        except jinja2.TemplateError:
            if (without := merged(messages)) is messages:
                raise
            return self._rendered(without)

    def _rendered(self, messages: list[Message]) -> list[int]:
        try:
            shown = self._tokenizer.apply_chat_template(
                messages, add_generation_prompt=True, tokenize=True, return_dict=True, **self._template
            )
        except ValueError as error:
            raise UserError(f"the model's chat template cannot be used: {error}") from error
        return list(shown["input_ids"])

    def _between(self, said_since: list[Message]) -> list[int]:
        """What the template puts after a reply: the mark of its end, unless that was sampled, and what was said."""
        shown = self._tokenizer.apply_chat_template(
            [{"role": "user", "content": "?"}, {"role": "assistant", "content": _REPLY}, *said_since],
            add_generation_prompt=True,
            tokenize=False,
            **self._template,
        )
        ids: list[int] = self._tokenizer(shown.partition(_REPLY)[2], add_special_tokens=False)["input_ids"]
        sampled = self._ids[-1:] and self._ids[-1] in self._ends
        return ids[1:] if sampled and ids[:1] and ids[0] in self._ends else ids
