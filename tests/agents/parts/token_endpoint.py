"""Plays vLLM's chat endpoint, tokens told: a real tokenizer and chat template, and no model.

What it "samples" is written by hand in the tests, as texts; here they become tokens, on demand such as no tokenizer
would cut them into, with log-probabilities drawn by chance. The fields of its answers are those of vLLM's
`ChatCompletionResponse` (0.32).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from endpoint import Answer, Endpoint, failure


@dataclass
class Say:
    """One reply to sample.

    Attributes:
        text: What the model says, thoughts included.
        cut: In pieces that the tokenizer would not choose.
        off: Its end was not reached: no token that ends it.
        failing: What is answered before, each once, to the same call: it is to be asked again.
        reasons: A parser takes the thoughts out of the text.
    """

    text: str
    cut: bool = False
    off: bool = False
    failing: list[str] = field(default_factory=list)
    reasons: bool = False


@dataclass(frozen=True)
class Sampled:
    """A reply as it went out: what was read, what was sampled, and with which log-probabilities."""

    prompt: list[int]
    ids: list[int]
    logprobs: list[float]
    say: Say


class TokenEndpoint(Endpoint):
    """The server. Attribute `sampled` has the replies that went out whole, in order."""

    def __init__(self, tokenizer: Any, script: list[Say], seed: int = 0) -> None:
        self.tokenizer, self.script = tokenizer, list(script)
        self.sampled: list[Sampled] = []
        self._dice = random.Random(seed)
        super().__init__(self._reply)

    def _reply(self, request: dict[str, Any]) -> Answer:
        if not self.script:
            return failure(400, "the transcript has no more answers")
        say = self.script[0]
        prompt = self.tokenizer.apply_chat_template(
            request["messages"], add_generation_prompt=True, tokenize=True, return_dict=False
        )
        ids = self._pieces(say) if say.cut else self._ids(say.text)
        ids = ids if say.off else [*ids, self.tokenizer.eos_token_id]
        logprobs = np.float32([-self._dice.expovariate(3) for _ in ids]).tolist()
        if say.failing:
            return self._broken(say.failing.pop(0), prompt, ids, logprobs, say)
        self.script.pop(0)
        self.sampled.append(Sampled(prompt, ids, logprobs, say))
        return self._whole(request, prompt, ids, logprobs, say)

    def _broken(self, how: str, prompt: list[int], ids: list[int], logprobs: list[float], say: Say) -> Answer:
        asked = {"return_token_ids": True, "logprobs": True}
        match how:
            case "500":
                return failure(500, "EngineCore encountered an issue")
            case "half":
                return Answer(b'{"object": "chat.completion", "choices": [{"message": {"con')
            case "counts":
                return self._whole(asked, prompt, ids, logprobs[:-1], say)
        raise AssertionError(how)

    def _whole(
        self, request: dict[str, Any], prompt: list[int], ids: list[int], logprobs: list[float], say: Say
    ) -> Answer:
        text = self.tokenizer.decode(ids, skip_special_tokens=True)
        assert text == say.text
        reasoning = None
        if say.reasons and "</think>" in text:
            reasoning, _, text = text.partition("</think>")
        told = bool(request.get("return_token_ids"))
        entries = [
            {"token": self.tokenizer.decode([each]), "logprob": logprob, "bytes": [0], "top_logprobs": []}
            for each, logprob in zip(ids, logprobs, strict=False)
        ]
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text, "reasoning": reasoning, "tool_calls": []},
            "logprobs": {"content": entries} if request.get("logprobs") else None,
            "finish_reason": "length" if say.off else "stop",
            "stop_reason": None,
            "token_ids": ids if told else None,
        }
        usage = {"prompt_tokens": len(prompt), "completion_tokens": len(ids), "total_tokens": len(prompt) + len(ids)}
        return Answer(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [choice],
                "usage": usage,
                "prompt_logprobs": None,
                "prompt_token_ids": prompt if told else None,
            }
        )

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def _pieces(self, say: Say) -> list[int]:
        """The text in other tokens: cut anywhere, every piece tokenised for itself."""
        at = 0
        ids: list[int] = []
        while at < len(say.text):
            length = self._dice.randrange(1, 5)
            ids += self._ids(say.text[at : at + length])
            at += length
        assert ids != self._ids(say.text)
        return ids
