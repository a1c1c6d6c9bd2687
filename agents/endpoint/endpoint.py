"""Which model is asked, where, and how: what stands behind `chat:` in an agent's name, and `openai:` in an author's.

chat:MODEL                                  at OPENAI_BASE_URL, else OpenAI's own endpoint
chat:MODEL@BASE_URL?temperature=0&timeout=60   at an endpoint, with settings
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from synthgym.agents.endpoint.client import LONGEST_TIMEOUT, check_base_url
from synthgym.agents.endpoint.model import Model
from synthgym.agents.endpoint.price import Price
from synthgym.base.errors import UnknownNameError, UserError
from synthgym.base.validation import first_problem

Settings = TypeVar("Settings", bound="ModelSettings")

_SPEC = re.compile(r"\w+:(?P<model>.*?)(?:@(?P<url>https?://[^?]*))?(?:\?(?P<query>.*))?", re.DOTALL)
_ADDRESS = re.compile(
    r".*@(?:\w+://.*|localhost|[\w.-]+\.[A-Za-z]{2,}|\d+(?:\.\d+){3}|[\w.-]+:\d+)(?:[:/].*)?", re.DOTALL
)
"""What ends in an address, but not one with ``http://`` before it; names of models may hold an ``@`` too."""


class ModelSettings(BaseModel):
    """How a model is asked, whoever asks. Settings left at None are not sent: the endpoint decides.

    Attributes:
        temperature: Of sampling.
        top_p: Of sampling.
        max_tokens: Of one answer.
        reasoning_effort: For models that reason.
        timeout: Seconds to wait for the endpoint; at most a day.
        attempts: Calls made for one answer before the endpoint has failed.
        price_prompt: US dollars per million tokens read; counts cost together with `price_completion`.
        price_completion: US dollars per million tokens written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float | None = Field(default=None, allow_inf_nan=False, ge=0)
    top_p: float | None = Field(default=None, allow_inf_nan=False, gt=0, le=1)
    max_tokens: int | None = Field(default=None, gt=0)
    reasoning_effort: str | None = None
    timeout: float = Field(default=120.0, gt=0, le=LONGEST_TIMEOUT)
    attempts: int = Field(default=6, gt=0)
    price_prompt: float | None = Field(default=None, allow_inf_nan=False, ge=0)
    price_completion: float | None = Field(default=None, allow_inf_nan=False, ge=0)

    def sampling(self) -> dict[str, Any]:
        """What goes to the endpoint with every call, and may change what it answers."""
        return self.model_dump(include={"temperature", "top_p", "max_tokens", "reasoning_effort"}, exclude_none=True)

    def price(self) -> Price | None:
        """The price, where one is set."""
        if self.price_prompt is None and self.price_completion is None:
            return None
        return Price(prompt=self.price_prompt or 0.0, completion=self.price_completion or 0.0)


@dataclass(frozen=True)
class Endpoint(Generic[Settings]):
    """A model at an OpenAI-compatible endpoint.

    Attributes:
        model: Its name there.
        base_url: None: ``OPENAI_BASE_URL``, else OpenAI's own.
        settings: How it is asked.
    """

    model: str
    base_url: str | None
    settings: Settings

    def open(self, *, tokens: bool = False) -> Model:
        """A client for it; for `tokens` see `Model`."""
        return Model(
            self.model,
            self.base_url,
            parameters=self.settings.sampling(),
            timeout=self.settings.timeout,
            attempts=self.settings.attempts,
            price=self.settings.price(),
            tokens=tokens,
        )


def read_endpoint(text: str, settings: type[Settings], whose: str, scheme: str) -> Endpoint[Settings]:
    """Reads ``chat:MODEL``, with or without ``@BASE_URL`` and ``?temperature=1&price_prompt=1.25`` after it.

    Args:
        text: What names the endpoint.
        settings: Which settings there are.
        whose: Who is named so, for errors: an agent, an author.
        scheme: What is expected before the colon, for errors.

    Raises:
        UserError: It is not of this form, the URL is none or holds a key, or a setting is not what it should be.
    """
    found, named = _SPEC.fullmatch(text), f"{whose} {text.partition('?')[0]!r}"
    # The key belongs in the environment; whatever stands here is recorded.
    base_url = check_base_url(found["url"]) if found else None
    if not found or not found["model"] or (base_url is None and _ADDRESS.fullmatch(found["model"])):
        raise UserError(
            f"{named}: expected {scheme}:MODEL@BASE_URL, as in {scheme}:qwen3@http://127.0.0.1:8000/v1, or "
            f"{scheme}:MODEL, with its endpoint in OPENAI_BASE_URL"
        )
    given = dict(parse_qsl(found["query"] or "", keep_blank_values=True))
    for name in given:
        if name not in settings.model_fields:
            raise UnknownNameError("setting", name, settings.model_fields, f"(in {named})")
    try:
        return Endpoint(found["model"], base_url, settings.model_validate(given))
    except ValidationError as error:
        raise UserError(f"{named}: {first_problem(error, 'setting')}") from None
