"""How an agent asks its model: what stands behind the `?` of `chat:MODEL@BASE_URL?…`."""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from synthgym.agents.endpoint.endpoint import ModelSettings


class ChatSettings(ModelSettings):
    """How an agent asks its model. Settings left at None are not sent: the endpoint decides.

    Attributes:
        prompt: Name of a file in `prompts/` (``short``, ``researcher``), or path of a file of one's own.
        format_tries: Replies in a row without exactly one command before the agent stops.
        context: Tokens the model can take, replies included. Some servers go on past it without a word: set it then.
        history: Characters of conversation beyond which older observations are left out. Default: all are kept as long
            as they fit.
        keep: Latest observations that are always shown in full.
        tokens: Asks for the tokens of every reply, to be trained on: ids and log-probabilities, as vLLM tells them. An
            endpoint that does not is refused.
    """

    prompt: str = "short"
    format_tries: int = Field(default=3, gt=0)
    context: int | None = Field(default=None, gt=0)
    history: int | None = Field(default=None, gt=0)
    keep: int = Field(default=5, ge=1)
    tokens: bool = False

    @field_validator("context")
    @classmethod
    def _holds_more_than_a_reply(cls, context: int | None, info: ValidationInfo) -> int | None:
        longest = info.data.get("max_tokens")
        if context is not None and longest is not None and context <= longest:
            raise PydanticCustomError("no_room", "Input should be more than max_tokens, which is {n}", {"n": longest})
        return context

    def as_hashed(self) -> str:
        """The settings as the hash of an agent covers them: as JSON, in the order in which they were first hashed.

        One that came after episodes had been recorded is left out at its default: these stay of the same agent.
        """
        names = _HASHED if self.tokens else [name for name in _HASHED if name != "tokens"]
        return f"{{{','.join(self.model_dump_json(include={name})[1:-1] for name in names)}}}"


_HASHED = (
    *("prompt", "temperature", "top_p", "max_tokens", "reasoning_effort", "format_tries", "context", "history", "keep"),
    *("timeout", "attempts", "tokens", "price_prompt", "price_completion"),
)
