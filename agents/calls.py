"""Calls of a model in tokens, as they were: what it read and what it sampled, by the endpoint's own account.

A reply's text does not say which tokens it was sampled as: tokenised anew, it may be cut in other pieces, its thoughts
are gone, and so is the mark of its end. Training on what was sampled needs the tokens themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from synthgym.agents.number_lists import read_floats, read_ids, write_floats, write_ids


def _ids(given: Any) -> Any:
    return read_ids(given) if isinstance(given, str) else given


def _floats(given: Any) -> Any:
    """Rounded as they are written, so that a record that is read again is the same one."""
    if isinstance(given, str):
        return read_floats(given)
    try:
        with np.errstate(over="ignore"):
            rounded: list[float] = np.asarray(given, np.float64).astype(np.float32).tolist()
    except (TypeError, OverflowError):
        raise ValueError(f"expected a list of numbers, got {given!r:.80}") from None
    return rounded


Id = Annotated[int, Field(ge=0, lt=2**32)]
Ids = Annotated[list[Id], BeforeValidator(_ids), PlainSerializer(write_ids, when_used="json")]
Logprob = Annotated[float, Field(allow_inf_nan=False)]
Logprobs = Annotated[list[Logprob], BeforeValidator(_floats), PlainSerializer(write_floats, when_used="json")]


class Call(BaseModel):
    """One reply of a model. In JSON its lists are texts; see `number_lists`.

    Attributes:
        shared: So many leading tokens of the prompt are those that the call before begins with, its reply included.
        prompt_ids: The rest of the prompt.
        ids: What was sampled, thoughts and the end of the turn included.
        logprobs: Of each of these, as the endpoint gives them, in float32.
        cut_off: The endpoint stopped at its limit of tokens.
        valid: The reply held exactly one command. Others were sent back.
    """

    model_config = ConfigDict(extra="forbid")

    shared: int = Field(default=0, ge=0)
    prompt_ids: Ids
    ids: Ids
    logprobs: Logprobs
    cut_off: bool = False
    valid: bool = True

    @model_validator(mode="after")
    def _has_as_many(self) -> Call:
        if len(self.ids) != len(self.logprobs):
            raise ValueError(f"expected as many logprobs as ids, got {len(self.logprobs)} and {len(self.ids)}")
        return self


class Calls:
    """The calls of an episode while it runs.

    Attributes:
        made: So far.
    """

    def __init__(self) -> None:
        self.made: list[Call] = []
        self._before: list[int] = []

    def add(
        self,
        prompt_ids: Sequence[int],
        ids: Sequence[int],
        logprobs: Sequence[float],
        *,
        cut_off: bool = False,
        valid: bool = True,
    ) -> None:
        """Adds a call, its prompt given whole."""
        shared = _common(self._before, prompt_ids)
        rest = list(prompt_ids[shared:])
        call = Call(
            shared=shared, prompt_ids=rest, ids=list(ids), logprobs=list(logprobs), cut_off=cut_off, valid=valid
        )
        self.made.append(call)
        self._before = [*prompt_ids, *ids]


def full_prompts(calls: Iterable[Call]) -> list[list[int]]:
    """The prompt of each call, whole.

    Raises:
        ValueError: A call shares more than there is.
    """
    prompts: list[list[int]] = []
    before: list[int] = []
    for call in calls:
        if call.shared > len(before):
            raise ValueError(f"a call shares {call.shared} tokens with one that has {len(before)}")
        prompts.append(before[: call.shared] + call.prompt_ids)
        before = prompts[-1] + call.ids
    return prompts


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    """How many leading numbers two lists have in common."""
    if second[: len(first)] == first:  # mostly, and fast
        return len(first)
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
