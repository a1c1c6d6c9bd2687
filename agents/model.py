"""A thin client for any OpenAI-compatible endpoint: retries, errors told apart, tokens counted.

The key comes from `OPENAI_API_KEY` and stays inside the client: it is in no setting, record, log line or error.
Failures that may pass (429, 5xx, time-outs, lost connections, answers that are no answers) are tried again, waiting as
long as the endpoint's `Retry-After` asks; after that, and for all others, a `ModelError` is raised.
"""

from __future__ import annotations

import email.utils
import functools
import ipaddress
import logging
import os
import random
import re
import threading
import time
from dataclasses import dataclass
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import tenacity
from pydantic import BaseModel, ConfigDict, Field

from synthgym.agents.actions import writable
from synthgym.agents.agent import Message, Usage
from synthgym.base.errors import ModelError, UserError

if TYPE_CHECKING:  # importing openai takes the better part of a second: only who calls a model pays
    import openai

log = logging.getLogger(__name__)

KEY_VARIABLE = "OPENAI_API_KEY"


class ContextOverflow(ModelError):
    """The conversation no longer fits the model's context."""


class ModelRefused(ModelError, UserError):
    """The endpoint will refuse every such call: a wrong key, an unknown model, a wrong address, no credit left."""


class Price(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: float = Field(ge=0)
    completion: float = Field(ge=0)

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


@dataclass(frozen=True)
class Completion:
    """One answer. `cut_off`: the endpoint stopped at its limit of tokens."""

    content: str
    cut_off: bool
    prompt_tokens: int
    completion_tokens: int


class _Transient(Exception):
    """A failure that may pass."""

    def __init__(self, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Model:
    """One model at one endpoint.

    Args:
        name: The model's name as the endpoint knows it.
        base_url: Such as ``http://127.0.0.1:8000/v1``; default: ``OPENAI_BASE_URL``, else OpenAI's own.
        parameters: Sent with every call: ``temperature``, ``top_p``, ``max_tokens`` and others the endpoint knows.
        timeout: Seconds without a byte from the endpoint after which a call has failed.
        attempts: Calls made before giving up on one answer.
        backoff: Seconds before the second attempt; doubled each time, with jitter.
        max_wait: Longest wait between two attempts. An endpoint that asks for more has failed.
        price: Counts cost where given.
    """

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        *,
        parameters: dict[str, Any] | None = None,
        timeout: float = 120.0,
        attempts: int = 6,
        backoff: float = 1.0,
        max_wait: float = 120.0,
        price: Price | None = None,
    ) -> None:
        self.name = name
        self.base_url = check_base_url(base_url or os.environ.get("OPENAI_BASE_URL") or None)
        self.parameters = dict(parameters or {})
        self._refused: set[str] = set()  # parameters that this endpoint does not know
        self._lock = threading.Lock()
        self.timeout, self.attempts, self.backoff, self.max_wait = timeout, attempts, backoff, max_wait
        self.price = price
        self.usage = Usage(cost=0.0 if price else None)

    def __repr__(self) -> str:
        return f"Model({self.name!r}, {self.base_url!r})"

    @property
    def where(self) -> str:
        """Model and endpoint, for messages."""
        return f"model {self.name!r} at {self.base_url or 'api.openai.com'}"

    def complete(
        self, messages: list[Message], *, seed: int | None = None, schema: type[BaseModel] | None = None
    ) -> Completion:
        """One answer to a conversation. May be called by several threads at once.

        Args:
            messages: The conversation.
            seed: Asks the endpoint to sample by it.
            schema: Asks for JSON of this form, where the endpoint can (structured output); what came is not checked
                here, and an endpoint that knows no such parameter is asked without it.

        Raises:
            ContextOverflow: The conversation is too long for the model.
            ModelRefused: Wrong key, unknown model, wrong address, no credit.
            ModelError: Anything else, after the retries.
        """
        client = _client(self.base_url, os.environ.get(KEY_VARIABLE), self.timeout)
        wanted: dict[str, Any] = {}
        if seed is not None:
            wanted["seed"] = seed
        if schema is not None:
            wanted["response_format"] = _response_format(schema)
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.attempts),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_Transient),
            before_sleep=self._count_retry,
            reraise=True,
        )
        try:
            completion: Completion = retrying(self._call, client, messages, wanted)
        except _Transient as error:
            text = f"{self.where}: {error}; gave up after {self.attempts} attempts"
        else:
            self._count(completion)
            return completion
        raise ModelError(text)  # outside the handler: the client's exceptions hold the request and with it the key

    def _call(self, client: openai.OpenAI, messages: list[Message], wanted: dict[str, Any]) -> Completion:
        import openai

        problem: Exception
        with self._lock:
            sent = {**self.parameters, **{name: value for name, value in wanted.items() if name not in self._refused}}
        try:
            response: object = client.chat.completions.create(model=self.name, messages=messages, **sent)  # type: ignore[arg-type]
            return _read(response)
        except openai.APITimeoutError:
            problem = _Transient(f"no answer within {self.timeout:g} s")
        except openai.APIConnectionError as error:
            problem = _Transient(f"cannot connect ({redact(str(error.__cause__ or error))})")
        except openai.APIStatusError as error:
            if self._adapt(error, sent):
                problem = _Transient("a parameter was not understood", retry_after=0)
            else:
                problem = self._explain(error)
        except (openai.APIError, JSONDecodeError, UnicodeDecodeError, _NoAnswer) as error:
            problem = _Transient(f"an answer that is not a chat completion ({redact(str(error))[:200]})")
        raise problem

    def _adapt(self, error: openai.APIStatusError, sent: dict[str, Any]) -> bool:
        """Whether the endpoint only disliked a parameter, and from now on is asked otherwise.

        Newer OpenAI models know `max_completion_tokens` only; some endpoints know no `seed`, or no structured output.
        """
        if error.status_code not in (400, 422):
            return False
        text = str(error)
        with self._lock:
            if "max_tokens" in sent and "max_completion_tokens" in text:
                if "max_tokens" in self.parameters:  # another thread may have been here first
                    self.parameters["max_completion_tokens"] = self.parameters.pop("max_tokens")
                return True
            for name, words in _OPTIONAL.items():
                if name in sent and re.search(words, text):
                    self.parameters.pop(name, None)
                    self._refused.add(name)
                    return True
        return False

    def _explain(self, error: openai.APIStatusError) -> Exception:
        status, text = error.status_code, redact(error.message)[:500]
        code = f"{error.code or ''} {error.type or ''}".lower()
        if status in (400, 413, 422) and ("context" in code or _OVERFLOW.search(text)):
            return ContextOverflow(f"{self.where}: the conversation is longer than the model's context: {text}")
        if status in (401, 403):
            given = "the key in" if os.environ.get(KEY_VARIABLE) else "a call without a key: set"
            return ModelRefused(f"{self.where}: refused {given} {KEY_VARIABLE} ({status}): {text}")
        if status == 404:
            if "model" in text.lower() or "model" in code:
                return ModelRefused(f"{self.where}: no such model there: {text}")
            return ModelRefused(f"{self.where}: nothing at this address (404); base URLs mostly end in /v1")
        if "insufficient_quota" in code:
            return ModelRefused(f"{self.where}: the account's credit is used up: {text}")
        if status in (408, 409, 429) or status >= 500:
            wait = _retry_after(error.response.headers)
            if wait is not None and wait > self.max_wait:
                return ModelError(f"{self.where}: asks to wait {wait:.0f} s, the most waited is {self.max_wait:g} s")
            return _Transient(f"status {status}: {text}", wait)
        return ModelError(f"{self.where}: status {status}: {text}")

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _Transient) and error.retry_after is not None:
            return error.retry_after
        # Jitter: workers that were refused together should not all come back together.
        return min(self.backoff * (2.0 ** (state.attempt_number - 1) + random.random()), self.max_wait)

    def _count_retry(self, state: tenacity.RetryCallState) -> None:
        with self._lock:
            self.usage.retries += 1
        error = state.outcome.exception() if state.outcome else None
        log.info("%s: %s; attempt %d", self.where, error, state.attempt_number)

    def _count(self, completion: Completion) -> None:
        with self._lock:
            usage = self.usage
            usage.calls += 1
            usage.prompt_tokens += completion.prompt_tokens
            usage.completion_tokens += completion.completion_tokens
            if self.price:
                usage.cost = self.price.of(usage.prompt_tokens, usage.completion_tokens)


class _NoAnswer(Exception):
    """JSON or text that holds no answer."""


_OPTIONAL = {"seed": r"\bseed\b", "response_format": r"response_format|json_schema|structured output"}
"""Parameters that an endpoint may not know → how its refusal is told."""

_OVERFLOW = re.compile(
    r"context (length|window|size)|too many tokens|(prompt|input) is too long|longer than the (model|maximum)", re.I
)


def _response_format(schema: type[BaseModel]) -> dict[str, Any]:
    """Structured output by a JSON schema that endpoints with strict schemas take.

    The client's own `parse` raises on an answer that was cut off or is no JSON, and its tokens would go uncounted.
    """
    import openai

    tool = openai.pydantic_function_tool(schema)
    strict = {"name": schema.__name__, "schema": tool["function"]["parameters"], "strict": True}
    return {"type": "json_schema", "json_schema": strict}


def _read(response: object) -> Completion:
    """Checks what the client returned: it builds objects from any JSON, and a `str` from anything else."""
    from openai.types.chat import ChatCompletion

    if not isinstance(response, ChatCompletion):
        raise _NoAnswer(repr(response))
    try:
        choice = response.choices[0]
        content = choice.message.content
    except (AttributeError, IndexError, TypeError):
        raise _NoAnswer("no choices in it") from None
    if content is not None and not isinstance(content, str):
        raise _NoAnswer("its content is no text")
    usage = response.usage
    return Completion(
        content=writable(content or ""),  # a refusal or bare reasoning: the agent says that there is no command in it
        cut_off=choice.finish_reason == "length",
        prompt_tokens=(usage.prompt_tokens or 0) if usage else 0,
        completion_tokens=(usage.completion_tokens or 0) if usage else 0,
    )


def _retry_after(headers: Any) -> float | None:
    """Seconds an endpoint asks to wait: `retry-after-ms`, or `Retry-After` as seconds or as a date."""
    for name, divisor in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            return max(float(headers[name]) / divisor, 0.0)
        except (KeyError, ValueError):
            continue
    try:
        return max(email.utils.parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time(), 0.0)
    except (KeyError, ValueError, TypeError):
        return None


@functools.lru_cache(maxsize=8)
def _client(base_url: str | None, key: str | None, timeout: float) -> openai.OpenAI:
    """One client an endpoint and process: connections are kept alive between calls."""
    import openai

    if not key and base_url is None:
        raise UserError(
            f"no API key: set {KEY_VARIABLE}, or name an endpoint, as in chat:MODEL@http://127.0.0.1:8000/v1"
        )
    # A proxy meant for the outside world must not get calls to this very machine.
    http = openai.DefaultHttpxClient(trust_env=False) if base_url and _is_loopback(base_url) else None
    return openai.OpenAI(api_key=key or "none", base_url=base_url, timeout=timeout, max_retries=0, http_client=http)


def check_base_url(url: str | None) -> str | None:
    """The base URL as given, if it is one.

    Raises:
        UserError: It is no http(s) URL, or holds a key: URLs are recorded, keys must not be.
    """
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query:
        raise UserError(f"base URL of {parts.hostname}: put keys in {KEY_VARIABLE}, not in the URL")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError(f"base URL {url!r}: expected http://HOST:PORT/v1 or https://HOST/v1")
    return url.rstrip("/")


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_SECRET_NAME = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$", re.I)
_SECRET_LOOK = re.compile(r"\b(sk|hf|pk|gsk|xai)[-_][A-Za-z0-9_\-*]{8,}|(?<=Bearer )\S{8,}")


def redact(text: str) -> str:
    """The text without anything that is, or looks like, a key of this process."""
    for name, value in os.environ.items():
        if len(value) >= 8 and _SECRET_NAME.search(name):
            text = text.replace(value, "[secret]")
    return _SECRET_LOOK.sub("[secret]", text)
