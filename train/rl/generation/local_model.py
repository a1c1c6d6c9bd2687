"""The policy as a chat agent asks it, in this process: the same face as a model behind an endpoint has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthgym.agents.agent import Message, Usage
from synthgym.agents.endpoint.errors import ContextOverflow
from synthgym.agents.endpoint.replies import Completion
from synthgym.agents.endpoint.reply_tokens import Tokens
from synthgym.agents.plain_json import writable
from synthgym.base.errors import ModelError
from synthgym.train.rl.generation.continuous_batching import Generator, Read, Request

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class LocalModel:
    """One episode's way to the policy; it remembers the conversation's tokens from turn to turn.

    Args:
        name: As agents call it.
        generator: Who samples.
        tokenizer: The policy's, with its template.
        context: Tokens of a conversation, replies included.
        most: Tokens of one reply.
        temperature: Of sampling.
    """

    price = None
    base_url = None

    def __init__(
        self,
        name: str,
        generator: Generator,
        tokenizer: PreTrainedTokenizerBase,
        *,
        context: int,
        most: int,
        temperature: float,
    ) -> None:
        self.name, self.generator, self.tokenizer = name, generator, tokenizer
        self.context, self.most, self.temperature = context, most, temperature
        self.usage = Usage()
        self._shown = ""
        self._ids: list[int] = []
        self._read: Read | None = None

    @property
    def where(self) -> str:
        """For messages."""
        return f"model {self.name!r} in this process"

    def complete(self, messages: list[Message], *, seed: int | None = None, schema: Any = None) -> Completion:
        """One answer to a conversation.

        Raises:
            ContextOverflow: It is too long for the model.
            ModelError: The template refuses it, or generation failed or was stopped.
        """
        try:
            shown = str(self.tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False))
        except Exception as error:  # a template is a program
            raise ModelError(
                f"{self.where}: its chat template refuses the conversation: {type(error).__name__}: {error}"
            ) from error
        prompt = self._tokens(shown)
        if len(prompt) + self.most > self.context:
            raise ContextOverflow(
                f"{self.where}: a conversation of {len(prompt)} tokens and a reply of {self.most} are more than its "
                f"context of {self.context}"
            )
        request = Request(prompt, self.most, self.temperature, seed or 0, self._read)
        self.generator.generate(request)
        text = str(self.tokenizer.decode(request.ids, skip_special_tokens=False))
        self._shown, self._ids, self._read = shown + text, [*prompt, *request.ids], request.read
        self.usage.calls += 1
        self.usage.prompt_tokens += len(prompt)
        self.usage.completion_tokens += len(request.ids)
        return Completion(
            content=writable(str(self.tokenizer.decode(request.ids, skip_special_tokens=True))),
            cut_off=request.cut_off,
            prompt_tokens=len(prompt),
            completion_tokens=len(request.ids),
            tokens=Tokens(prompt, request.ids, request.logprobs),
        )

    def as_sent(self, messages: list[Message]) -> list[Message]:
        """The conversation as it is: the template takes it so."""
        return messages

    def check(self) -> None:
        """There is nothing that could be refused."""

    def try_out(self, messages: list[Message]) -> str | None:
        """There is nothing to try."""
        return None

    def _tokens(self, shown: str) -> list[int]:
        """The tokens of a conversation: those of its last turn as they were sampled, where it goes on from there."""
        if self._ids and shown.startswith(self._shown):
            return [*self._ids, *self._encoded(shown[len(self._shown) :])]
        self._read = None
        return self._encoded(shown)

    def _encoded(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False)
        return ids
