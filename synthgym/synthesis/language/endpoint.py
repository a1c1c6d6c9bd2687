"""Which model writes, where it is, and how it is asked: what `--author openai:MODEL` says."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from synthgym.agents.endpoint.client import LONGEST_TIMEOUT, check_base_url
from synthgym.agents.endpoint.model import Model, Price
from synthgym.agents.specs import read_author
from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.validation import first_problem


class Endpoint(BaseModel):
    """A model at an OpenAI-compatible endpoint. What is None is not sent: the endpoint decides.

    Attributes:
        model: Its name there.
        base_url: Default: ``OPENAI_BASE_URL``, else OpenAI's own.
        temperature: Of sampling.
        top_p: Of sampling.
        max_tokens: Of one answer.
        reasoning_effort: For models that reason.
        timeout: Seconds to wait for an answer.
        attempts: Calls made for one answer before the endpoint has failed.
        price_prompt: US dollars per million tokens read; counts cost together with `price_completion`.
        price_completion: US dollars per million tokens written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    model: str
    base_url: str | None = None
    temperature: float | None = Field(default=None, allow_inf_nan=False, ge=0)
    top_p: float | None = Field(default=None, allow_inf_nan=False, gt=0, le=1)
    max_tokens: int | None = Field(default=None, gt=0)
    reasoning_effort: str | None = None
    timeout: float = Field(default=600.0, gt=0, le=LONGEST_TIMEOUT)
    attempts: int = Field(default=6, gt=0)
    price_prompt: float | None = Field(default=None, allow_inf_nan=False, ge=0)
    price_completion: float | None = Field(default=None, allow_inf_nan=False, ge=0)

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """Reads ``openai:MODEL``, with or without ``@BASE_URL`` and ``?temperature=1&price_prompt=1.25`` after it.

        Raises:
            UserError: It is not of this form, or a setting is not one.
        """
        found = read_author(text)
        if not found:
            raise UserError(
                f"author {text!r}: expected openai:MODEL, with or without @BASE_URL, as in openai:gpt-5 or "
                "openai:qwen3@http://127.0.0.1:8000/v1"
            )
        settings = dict(parse_qsl(found["query"] or "", keep_blank_values=True))
        known = set(cls.model_fields) - {"model", "base_url"}
        for name in settings:
            if name not in known:
                raise UnknownNameError("setting", name, known, f"(in author {text.partition('?')[0]!r})")
        try:
            return cls.model_validate(
                {"model": found["model"], "base_url": check_base_url(found["url"]), **settings},
            )
        except ValidationError as error:
            raise UserError(f"author {text.partition('?')[0]!r}: {first_problem(error, 'setting')}") from None

    def sampling(self) -> dict[str, Any]:
        """What goes to the endpoint with every call, and may change what it answers."""
        return self.model_dump(include={"temperature", "top_p", "max_tokens", "reasoning_effort"}, exclude_none=True)

    def price(self) -> Price | None:
        """The price, where one is set."""
        if self.price_prompt is None and self.price_completion is None:
            return None
        return Price(prompt=self.price_prompt or 0.0, completion=self.price_completion or 0.0)

    def open(self) -> Model:
        """A client for it."""
        return Model(
            self.model,
            self.base_url,
            parameters=self.sampling(),
            timeout=self.timeout,
            attempts=self.attempts,
            price=self.price(),
        )
