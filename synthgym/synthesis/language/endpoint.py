"""Which model writes, where it is, and how it is asked: what `--author openai:MODEL` says."""

from __future__ import annotations

from pydantic import Field

from synthgym.agents.endpoint.client import LONGEST_TIMEOUT
from synthgym.agents.endpoint.endpoint import Endpoint, ModelSettings, read_endpoint
from synthgym.base.errors import UserError


class AuthorSettings(ModelSettings):
    """How an author's model is asked; see `ModelSettings`. It is given longer: it writes whole programs."""

    timeout: float = Field(default=600.0, gt=0, le=LONGEST_TIMEOUT)


def read_author(text: str) -> Endpoint[AuthorSettings]:
    """Reads ``openai:MODEL``, with or without ``@BASE_URL`` and ``?temperature=1&price_prompt=1.25`` after it.

    Raises:
        UserError: It is not of this form, or a setting is not one.
    """
    if not text.startswith(("openai:", "chat:")):
        raise UserError(f"author {text!r}: expected openai:MODEL, as in openai:gpt-5, or openai:MODEL@BASE_URL")
    return read_endpoint(text, AuthorSettings, "author", "openai")
